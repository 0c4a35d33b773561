"""The promise: nothing that the tutorial teaches is lost, and each part of it is in one place of the table."""

import re

from proof.places import ROOT

PARTS = {"S": 121, "A": 19, "B": 9}
ROW = re.compile(r"^\| ([SAB])(\d+)(?:\N{EN DASH}\1(\d+))? \|[^|]+\| ([^|]+) \|$", re.MULTILINE)


def placed(page):
    """Return the parts that the last table of the page gives a place, in its order."""
    rows = ROW.findall(page.split("## Where each part is taught")[1])
    return [
        f"{kind}{n}"
        for kind, first, last, where in rows
        if "](" in where or "left out" in where or "first code" in where
        for n in range(int(first), int(last or first) + 1)
    ]


def test_every_part_of_the_tutorial_has_one_place():
    page = (ROOT / "docs/corrections.md").read_text("utf-8")
    found, wanted = placed(page), [f"{kind}{n}" for kind, count in PARTS.items() for n in range(1, count + 1)]
    wrong = [part for part in wanted if found.count(part) != 1] or [part for part in found if part not in wanted]
    assert found == wanted, (
        f"docs/corrections.md:1: not one place each: {', '.join(wrong) or 'all, in another order'}\n"
        "  mend: give each part one row, with a link, or the words: left out"
    )


def test_a_lost_part_is_seen():
    page = (ROOT / "docs/corrections.md").read_text("utf-8")
    assert "S67" not in placed(page.replace("| S67 | the name", "| S68 | the name"))
    assert "S89" not in placed(page.replace("[likelihood](foundations/likelihood.md#more", "likelihood, more"))
