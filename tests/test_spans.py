"""The promise: what a sentence quotes of an output or a message is what Python printed on that page."""

import pkgutil
import re

import pytest
from proof.places import DOCS, PAGES, TRANSCRIPTS, name, read, transcript_of
from proof.spans import spans, unquoted
from since import RECORD
from since import read as read_record

OTHERS = read_record(RECORD, RECORD.name).changes


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_quoted_output_was_printed(path):
    transcript = transcript_of(path)
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    older = [said for change in OTHERS if f"{change.page}.md" == name(path, DOCS) for said in change.then.values()]
    messages = unquoted(name(path), read(path), name(transcript), text, older)
    assert not messages, "\n" + "\n".join(messages)


ROOTS = {"torch": "torch", "F": "torch.nn.functional", "nn": "torch.nn"}
NAME = re.compile(r"(?<![\w.])(torch|F|nn)((?:\.[A-Za-z_]\w*)+)")


def unknown(markdown):
    """Yield the line and the name of what a sentence calls a part of PyTorch, and is none."""
    for span in spans(markdown):
        for root, path in NAME.findall(span.code):
            try:
                pkgutil.resolve_name(ROOTS[root] + path)
            except (AttributeError, ImportError):
                yield span.line, root + path


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_part_of_pytorch_in_a_sentence_exists(path):
    # What does not exist, a transcript shows to raise.
    run = "".join(transcript.read_text("utf-8") for transcript in TRANSCRIPTS)
    for line, part in unknown(read(path)):
        assert part in run, (
            f"{name(path)}:{line}: PyTorch has no {part}\n  mend: correct the name, or run what it raises"
        )


def test_a_misspelled_part_of_pytorch_is_seen():
    text = "Use `F.nll_loss(x, y)`, `torch.nn.LogSoftmax`, `my.nn.Thing`,\n`nn.BCEWithLogitLoss()`."
    assert list(unknown(text)) == [(2, "nn.BCEWithLogitLoss")]


TRANSCRIPT = """\
>>> torch.tensor(0.6931), torch.manual_seed(1234)
(tensor(0.6931), 1e-07)
>>> loss(y)
Traceback (most recent call last):
    ...
IndexError: Target 3 is out of bounds
    for 3 classes.

# proves: "never `tensor(9.9)`"
"""


def found(markdown):
    return unquoted("docs/page.md", markdown, "snippets/page.pycon", TRANSCRIPT)


@pytest.mark.parametrize(
    "markdown",
    [
        "It is `tensor(0.6931)`.",
        "It raises `IndexError: Target 3 is out of bounds for 3 classes.`",
        "It raises `Target 3 is out of\nbounds`, or `IndexError: Target … is out of bounds`.",
        "It is `Target ... is out of bounds`.",
        "`F.relu(x)`, `x = [1, 2]`, `.item()`, `labels=`, `torch.float32`, `(N, C)` and `IndexError` are code.",
        "`manual_seed(1234)`, `0.6931`, `0.69` and `1e-7`",
        "`.venv/bin/pytest snippets/a.pycon` and `pip install torch==2.13.0` are typed.",
        "Older wording: `Target 9 out of bounds`. Not run here: `CUDA error: device lost`.",
        "# `Target 9 out of bounds`\n\nOlder wording: ``Target `9` out of bounds``.",
        "| quoted | it was |\n| --- | --- |\n| `Target 9 out` | text |\n| `Target 8 out` | text |",
        "``` pycon\ntensor(9.9)\n```\n<!-- `tensor(9.9)` -->\n<!-- written:a -->\n`tensor(9.9)`\n<!-- end of a -->",
    ],
)
def test_what_was_printed_and_plain_code_may_stand(markdown):
    assert found(markdown) == []


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("It is `tensor(9.9999)`.", "snippets/page.pycon does not say: tensor(9.9999)"),
        ("It is `tensor(0.69)`.", "snippets/page.pycon does not say: tensor(0.69)"),
        ("It is `[tensor(2)]`.", "snippets/page.pycon does not say: [tensor(2)]"),
        ("raises `IndexError: Target 7 is out of bounds`", "snippets/page.pycon does not say: IndexError: Target 7"),
        ("raises `ValueError: Target 3 is out of bounds`", "snippets/page.pycon does not say: ValueError"),
        ("raises `Target 3 is out of sight`", "snippets/page.pycon does not say: Target 3 is out of sight"),
        ("raises `Target 3 … of sight`", "snippets/page.pycon does not say: Target 3 … of sight"),
        ("raises `arget 3 is out of bounds`", "snippets/page.pycon does not say: arget 3"),
        ("warns `UserWarning: old`", "snippets/page.pycon does not say: UserWarning: old"),
        ("It is `0.6932`.", "0.6932 in 0.6932 is not among the numbers of snippets/page.pycon"),
        ("It is `-0.6931`.", "-0.6931 in -0.6931 is not among"),
        ("Write `clamp(min=1e-9)`.", "1e-9 in clamp(min=1e-9) is not among"),
        ("Write `manual_seed(1235)`.", "1235 in manual_seed(1235) is not among"),
        ("# `Target 9 out of bounds`\n\nIt is new.", "snippets/page.pycon does not say: Target 9 out of bounds"),
        ("| `Target 9 out` | text |\n\n| quoted | it was |", "snippets/page.pycon does not say: Target 9 out"),
        ("Older wording: `old one`. Now: `Target 9 is in`.", "snippets/page.pycon does not say: Target 9 is in"),
    ],
)
def test_what_was_not_printed_is_named(markdown, problem):
    message = found(f"one\n\n{markdown}\n")[0]
    assert message.startswith(f"docs/page.md:3: {problem}")
    assert "\n  mend: " in message


def test_a_heading_quotes_what_runs_below_it():
    transcript = "".join(
        f"# --8<-- [start:{name}]\n>>> {name}()\nIt was {name}\n\n# --8<-- [end:{name}]\n>>> 1\n1\n\n"
        for name in ("one", "two")
    )
    shown = '``` pycon\n--8<-- "page.pycon:{}"\n# no heading\n```\n'
    page = f"## `It was two`\n\n### `It was one`\n\n{shown.format('one')}\n### `It was two`\n\n{shown.format('two')}"
    assert unquoted("page.md", page, "page.pycon", transcript) == []
    swapped = page.replace("### `It was one`", "### `It was two`")
    assert unquoted("page.md", swapped, "page.pycon", transcript) == [
        "page.md:3: what runs below this heading does not say: It was two\n"
        "  mend: put the heading above the section of the transcript that says it"
    ]


def test_a_span_ends_where_markdown_ends_it():
    text = "`a` ``b `c` d`` `e\nf` `g\n\nh` i`"
    assert [(span.line, span.code) for span in spans(text)] == [(1, "a"), (1, "b `c` d"), (1, "e f"), (4, "i")]


def test_what_another_version_says_may_stand_in_a_heading_alone():
    for markdown, amiss in [("# `target 9 out`\n", 0), ("It raises `target 9 out`.\n", 1)]:
        others = ["raises IndexError: target 9 out of bounds"]
        assert len(unquoted("docs/page.md", markdown, "snippets/page.pycon", TRANSCRIPT, others)) == amiss
