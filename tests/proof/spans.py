"""Code in a sentence: what it quotes of an output or a message is what Python printed on that page.

A quote is a span that is no Python and has more than one word, one that begins as an output does, and one that names
an exception with its message. What varies in it may be cut with `…`. Any other span is plain code, and only its
numbers have to be numbers of the transcript. What cannot run here stands in a sentence that says so to the reader.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from proof.claims import INCLUDED, OUTPUT_NUMBER, Number, computed, number_of, proves
from proof.quotes import without_code

SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>(?:(?!\n\s*\n).)+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
# Where no span is looked for.
OTHER = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence) *$"
    r"|<!-- written:(?P<block>[\w-]+) -->.*?<!-- end of (?P=block) -->|<!--.*?-->",
    re.DOTALL | re.MULTILINE,
)
OUTPUT = re.compile(r"[\[({]*(?:tensor|array)\(")
MESSAGE = re.compile(r"\w*(?:Error|Warning|Exception|Interrupt)\b: *\S")
COMMAND = re.compile(r"(?:\.venv/bin/)?(?:python3?|pytest|pip|uv|mkdocs|git) ")
END = re.compile(r"[.!?][)\"*_]*\s+|\n\s*\n|\n(?=\s*(?:[-*|#:]|\d+\. |[!?]{3}))")
NOT_RUN = re.compile(r"\b(?:not run here|quoted|older|old versions|used to be)\b", re.IGNORECASE)
CUT = re.compile(r"\s*(?:\N{HORIZONTAL ELLIPSIS}|\.\.\.)\s*")


class Span(NamedTuple):
    """Code in a sentence, given without its code and with the head of its table, and whether it is a heading."""

    line: int
    code: str
    sentence: str
    heads: bool

    @property
    def told(self) -> bool:
        """Whether the reader is told that this is not run."""
        return bool(NOT_RUN.search(self.sentence))


def spans(markdown: str) -> Iterator[Span]:
    """Yield the code spans of a page."""
    text = OTHER.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)
    prose = SPAN.sub(lambda match: re.sub(r"[^\n]", "x", match[0]), text)
    ends = [0, *(end.end() for end in END.finditer(prose)), len(prose)]
    lines = prose.splitlines()
    for match in SPAN.finditer(text):
        first = max(end for end in ends if end <= match.start())
        sentence = prose[first : min(end for end in ends if end > match.start())]
        line = text.count("\n", 0, match.start()) + 1
        if lines[line - 1].startswith("|"):
            sentence = f"{_top(lines, line)}\n{sentence}"
        heads = lines[line - 1].startswith("#")
        yield Span(line, " ".join(match["code"].split()), sentence, heads)


def _top(lines: list[str], row: int) -> str:
    """Return the head of a table, with which each of its rows is read."""
    while row > 1 and lines[row - 2].startswith("|"):
        row -= 1
    return lines[row - 1]


def is_quote(code: str) -> bool:
    """Tell whether a span shows what Python printed, and not what somebody types."""
    if OUTPUT.match(code) or MESSAGE.match(code):
        return True
    try:
        ast.parse(code)
    except SyntaxError:
        return " " in code and not COMMAND.match(code)
    return False


def said(transcript: str) -> str:
    """Return the code, the outputs and the messages of a transcript, with one space between words."""
    lines = [line for line in transcript.splitlines() if not line.startswith("#")]
    return " ".join(re.sub(r"^(?:>>>|\.\.\.)(?: |$)", "", "\n".join(lines), flags=re.MULTILINE).split())


def numbers(code: str) -> list[Number]:
    """Return the numbers of a span that a reader takes for computed ones: a decimal, an exponent, or three digits."""
    found = [match for match in OUTPUT_NUMBER.finditer(code) if not re.match(r"\.\d", code[match.end() :])]
    return [
        number_of(match, code, 1) for match in found if "." in match[0] or match["exponent"] or len(match["digits"]) > 2
    ]


def unquoted(page: str, markdown: str, source: str, transcript: str, older: Iterable[str] = ()) -> list[str]:
    """Return one message for each code span of a page that its transcript neither printed nor holds.

    `page` is what messages call the page, and `source` what they call the transcript. What other versions of PyTorch
    say instead, `older`, may stand in a heading.
    """
    words, known, messages = said(transcript), computed(transcript), []
    found = list(spans(markdown))
    told = {_bare(said) for said in older} | {_bare(span.code) for span in found if span.told and not span.heads}
    for span in found:
        line, code, _, heads = span
        if span.told or (heads and any(_bare(code) in other for other in told)):
            continue
        if stands_in(code, words):
            if heads and is_quote(code) and not stands_in(code, said(beneath(line, markdown, transcript))):
                messages.append(
                    f"{page}:{line}: what runs below this heading does not say: {code}\n"
                    "  mend: put the heading above the section of the transcript that says it"
                )
            continue
        if is_quote(code):
            messages.append(
                f"{page}:{line}: {source} does not say: {code}\n"
                "  mend: quote what it printed, cut with … where it varies; or run the code that says it; or, where "
                'that cannot run here, begin the sentence with "Not run here" or "Older wording"'
            )
        messages += [
            f"{page}:{line}: {number.text} in {code} is not among the numbers of {source}\n"
            "  mend: correct the number, or run the code that has it"
            for number in numbers(code)
            if not any(proves(other, number) for other in known)
        ]
    return messages


def beneath(line: int, markdown: str, transcript: str) -> str:
    """Return what a transcript runs below a heading of a page: its sections, each with the unshown lines behind it."""
    lines = without_code(markdown).splitlines()
    level = len(lines[line - 1]) - len(lines[line - 1].lstrip("#"))
    ends = (at for at, text in enumerate(lines[line:], line) if re.match(rf"#{{1,{level}}} ", text))
    shown = [match[1] for text in markdown.splitlines()[line : next(ends, None)] if (match := INCLUDED.fullmatch(text))]
    _, *parts = re.split(r"^# --8<-- \[start:([\w-]+)\]$", transcript, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return "".join(sections.get(name, "") for name in shown)


def stands_in(code: str, words: str) -> bool:
    """Tell whether a span, cut where it says so, stands in a transcript, and with whole words and numbers."""
    pieces = [re.escape(piece) for piece in CUT.split(code) if piece]
    return bool(pieces and re.search(rf"(?<![\w.]){'.{0,200}?'.join(pieces)}(?!\w|\.\d)", words))


def _bare(code: str) -> str:
    return code.replace("`", "")
