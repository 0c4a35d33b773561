"""The one writer of Markdown tables, for what a build counts and what a command measures."""

from collections.abc import Iterable

RULES = {"l": "---", "r": "---:"}


def table(align: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown; `align` has a letter for each column, l for left or r for right."""
    lines = [head, [RULES[letter] for letter in align], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
