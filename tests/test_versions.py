"""The promise: no page types the version of PyTorch that proves it, so that no upgrade leaves a sentence behind.

The foot of each page names that version, from the pin. "Since torch 2.11" stays allowed, for it stays true; and what
a command wrote says what was there when it was measured.
"""

import re

import pytest
from proof.places import LABS, PAGES, ROOT, name, read
from proof.readme import PINS

PINNED = dict(PINS)["torch"]
PROSE = [*PAGES, *LABS]
NO_PROSE = re.compile(r"<!-- written:(?P<block>[\w-]+) -->.*?<!-- end of (?P=block) -->|\]\([^)\s]*", re.DOTALL)


def typed(page, prose, pinned):
    """Return one message for each place where a page or a lab names the pinned version of PyTorch.

    Its first two numbers count behind `torch` or `version`; elsewhere they are a number, which has to be computed.
    """
    prose = NO_PROSE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), prose)
    short, patch = map(re.escape, re.fullmatch(r"(\d+\.\d+)(.*)", pinned).groups())
    named = r"(?P<since>since )?(?P<of>(?:py)?torch\W{1,4}|version\W{1,4})?"
    version = rf"{named}v?(?<![\d.]){short}(?P<whole>{patch})?(?!\.?\d)"
    return [
        f"{page}:{prose.count(chr(10), 0, match.start()) + 1}: {match[0]} is typed, and wrong after the next upgrade\n"
        '  mend: write "the version of PyTorch that the foot of this page names"'
        for match in re.finditer(version, prose, re.IGNORECASE)
        if not match["since"] and (match["of"] or match["whole"])
    ]


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_no_page_types_the_pinned_version(path):
    found = typed(name(path), read(path), PINNED)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "It raises in torch 2.13.",
        "In PyTorch 2.13.0 it raises.",
        "the version 2.13, say",
        "Install `torch==2.13.0` first.",
        "`torch` 2.13 and",
        "with 2.13.0 it",
        "with torch v2.13",
        "PyTorch 2.13에서",
        "---\ndescription: errors of torch 2.13\n---",
        '<img alt="drawn by torch 2.13">',
    ],
)
def test_a_typed_version_is_named(text):
    (message,) = typed("docs/page.md", f"one\n\n{text}\n", "2.13.0")
    line = 3 + text.partition("2.13")[0].count("\n")
    assert re.match(rf"docs/page\.md:{line}: .*2\.13.* is typed, .*\n  mend: ", message)


def test_the_version_of_today_is_named_on_a_page_of_today():
    page = (ROOT / "docs/clinics/errors.md").read_text("utf-8")
    for version in (PINNED, PINNED.rpartition(".")[0]):
        (message,) = typed("docs/clinics/errors.md", f"{page}It raises in torch {version}.\n", PINNED)
        assert message.startswith(f"docs/clinics/errors.md:{page.count(chr(10)) + 1}: torch {version} is typed")


@pytest.mark.parametrize(
    "text",
    [
        "Since torch 2.11 it says so, and since PyTorch 2.13 twice.",
        "In torch 2.1 and torch 2.130 and 12.13.0 it did not.",
        "a loss of 2.13",
        "[notes](https://example.org/torch-2.13.0)",
        "<!-- written:benchmark -->\nwith PyTorch 2.13.0\n<!-- end of benchmark -->",
    ],
)
def test_what_no_upgrade_makes_wrong_may_stand(text):
    assert typed("docs/page.md", text, "2.13.0") == []
