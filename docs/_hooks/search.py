"""Teaches the theme's search to read numbers and pasted messages: see search-worker.js."""

from pathlib import Path

OURS = Path(__file__).with_name("search-worker.js")


def on_post_build(config):
    (worker,) = Path(config.site_dir).glob("assets/javascripts/workers/search.*.min.js")
    worker.write_text(worker.read_text("utf-8") + OURS.read_text("utf-8"), "utf-8")
