"""What the interactive figures say: a table for each language."""

import json
import re

from proof.places import DOCS

FOLDER = DOCS / "assets/live/words"
SCRIPT = re.compile(r"// .*\nlive\.words\.(?P<language>[a-z]{2}) = (?P<table>\{.*\});\nlive\.wake\(\);\n", re.DOTALL)


def table(language):
    """Return the texts of a language: of each figure, and of what all share."""
    match = SCRIPT.fullmatch((FOLDER / f"{language}.js").read_text("utf-8"))
    assert match, f"words/{language}.js is not one assignment of JSON between the lines of words/en.js"
    assert match["language"] == language
    return json.loads(match["table"])


LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.js"))


def leaves(texts, path=()):
    """Yield each text with where it stands."""
    if isinstance(texts, str):
        yield path, texts
    else:
        for key, value in texts.items() if isinstance(texts, dict) else enumerate(texts):
            yield from leaves(value, (*path, key))


def fields(text):
    """Return the {fields} that a text has."""
    return sorted(re.findall(r"\{([\w-]+)\}", text))
