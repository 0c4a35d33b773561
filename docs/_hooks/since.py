"""Says under a section of a page what other versions of PyTorch do with its code: "Up to torch 2.10: …".

The lines are made from snippets/since.yml, which tests/slow/versions.py writes.
"""

import re
from pathlib import Path
from typing import NamedTuple

import yaml
from errors import PageError
from packaging.version import InvalidVersion, Version
from tables import table
from transcripts import FENCE, INCLUDE, SNIPPETS, source

RECORD = SNIPPETS / "since.yml"
# Where a page shows which versions were asked.
MARKER = "<!-- asked of other versions, from the record -->"
AGAIN = "let tests/slow/versions.py write the record"
LINE = "line"
ENTRY = {"at": str, "code": str, "now": str, "then": dict}
# Where the text under a heading ends: at the next heading, or where the page leads on.
END = re.compile(r"#{1,6} |\*\*Next:\*\*")
LONGEST = 80
# A call that is too long for a line of a page is broken after its opening bracket, and before the closing one.
BREAKS = {re.compile(r"(?<=[(\[{])\n\s*"): "", re.compile(r",?\n\s*(?=[)\]}])"): "", re.compile(r",\n\s*"): ", "}
# What is said where something came later.
ABSENT = {
    re.compile(r"AttributeError: module '([\w.]+)' has no attribute '(\w+)'"): "there is no `{}.{}`",
    re.compile(r"TypeError: (\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'"): "`{}` takes no `{}`",
}


class Change(NamedTuple):
    """An example, the part of its output that other versions have otherwise, and what `then` stands there.

    What is said begins with `raises` or with `prints`. In `then` it belongs to the first and the last of some versions.
    """

    line: int
    page: str
    section: str
    code: str
    now: str
    then: dict[tuple[str, str], str]


class Record(NamedTuple):
    """The version that the transcripts show, how many examples of the others differ, or why not, and all changes."""

    torch: str
    asked: dict[str, dict[str, int] | str]
    changes: list[Change]

    @property
    def versions(self) -> list[str]:
        """All versions that are told about, oldest first."""
        had = [version for version, found in self.asked.items() if isinstance(found, dict)]
        return sorted([*had, self.torch], key=Version)


def on_config(config):
    config.extra["since"] = read(RECORD, f"snippets/{RECORD.name}")


def on_page_markdown(markdown, page, config, files):
    record = config.extra["since"]
    own = [change for change in record.changes if f"{change.page}.md" == page.file.src_uri]
    for change in own:
        if change.section not in page.sections:
            problem = f"{change.page} has no section {change.section}"
            raise PageError(f"snippets/{RECORD.name}", change.line, problem, f"name the one it has, or {AGAIN}")
    return told(markdown.replace(MARKER, asked(record)), own, record.versions)


class _Lined(yaml.SafeLoader):
    """Reads YAML, and keeps the line of each mapping."""

    def construct_mapping(self, node, deep=False):
        return {**super().construct_mapping(node, deep), LINE: node.start_mark.line + 1}


def read(path: Path, name: str) -> Record:
    """Return the record, which messages call `name`. Raises PageError where it is not what a record is."""

    def expect(fits, line, problem):
        if not fits:
            raise PageError(name, line, problem, AGAIN)

    def fields(found, line, **kinds):
        expect(isinstance(found, dict), line, f"this has to hold {', '.join(kinds)}")
        line = found.pop(LINE)
        for key in [*kinds, *found]:
            expect(key in found and key in kinds, line, f"{key} is {'missing' if key in kinds else 'no part of this'}")
            expect(isinstance(found[key], kinds[key]), line, f"{key} is no {kinds[key].__name__}")
        return line, found

    try:
        found = yaml.load(source(path, name), _Lined)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PageError(name, mark.line + 1 if mark else 1, f"no YAML: {error.problem}", AGAIN) from None
    _, found = fields(found, 1, torch=str, asked=dict, changes=list)
    line = found["asked"].pop(LINE)
    for version, what in found["asked"].items():
        expect(isinstance(version, str), line, f"{version} is no version")
        expect(isinstance(what, str | dict), line, f"{version} holds neither counts nor a reason")
        if isinstance(what, dict):
            fields(what, line, run=int, differ=int, told=int)
    record = Record(found["torch"], found["asked"], [])
    try:
        order = record.versions
    except (InvalidVersion, TypeError) as error:
        raise PageError(name, line, str(error), AGAIN) from None
    for entry in found["changes"]:
        line, entry = fields(entry, line, **ENTRY)
        at = re.fullmatch(r"([\w/-]+):([\w-]+)", entry["at"])
        expect(at, line, f"{entry['at']} is not page:section")
        entry["then"].pop(LINE)
        expect(entry["then"], line, "no version is named")
        then, last = {}, -1
        for versions, said in entry["then"].items():
            first, _, end = str(versions).partition(" to ")
            ends = [order.index(version) if version in order else -1 for version in (first, end or first)]
            expect(last < ends[0] <= ends[1], line, f"{versions} are no versions that were asked, in their order")
            shown = order.index(record.torch)
            expect(not ends[0] <= shown <= ends[1], line, f"{versions} hold {record.torch}, which the page shows")
            then[order[ends[0]], order[ends[1]]] = said
            last = ends[1]
        for said in [entry["now"], *then.values()]:
            begins = isinstance(said, str) and re.match(r"(?:raises|prints)\b", said)
            expect(begins, line, f"{said} begins neither with raises nor with prints")
        expect(entry["now"] not in then.values(), line, "other versions say what the page shows")
        record.changes.append(Change(line, *at.groups(), entry["code"], entry["now"], then))
    return record


def asked(record: Record) -> str:
    """Return which versions were asked, and what became of it, as Markdown."""
    rows, missing = [], []
    for version in sorted(record.asked, key=Version):
        found = record.asked[version]
        if isinstance(found, dict):
            rows.append((version, *(f"{found[key]:,}" for key in ("run", "differ", "told"))))
        else:
            missing.append(f"\ntorch {version} was not asked: {found}.\n")
    return table("lrrr", ["torch", "examples run", "other output", "told on a page"], rows) + "".join(missing)


def told(markdown: str, changes: list[Change], versions: list[str]) -> str:
    """Return a page with what is to tell of other versions at the end of the text under each heading."""
    sections: dict[str, list[Change]] = {}
    for change in changes:
        sections.setdefault(change.section, []).append(change)
    out, waiting, fence = [], [], None
    for line in [*markdown.splitlines(), "# end"]:
        match = FENCE.fullmatch(line)
        if match and fence is None:
            fence = match["fence"]
        elif match and match["fence"].startswith(fence) and not match["head"].strip():
            fence = None
        elif fence and (include := INCLUDE.fullmatch(line)):
            waiting += sections.get(include[2], [])
        elif fence is None and END.match(line) and waiting:
            out += [*([""] if out[-1] else []), *lines(waiting, versions)]
            waiting = []
        out.append(line)
    return "\n".join(out[:-1]).rstrip("\n") + "\n"


def lines(changes: list[Change], versions: list[str]) -> list[str]:
    """Return what is told of some changes under one heading, as paragraphs of Markdown with empty lines between."""
    found = {}
    for change in changes:
        for (first, last), said in change.then.items():
            # Where several examples say the same, one of them is enough.
            found.setdefault((first, last, said), sentence(change, first, last, versions, len(changes) == 1))
    return [part for text in dict.fromkeys(found.values()) for part in (text, "{ .since }", "")]


def sentence(change: Change, first: str, last: str, versions: list[str], alone: bool) -> str:
    """Return what some versions say to an example. Where it is not `alone`, what they say it for is named."""
    when, code = period(first, last, versions), span(_short(_unbroken(change.code)))
    (does_now, _, now), (does, _, other) = (said.partition(" ") for said in (change.now, change.then[first, last]))
    if does == "raises":
        for pattern, words in ABSENT.items():
            if (absent := pattern.fullmatch(other)) and not pattern.fullmatch(now):
                return f"{when}, {words.format(*absent.groups())}."
    if does != does_now:
        if does == "raises":
            return f"{when}, {code} raises {span(other)}."
        return f"{when}, {code} raises nothing" + (f", and gives {span(other)}." if other else ".")
    if not (now and other):
        return f"{when}, {code} {f'also gives {span(other)}' if other else f'does not give {span(now)}'}."
    if does == "raises" and now.partition(": ")[0] == other.partition(": ")[0]:
        now, other = (said.partition(": ")[2] or said for said in (now, other))
    return f"{when}{'' if alone else f', instead of {span(_short(now))}'}: {span(other)}."


def period(first: str, last: str, versions: list[str]) -> str:
    """Return some versions in words, without the number of a mended release."""
    short = [".".join(version.split(".")[:2]) for version in (first, last)]
    if first == versions[0]:
        return f"Up to torch {short[1]}"
    if last == versions[-1]:
        return f"Since torch {short[0]}"
    return f"In torch {short[0]}" if first == last else f"From torch {short[0]} to {short[1]}"


def span(text: str) -> str:
    """Return text as code in a sentence, whatever marks it holds."""
    text = " ".join(text.split())
    longest = max(map(len, re.findall("`+", text)), default=0)
    ticks, space = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _unbroken(code: str) -> str:
    """Return code with each call in one line."""
    for place, whole in BREAKS.items():
        code = place.sub(whole, code)
    return code


def _short(text: str) -> str:
    """Return the first line of a text, and of that no more than tells it from others."""
    first, *more = text.strip().splitlines()
    return first if len(first) <= LONGEST and not more else first[:LONGEST].rstrip() + " …"
