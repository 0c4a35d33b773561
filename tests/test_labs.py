"""The promise: a lab runs from top to bottom, and what its prose claims is what its cells printed."""

import html
import re

import jupytext
import nbformat
import pytest
from drawings import steady
from filelock import FileLock
from labs import shown
from notebooks import DRAWN, text_of
from proof.claims import unbound
from proof.equations import equations, prove
from proof.labs import computed_by, execute, outputs
from proof.places import LABS, read
from proof.sites import mkdocs_build
from proof.spans import unquoted
from transcripts import WIDTH

ids = pytest.mark.parametrize("lab", LABS, ids=lambda path: path.name)


@pytest.fixture(scope="session", params=LABS, ids=lambda path: path.name)
def executed(request, shared):
    """A lab and its notebook, which the first process that asks for it runs; a cell that raises fails every test."""
    lab, kept = request.param, shared / f"{request.param.stem}.ipynb"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            nbformat.write(execute(lab), kept)
    return lab, nbformat.read(kept, nbformat.NO_CONVERT)


def test_every_number_of_a_lab_is_bound(executed):
    lab, notebook = executed
    messages = unbound(f"docs/labs/{lab.name}", read(lab), "its outputs", computed_by(lab, notebook))
    assert not messages, "\n" + "\n".join(messages)


def test_every_output_that_a_lab_quotes_was_printed(executed):
    lab, notebook = executed
    messages = unquoted(f"docs/labs/{lab.name}", read(lab), "what it prints", outputs(notebook.cells))
    assert not messages, "\n" + "\n".join(messages)


def test_what_a_lab_prints_fits_its_page(executed):
    lab, notebook = executed
    for cell in shown(notebook)["cells"]:
        printed = "".join(output.get("text", "") for output in cell.get("outputs", []))
        assert max(map(len, printed.splitlines()), default=0) <= WIDTH, f"docs/labs/{lab.name}: {printed}"


def test_a_wrong_number_in_a_lab_is_named(executed):
    lab, notebook = executed
    page = read(lab) + "\nThe loss is 0.123456."
    (message,) = unbound("lab.py", page, "its outputs", computed_by(lab, notebook))
    assert message.startswith(f"lab.py:{page.count(chr(10)) + 1}: 0.123456 is not among")


def test_every_figure_of_a_lab_is_described(executed):
    _, notebook = executed
    drawn = [c for c in notebook.cells if any(DRAWN in o.get("data", {}) for o in c.get("outputs", []))]
    assert drawn
    assert all(len(cell.metadata.get("alt", "")) > 20 for cell in drawn)


@pytest.mark.build
@ids
def test_a_lab_shows_its_code_letter_by_letter(lab, site):
    page = (site[0] / f"labs/{lab.stem}.html").read_text("utf-8")
    read = [html.unescape(re.sub(r"<[^>]*>", "", code)) for code in re.findall(r"<code>(.*?)</code>", page, re.DOTALL)]
    cells = [cell.source for cell in shown(jupytext.read(lab))["cells"] if cell.cell_type == "code"]
    assert [code.strip() for code in read if code.strip() in cells] == cells
    assert "# proves:" not in page


@pytest.mark.build
def test_the_notebook_of_a_lab_holds_what_it_printed(executed, site):
    lab, notebook = executed
    kept = nbformat.read(site[0] / f"labs/{lab.stem}.ipynb", nbformat.NO_CONVERT)
    nbformat.validate(kept)
    for held, run in zip(
        *([c for c in made["cells"] if c.cell_type == "code"] for made in (kept, shown(notebook))), strict=True
    ):
        assert held.source == run.source
        assert "".join(map(text_of, held.outputs)) == "".join(map(text_of, run.outputs))
        drawn, again = ([o.data[DRAWN] for o in cell.outputs if DRAWN in o.get("data", {})] for cell in (held, run))
        assert drawn == list(map(steady, again))


@ids
def test_every_equation_of_a_lab_holds(lab):
    for equation in equations(f"docs/labs/{lab.name}", read(lab)):
        prove(equation)


BROKEN = """# ---
# title: A lab
# description: It raises.
# ---

# %% [markdown]
# # A lab

# %%
raise RuntimeError("the lab is " + "broken")
"""


@pytest.mark.build
def test_a_lab_that_raises_is_not_built(two_pages):
    lab, settings = two_pages / "docs/labs/broken.py", two_pages / "mkdocs.yml"
    lab.write_text(BROKEN, "utf-8")
    settings.write_text(settings.read_text("utf-8").replace("nav:\n", "nav:\n  - labs/broken.py\n"), "utf-8")
    run = mkdocs_build(two_pages, two_pages / "site")
    assert run.returncode != 0
    assert "the lab is broken" in run.stdout
    assert not list((two_pages / "site").rglob("*.html"))
