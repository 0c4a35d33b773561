"""Labs, run without any cache, and what they compute."""

import bisect
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbclient
from nbformat import NotebookNode

from proof.claims import Number, computed, headings
from proof.places import read


def execute(lab: Path) -> NotebookNode:
    """Return a lab as a notebook, run without any cache."""
    notebook = jupytext.read(lab)
    nbclient.NotebookClient(notebook, timeout=None, startup_timeout=600, kernel_name="python3").execute()
    return notebook


def computed_by(lab: Path, notebook: NotebookNode) -> Callable[[int], list[Number]]:
    """Return what a line of a lab may claim: the numbers of the cells under its heading, and of those that ran before.

    What stands above the first heading may claim any number.
    """
    starts = sorted(headings(read(lab).splitlines()))
    parts: list[list[str]] = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts += [[] for _ in headings(cell.source.splitlines())]
        elif cell.cell_type == "code":
            parts[-1] += [">>> " + line for line in cell.source.splitlines()]
            parts[-1] += [output.get("text", "") for output in cell.outputs]
    until = [computed("\n".join(line for part in parts[: end + 1] for line in part)) for end in range(len(parts))]
    return lambda line: until[bisect.bisect(starts, line) if line >= starts[0] else -1]
