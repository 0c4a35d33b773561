"""Labs, run without any cache."""

import jupytext
import nbclient


def outputs(notebook):
    """Return all code and all printed output of an executed notebook as one transcript."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code = [">>> " + line for cell in cells for line in cell.source.splitlines()]
    return "\n".join(code + [output.get("text", "") for cell in cells for output in cell.outputs])


def execute(lab):
    """Return a lab as a notebook, run without any cache."""
    notebook = jupytext.read(lab)
    nbclient.NotebookClient(notebook, timeout=None, startup_timeout=600, kernel_name="python3").execute()
    return notebook
