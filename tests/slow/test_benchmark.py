"""Measures this site beside other ways to show and check the same content.

`pytest -m benchmark --redraw` writes the tables into docs/checked.md. It takes some ten minutes on Linux or macOS and
needs a network once if `.cache` holds no MathJax yet. The comparison with nbmake needs `.venv/bin/pip install nbmake`
and is left out without it. Seconds differ from computer to computer, so only ratios and bytes are written.
"""

import importlib.metadata
import importlib.util
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

import nbformat
import pytest
from proof.browser import ADDRESSES
from proof.places import LABS, ROOT, TRANSCRIPTS
from proof.sites import copy_project
from proof.variants import (
    HOOKS,
    PYTEST,
    ROUNDS,
    View,
    both_ways,
    build,
    configure,
    costs,
    examples,
    first_view,
    multiply,
    must,
    seconds,
    served,
)
from proof.written import write
from tables import table

MUCH_MATH = ["losses/four-rungs", "losses/bce", "foundations/gradient", "reference/cross-entropy", "losses/log-sum-exp"]
LOADS = 3
# How often each size is built, both ways in turn.
BUILDS = {22: 7, 200: 3, 1000: 1}
HEAD = ["what", "this site", "the other way", "ratio", "budget"]


def short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 9.995 else f"{ratio:.0f}"


def row(
    what: str, here: str = "", there: str = "", ratio: float | None = None, budget: str = "", held=True
) -> list[str]:
    """Write a row of a table; a budget is followed by whether it is held."""
    verdict = f"{budget}: {'held' if held else 'over'}" if budget else ""
    return [what, here, there, "" if ratio is None else short(ratio), verdict]


def bytes_row(what: str, here: float, there: float, budget: str = "", held=True) -> list[str]:
    """Write a row that compares two sizes."""
    return row(what, f"{here / 1000:.0f} kB", f"{there / 1000:.0f} kB", here / there, budget, held)


def section(title: str, how: str, rows: list[list[str]]) -> str:
    """Write a table under its title and the way in which it was measured."""
    return f"### {title}\n\n{how}\n\n{table('lllll', HEAD, rows)}"


def compare_pages(folder: Path, browser) -> str:
    """Compare first views with MathJax in the browser, and labs with text pages."""
    ours, client = both_ways(folder)
    with served(ours) as here, served(client) as there:
        browsed = f"Chromium {browser.version.partition('.')[0]}"
        views = {here: [], there: []}
        for path in MUCH_MATH:
            loads = [[first_view(browser, server, f"{path}.html") for server in views] for _ in range(LOADS)]
            for server, side in zip(views, zip(*loads, strict=True), strict=True):
                views[server].append(View(*map(median, zip(*side, strict=True))))
        texts = [path for path in ADDRESSES if not path.startswith("labs/")]
        text = median(first_view(browser, here, path).size for path in texts)
        labs = {lab: first_view(browser, here, f"labs/{lab.stem}.html") for lab in LABS}
    version = json.loads((client / "mathjax/package.json").read_text("utf-8"))["version"]
    mine, other = views[here], views[there]
    rows = [
        bytes_row(f"first view, {path}", view.size, against.size, "at most 150 kB", view.size <= 150_000)
        for path, view, against in zip(MUCH_MATH, mine, other, strict=True)
    ]
    requests, against = (median(view.requests for view in side) for side in (mine, other))
    rows.append(row("requests, median of the pages", f"{requests:.0f}", f"{against:.0f}", requests / against))
    shift, against = (max(view.shift for view in side) for side in (mine, other))
    held = shift <= 0.01
    rows.append(row("layout shift, largest", f"{shift:.3f}", f"{against:.3f}", None, "at most 0.01", held))
    stood = median(view.stood / against.stood for view, against in zip(mine, other, strict=True))
    rows.append(row("time until the last formula stands, median of the pages", ratio=stood))
    pages = section(
        "A page, against MathJax in the browser",
        f"Five pages with much math, loaded {LOADS} times each with an empty cache in headless {browsed} from a local "
        f"server that compresses with gzip; the other way is the same site with MathJax {version} (tex-chtml at its "
        "defaults, from the same server) drawing the formulas; medians of the loads.",
        rows,
    )
    return (
        pages
        + "\n"
        + section(
            "A lab, against a text page",
            f"The first view of each lab and of the median of all {len(texts)} text pages (the other way), loaded once "
            f"in headless {browsed}, over gzip.",
            [
                bytes_row(f"first view, labs/{lab.stem}", view.size, text, "at most 3", view.size <= 3 * text)
                for lab, view in labs.items()
            ],
        )
    )


def write_notebook(transcript: Path, into: Path) -> None:
    """Write a transcript as a notebook, one cell for an example."""
    cells = []
    for example in examples(transcript):
        tags = {"tags": ["raises-exception"]} if example.exc_msg else {}
        cells.append(nbformat.v4.new_code_cell(example.source, metadata=tags))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    name = transcript.relative_to(ROOT / "snippets").with_suffix("").as_posix().replace("/", "-")
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), into / f"{name}.ipynb")


def run_pytest(folder: Path, *arguments: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *PYTEST, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    must(run)


def compare_checks(folder: Path) -> str:
    """Compare the doctest run of all transcripts with nbmake and with bare exec."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        spent = process.submit(costs).result()
    ratios = [checked / bare for checked, bare in spent]
    together = sum(checked for checked, _ in spent) / sum(bare for _, bare in spent)
    ours = median(seconds(lambda: run_pytest(ROOT, "snippets")) for _ in range(ROUNDS))
    what = "the whole command, against nbmake"
    if importlib.util.find_spec("nbmake"):
        folder.mkdir()
        for transcript in TRANSCRIPTS:
            write_notebook(transcript, folder)
        nbmake = row(what, ratio=ours / seconds(lambda: run_pytest(folder, "--nbmake", ".")))
    else:
        print("nbmake is not installed, so its row stays empty: .venv/bin/pip install nbmake")
        nbmake = row(what, there="not installed")
    return section(
        f"Checking the {len(TRANSCRIPTS)} transcripts",
        "The doctest run of this site compares every output; nbmake runs the same examples as notebooks, a cell each, "
        "and bare exec runs them in one process, and neither compares any output; torch is imported beforehand where "
        f"exec is compared, medians of {ROUNDS} runs (nbmake: one run).",
        [
            nbmake,
            row(
                "all transcripts together, against bare exec",
                ratio=together,
                budget="at most 1.3",
                held=together <= 1.3,
            ),
            row("one transcript, median, against bare exec", ratio=median(ratios)),
            row("one transcript, largest, against bare exec", ratio=max(ratios)),
        ],
    )


def children() -> float:
    """Return the processor time of all ended sub-runs, which other programs disturb less than the clock."""
    return os.times().children_user + os.times().children_system


def compare_builds(folder: Path) -> str:
    """Compare builds of more and more pages with the hooks of this site and without."""
    spent = {}
    for count, times in BUILDS.items():
        project = copy_project(
            ("docs/_hooks", "docs/_overrides", "docs/assets", "requirements.txt"), folder / str(count)
        )
        # The theme writes the menu into every page; with all pages in it, it would be most of a build.
        menu = multiply(project, count)[: min(BUILDS)]
        taken = {True: [], False: []}
        # One build more at first, for what only the first build of a project does.
        for _ in range(times + (count == min(BUILDS))):
            for hooked in taken:
                configure(project, nav=menu, hooks=HOOKS if hooked else [])
                before = children()
                build(project)
                taken[hooked].append(children() - before)
        spent[count] = [min(taken[hooked][-times:]) for hooked in taken]
        shutil.rmtree(project)
    rows = [
        row(f"{count:,} pages", ratio=here / there, budget="at most 1.2", held=here <= 1.2 * there)
        for count, (here, there) in spent.items()
    ]
    first, *larger = spent
    for count in larger:
        here, there = (spent[count][way] / count / (spent[first][way] / first) for way in (0, 1))
        what = f"time per page at {count:,}, relative to {first}"
        rows.append(row(what, short(here), short(there), here / there))
    return section(
        "Building, with the hooks of this site and without",
        "Copies of the text pages, without labs, built with the formulas in the cache and a menu of fixed size; the "
        "other way is the same mkdocs.yml without hooks, so without checks and math; processor time, the least of "
        f"{' and '.join(f'{times} ({count:,} pages)' for count, times in BUILDS.items())} builds.",
        rows,
    )


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
def test_the_site_keeps_its_budgets(request, tmp_path, browser):
    torch = importlib.metadata.version("torch").partition("+")[0]
    tables = [
        compare_pages(tmp_path / "pages", browser),
        compare_checks(tmp_path / "checks"),
        compare_builds(tmp_path / "builds"),
    ]
    about = (
        "A ratio is this site divided by the other way, so that below 1 this site takes less. Measured with Python "
        f"{sys.version_info.major}.{sys.version_info.minor} and PyTorch {torch}.\n\n"
    )
    text = about + "\n".join(tables)
    print(text)
    if request.config.getoption("--redraw"):
        write(ROOT / "docs/checked.md", "benchmark", f"\n{text}\n")
    assert ": over" not in text
