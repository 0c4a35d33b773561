"""The promise: a number in a page is red unless the page's transcript computed or used it."""

import re

import pytest
from claims import claims, computed, proves, unbound
from conftest import ROOT
from transcripts import pages

PAGES = pages(ROOT / "docs")
EXEMPT_CEILING = 0


def transcript_of(page, root):
    """Return the path of a page's transcript and its numbers, none if there is no transcript."""
    transcript = root / "snippets" / page.relative_to(root / "docs").with_suffix(".pycon")
    return transcript, computed(transcript.read_text("utf-8")) if transcript.exists() else []


def unbound_on(page, root):
    """Return the messages about a page whose numbers come from its transcript."""
    transcript, numbers = transcript_of(page, root)
    name, source = (path.relative_to(root).as_posix() for path in (page, transcript))
    return unbound(name, page.read_text("utf-8"), source, numbers)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_number_is_bound(path):
    messages = unbound_on(path, ROOT)
    assert not messages, "\n" + "\n".join(messages)


def test_exempt_numbers_stay_few():
    exempt = [claim for page in PAGES for claim in claims(page.read_text("utf-8")) if claim.reason]
    assert len(exempt) <= EXEMPT_CEILING, exempt


def changes(source, steps=(1,)):
    """Yield each claim of a page with one digit changed: what stands there, and the number that it becomes."""
    found = list(claims(source))
    texts = [source[claim.start :][: len(claim.number.text)] for claim in found]
    places = [[claim.start + m.start() for m in re.finditer(r"\d", t)] for claim, t in zip(found, texts, strict=True)]
    # No claim depends on the digits of another, so each reading of the page changes one digit of all that have it.
    for number in range(max(map(len, places), default=0)):
        for step in steps:
            mutant = list(source)
            for at in (own[number] for own in places if number < len(own)):
                mutant[at] = str((int(source[at]) + step) % 10)
            changed = {claim.start: claim.number for claim in claims("".join(mutant))}
            for claim, text, own in zip(found, texts, places, strict=True):
                if number < len(own):
                    yield text, changed[claim.start]


def test_each_changed_digit_is_seen():
    survivors, tried = [], 0
    for page in PAGES:
        _, numbers = transcript_of(page, ROOT)
        for text, changed in changes(page.read_text("utf-8")):
            tried += 1
            if any(proves(number, changed) for number in numbers):
                survivors.append(f"{page.relative_to(ROOT)}:{changed.line}: {text} -> {changed.text}")
    assert tried > 50
    assert len(survivors) <= 0.02 * tried, f"{len(survivors)} of {tried} survived: {survivors}"


def write_site(
    root, markdown, transcript=">>> import math\n>>> math.log(2)\n0.6931\n>>> -0.25\n-0.25\n>>> 5 / 8\n0.625\n"
):
    for path, text in (("docs/page.md", markdown), ("snippets/page.pycon", transcript)):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return unbound_on(root / "docs/page.md", root)


@pytest.mark.parametrize(
    "markdown",
    [
        "The loss is 0.6931.",
        "---\nsearch: {boost: 0.5}\n---\n",
        "About 0.69, or 69.3 %.",
        "It is -0.25, or \N{MINUS SIGN}0.25.",
        "| a | 62.5 % |",
        "$$ \\ell = 0.6931 $$",
        "$x = -0.25$ and $69.31\\%$",
        "torch 2.13 and PyTorch 2.13.0, Python 3.11, on 2026-11-22, in `0.1234`.",
        'See [this](page.md#2.5) <span data-x="0.1234">text</span>.',
        "``` pycon\n0.1234\n```",
        "In section 4.1 <!-- unbound: the book numbers it so --> it says so.",
    ],
)
def test_bound_pages_pass(tmp_path, markdown):
    assert write_site(tmp_path, markdown) == []


@pytest.mark.parametrize(
    ("markdown", "number"),
    [
        ("---\ndescription: a loss of 0.6932\n---\n", "0.6932"),
        ("one\n\nThe loss is 0.6932.", "0.6932"),
        ("It is 0.25.", "0.25"),
        ("It is -0.6931.", "-0.6931"),
        ("It is 0.69315.", "0.69315"),
        ("| a | 62.4 % |", "62.4 %"),
        ("It is 63 % right.", "63 %"),
        ("![a curve that ends at 0.6932](a.svg)", "0.6932"),
        ('<img alt="ends at 0.6932" src="a.svg">', "0.6932"),
        ("$$ \\ell = 0.6932 $$", "0.6932"),
        ("$1.5 \\times 10^{-3}$", "1.5 \\times 10^{-3}"),
        ("It is 2e-9.", "2e-9"),
        ("It is 0.7000.", "0.7000"),
        ("It takes 1,437 steps.", "1,437"),
        ("It is **-0.6931**.", "-0.6931"),
        ('It is "-0.6931".', "-0.6931"),
        ("It is _1.9999_.", "1.9999"),
        ("It is 1.5x as much.", "1.5"),
        ("A loss <L is rare. It was 9.9999.\n\n> quoted", "9.9999"),
        ("It is .9999.", ".9999"),
        ("<img alt='ends at 9.9999' src='a.svg'>", "9.9999"),
    ],
)
def test_unbound_numbers_are_named(tmp_path, markdown, number):
    (message,) = write_site(tmp_path, markdown)
    line = markdown[: markdown.index(number)].count("\n") + 1
    assert message.startswith(
        f"docs/page.md:{line}: {number} is not among the numbers of snippets/page.pycon; nearest: "
    )


def test_an_exemption_needs_a_reason(tmp_path):
    (message,) = write_site(tmp_path, "In 4.1 <!-- unbound: -->.")
    assert "without a reason" in message


def test_a_page_without_transcript_proves_nothing(tmp_path):
    write_site(tmp_path, "0.6931")
    (tmp_path / "snippets/page.pycon").unlink()
    (message,) = unbound_on(tmp_path / "docs/page.md", tmp_path)
    assert "it has none" in message
