"""The promise: a number in a page is red unless the page's transcript computed or used it."""

import pytest
from proof.claims import computed_for, proves, unbound_on
from proof.mistakes import changes
from proof.places import PAGES, name


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_number_is_bound(path):
    messages = unbound_on(path)
    assert not messages, "\n" + "\n".join(messages)


def test_each_changed_digit_is_seen():
    survivors, tried = [], 0
    for page in PAGES:
        near = computed_for(page)
        for text, changed in changes(page.read_text("utf-8")):
            tried += 1
            if any(proves(number, changed) for number in near(changed.line)):
                survivors.append(f"{name(page)}:{changed.line}: {text} -> {changed.text}")
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
        "It is $-4^{-1}$, $T^2$ and T\N{SUPERSCRIPT TWO}.",
        "since torch v2.11, and numpy 1.26; a mean minus 3, 2\N{EN DASH}3 of them, v2.11 and float16",
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
        ('<input placeholder="9.9999">', "9.9999"),
        ('<p aria-description="9.9999">', "9.9999"),
        ("It is $10^{-7}$.", "10^{-7}"),
        ("It is $2^9$.", "2^9"),
        ("It is $2^{9}$.", "2^{9}"),
        ("It is -9.", "-9"),
        ("since PyTorch 9.9999", "9.9999"),
        ("since PyTorch 9.9", "9.9"),
        ("with numpy 1.0938", "1.0938"),
    ],
)
def test_unbound_numbers_are_named(tmp_path, markdown, number):
    (message,) = write_site(tmp_path, markdown)
    line = markdown[: markdown.index(number)].count("\n") + 1
    assert message.startswith(
        f"docs/page.md:{line}: {number} is not among the numbers of snippets/page.pycon beside it; nearest: "
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It is \N{EN DASH}0.6931.", "\N{EN DASH}0"),
        ("It is \N{NON-BREAKING HYPHEN}0.6931.", "\N{NON-BREAKING HYPHEN}0"),
        ("It is (\N{EM DASH}0.6931).", "\N{EM DASH}0"),
        ("It is &#8722;0.6931.", "&#8722;"),
        ("It is &#x2212;0.6931.", "&#x2212;"),
        ("It is &ndash;0.6931.", "&ndash;"),
        ("It is minus 0.6931.", "minus 0.6"),
        ("It is Minus $0.6931$.", "Minus $0.6"),
        ("a mean minus 62.5 %", "minus 62.5"),
        ("It is 9 percent.", "9 percent"),
        ("It is 9 per cent.", "9 per cent"),
        ("It is 9&#37;.", "&#37;"),
        ("It is 9&percnt;.", "&percnt;"),
        ("It is 9 \N{PER MILLE SIGN}.", "9 \N{PER MILLE SIGN}"),
        ("It is \N{VULGAR FRACTION THREE QUARTERS}.", "\N{VULGAR FRACTION THREE QUARTERS}"),
        ("It is \N{FULLWIDTH DIGIT NINE}.", "\N{FULLWIDTH DIGIT NINE}"),
        ("It is 10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT SEVEN}.", "10\N{SUPERSCRIPT MINUS}"),
        ("It is 0x1F4.", "0x1F4"),
        ("It is x9.9999.", "x9.9999"),
        ("It costs USD9,999.", "USD9,999"),
        (r"It is 9\.9.", r"9\.9"),
        ("It is $9{,}5$.", "9{,}5"),
        ("It is 0.6931 million.", "1 million"),
    ],
)
def test_a_number_that_could_be_read_otherwise_is_refused(tmp_path, text, number):
    messages = write_site(tmp_path, f"one\n\n{text}\n")
    assert any(
        message.startswith(f"docs/page.md:3: {number} is no number that a test can read\n") for message in messages
    )


def test_a_page_without_transcript_proves_nothing(tmp_path):
    write_site(tmp_path, "0.6931")
    (tmp_path / "snippets/page.pycon").unlink()
    (message,) = unbound_on(tmp_path / "docs/page.md", tmp_path)
    assert "it has none" in message


SECTIONS = """# --8<-- [start:one]
>>> 0.25
0.25

# --8<-- [end:one]
>>> 0.125
0.125
>>> typed = 9.5

# --8<-- [start:two]
>>> 0.75
0.75

# --8<-- [end:two]
"""
PARTS = """# Page

{lead}

## One

{one}

``` pycon
--8<-- "page.pycon:one"
```

## Two {{ #second }}

| row | {row} | [two](#second) |

``` pycon
--8<-- "page.pycon:two"
```

{two}

## In one breath

{breath}
"""


@pytest.mark.parametrize(
    ("place", "number", "bound"),
    [
        ("lead", "0.125", True),
        ("lead", "0.75", False),
        ("one", "0.25", True),
        ("one", "0.125", True),
        ("one", "0.75", False),
        ("one", "9.5", False),
        ("row", "0.75", True),
        ("row", "0.25", False),
        ("two", "0.75", True),
        ("two", "0.125", False),
        ("breath", "0.25", True),
        ("breath", "0.5", False),
    ],
)
def test_a_number_belongs_to_what_stands_beside_it(tmp_path, place, number, bound):
    page = PARTS.format(**dict.fromkeys(("lead", "one", "row", "two", "breath"), "") | {place: number})
    messages = write_site(tmp_path, page, SECTIONS)
    assert len(messages) == (not bound)
    line = page[: page.index(number)].count("\n") + 1
    assert all(message.startswith(f"docs/page.md:{line}: {number} is not among") for message in messages)
