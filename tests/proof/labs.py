"""Labs, run without any cache, and what they compute."""

from collections.abc import Callable
from pathlib import Path

import jupytext
import nbclient
from nbformat import NotebookNode

from proof.claims import SUMMARIES, Number, computed, headings
from proof.places import read


def execute(lab: Path) -> NotebookNode:
    """Return a lab as a notebook, run without any cache."""
    notebook = jupytext.read(lab)
    nbclient.NotebookClient(notebook, timeout=None, startup_timeout=600, kernel_name="python3").execute()
    return notebook


def outputs(cells: list[NotebookNode]) -> str:
    """Return the code and the printed output of cells as a transcript."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    typed = [">>> " + line for cell in code for line in cell.source.splitlines()]
    return "\n".join(typed + [output.get("text", "") for cell in code for output in cell.outputs])


def computed_by(lab: Path, notebook: NotebookNode) -> Callable[[int], list[Number]]:
    """Return what a line of a lab may claim: the numbers of the cells under its own heading.

    A summary, and what stands above the first heading, may claim any number.
    """
    titles = headings(read(lab).splitlines())
    starts = sorted(titles)
    at = [
        number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for _ in headings(cell.source.splitlines())
    ]
    everything = computed(outputs(notebook.cells))
    under = {
        start: everything if titles[start][0] in SUMMARIES else computed(outputs(notebook.cells[first:end]))
        for start, first, end in zip(starts, at, [*at[1:], None], strict=True)
    }
    return lambda line: under[max(start for start in starts if start <= line)] if line >= starts[0] else everything
