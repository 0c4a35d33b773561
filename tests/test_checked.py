"""The promise: what the site says about its own tests is counted by the build or measured by a command, never typed."""

import platform
import re

import pytest
import torch
from bs4 import BeautifulSoup
from proof.counted import counted, differences
from proof.equations import EQUATIONS
from proof.mistakes import mutants, slips
from proof.places import DOCS, LABS, PAGES, ROOT, TRANSCRIPTS, name
from proof.written import blocks, moved, scores

CHECKED = ROOT / "docs/checked.md"


# A record may be this much older than what is there: no test writes it anew.
AGED = 2


def cells(block):
    """Yield the rows of all tables of a block."""
    for line in block.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def interval(text):
    """Return the least and the largest number that is written so."""
    number = re.match(r"[\d.]+", text.replace(",", ""))[0]
    step = 10.0 ** -len(number.partition(".")[2])
    return float(number) - 0.5001 * step, float(number) + 0.5001 * step


def of_scores(block, made_today):
    """Return what in the table of scores cannot be true at once, or not any more."""
    wrong, rows = [], list(cells(block))
    unseen = dict(re.findall(r"^- ([^:]+): (.*)$", block, re.MULTILINE))
    kinds = {row[0]: row[1:] for row in rows if row[-1].endswith(" %")}
    head, *by_page = rows[rows.index(next(row for row in rows if row[0] == "page")) :]
    for column, (kind, (made, seen, score)) in enumerate(kinds.items(), 1):
        made, seen, score = (float(cell.strip(" %").replace(",", "")) for cell in (made, seen, score))
        missed = sum(map(int, re.findall(r"\((\d+)\)", unseen.get(kind, ""))))
        pages = [float(row[column]) for row in by_page if row[column]]
        # What is complete is called so, and nothing else.
        fits = pages and min(pages) <= score <= max(pages) <= 100 and (min(pages) == 100) == (score == 100)
        today = made_today.get(kind, made)
        if seen > made or int(1000 * seen / made + 1e-9) / 10 != score:
            wrong.append(f"{kind}: {seen:g} of {made:g} are not {score:g} %")
        if missed != made - seen:
            wrong.append(f"{kind}: {missed} are listed as not seen, and {made - seen:g} were not")
        if not head[column].startswith(kind.split()[0]) or not fits:
            wrong.append(f"{kind}: the pages have other scores than {score:g} %")
        if not today / AGED <= made <= today * AGED:
            wrong.append(f"{kind}: {made:g} mistakes were made, and {today} can be")
    known = {path.relative_to(DOCS).with_suffix("").as_posix() for path in [*PAGES, *LABS]} | {"shared by all figures"}
    return wrong + [f"{row[0]} is no page" for row in by_page if row[0] not in known]


def of_costs(block):
    """Return what in the tables of costs cannot be true at once."""
    wrong = []
    for what, here, there, ratio, budget in cells(block):
        if here[:1].isdigit() and there[:1].isdigit() and ratio:
            (least, most), (low, high), (below, above) = map(interval, (here, there, ratio))
            if not (least / high <= above and below <= most / low):
                wrong.append(f"{what}: {here} are not {ratio} times {there}")
        limit = re.fullmatch(r"at most ([\d.]+)( kB)?: (held|over)", budget)
        if limit:
            kept = interval(here if limit[2] or not ratio else ratio)
            if kept[0] > float(limit[1]) if limit[3] == "held" else kept[1] < float(limit[1]):
                wrong.append(f"{what}: the budget {limit[1]} is not {limit[3]}")
    return wrong


def made_today():
    """Return how many mistakes of a kind can be made now, for the kinds that are quick to count."""
    return {
        "outputs": sum(1 for path in TRANSCRIPTS for _ in mutants(path.read_text("utf-8"))),
        "equations": sum(1 for equation in EQUATIONS for _ in slips(equation)),
    }


def test_the_records_agree_with_themselves():
    wrong = of_scores(blocks(CHECKED)["mutation"], made_today()) + of_costs(blocks(CHECKED)["benchmark"])
    assert not wrong, "docs/checked.md:1: " + "; ".join(wrong) + "\n  mend: pytest -m mutation --redraw"


@pytest.mark.parametrize(
    ("block", "old", "new", "message"),
    [
        ("mutation", r"(\| outputs \|) [\d,]+ \| [\d,]+", r"\1 94,557 | 94,557", "outputs: 94557 mistakes were made, "),
        ("mutation", r"(\| outputs \|) [\d,]+", r"\1 94,557", r"outputs: \d+ of 94557 are not 100 %"),
        ("mutation", r"(\| numbers \|.*) [\d.]+ %", r"\1 12 %", r"numbers: \d+ of \d+ are not 12 %"),
        ("mutation", r"(a digit changed) \(", r"\1 (9", r"numbers: 9\d+ are listed as not seen, and \d+ were not"),
        ("mutation", r"(reference/shapes \|) 100", r"\1 90", "outputs: the pages have other scores than 100 %"),
        ("mutation", r"reference/shapes", "reference/shape", "reference/shape is no page"),
        ("benchmark", r"(four-rungs .*\|) \d+ kB", r"\1 9999 kB", r"first view, losses/four-rungs: .* times 9999 kB"),
        ("benchmark", r"(requests.*\|) 0\.\d+", r"\1 5.55", r"requests, median of the pages: \d+ are not 5\.55 times"),
        (
            "benchmark",
            r"(/bce \|).*(?= \| at)",
            r"\1 209 kB | 209 kB | 1.00",
            "first view, losses/bce: the budget 150 is",
        ),
        (
            "benchmark",
            r"(22 pages \|.*) [\d.]+( \| at most .*): \w+",
            r"\1 0.50\2: over",
            "22 pages: the budget .* is not",
        ),
    ],
)
def test_a_record_that_does_not_agree_is_named(block, old, new, message):
    changed, count = re.subn(old, new, blocks(CHECKED)[block], count=1)
    assert count == 1
    wrong = of_costs(changed) if block == "benchmark" else of_scores(changed, made_today())
    assert any(re.match(message, found) for found in wrong), wrong


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
    kinds = {"outputs", "numbers", "exchanged numbers", "equations", "figures", "interactive figures"}
    assert scores(kept).keys() == kinds
    # More mistakes were made since, on a page more.
    grown = re.sub(r"(\| numbers \|) [\d,]+ \| [\d,]+", r"\1 20,000 | 19,800", kept) + "| new | 100 |  |  |  |  |  |\n"
    assert grown != kept
    assert not moved(kept, grown)
    for kind, score in scores(kept).items():
        for by, seen in ((1, False), (-1, False), (1.1, True), (-1.1, True)):
            other = re.sub(rf"(\| {kind} \|.*) [\d.]+ % \|", rf"\1 {score + by:g} % |", kept)
            assert moved(kept, other) == ([f"{kind}: {score + by:g} %, and not {score:g} %"] if seen else [])
        assert moved(kept, re.sub(rf"\| {kind} \|.*% \|\n", "", kept)) == [f"{kind}: no score, and not {score:g} %"]


def test_only_this_page_is_written():
    for page in PAGES:
        allowed = {"mutation", "benchmark"} if page == CHECKED else set()
        assert set(blocks(page)) == allowed, (
            f"{name(page)}:1: the written blocks here are {sorted(blocks(page))}, and not {sorted(allowed)}\n"
            "  mend: what a page says is computed by its transcript; only docs/checked.md is written by commands"
        )
