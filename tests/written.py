"""Blocks of a page that a command writes and a test compares: counts, scores and measurements, never typed."""

import re
from pathlib import Path

BLOCK = re.compile(r"<!-- written:(?P<name>[\w-]+) -->\n(?P<text>.*?)<!-- end of (?P=name) -->", re.DOTALL)


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
