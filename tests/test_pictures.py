"""The promise: a page shows no picture but the drawn figures, which code makes from computed data."""

import re

import pytest
from proof.figures import CODE as DRAWINGS
from proof.places import DOCS, LABS, PAGES, name, read
from texmath import CODE

FIGURE = re.compile(r"!\[[^\]]*\]\([./]*assets/figures/(?P<name>\w+)\.svg\)")
# All other ways to bring one.
PICTURE = re.compile(
    r"!\[|<(?:img|svg|picture|image|object|embed|iframe|video|canvas|style|link)\b|\bdata:\w+/|\burl\(", re.IGNORECASE
)
# What stands for the site as a whole, and shows nothing that is computed.
SIGNS = {"assets/card.png", "assets/favicon.svg", "assets/logo.svg"}
PICTURES = {".apng", ".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp"}


def pictures(page, markdown):
    """Return one message for each picture of a page that no code of this site draws."""
    drawn = {path.stem for path in DRAWINGS}
    shown = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)
    shown = FIGURE.sub(lambda match: " " * len(match[0]) if match["name"] in drawn else match[0], shown)
    return [
        f"{page}:{shown.count(chr(10), 0, match.start()) + 1}: no test draws this picture\n"
        "  mend: draw it in snippets/figures, and show it as ![what is seen](assets/figures/its_name.svg){ .figure }"
        for match in PICTURE.finditer(shown)
    ]


@pytest.mark.parametrize("path", [*PAGES, *LABS], ids=name)
def test_every_picture_is_drawn_by_code(path):
    found = pictures(name(path), read(path))
    assert not found, "\n" + "\n".join(found)


def test_no_other_picture_is_there_to_be_shown():
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*") if path.suffix.lower() in PICTURES}
    other = {f"docs/{path}" for path in there - SIGNS if not re.fullmatch(r"assets/figures/\w+\.svg", path)}
    assert not other, f"{min(other)}:1: no test draws this picture\n  mend: draw it in snippets/figures"


@pytest.mark.parametrize(
    "markdown",
    [
        "![a loss of 9.9](../assets/loss.png)",
        "![a loss of 9.9](../assets/figures/loss.svg){ .figure }",
        "![a loss](../assets/loss.svg)",
        "![a loss](data:image/svg+xml,%3Csvg%3E)",
        "![a loss][loss]\n\n[loss]: ../assets/loss.svg",
        "<img src='loss.svg'>",
        "<svg><text>9.9</text></svg>",
        "<div style='background: url(loss.png)'>",
        "<iframe src='loss.html'>",
    ],
)
def test_another_picture_is_named(markdown):
    message = pictures("docs/page.md", f"one\n\n{markdown}\n")[0]
    assert message.startswith("docs/page.md:3: no test draws this picture\n  mend: ")


def test_a_drawn_figure_may_be_shown():
    assert not pictures("docs/page.md", "![a loss](../assets/figures/log_sum_exp.svg){ .figure .live } `<img>`")
