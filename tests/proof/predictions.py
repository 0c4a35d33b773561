"""Questions that a page asks before it shows an output: how they are written, and what of them is not computed.

    ??? predict "Which number comes out?"

        - **1.5**: Why it does.
        - **2.5**: What was computed instead, and why that is wrong.
        - What anyone is told who writes another number.

    (the block of code that prints the number)

The first answer is right, and stands in the output right below. Each wrong one is what a misconception computes:
there, in the section above, or in the unshown lines that follow one of the two. Without the last item the answers are
a choice.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from transcripts import sections

from proof.claims import INCLUDED, OUTPUT_NUMBER, Number, computed, computed_for, number_of, proves
from proof.places import ROOT, name, transcript_of

BLOCK = re.compile(r'^\?\?\? predict "(?P<title>.*)"\n\n(?P<items>(?:    .*\n)+)', re.MULTILINE)
# A prediction that is written in any other way would be a folded box, and nobody would be asked.
ANY = re.compile(r"^ *[?!]{3}\+? predict\b", re.MULTILINE)
ITEM = re.compile(r"    - (?:\*\*(?P<answer>[^*]+)\*\*(?:: (?P<why>.*))?|(?P<rest>.+))")
WORDS = 5


class Answer(NamedTuple):
    line: int
    text: str
    why: str


class Prediction(NamedTuple):
    """A question, its answers with the right one first, and what any other number is told, if it asks for a number."""

    line: int
    title: str
    answers: list[Answer]
    rest: str
    section: str


def predictions(markdown: str) -> list[Prediction]:
    """Return the predictions of a page; one that no section follows has none."""
    found, lines = [], markdown.splitlines()
    for match in BLOCK.finditer(markdown):
        line = markdown.count("\n", 0, match.start()) + 1
        answers, rest = [], ""
        for at, text in enumerate(match["items"].splitlines(), line + 2):
            item = ITEM.fullmatch(text)
            if item and item["answer"]:
                answers.append(Answer(at, item["answer"], item["why"] or ""))
            else:
                rest = item["rest"] if item else ""
        end = line + 1 + match["items"].count("\n")
        below = [INCLUDED.fullmatch(text) for text in lines[end + 2 : end + 3] if lines[end + 1].startswith("```")]
        found.append(Prediction(line, match["title"], answers, rest, below[0][1] if below and below[0] else ""))
    return found


def number(text: str) -> Number | None:
    """Return the number that an answer is, or None where it is a word."""
    match = OUTPUT_NUMBER.fullmatch(text)
    return number_of(match, text) if match else None


def unfit(page: Path, root: Path = ROOT) -> list[str]:
    """Return a message for each prediction of a page that does not ask, or whose answers nothing computes."""
    markdown, messages = page.read_text("utf-8"), []
    transcript = transcript_of(page, root)
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    known = sections(transcript, name(transcript, root)) if text else {}
    near, found = computed_for(page, root), predictions(markdown)

    def say(line: int, problem: str, mend: str) -> None:
        messages.append(f"{name(page, root)}:{line}: {problem}\n  mend: {mend}")

    if len(found) != len(ANY.findall(markdown)):
        say(1, "a prediction is not written as one", 'write ??? predict "…", an empty line, and its answers as a list')
    for one in found:
        if one.section not in known:
            say(one.line, "no code right below it answers this prediction", "put it right above the block that does")
            continue
        right, *wrong = one.answers or [Answer(one.line, "", "")]
        if len(wrong) < 2:
            say(one.line, "this prediction has fewer than two wrong answers", "add what another misconception computes")
        if one.rest and not all(number(answer.text) for answer in one.answers):
            say(one.line, "an answer that is typed is no number", "write it in digits, or leave the last item out")
        for answer in one.answers:
            if len(answer.why.split()) < WORDS:
                say(answer.line, f"the answer {answer.text} has no reason", "say in one sentence why")
        if not _prints(right.text, known[one.section].text, printed(known[one.section].text)):
            say(right.line, f"the right answer, {right.text}, is no output of {one.section}", "correct it")
        for answer in wrong:
            outputs = [claimed for claimed in near(answer.line) if not claimed.exact]
            if not _prints(answer.text, _beside(text, one.section, markdown, one.line), outputs):
                say(
                    answer.line,
                    f"nothing computes the wrong answer {answer.text}",
                    f"compute it as the misconception does, in unshown lines after {one.section}",
                )
        if one.rest:
            messages += _too_close(one, name(page, root))
    return messages


def printed(section: str) -> list[Number]:
    """Return the numbers that a section prints, as rounded as it prints them."""
    return [found for found in computed(section) if not found.exact]


def _prints(answer: str, text: str, numbers: list[Number]) -> bool:
    claim = number(answer)
    if claim:
        return any(proves(found, claim) for found in numbers)
    outputs = "\n".join(line for line in text.splitlines() if not line.startswith((">>> ", "... ", "#")))
    return re.search(rf"(?<![\w-]){re.escape(answer)}(?!\w)", outputs) is not None


def _beside(text: str, section: str, markdown: str, line: int) -> str:
    """Return the part of a transcript from the section shown above a line to the one after the section below it."""
    above = [match[1] for row in markdown.splitlines()[:line] if (match := INCLUDED.fullmatch(row))]
    start = text.index(f"[start:{above[-1] if above else section}]")
    end = text.find("[start:", text.index(f"[end:{section}]"))
    return text[start : end if end >= 0 else None]


def _too_close(one: Prediction, page: str) -> list[str]:
    """Return a message for each two answers that one typed number would meet: each reaches half a unit of its digit."""
    values = [(answer, number(answer.text)) for answer in one.answers]
    values = [(answer, value) for answer, value in values if value]
    return [
        f"{page}:{answer.line}: {answer.text} and {other.text} are one answer, so close are they\n"
        "  mend: give both as many digits as it takes"
        for k, (answer, value) in enumerate(values)
        for other, second in values[:k]
        if abs(value.value - second.value) <= (value.step + second.step) / Decimal(2)
    ]
