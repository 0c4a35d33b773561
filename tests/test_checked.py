"""The promise: what the site says about its own tests is counted by them.

`pytest tests/test_checked.py --redraw` writes the counts anew.
"""

import doctest
import json
import re

import pytest
from claims import claims
from conftest import ROOT, lab_prose
from equations import equations
from test_browser import LABS as LAB_PAGES
from test_browser import PAGES as PAGES_IN_BROWSER
from test_build import links
from test_figures import CODE as FIGURES
from test_glossary import ENTRY
from test_live import FIGURES as INTERACTIVE
from test_live import STATES
from test_readme import PINS
from test_transcripts import TRANSCRIPTS
from transcripts import pages
from written import blocks, write

CHECKED = ROOT / "docs/checked.md"


def texts():
    """Return the prose of every page and lab by its name."""
    prose = {page: page.read_text("utf-8") for page in pages(ROOT / "docs")}
    prose |= {lab: lab_prose(lab.read_text("utf-8")) for lab in sorted((ROOT / "docs/labs").glob("*.py"))}
    return {path.relative_to(ROOT).as_posix(): text for path, text in prose.items()}


def counts(site):
    """Return the table of what is recomputed."""
    examples = [e for path in TRANSCRIPTS for e in doctest.DocTestParser().get_examples(path.read_text("utf-8"))]
    proven = [equation for name, text in texts().items() for equation in equations(name, text)]
    states = sum(1 + len(figure.EXTREMES) + STATES for figure in INTERACTIVE.values())
    terms = ENTRY.findall((ROOT / "docs/glossary.md").read_text("utf-8"))
    asked = json.loads((ROOT / "tests/questions.json").read_text("utf-8"))
    rows = [
        ("pages and labs", len(texts()), "each is built, and opened in a browser: light, dark, wide and narrow"),
        ("statements", len(examples), "run, all of a page in one session"),
        ("outputs", sum(bool(e.want) for e in examples), "equal to what Python prints, to the letter"),
        ("exceptions among them", sum(bool(e.exc_msg) for e in examples), "the message, to the letter"),
        ("numbers in sentences", sum(len(list(claims(text))) for text in texts().values()), "computed on that page"),
        ("labeled formulas", sum(bool(e.label) for e in proven), "evaluated on random inputs, against PyTorch"),
        ("formulas in sentences", sum(not e.label for e in proven), "the same, for those that claim something"),
        ("drawn figures", len(FIGURES), "drawn anew, and compared line by line"),
        ("interactive figures", len(INTERACTIVE), f"{states:,} states, every number against PyTorch"),
        ("notebooks", len(TRANSCRIPTS) + len(LAB_PAGES), "run from top to bottom, and equal to their page"),
        ("terms", len(terms), "defined once, and not used before"),
        ("searches", sum(len(question["queries"]) for question in asked), "typed, and the right section found"),
        ("links within the site", len(list(links(*site))), "followed, to the section"),
    ]
    python = re.search(r'python-version: "(.*)"', (ROOT / ".github/workflows/site.yml").read_text("utf-8"))[1]
    assert len(texts()) == len(PAGES_IN_BROWSER) + len(LAB_PAGES)
    table = "".join(f"| {what} | {number:,} | {how} |\n" for what, number, how in rows)
    return (
        f"\n| what | how many | how it is checked |\n| --- | ---: | --- |\n{table}\n"
        f"All of it with PyTorch {dict(PINS)['torch']} on Python {python}.\n\n"
    )


@pytest.mark.build
def test_the_counts_are_counted(site, request):
    counted = counts(site)
    if request.config.getoption("--redraw"):
        write(CHECKED, "counts", counted)
    kept = blocks(CHECKED)["counts"]
    wrong = [line for line in kept.splitlines() if line not in counted.splitlines()]
    assert kept == counted, (
        f"docs/checked.md: these lines are not what was counted: {wrong}\n  mend: pytest tests/test_checked.py --redraw"
    )


def test_only_this_page_is_written():
    assert [page for page in pages(ROOT / "docs") if blocks(page)] == [CHECKED]
    assert set(blocks(CHECKED)) == {"counts", "mutation", "benchmark"}
