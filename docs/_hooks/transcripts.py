"""Transcripts and the pages that include them: what a section is, and the rules between the two.

A page `docs/a/b.md` shows sections of its own transcript `snippets/a/b.pycon` and no other
code. pymdownx.snippets would pass over an unclosed section in silence, and doctest would
pass over a line without a prompt; `check` refuses both, in the build as in the tests.
"""

import ast
import contextlib
import doctest
import io
import math
import re
import symtable
import tokenize
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml
from errors import PageError
from languages import original

MARKER = re.compile(r"# --8<-- \[(start|end):([\w-]+)\]")
INCLUDE = re.compile(r'\s*--8<-- "([^":]+)(?::([\w-]+))?"')
FENCE = re.compile(r"(?P<indent>\s*)(?P<fence>`{3,}|~{3,})(?P<head>.*)")
# Ways around the fences: a code block in a quotation, and raw HTML.
SMUGGLED = re.compile(r"^\s*>.*(?:```|~~~)|<pre\b", re.IGNORECASE)
# What a block may say about itself.
BADGES = {
    "raises": ["raises"],
    "silently-wrong": ["silently wrong", "wrong, with a warning"],
    "numerically-broken": ["numerically broken"],
    # For code that is right, and only speaks up.
    "warns": ["warns"],
}
TRACEBACK = "Traceback (most recent call last):"
# How many columns a block of code has beside both menus.
WIDTH = 76
PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")
DIRECTIVE = re.compile(r"\s+# doctest:.*")
# What Python says of its own accord, and no page can say in less.
MESSAGE = re.compile(r"(?:\w+\.)*\w*(?:Error|Warning): ")
# How an output holds an empty line, which would end it.
EMPTY_LINE = doctest.BLANKLINE_MARKER
# What MkDocs takes for a page too, and nothing here would read.
OTHER_PAGES = (".markdown", ".mdown", ".mkdn", ".mkd")
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
# What a reader takes for a fact: a decimal, an exponent, a share, or more than one digit.
TELLS_A_NUMBER = re.compile(r"\d[.,]?\d|\d[eE][+-]?\d|\d\s*(?:%|\N{PER MILLE SIGN}|per\s?cent)")
# pytest-doctestplus brings this directive; the build reads transcripts without it.
doctest.register_optionflag("SHOW_WARNINGS")


ROOT = Path(__file__).parents[2]
SNIPPETS = ROOT / "snippets"


def on_config(config):
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    config.extra["torch"] = re.search(r"^torch==(\S+)", pins, re.MULTILINE)[1]


def on_pre_build(config):
    docs = Path(config.docs_dir)
    for path in [*pages(docs), *docs.glob("labs/*.py")]:
        check_head(path, docs)
    config.extra["sections"] = check(docs, SNIPPETS)


def on_page_markdown(markdown, page, config, files):
    page.sections = config.extra["sections"].get(page.file.src_uri, {})


class Section(NamedTuple):
    line: int
    text: str


class Fence(NamedTuple):
    line: int
    head: str
    body: list[str]


def sections(transcript: Path, name: str) -> dict[str, Section]:
    """Return the sections of a transcript by name.

    `name` is what messages call the file. Raises PageError for a marker that is malformed,
    nested, unclosed, duplicated or glued to an output; for a section without an example;
    for a line that doctest would not run, or that is wider than a page; and for a directive
    that would weaken a check.
    """
    text = source(transcript, name)
    lines = text.splitlines()
    _refuse_what_doctest_skips(text, name)
    found, opened = {}, None
    for number, line in enumerate(lines, 1):
        if "--8<--" not in line:
            continue
        marker = MARKER.fullmatch(line)
        if not marker:
            raise PageError(name, number, f"not a section marker: {line.strip()}", "write # --8<-- [start:name]")
        if number > 1 and lines[number - 2].strip() and not lines[number - 2].startswith("#"):
            raise PageError(
                name, number, "a marker right after an example counts as its output", "put an empty line before it"
            )
        kind, title = marker.groups()
        if kind == "start":
            if opened:
                raise PageError(
                    name, number, f"section {title} starts inside {opened[1]}", f"close {opened[1]} before it"
                )
            if title in found:
                raise PageError(name, number, f"section {title} is here twice", "give one of them another name")
            opened = number, title
        else:
            if not opened or opened[1] != title:
                raise PageError(
                    name, number, f"section {title} ends but is not open", f"write # --8<-- [start:{title}] before it"
                )
            body = "\n".join(lines[opened[0] : number - 1])
            if not re.search(r"^>>> ", body, re.MULTILINE):
                raise PageError(name, opened[0], f"section {title} holds no example", "add one, or remove the section")
            found[title] = Section(opened[0], body)
            opened = None
    if opened:
        number, title = opened
        raise PageError(name, number, f"section {title} is never closed", f"write # --8<-- [end:{title}] after it")
    for section in found.values():
        for number, line in enumerate(section.text.splitlines(), section.line + 1):
            if line.startswith("#"):
                raise PageError(
                    name,
                    number,
                    "this line is shown, and nothing runs it",
                    "write it on the page, or above the section",
                )
        _refuse_wide_lines(section, name)
    _refuse_unseen_changes(text, found, name)
    return found


def refuse_wide(line: str, name: str, number: int, printed: bool = False) -> None:
    """Refuse a line that a reader has to scroll sideways to read; `printed` is one of an output."""
    if len(line) > WIDTH:
        problem = f"this line is {len(line)} columns wide, and a page shows {WIDTH}"
        typed = "break it after an opening bracket, or give a part of it a name"
        raise PageError(name, number, problem, "print less in a line" if printed else typed)


def source(path: Path, name: str) -> str:
    """Return the text of a page or a transcript. Raises PageError where it is not UTF-8, or begins with a mark."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PageError(name, line, f"this is not UTF-8: {error.reason}", "save the file as UTF-8") from None
    if text.startswith("\N{BYTE ORDER MARK}"):
        raise PageError(name, 1, "the file begins with a byte order mark", "save it as UTF-8 without one")
    return text.replace("\r\n", "\n")


def check_head(path: Path, docs: Path) -> None:
    """Check that a page or a lab says at its top what it is called and what it is about."""
    name = f"docs/{path.relative_to(docs).as_posix()}"
    text = source(path, name)
    if path.suffix == ".py":
        text = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
    mend = "begin the file with ---, title: …, description: …, --- ; a text with a colon needs quotes"
    head = FRONT_MATTER.match(text)
    if not head:
        raise PageError(name, 1, "no front matter can be read", mend)
    try:
        values = yaml.safe_load(head[1])
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 2 if getattr(error, "problem_mark", None) else 1
        raise PageError(name, line, f"the front matter cannot be read: {error.problem}", mend) from None
    for key in ("title", "description"):
        if not (isinstance(values, dict) and isinstance(values.get(key), str)):
            raise PageError(name, 1, f"the front matter has no {key}", mend)


def fences(markdown: str, name: str) -> list[Fence]:
    """Return the fenced blocks of a page. Raises PageError where one is never closed."""
    found, opened = [], None
    for number, line in enumerate(markdown.splitlines(), 1):
        match = FENCE.fullmatch(line)
        if opened is None:
            if match:
                opened = match["fence"], Fence(number, match["head"].strip(), [])
        elif match and match["fence"].startswith(opened[0]) and not match["head"].strip():
            found.append(opened[1])
            opened = None
        else:
            opened[1].body.append(line)
    if opened:
        raise PageError(name, opened[1].line, "a code block is never closed", f"write {opened[0]} after it")
    return found


def pages(docs: Path) -> list[Path]:
    """Return the pages of the site, sorted."""
    return sorted(docs.rglob("*.md"))


def own(page: str) -> str:
    """Return the path of the transcript that a page or lab owns: a translation shows the sections of its original."""
    return str(PurePosixPath(original(page)).with_suffix(".pycon"))


def check(docs: Path, snippets: Path) -> dict[str, dict[str, Section]]:
    """Check every page against its transcript and return what it shows, by the page's path.

    Raises PageError at the first breach.
    """
    for path in sorted(docs.rglob("*")):
        name = f"docs/{path.relative_to(docs).as_posix()}"
        if path.suffix.lower() in OTHER_PAGES or (path.suffix != ".md" and path.suffix.lower() == ".md"):
            raise PageError(name, 1, f"a page that ends in {path.suffix} is read by no test", "let it end in .md")
        if path.suffix == ".md" and path.relative_to(docs).parts[0] == "labs":
            raise PageError(name, 1, "a lab is a program, and this is a page", "move it out of docs/labs")
    shown = {page.relative_to(docs).as_posix(): check_page(page, docs, snippets) for page in pages(docs)}
    for lab in sorted(docs.glob("labs/*.py")):
        name = f"docs/{lab.relative_to(docs).as_posix()}"
        text = source(lab, name)
        cell = ""
        for number, line in enumerate(text.splitlines(), 1):
            if "8<-" in line:
                raise PageError(name, number, "a lab includes nothing", "write the code or the text into the lab")
            if line.startswith("# %%"):
                cell = line
            elif cell and "[markdown]" not in cell and "unshown" not in cell:
                refuse_wide(line, name, number)
        # Prose stands in lines that are comments from their first column.
        _refuse_told_numbers(re.sub(r"^#.*", "", text, flags=re.MULTILINE), name, 1)
    for transcript in sorted(snippets.rglob("*.pycon")):
        if not transcript.resolve().is_relative_to(snippets.resolve()):
            raise PageError(
                f"snippets/{transcript.relative_to(snippets).as_posix()}",
                1,
                "this transcript is a link that leads out of snippets",
                "put the file itself here",
            )
        page = docs / transcript.relative_to(snippets).with_suffix(".md")
        if not page.exists():
            raise PageError(
                f"snippets/{transcript.relative_to(snippets).as_posix()}",
                1,
                "no page shows this transcript",
                f"write docs/{page.relative_to(docs).as_posix()}, or remove the transcript",
            )
    return shown


def check_page(page: Path, docs: Path, snippets: Path) -> dict[str, Section]:
    """Check that a page shows each section of its own transcript exactly once, and no other code; return them."""
    relative = page.relative_to(docs).as_posix()
    name = f"docs/{relative}"
    mine = own(relative)
    transcript = snippets / mine
    markdown = source(page, name)
    known = sections(transcript, f"snippets/{mine}") if transcript.exists() else {}
    shown = {}
    included_lines = set()
    for fence in fences(markdown, name):
        include = INCLUDE.fullmatch(fence.body[0]) if len(fence.body) == 1 else None
        if not include:
            raise PageError(
                name,
                fence.line,
                "this block shows code that no test runs",
                f'put the code in snippets/{mine} and include it: --8<-- "{mine}:section"',
            )
        line, (file, section) = fence.line + 1, include.groups()
        if file != mine:
            raise PageError(name, line, f"{file} is not this page's transcript", f"include from {mine}")
        if not transcript.exists():
            raise PageError(name, line, f"snippets/{mine} does not exist", "write it: the page shows code")
        if section not in known:
            raise PageError(
                name,
                line,
                f"snippets/{mine} has no section {section}",
                "choose one of: " + ", ".join(known) if known else f"write # --8<-- [start:{section}] into it",
            )
        if section in shown:
            raise PageError(
                name, line, f"section {section} is shown in line {shown[section]} already", "remove one of the two"
            )
        badge = re.fullmatch(r'\{ \.pycon \.([\w-]+) title="([^"]*)" \}', fence.head)
        if fence.head != "pycon" and not (badge and badge[2] in BADGES.get(badge[1], [])):
            raise PageError(
                name,
                fence.line,
                f"unknown kind of block: {fence.head}",
                'write pycon, or { .pycon .raises title="raises" }',
            )
        if (".raises" in fence.head) != (TRACEBACK in known[section].text):
            raise PageError(
                name,
                fence.line,
                f"section {section} raises, or the block says so, but not both",
                'a block is marked { .pycon .raises title="raises" } exactly where its section has a traceback',
            )
        if ".warns" in fence.head and not re.search(r"^\w*Warning: ", known[section].text, re.MULTILINE):
            raise PageError(
                name,
                fence.line,
                f"section {section} warns of nothing",
                "show the warning with # doctest: +SHOW_WARNINGS, or remove the mark",
            )
        if any(known[earlier].line > known[section].line for earlier in shown):
            raise PageError(
                name, line, f"section {section} runs before what is shown above it", f"move it down in snippets/{mine}"
            )
        shown[section] = line
        included_lines.add(line)
    for number, line in enumerate(markdown.splitlines(), 1):
        if ("8<-" in line and number not in included_lines) or SMUGGLED.search(line):
            raise PageError(
                name, number, "code is included in a way that no test follows", "include it in a fenced block"
            )
    for section in known.keys() - shown.keys():
        raise PageError(
            f"snippets/{mine}", known[section].line, f"section {section} is shown nowhere", f"include it in {name}"
        )
    return known


def _refuse_what_doctest_skips(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            raise PageError(name, number, "doctest reads a tab as spaces", "write spaces; print a tab by its repr")
    try:
        parts = doctest.DocTestParser().parse(text, name)
    except ValueError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PageError(name, int(line[1]), f"not a transcript: {error}", "correct the prompt") from None
    number = 1
    for part in parts:
        if isinstance(part, doctest.Example):
            _refuse_told_numbers(part.source, name, number)
            number += (part.source + part.want).count("\n")
            continue
        for offset, line in enumerate(part.splitlines()):
            if line.strip() and not line.startswith("#"):
                raise PageError(name, number + offset, f"this line never runs: {line}", "begin it with >>> or #")
        number += part.count("\n")
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line == TRACEBACK and lines[number : number + 1] != ["    ..."]:
            raise PageError(
                name, number + 1, "doctest compares no frame of a traceback", "write four spaces and ... for its frames"
            )
        if line == TRACEBACK and not re.match(r"\w", "".join(lines[number + 1 : number + 2])):
            raise PageError(
                name, number + 2, "doctest compares nothing before the exception", "write the exception right below ..."
            )
        if re.match(r">>> *#", line):
            raise PageError(name, number, "doctest drops an example that is only a comment", "put code into it")
        if re.search(r"#\s*doctest\b", line) and not line.endswith("# doctest: +SHOW_WARNINGS"):
            raise PageError(
                name, number, "this directive would let a wrong output pass", "remove it; only +SHOW_WARNINGS may stand"
            )


def _refuse_wide_lines(section: Section, name: str) -> None:
    """Refuse a line of a section that is wider than a page, but for a message, which wraps there."""
    raised = False
    for number, line in enumerate(section.text.splitlines(), section.line + 1):
        if PROMPT.match(line):
            raised = False
            refuse_wide(DIRECTIVE.sub("", PROMPT.sub("", line)), name, number)
        else:
            raised = raised or line == TRACEBACK
            if not raised and not MESSAGE.match(line):
                refuse_wide(line, name, number, printed=True)


def _refuse_told_numbers(code: str, name: str, first: int) -> None:
    """Refuse a comment or a docstring that tells a number, which no test compares; `first` is the line of the code."""
    for line, text in _told(code):
        if TELLS_A_NUMBER.search(text):
            raise PageError(
                name, first + line - 1, "a comment that names a number is not checked", "print the number instead"
            )


def _told(code: str) -> Iterator[tuple[int, str]]:
    """Yield each comment and each docstring of some code with its line. Code that is shown to be broken has few."""
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
                yield from enumerate(ast.get_docstring(node, clean=False).splitlines(), node.body[0].lineno)


def _refuse_unseen_changes(text: str, shown: dict[str, Section], name: str) -> None:
    """Refuse a line outside of the sections that changes a variable which a shown line sets and a later one uses."""
    seen = {
        line for section in shown.values() for line in range(section.line, section.line + section.text.count("\n") + 2)
    }
    changed = {}
    ours = set()
    for example in doctest.DocTestParser().get_examples(text):
        line = example.lineno + 1
        sets, uses, alters = _names(example.source)
        if line in seen:
            for variable in sorted(uses & changed.keys()):
                raise PageError(
                    name,
                    changed[variable],
                    f"this line is not shown, and changes {variable}, which line {line} shows in use",
                    "give it a name of its own, such as _" + variable.lstrip("_"),
                )
            ours |= sets
            for variable in sets:
                changed.pop(variable, None)
        else:
            changed |= dict.fromkeys((sets | alters) & ours, line)


def _names(code: str) -> tuple[set[str], set[str], set[str]]:
    """Return the variables that a statement sets, those that it uses, and those whose content it alters in place."""
    try:
        tree, table = ast.parse(code), symtable.symtable(code, "", "exec")
    except SyntaxError:
        return set(), set(), set()
    sets = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    uses, tables = set(), [table]
    while tables:
        inner = tables.pop()
        top = inner is table
        uses |= {s.get_name() for s in inner.get_symbols() if s.is_referenced() and (top or s.is_global())}
        tables += inner.get_children()
    uses |= {n.target.id for n in ast.walk(tree) if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}
    # What a line above sets, such as the variable of a loop, is not what stood there before.
    first = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            key = node.id, isinstance(node.ctx, ast.Load)
            first[key] = min(node.lineno, first.get(key, node.lineno))
    set_first = {v for v in sets if first.get((v, False), math.inf) < first.get((v, True), 0)}
    alters = set()
    for node in ast.walk(tree):
        # PyTorch marks by its last letter what changes a tensor in place.
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.endswith("_")
        if called or (isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)):
            inner = node.func if called else node
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name):
                alters.add(inner.id)
    return sets, uses - set_first, alters & uses
