"""The promise: what the site says about its own tests is counted by the build or measured by a command, never typed."""

import platform
import re

import pytest
import torch
from bs4 import BeautifulSoup
from proof.counted import counted, differences
from proof.places import PAGES, ROOT
from proof.written import blocks, moved, scores

CHECKED = ROOT / "docs/checked.md"


@pytest.mark.build
def test_the_counts_of_the_built_page_are_right(site):
    html = BeautifulSoup((site[0] / "checked.html").read_text("utf-8"), "html.parser")
    table = html.find(id="what-is-recomputed").find_next("table")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")]
    wrong = differences({what: int(number.replace(",", "")) for what, number, _ in rows}, counted(ROOT))
    assert not wrong, "\n" + "\n".join(wrong)
    version, python = torch.__version__.partition("+")[0], platform.python_version().rpartition(".")[0]
    assert table.find_next("p").get_text() == f"All of it with PyTorch {version} on Python {python}."


def test_a_wrong_count_is_named():
    right = counted(ROOT)
    assert all(right.values())
    for what, number in right.items():
        (message,) = differences(right | {what: number + 1}, right)
        assert message.startswith(f"docs/checked.md: the build counts {number + 1} {what}, and this test {number}\n")
    assert len(differences({}, right)) == len(right)


def test_scores_count_as_old_only_when_they_moved():
    kept = blocks(CHECKED)["mutation"]
    assert scores(kept).keys() == {"outputs", "numbers", "equations", "figures", "interactive figures"}
    # More mistakes were made since, on a page more.
    grown = re.sub(r"(\| numbers \|) [\d,]+ \| [\d,]+", r"\1 20,000 | 19,800", kept) + "| new | 100 |  |  |  |  |\n"
    assert grown != kept
    assert not moved(kept, grown)
    for kind, score in scores(kept).items():
        for by, seen in ((1, False), (-1, False), (1.1, True), (-1.1, True)):
            other = re.sub(rf"(\| {kind} \|.*) [\d.]+ % \|", rf"\1 {score + by:g} % |", kept)
            assert moved(kept, other) == ([f"{kind}: {score + by:g} %, and not {score:g} %"] if seen else [])
        assert moved(kept, re.sub(rf"\| {kind} \|.*% \|\n", "", kept)) == [f"{kind}: no score, and not {score:g} %"]


def test_only_this_page_is_written():
    assert [page for page in PAGES if blocks(page)] == [CHECKED]
    assert set(blocks(CHECKED)) == {"mutation", "benchmark"}
