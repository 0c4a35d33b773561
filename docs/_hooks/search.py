"""Teaches the theme's search numbers, pasted messages, and what people call a section: see search-worker.js."""

import json
from pathlib import Path

from errors import PageError

OURS = Path(__file__).with_name("search-worker.js")
# The words that people use for a section and that it does not use itself, by its address.
ASKED = Path(__file__).with_name("asked.json")


def on_post_build(config):
    (worker,) = Path(config.site_dir).glob("assets/javascripts/workers/search.*.min.js")
    worker.write_text(worker.read_text("utf-8") + OURS.read_text("utf-8"), "utf-8")
    path = Path(config.site_dir, "search/search_index.json")
    index = json.loads(path.read_text("utf-8"))
    index["config"]["fields"]["asked"] = {"boost": 1.0}
    sections = {section["location"]: section for section in index["docs"]}
    asked = ASKED.read_text("utf-8")
    for location, words in json.loads(asked).items():
        if location not in sections:
            line = asked.partition(json.dumps(location))[0].count("\n") + 1
            problem = f"the search knows no section {location}"
            raise PageError(f"docs/_hooks/{ASKED.name}", line, problem, "name one by its page and its id")
        # Each phrase by itself: its words are no neighbors of another's.
        sections[location]["asked"] = words.split(", ")
    path.write_text(json.dumps(index, separators=(",", ":")), "utf-8")
