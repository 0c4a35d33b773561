"""Blocks of a page that a command writes and a test compares: scores and measurements, never typed."""

import re
from pathlib import Path

BLOCK = re.compile(r"<!-- written:(?P<name>[\w-]+) -->\n(?P<text>.*?)<!-- end of (?P=name) -->", re.DOTALL)
SCORE = re.compile(r"^\| (?P<kind>[^|]+) \| [\d,]+ \| [\d,]+ \| (?P<score>[\d.]+) % \|$", re.MULTILINE)


def blocks(page: Path) -> dict[str, str]:
    """Return the written blocks of a page by name."""
    return {match["name"]: match["text"] for match in BLOCK.finditer(page.read_text("utf-8"))}


def write(page: Path, name: str, text: str) -> None:
    """Put a text into the block `name` of a page. Raises KeyError if the page has no such block."""
    if name not in blocks(page):
        raise KeyError(f"{page.name} has no block <!-- written:{name} -->")
    page.write_text(
        BLOCK.sub(
            lambda match: (
                f"<!-- written:{name} -->\n{text}<!-- end of {name} -->" if match["name"] == name else match[0]
            ),
            page.read_text("utf-8"),
        ),
        "utf-8",
    )


def scores(block: str) -> dict[str, float]:
    """Return the score of each kind of mistake that a block shows, in percent."""
    return {match["kind"]: float(match["score"]) for match in SCORE.finditer(block)}


def moved(kept: str, new: str) -> list[str]:
    """Return the kinds of mistake whose score in a new block is another one, by more than a percentage point.

    A score moves a little with each example more, and no page should have to change with it.
    """
    before, after = scores(kept), scores(new)
    pairs = {kind: (before.get(kind), after.get(kind)) for kind in before | after}
    return [
        f"{kind}: {_percent(now)}, and not {_percent(then)}"
        for kind, (then, now) in pairs.items()
        if None in (then, now) or abs(now - then) > 1 + 1e-9
    ]


def _percent(score: float | None) -> str:
    return "no score" if score is None else f"{score:g} %"
