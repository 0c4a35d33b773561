"""The promise: a page's notebook holds its words, its code and its outputs, and running it gives these outputs again.

It holds no hidden line of the transcript: a page that needs one to be followed is red.
"""

import contextlib
import doctest
import io
import re
import warnings

import markdown
import nbclient
import nbformat
import pytest
import torch
from bs4 import BeautifulSoup
from notebooks import text_of
from proof.places import DOCS, PAGES, transcript_of
from proof.sites import mkdocs_build
from transcripts import EMPTY_LINE, sections

pytestmark = pytest.mark.build
PROGRAMS = [page for page in PAGES if transcript_of(page).exists()]
ids = pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.relative_to(DOCS).with_suffix("").as_posix())


def beside(path, site, suffix):
    """Return what stands beside a page in the built site."""
    return (site[0] / path.relative_to(DOCS)).with_suffix(suffix).read_text("utf-8")


def notebook(path, site):
    return nbformat.reads(beside(path, site, ".ipynb"), nbformat.NO_CONVERT)


def seen(outputs):
    """Return what a reader sees of a cell's outputs; a notebook may break lines where a prompt does not."""
    result = []
    for output in outputs:
        text = text_of(output)
        if output.get("name") == "stderr":
            text = "".join(re.findall(r"\w+Warning: .*", text))
            # What PyTorch logs beside a graph that breaks is no warning, and no output of the page.
            if not text:
                continue
        result.append((output.output_type, " ".join(text.split())))
    return result


# What a page may leave behind that a notebook of its own kernel would not meet.
ANEW = """%reset -f
import warnings as _warnings
import torch as _torch
_warnings.resetwarnings()
_torch.set_default_dtype(_torch.float32)
_torch.set_num_threads(1)
_torch.seed()
_torch.distributions.Distribution.set_default_validate_args(__debug__)
%reset -f
"""


@pytest.fixture(scope="session")
def kernel():
    """The one Jupyter kernel of a worker: to start one and to import PyTorch takes longer than most pages do."""
    client = nbclient.NotebookClient(
        nbformat.v4.new_notebook(), timeout=None, startup_timeout=600, kernel_name="python3", coalesce_streams=True
    )
    with client.setup_kernel():
        yield client


def execute(run, kernel):
    """Run a notebook from top to bottom in a kernel that remembers nothing."""
    run.cells.insert(0, nbformat.v4.new_code_cell(ANEW))
    kernel.nb = run
    kernel.reset_execution_trackers()
    for number, cell in enumerate(run.cells):
        kernel.execute_cell(cell, number, store_history=False)
    del run.cells[0]


@ids
def test_a_notebook_run_again_gives_the_outputs_of_the_page(path, site, kernel):
    kept, run = notebook(path, site), notebook(path, site)
    execute(run, kernel)
    for cell, again in zip(kept.cells, run.cells, strict=True):
        if cell.cell_type == "code":
            assert seen(again.outputs) == seen(cell.outputs), f"{path.name}: {cell.source}"


def test_a_notebook_meets_nothing_of_the_one_before(kernel):
    leaves = "import torch, warnings\nx = 1\ntorch.set_default_dtype(torch.float64)\nwarnings.simplefilter('error')"
    meets = "import torch, warnings\nprint('x' in globals(), torch.tensor(0.5).dtype, warnings.filters)"
    for code in (leaves, meets):
        run = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        execute(run, kernel)
    assert run.cells[0].outputs[0].text == "False torch.float32 []\n"


@ids
def test_a_notebook_holds_the_code_and_the_outputs_of_the_page(path, site):
    nbformat.validate(kept := notebook(path, site))
    shown = []
    for section in sections(transcript_of(path), path.name).values():
        for example in doctest.DocTestParser().get_examples(section.text):
            shown += re.sub(r"\s+# doctest:.*", "", example.source).split()
            # Jupyter names an exception without its module.
            raised = re.sub(r"\A(?:\w+\.)+(?=\w+:)", "", example.exc_msg or "")
            shown += (raised or example.want).replace(EMPTY_LINE, "").split()
    held = []
    for cell in kept.cells:
        if cell.cell_type == "code":
            held += cell.source.split()
            held += [word for output in cell.outputs for word in text_of(output).split()]
    assert held == shown


def words(html):
    soup = BeautifulSoup(html, "html.parser")
    for other in soup.select(".highlight, tex-math, .tex-copy, .tex-glyphs, .headerlink, .md-content__button, button"):
        other.decompose()
    return re.findall(r"[^\W\d_]+", soup.get_text(" "))


@ids
def test_a_notebook_holds_the_words_of_the_page(path, site):
    *cells, note = (cell.source for cell in notebook(path, site).cells if cell.cell_type == "markdown")
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", "", "\n\n".join(cells), flags=re.DOTALL)
    article = BeautifulSoup(beside(path, site, ".html"), "html.parser").select_one("article")
    assert words(markdown.markdown(prose, extensions=["tables"])) == words(str(article))
    assert "computed with PyTorch" in note


@ids
def test_a_program_runs_to_its_end(path, site):
    code = beside(path, site, ".py")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, path.name, "exec"), {})
        finally:
            # The first torch.compile of a process turns these checks off.
            torch.distributions.Distribution.set_default_validate_args(__debug__)


def test_links_of_a_notebook_lead_to_the_site(site):
    for path in PROGRAMS:
        prose = "".join(cell.source for cell in notebook(path, site).cells if cell.cell_type == "markdown")
        for address in re.findall(r"\]\(([^)\s]*)\)", prose):
            assert address.startswith("http")
            file, _, anchor = address.removeprefix(site[1]).partition("#")
            if address.startswith(site[1]):
                assert (site[0] / file).is_file(), address
                assert not anchor or f'id="{anchor}"' in (site[0] / file).read_text("utf-8"), address


def test_with_a_repository_a_page_opens_in_colab(two_pages):
    settings = two_pages / "mkdocs.yml"
    settings.write_text("repo_url: https://github.com/owner/name/\n" + settings.read_text("utf-8"), "utf-8")
    run = mkdocs_build(two_pages, two_pages / "site")
    assert run.returncode == 0, run.stdout
    html = (two_pages / "site/losses/nll.html").read_text("utf-8")
    assert 'href="https://colab.research.google.com/github/owner/name/blob/notebooks/losses/nll.ipynb"' in html
    assert (two_pages / "site/losses/nll.ipynb").exists()


def test_without_a_repository_no_page_leads_to_colab(site):
    assert not [page for page in site[0].rglob("*.html") if "colab" in page.read_text("utf-8")]
