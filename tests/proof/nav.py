"""The nav: which pages are read in which order, and what it calls them."""

from collections.abc import Iterator
from pathlib import Path

from mkdocs.utils.yaml import yaml_load


def settings(root: Path) -> dict:
    """Return the settings of a project."""
    with (root / "mkdocs.yml").open(encoding="utf-8") as file:
        return yaml_load(file)


def groups(root: Path) -> list[list[str]]:
    """Return the pages of each group of the nav in their order; a page outside of groups is a group of its own."""
    return [list(_pages(entry)) for entry in settings(root)["nav"]]


def titles(entry: list | dict | str) -> Iterator[str]:
    """Yield what the nav, or a part of it, calls its groups and pages."""
    for inner in entry if isinstance(entry, list) else []:
        yield from titles(inner)
    for title, inner in entry.items() if isinstance(entry, dict) else []:
        yield title
        yield from titles(inner)


def line_of(root: Path, words: str) -> int:
    """Return the line of the settings that holds some words first."""
    text = (root / "mkdocs.yml").read_text("utf-8")
    return text.count("\n", 0, max(text.find(words), 0)) + 1


def _pages(entry: list | dict | str) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for inner in entry.values() if isinstance(entry, dict) else entry:
            yield from _pages(inner)
