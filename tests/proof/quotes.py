"""Sentences that have to survive an attack: which a page makes, and which lines of its transcript attack them.

A sentence that claims something without exception is quoted where unshown lines try to break it:

    # proves: "the words, as they stand on the page"
    (lines that run, and print something else if the words are false)

One quote a line; what follows the last quotation mark is a remark. A lab holds its attacks in cells with the tag
`unshown`. What attacks nothing about the subject carries its reason right behind it: `<!-- not attacked: why -->`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transcripts import TRACEBACK

UNIVERSAL = re.compile(
    r"\b(?:never|always|cannot|can't|exactly|whatever|no matter|at most|at least|nothing|none of|impossible"
    r"|guarantees?|(?:does|do) not change|stays? the same)\b",
    re.IGNORECASE,
)
EXEMPT = re.compile(r"<!-- not attacked:(.*?)-->")
QUOTE = re.compile(r'# proves: "(.*)".*')
# A quote of another form would drift away from its page unseen.
MALFORMED = re.compile(r'#.*\bproves\b|# "')
FENCED = re.compile(r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence) *$", re.MULTILINE | re.DOTALL)
WRITTEN = re.compile(r"<!-- written:([\w-]+) -->.*?<!-- end of \1 -->", re.DOTALL)
ALT = re.compile(r'!\[([^\]]*)\]|\balt="([^"]*)"')
QUESTION = re.compile(r'^\?\?\?\+? question "(?P<title>.*)"\n(?P<answer>(?:\n|    .*(?:\n|\Z))*)', re.MULTILINE)
# Where one sentence ends and the next begins, on one line or in another block.
END = re.compile(r"(?<=[.!?:])[)\"*_]*\s+(?=[^a-z\s])|\n\s*\n|\n(?=\s*(?:[-*|#:]|\d+\. |[!?]{3}))|\s\|\s")
CODE_OR_MATH = re.compile(r"``.+?``|`[^`]+`|\$[^$\n]+\$")


class Sentence(NamedTuple):
    line: int
    text: str


class Quote(NamedTuple):
    """Words that a transcript quotes, and whether an output below them could tell that they are false."""

    line: int
    text: str
    attacks: bool


def plain(text: str) -> str:
    """Return what is read of Markdown: links without their targets, words without stars, one space between words."""
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"\*\*|(?<!\w)[*_]|[*_](?!\w)", "", text)).strip()


def sentences(markdown: str) -> Iterator[Sentence]:
    """Yield the sentences of a page's front matter, prose, tables and alt texts, each with its line."""
    text = _blank(WRITTEN, without_code(markdown))
    start = 0
    for end in [*END.finditer(text), None]:
        piece = text[start : end.start() if end else None]
        if piece.strip():
            yield Sentence(text.count("\n", 0, start + len(piece) - len(piece.lstrip())) + 1, piece.strip())
        start = end.end() if end else start


def universal(sentence: str) -> list[re.Match]:
    """Return the words of a sentence that leave no exception, outside of its code and math; none if it is exempt."""
    read = CODE_OR_MATH.sub(lambda match: "\N{BULLET}" * len(match[0]), plain(sentence))
    return list(UNIVERSAL.finditer(read))


def quotes(transcript: str) -> list[Quote]:
    """Return the quotes of a transcript. Each has to stand above unshown lines that print something."""
    found, shown, lines = [], False, transcript.splitlines()
    for number, line in enumerate(lines, 1):
        if "--8<--" in line:
            shown = "[start:" in line
        elif match := QUOTE.fullmatch(line):
            found.append(Quote(number, plain(match[1]), not shown and _prints(lines[number:])))
        elif MALFORMED.match(line):
            found.append(Quote(number, line, False))
    return found


def lab_quotes(source: str) -> list[Quote]:
    """Return the quotes of a lab, which stand in unshown cells; what an attack finds there, an assertion says."""
    found, cell = [], ""
    lines = source.splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("# %%"):
            cell = line
        elif match := QUOTE.fullmatch(line):
            below = "\n".join(lines[number:]).partition("\n# %%")[0].partition("# proves:")
            attacks = '"unshown"' in cell and ("assert " in below[0] or not below[0].strip())
            found.append(Quote(number, plain(match[1]), attacks))
    return found


def unproven(name: str, markdown: str, source: str, found: list[Quote]) -> list[str]:
    """Return a message for each claim of a page that no quote covers, and for each quote that covers nothing.

    `name` is what messages call the page, and `source` what they call the file of the quotes.
    """
    how = f'in {source}, below the section it is about, quote it, # proves: "…", above unshown lines that attack it'
    how += "; or say less"
    messages = []
    for line, text in sentences(markdown):
        exempt = EXEMPT.search(text)
        if exempt and not exempt[1].strip():
            messages.append(f"{name}:{line}: this exemption has no reason\n  mend: say why no code can attack it")
        for word in [] if exempt else universal(text):
            if not any(_covers(quote.text, plain(text), word) for quote in found):
                messages.append(f'{name}:{line}: nothing attacks "{word[0]}" in: {plain(text)}\n  mend: {how}')
    for line, alt in alts(markdown):
        for _, text in sentences(alt):
            if not any(quote.text in plain(text) for quote in found):
                messages.append(
                    f"{name}:{line}: nothing in this sentence of an alt text is proven: {text}\n  mend: {how}"
                )
    for match in QUESTION.finditer(markdown):
        if "--8<--" not in match["answer"] and not any(quote.text in plain(match["answer"]) for quote in found):
            line = markdown.count("\n", 0, match.start()) + 1
            messages.append(f"{name}:{line}: no code gives this answer: {match['title']}\n  mend: {how}")
    page = plain(without_code(markdown))
    for line, text, attacks in found:
        if text not in page:
            messages.append(f"{source}:{line}: {name} does not say: {text}\n  mend: quote its words, one quote a line")
        elif not attacks:
            messages.append(
                f"{source}:{line}: this quote stands above no unshown output, or above a traceback\n"
                "  mend: write the attack; what it has to raise, catch and print"
            )
    return messages


def without_code(markdown: str) -> str:
    """Return a page with its fenced blocks empty, each line where it stands."""
    return _blank(FENCED, markdown)


def alts(markdown: str) -> Iterator[Sentence]:
    """Yield the alt text of each picture."""
    text = without_code(markdown)
    for match in ALT.finditer(text):
        if alt := match[1] or match[2]:
            yield Sentence(text.count("\n", 0, match.start()) + 1, alt)


def _covers(quote: str, sentence: str, word: re.Match) -> bool:
    at = sentence.find(quote)
    return at >= 0 and at <= word.start() and word.end() <= at + len(quote)


def _prints(below: list[str]) -> bool:
    """Tell whether an output stands below, before the next quote or section, and no traceback.

    Where a message is the proof, the attack catches it and prints it: one that crashes by a slip would look the same.
    """
    code = printed = False
    for line in below:
        if line.startswith(">>> "):
            code = True
        elif "--8<--" in line or (code and QUOTE.fullmatch(line)):
            break
        elif line == TRACEBACK:
            return False
        elif code and line.strip() and not line.startswith(("... ", "#")) and line != "...":
            printed = True
    return printed


def _blank(pattern: re.Pattern, text: str) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", "", match[0]), text)
