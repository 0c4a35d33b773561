"""Teaches the theme's search numbers, pasted messages, and what people call a section: see search-worker.js."""

import json
from pathlib import Path

OURS = Path(__file__).with_name("search-worker.js")
# The words that people use for a section and that it does not use itself, by its address.
ASKED = json.loads(Path(__file__).with_name("asked.json").read_text("utf-8"))


def on_post_build(config):
    (worker,) = Path(config.site_dir).glob("assets/javascripts/workers/search.*.min.js")
    worker.write_text(worker.read_text("utf-8") + OURS.read_text("utf-8"), "utf-8")
    path = Path(config.site_dir, "search/search_index.json")
    index = json.loads(path.read_text("utf-8"))
    index["config"]["fields"]["asked"] = {"boost": 1.0}
    for section in index["docs"]:
        if words := ASKED.get(section["location"]):
            section["asked"] = words
    path.write_text(json.dumps(index, separators=(",", ":")), "utf-8")
