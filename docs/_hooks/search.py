"""Teaches the theme's search numbers, pasted messages, and what people call a section: see search-worker.js."""

import json
from pathlib import Path

from errors import PageError

OURS = Path(__file__).with_name("search-worker.js")
# What people type for a section and it does not say itself, by its address: phrases, whose words are neighbors.
ASKED = Path(__file__).with_name("asked.json")


def on_post_build(config):
    (worker,) = Path(config.site_dir).glob("assets/javascripts/workers/search.*.min.js")
    worker.write_text(worker.read_text("utf-8") + OURS.read_text("utf-8"), "utf-8")
    path = Path(config.site_dir, "search/search_index.json")
    index = json.loads(path.read_text("utf-8"))
    index["config"]["fields"]["asked"] = {"boost": 1.0}
    sections = {section["location"]: section for section in index["docs"]}
    asked = ASKED.read_text("utf-8")
    for location, phrases in json.loads(asked).items():
        problem = ""
        if location not in sections:
            problem, mend = f"the search knows no section {location}", "name one by its page and its id"
        elif not isinstance(phrases, list):
            problem, mend = f"{location} has no list of phrases", "write one, in brackets"
        if problem:
            line = asked.partition(json.dumps(location))[0].count("\n") + 1
            raise PageError(f"docs/_hooks/{ASKED.name}", line, problem, mend)
        sections[location]["asked"] = phrases
    path.write_text(json.dumps(index, separators=(",", ":")), "utf-8")
