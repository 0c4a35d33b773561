"""No unbound numbers: every number that a page claims is one that its transcript computed or used.

A claim is a number in a page's prose, tables, captions, alt texts, front matter or math that is
written with a sign, a decimal point, an exponent, a percent sign or more than one digit. Link targets,
versions and dates are not claims, nor is a block that a test writes and compares; code in a
sentence has rules of its own, in `spans.py`. A number that could be read two ways, or not at
all, is refused.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from markdown.extensions.toc import slugify
from texmath import CODE
from transcripts import MARKER

from proof.places import ROOT, name, original_of, transcript_of
from proof.quotes import plain, quotes, without_code
from proof.readme import PINS

PRODUCT = r"\s*(?:\\times|\\cdot|\N{MULTIPLICATION SIGN})\s*10\^\{?(?P<power>-?\d+)\}?"
NUMBER = re.compile(
    rf"""(?P<sign>(?<![\w)\]}}])-)?
    (?<![A-Za-z0-9.#])(?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)
    (?:[eE](?P<exponent>[+-]?\d+)|{PRODUCT}|\^(?:\{{(?P<raised>-?\d+)\}}|(?P<squared>\d)))?
    (?P<percent>(?:\s|&nbsp;|~|\\,)*\\?%)?
    (?!\d|\.\d)""",
    re.VERBOSE,
)
OUTPUT_NUMBER = re.compile(r"(?P<sign>(?<![\w)\]])-)?(?<![\w.])(?P<digits>\d+\.?\d*)(?:[eE](?P<exponent>[+-]?\d+))?%?")
# Of what a version is named, and the newest that is pinned.
VERSION = re.compile(r"(?P<of>torch|numpy|python|scikit-learn|CC BY) $", re.IGNORECASE)
NEWEST = {name: tuple(map(int, version.split(".")[:2])) for name, version in PINS}
# Numbers that a reader understands and `claims` would not, or not as what they are: each with its mend.
CLAIM = r"(?:\d[\d,]*\.\d|\.\d|\d[\d,]*\d|\d\s*\\?%|\d[eE]|\d\^)"
REFUSED = [
    (rf"\bminus\s+\$?{CLAIM}", "write the sign as a minus, -, or the difference as a formula"),
    (r"(?<![\w)\]}])[\u2010-\u2015\ufe63\uff0d]\s?\$?\.?\d", "write the sign as a minus, -"),
    (r"&(?:#\w+|[nm]dash|horbar|hyphen|dash|percnt|permil|pertenk|half|frac\w+|sup\d);", "write the character itself"),
    (r"[\d.]\s*(?:per\s?cent|percent|pct\b|\N{PER MILLE SIGN}|\N{PER TEN THOUSAND SIGN}|퍼센트)", "write it with %"),
    (r"\b0[xob][\da-f]+", "write it in decimal"),
    (r"\b(?!v\d)[a-z]+\d[\d,]*[.,]\d+", "put a space before the number"),
    (r"\d(?:\\[.,]|\{[.,]\})\d", "write 9.5 for a decimal, and 9,500 for thousands"),
    (r"\d\s*(?:hundred|thousand|million|billion|trillion|dozen)\b", "write all of its digits"),
    (r"\d+[\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT PLUS SIGN}]", "write the power in TeX, $10^{-7}$"),
]
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
    r"""\b(?:alt|title|aria-[a-z]+|value|placeholder|label|summary|abbr|content)=(?:"([^"]*)"|'([^']*)')
    |^(?:title|description):((?:[^\n]|\n\ )*)
    """,
    re.VERBOSE | re.MULTILINE,
)


HEADING = re.compile(r"#{2,4} (?P<title>.*?)(?: \{ ?#(?P<anchor>[\w-]+) ?\})?")
SUMMARIES = {"In one breath"}
INCLUDED = re.compile(r' *--8<-- "[^":]+:([\w-]+)"')


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
        marks = ("sign", "exponent", "power", "raised", "squared", "percent")
        is_claim = len(match["digits"]) > 1 or any(match[mark] for mark in marks)
        if is_claim and not _is_version(match[0].strip(), shown[: match.start()].rsplit("\n", 1)[-1]):
            yield Claim(number_of(match, markdown), match.start())


def refused(page: str, markdown: str) -> list[str]:
    """Return one message for each number of a page that a reader understands and `claims` would not."""
    shown = SILENT.sub(_blank, markdown)
    found = [(m.start(), m[0], mend) for pattern, mend in REFUSED for m in re.finditer(pattern, shown, re.IGNORECASE)]
    # Digits of other kinds, and fractions; the square of a letter is no number.
    found += [
        (at, sign, "write it with the digits 0 to 9")
        for at, sign in enumerate(shown)
        if not sign.isascii() and unicodedata.category(sign)[0] == "N" and not shown[at - 1 : at].isalpha()
    ]
    return [
        f"{page}:{shown.count(chr(10), 0, at) + 1}: {text.strip()} is no number that a test can read\n  mend: {mend}"
        for at, text, mend in sorted(found)
    ]


def computed(transcript: str) -> list[Number]:
    """Return the numbers of a transcript: its outputs, as rounded as they are printed, and the literals that it shows.

    A literal of an unshown line proves nothing: nobody would see that nothing was computed with it.
    """
    found, has_sections = [], "[start:" in transcript
    shown = not has_sections
    for line, text in enumerate(transcript.splitlines(), 1):
        if text.startswith("# --8<--"):
            shown = "[start:" in text
        is_code = text.startswith((">>> ", "... "))
        if not text.startswith("#") and (shown or not is_code):
            text = re.sub(r"\s#\s.*", "", text) if is_code else text
            found += [number_of(m, transcript, line, is_code) for m in OUTPUT_NUMBER.finditer(text)]
    return found


def proves(number: Number, claim: Number) -> bool:
    """Tell whether a transcript's number, rounded to the precision of the claim, is the claim."""
    if re.match(r"-?0[\d,]", claim.text):
        return False  # Nobody writes 04, so it is a slip, whatever the code computed.
    # One digit stands for itself: 0.2 could otherwise be any number from 0.15 to 0.25.
    if claim.step < 1 and abs(claim.value) < 10 * claim.step and number.value != claim.value:
        return False
    whole = "." in number.text and (number.exact or number.value == number.value.to_integral_value())
    precise_enough = number.step <= claim.step or whole
    return precise_enough and abs(number.value - claim.value) < claim.step / 2


def unbound(page: str, markdown: str, source: str, near: Callable[[int], list[Number]]) -> list[str]:
    """Return one message for each claim of a page that none of the numbers near its line proves.

    `page` is what messages call the page, and `source` what they call the origin of the numbers.
    """
    messages = refused(page, markdown)
    for claim, _ in claims(markdown):
        numbers = near(claim.line)
        if not any(proves(number, claim) for number in numbers):
            where = f"{page}:{claim.line}: {claim.text}"
            closest = sorted(numbers, key=lambda n: abs(n.value - claim.value))
            nearest = ", ".join(dict.fromkeys(f"{n.text} (line {n.line})" for n in closest[:3])) or "it has none"
            messages.append(
                f"{where} is not among the numbers of {source} beside it; nearest: {nearest}\n"
                "  mend: correct the number, or compute it right above or below, or in unshown lines there"
            )
    return messages


def computed_for(page: Path, root: Path = ROOT) -> Callable[[int], list[Number]]:
    """Return what a line of a page may claim: the numbers of its transcript that are computed beside it.

    Beside it are the section shown right above the line and the one right below, under the same heading, or all under
    one of the third level, such as an entry of a clinic; each with the unshown lines that follow it. So are the lines
    below a quote of what stands there. A row of a table that links to sections of the page may claim what those
    compute, and a summary any number of the page. What stands above all code may claim the first section.
    """
    transcript, lines = transcript_of(page, root), page.read_text("utf-8").splitlines()
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    everything, by_section = computed(text), _by_section(text)
    if original_of(page, root) != page:
        # It takes over the numbers of its original, and another test says which it lacks.
        return lambda at: everything
    titles, quoted = headings(lines), _by_quote(text)
    shown = {at: match[1] for at, line in enumerate(lines, 1) if (match := INCLUDED.fullmatch(line))}

    def under(heading: int, at: int | None = None) -> list[Number]:
        end = min((line for line in titles if line > heading > 0), default=len(lines) + 1)
        places = [line for line in shown if heading <= line < end]
        if at and not lines[heading - 1].startswith("###"):
            places = [line for line in places if line < at][-1:] + [line for line in places if line > at][:1]
        return [number for line in places for number in by_section.get(shown[line], [])]

    def near(at: int) -> list[Number]:
        said = plain(lines[at - 1])
        return beside(at) + [number for words, below in quoted if words in said for number in below]

    def beside(at: int) -> list[Number]:
        heading = max((line for line in titles if line <= at), default=0)
        linked = [line for line, (_, anchor) in titles.items() if f"](#{anchor})" in lines[at - 1]]
        if lines[at - 1].startswith("|") and linked:
            return [number for line in linked for number in under(line)]
        is_summary = titles.get(heading, ("", ""))[0] in SUMMARIES
        return everything if is_summary or not shown else under(heading, at)

    return near


def headings(lines: list[str]) -> dict[int, tuple[str, str]]:
    """Return the title and the anchor of each heading of a page, by its line."""
    found = {}
    for at, line in enumerate(without_code("\n".join(lines)).splitlines(), 1):
        if match := HEADING.fullmatch(line):
            title = re.sub(r"[`*]", "", match["title"])
            found[at] = title, match["anchor"] or slugify(title, "-")
    return found


def unbound_on(page: Path, root: Path = ROOT) -> list[str]:
    """Return the messages about a page whose numbers come from its transcript."""
    source = name(transcript_of(page, root), root)
    return unbound(name(page, root), page.read_text("utf-8"), source, computed_for(page, root))


def _by_section(transcript: str) -> dict[str, list[Number]]:
    """Return the numbers of each section of a transcript, with those of the unshown lines that follow it."""
    found, section, numbers = {}, None, defaultdict(list)
    for number in computed(transcript):
        numbers[number.line].append(number)
    before = []
    for at, line in enumerate(transcript.splitlines(), 1):
        marker = MARKER.fullmatch(line)
        if marker and marker[1] == "start":
            section, found[marker[2]] = marker[2], before
            before = []
        else:
            (found[section] if section else before).extend(numbers[at])
    return found


def _by_quote(transcript: str) -> list[tuple[str, list[Number]]]:
    """Return the quotes of a transcript with the numbers below each, up to the next one or the next section."""
    found, numbers = [], computed(transcript)
    lines = transcript.splitlines()
    for quote in quotes(transcript):
        below = range(quote.line + 1, len(lines) + 1)
        code = next((at for at in below if lines[at - 1].startswith(">>> ")), len(lines))
        stop = (at for at in below if at > code and lines[at - 1].startswith(("# --8<--", "# proves:")))
        end = next(stop, len(lines) + 1)
        found.append((quote.text, [number for number in numbers if quote.line < number.line < end]))
    return found


def _is_version(number: str, before: str) -> bool:
    """Tell whether a number is a version of what stands before it: shaped like one, and not newer than the pin."""
    of = VERSION.search(before)
    if not of or not re.fullmatch(r"\d{1,2}(?:\.\d{1,2})?", number):
        return False
    newest = NEWEST.get(of["of"].lower(), (99, 99))
    return tuple(map(int, number.split("."))) <= newest


def number_of(match: re.Match, text: str, line: int | None = None, exact: bool = False) -> Number:
    groups = match.groupdict()
    exponent = int(groups.get("exponent") or groups.get("power") or 0) - 2 * match[0].endswith("%")
    digits = groups["digits"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    value = Decimal((groups["sign"] or "") + digits).scaleb(exponent)
    step = Decimal(1).scaleb(exponent - decimals)
    raised = groups.get("raised") or groups.get("squared")
    if raised:
        # A power of 0 is no number that a page states, and a negative one is none at all.
        value = (Decimal(digits) ** int(raised) if value else Decimal("Infinity")).copy_sign(value)
        step = Decimal(1).scaleb(value.as_tuple().exponent) if value.is_finite() else Decimal(1)
    line = line or text.count("\n", 0, match.start()) + 1
    return Number(match[0].strip(), line, value, step, exact)


def _blank(match: re.Match) -> str:
    """Replace what is silent by spaces, so that places stay what they are."""
    kept = list(re.sub(r"[^\n]", " ", match[0]))
    for shown in SHOWN.finditer(match[0]) if match[0].startswith(("<", "---")) else []:
        start, end = shown.span(shown.lastindex)
        kept[start:end] = match[0][start:end]
    return "".join(kept)
