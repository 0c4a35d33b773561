"""No unbound numbers: every number that a page claims is one that its transcript computed or used.

A claim is a number in a page's prose, tables, captions, alt texts, front matter or math that is
written with a decimal point, an exponent, a percent sign or more than one digit. Code, link
targets, versions and dates are not claims, nor is a block that a test writes and compares.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from texmath import CODE

from proof.places import ROOT, name, transcript_of

PRODUCT = r"\s*(?:\\times|\\cdot|\N{MULTIPLICATION SIGN})\s*10\^\{?(?P<power>-?\d+)\}?"
NUMBER = re.compile(
    rf"""(?P<sign>(?<![\w)\]}}])-)?
    (?<![A-Za-z0-9.#])(?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)
    (?:[eE](?P<exponent>[+-]?\d+)|{PRODUCT})?
    (?P<percent>(?:\s|&nbsp;|~|\\,)*\\?%)?
    (?!\d|\.\d)""",
    re.VERBOSE,
)
OUTPUT_NUMBER = re.compile(r"(?P<sign>(?<![\w)\]])-)?(?<![\w.])(?P<digits>\d+\.?\d*)(?:[eE](?P<exponent>[+-]?\d+))?%?")
VERSION = re.compile(r"(?:torch|numpy|python|scikit-learn|CC BY) $", re.IGNORECASE)
# What stands in a page's source but claims nothing.
SILENT = re.compile(
    r"""\A---\n.*?^---$
    |<!--\ written:(?P<block>[\w-]+)\ -->.*?<!--\ end\ of\ (?P=block)\ -->
    |\]\([^)\s]*
    |\\label\{[^}]*\}
    |\b\d{4}-\d\d-\d\d\b
    |</?[a-zA-Z][\w-]*(?:\s+[\w-]+(?:=(?:"[^"]*"|'[^']*'))?)*\s*/?>
    |"""
    + CODE.pattern,
    CODE.flags,
)
# What of that the reader sees all the same.
SHOWN = re.compile(
    r"""\b(?:alt|title|aria-label|value)=(?:"([^"]*)"|'([^']*)')|^(?:title|description):((?:[^\n]|\n\ )*)
    """,
    re.VERBOSE | re.MULTILINE,
)


class Number(NamedTuple):
    """A number as written: `step` is one unit of its last digit, `exact` says that it is not rounded."""

    text: str
    line: int
    value: Decimal
    step: Decimal
    exact: bool


class Claim(NamedTuple):
    number: Number
    start: int


def claims(markdown: str) -> Iterator[Claim]:
    """Yield every claim of a page with its place."""
    shown = SILENT.sub(_blank, markdown).replace("\N{MINUS SIGN}", "-").replace("&minus;", "      -")
    for match in NUMBER.finditer(shown):
        is_claim = len(match["digits"]) > 1 or match["exponent"] or match["power"] or match["percent"]
        if is_claim and not VERSION.search(shown[: match.start()].rsplit("\n", 1)[-1]):
            yield Claim(_number(match, markdown), match.start())


def computed(transcript: str) -> list[Number]:
    """Return the numbers of a transcript: its outputs, as rounded as they are printed, and its literals."""
    found = []
    for line, text in enumerate(transcript.splitlines(), 1):
        if not text.startswith("#"):
            is_code = text.startswith((">>> ", "... "))
            text = re.sub(r"\s#\s.*", "", text) if is_code else text
            found += [_number(m, transcript, line, is_code) for m in OUTPUT_NUMBER.finditer(text)]
    return found


def proves(number: Number, claim: Number) -> bool:
    """Tell whether a transcript's number, rounded to the precision of the claim, is the claim."""
    if re.match(r"-?0[\d,]", claim.text):
        return False  # Nobody writes 04, so it is a slip, whatever the code computed.
    whole = "." in number.text and (number.exact or number.value == number.value.to_integral_value())
    precise_enough = number.step <= claim.step or whole
    return precise_enough and abs(number.value - claim.value) < claim.step / 2


def unbound(page: str, markdown: str, source: str, numbers: list[Number]) -> list[str]:
    """Return one message for each claim of a page that none of the numbers proves.

    `page` is what messages call the page, and `source` what they call the origin of the numbers.
    """
    messages = []
    for claim, _ in claims(markdown):
        if not any(proves(number, claim) for number in numbers):
            where = f"{page}:{claim.line}: {claim.text}"
            near = sorted(numbers, key=lambda n: abs(n.value - claim.value))
            nearest = ", ".join(dict.fromkeys(f"{n.text} (line {n.line})" for n in near[:3])) or "it has none"
            messages.append(
                f"{where} is not among the numbers of {source}; nearest: {nearest}\n"
                "  mend: correct the number, or compute it in the code"
            )
    return messages


def computed_for(page: Path, root: Path = ROOT) -> list[Number]:
    """Return the numbers of the transcript that a page owns, none if there is no transcript."""
    transcript = transcript_of(page, root)
    return computed(transcript.read_text("utf-8")) if transcript.exists() else []


def unbound_on(page: Path, root: Path = ROOT) -> list[str]:
    """Return the messages about a page whose numbers come from its transcript."""
    source = name(transcript_of(page, root), root)
    return unbound(name(page, root), page.read_text("utf-8"), source, computed_for(page, root))


def _number(match: re.Match, text: str, line: int | None = None, exact: bool = False) -> Number:
    groups = match.groupdict()
    exponent = int(groups.get("exponent") or groups.get("power") or 0) - 2 * match[0].endswith("%")
    digits = groups["digits"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    value = Decimal((groups["sign"] or "") + digits).scaleb(exponent)
    line = line or text.count("\n", 0, match.start()) + 1
    return Number(match[0].strip(), line, value, Decimal(1).scaleb(exponent - decimals), exact)


def _blank(match: re.Match) -> str:
    """Replace what is silent by spaces, so that places stay what they are."""
    kept = list(re.sub(r"[^\n]", " ", match[0]))
    for shown in SHOWN.finditer(match[0]) if match[0].startswith(("<", "---")) else []:
        start, end = shown.span(shown.lastindex)
        kept[start:end] = match[0][start:end]
    return "".join(kept)
