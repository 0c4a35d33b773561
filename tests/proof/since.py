"""What another version of PyTorch says to the examples of a page, compared with what the page shows.

What is told is about PyTorch and can be seen on the page. Of what another version says otherwise, this is left out:

- what the page does not show, unless the page quotes what is raised there;
- what follows from an example above that failed: a NameError, and the rest of a section, but for what is missing there;
- numbers alone: a seed draws other ones in other versions, and kernels round in their own ways;
- how NumPy writes a number, and what is said about a missing GPU;
- a NotImplementedError for a RuntimeError with the same message: one is a kind of the other;
- of a message, all but its first line, and of a list of dtypes in it all but the first: they list what there is;
- in one section, a change that differs from another one by the dtype alone that it names.
"""

import doctest
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import since
import yaml
from packaging.version import Version
from since import AGAIN, RECORD, Change, Record
from transcripts import sections

from proof.places import ROOT
from proof.spans import is_quote, spans, stands_in

# Whose examples other versions are asked.
FOLDERS = ("clinics", "reference")
NUMPY = re.compile(r"np\.\w+\(([^()]*)\)")
NUMBER = re.compile(r"(?<![\w.])-?\d+\.?\d*(?:e[+-]?\d+)?(?![\w.]*\w)")
NOT_ABOUT_IT = re.compile(r"raises (?:NameError|.*NVIDIA driver)")
ATTACK = re.compile(r"^# proves: (?:.+\n)+", re.MULTILINE)
# As PyTorch names them in its messages and in Python.
DTYPE = r"(?:torch\.)?(?:float|double|half|bfloat|u?int|long|short|byte|char|bool|complex)(?:\d*|Tensor)"
ONE_DTYPE = re.compile(rf"\b{DTYPE}\b", re.IGNORECASE)
DTYPES = re.compile(rf"\b({DTYPE})(?:, (?:and )?{DTYPE}){{2,}}", re.IGNORECASE)


class Example(NamedTuple):
    """An example of a transcript: the section that it stands in, or below where it is not shown, and what it says."""

    section: str
    shown: bool
    code: str
    says: str


def asked_pages(root: Path = ROOT) -> list[str]:
    """Return the pages whose examples other versions are asked."""
    top = root / "snippets"
    found = [path for folder in FOLDERS for path in sorted((top / folder).glob("*.pycon"))]
    return [path.relative_to(top).with_suffix("").as_posix() for path in found]


def without_attacks(transcript: str) -> str:
    """Return a transcript without the lines that attack a sentence, each other line where it stands.

    They are most of the work, and a page shows none of them. Those that raise may be quoted, and stay.
    """
    return ATTACK.sub(lambda lines: lines[0] if "Traceback" in lines[0] else re.sub(".+", "#", lines[0]), transcript)


def examples(page: str, root: Path) -> list[Example]:
    """Return the examples of a page's transcript that others are asked, each with its section."""
    transcript = root / f"snippets/{page}.pycon"
    found, places = [], sections(transcript, f"snippets/{page}.pycon")
    for line, code, says in outputs(without_attacks(transcript.read_text("utf-8"))):
        above = [name for name, section in places.items() if section.line <= line]
        shown = bool(above) and line <= places[above[-1]].line + places[above[-1]].text.count("\n")
        found.append(Example(above[-1] if above else "", shown, code, says))
    return found


def outputs(transcript: str) -> list[tuple[int, str, str]]:
    """Return of each example of a transcript the line above it, its code, and what it says."""
    return [
        (
            example.lineno,
            example.source.strip(),
            (f"raises {example.exc_msg}" if example.exc_msg else f"prints {example.want}").strip(),
        )
        for example in doctest.DocTestParser().get_examples(transcript)
    ]


def compared(page: Path, here: list[Example], there: list[tuple[str, str]]) -> Iterator[tuple[Example, str, str]]:
    """Yield what differs between the examples of a page here and under another version: where, and what both say."""
    quotes = [span.code for span in spans(page.read_text("utf-8")) if is_quote(span.code)]
    seen, failed = set(), ""
    for now, (_, code, then) in zip(here, there, strict=True):
        if now.code != code:
            raise ValueError(f"{page.name}: {code} was asked, and {now.code} stands there")
        quoted = now.says.startswith("raises") and any(stands_in(quote, now.says) for quote in quotes)
        if NOT_ABOUT_IT.match(then) or not now.section or not (now.shown or quoted):
            continue
        if now.section == failed and not then.startswith("raises AttributeError: module "):
            continue
        if then.startswith("raises") and now.says.startswith("prints"):
            failed = now.section
        for ours, theirs in changes(now.says, then):
            alike = now.section, *(ONE_DTYPE.sub("dtype", said) for said in (ours, theirs))
            if alike not in seen:
                yield now, ours, theirs
            seen.add(alike)


def changes(now: str, then: str) -> list[tuple[str, str]]:
    """Return what is told of a difference: both as they are, or, of what prints several lines, those that differ."""
    if now.startswith("raises") or then.startswith("raises"):
        return [] if _bare(_short(now)) == _bare(_short(then)) else [(_short(now), _short(then))]
    ours, theirs = _printed(now), _printed(then)
    steps = SequenceMatcher(None, [*map(_bare, ours)], [*map(_bare, theirs)], autojunk=False).get_opcodes()
    return [
        tuple(f"prints {chr(10).join(lines)}".strip() for lines in (ours[a:b], theirs[c:d]))
        for step, a, b, c, d in steps
        if step != "equal"
    ]


def _printed(said: str) -> list[str]:
    return [line.strip() for line in said.removeprefix("prints").strip().splitlines()]


def _short(said: str) -> str:
    """Return what is raised without the list of what there is."""
    if not said.startswith("raises"):
        return said
    first, *more = said.splitlines()
    return DTYPES.sub(r"\1, …", first) + (" …" if more else "")


def _bare(said: str) -> str:
    """Return what is said without what may differ for other reasons: numbers, how NumPy writes them, and a subclass."""
    return NUMBER.sub("#", NUMPY.sub(r"\1", said)).replace("NotImplementedError", "RuntimeError")


def amiss(record: Record, root: Path, pinned: str) -> list[str]:
    """Return one message for each thing in which a record and the transcripts of a project part."""
    found, known = [], {}
    if record.torch != pinned:
        found.append(f"snippets/{RECORD.name}:1: the record is about torch {record.torch}, and {pinned} is pinned")
    for change in record.changes:
        place = f"snippets/{RECORD.name}:{change.line}"
        transcript = f"snippets/{change.page}.pycon"
        if not (root / transcript).exists():
            found.append(f"{place}: {transcript} does not exist")
            continue
        if change.page not in known:
            known[change.page] = examples(change.page, root)
        here = known[change.page]
        if not any(is_about(change, example) for example in here):
            found.append(f"{place}: {transcript} has no such example in {change.section}, or below: {change.code}")
        elif not any(is_about(change, example) and _says(example.says, change.now) for example in here):
            found.append(f"{place}: {transcript} does not say in {change.section}: {change.now}")
    return [f"{problem}\n  mend: {AGAIN}" for problem in found]


def is_about(change: Change, example: Example) -> bool:
    """Tell whether a change is one of this example."""
    return (change.section, change.code) == (example.section, example.code)


def _says(whole: str, part: str) -> bool:
    """Tell whether an example says what the record holds of it: what it raises, or whole lines that it prints."""
    if part.startswith("raises") or whole.startswith("raises"):
        return _short(whole) == part
    lines, some = _printed(whole), _printed(part)
    return any(lines[n : n + len(some)] == some for n in range(len(lines) + 1))


def write(version: str, answers: dict[str, list[tuple[int, str, str]]] | str, pinned: str, root: Path = ROOT) -> None:
    """Put into the record what a version said to the examples of each page, or why it was not asked."""
    path = root / "snippets" / RECORD.name
    old = since.read(path, RECORD.name) if path.exists() else None
    if not old or old.torch != pinned:
        old = Record(pinned, {}, [])
    here = {page: examples(page, root) for page in asked_pages(root)}
    asked, said = old.asked | {version: answers}, {}
    for change in old.changes:
        for (first, last), text in change.then.items():
            for other in old.versions[old.versions.index(first) : old.versions.index(last) + 1]:
                said.setdefault(change._replace(line=0, then=None), {})[other] = text
    for texts in said.values():
        texts.pop(version, None)
    if isinstance(answers, dict):
        run = differ = told = 0
        for page, there in answers.items():
            run += len(there)
            differ += sum(now.says != then for now, (*_, then) in zip(here[page], there, strict=True))
            for now, ours, theirs in compared(root / f"docs/{page}.md", here[page], there):
                said.setdefault(Change(0, page, now.section, now.code, ours, None), {})[version] = theirs
                told += 1
        asked[version] = {"run": run, "differ": differ, "told": told}
    record = Record(pinned, dict(sorted(asked.items(), key=lambda item: Version(item[0]))), [])
    # In the order of the pages; what no example says any more is not kept.
    ordered = {
        change: None
        for page, found in here.items()
        for example in found
        for change in said
        if change.page == page and is_about(change, example) and _says(example.says, change.now)
    }
    entries = [
        {"at": f"{change.page}:{change.section}", "code": change.code, "now": change.now, "then": then}
        for change in ordered
        if (then := _periods(said[change], record.versions))
    ]
    head = "# What other versions of PyTorch say to the examples of pages. Written by tests/slow/versions.py.\n"
    whole = {"torch": pinned, "asked": record.asked, "changes": entries}
    path.write_text(head + yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6), "utf-8")


def _periods(said: dict[str, str], versions: list[str]) -> dict[str, str]:
    """Return what versions say, those together that follow each other and say the same."""
    found = {}
    for text, run in groupby(versions, key=said.get):
        some = list(run)
        if text is not None:
            found[some[0] if len(some) == 1 else f"{some[0]} to {some[-1]}"] = text
    return found


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as it stands."""

    def represent_str(self, text):
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _Dumper.represent_str)
