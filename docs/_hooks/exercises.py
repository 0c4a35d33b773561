"""Makes of each file in snippets/exercises a page of the course, a notebook and a program, and lists them in order.

A file is read and never run here: tests/test_exercises.py runs it.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import NamedTuple
from urllib.parse import urljoin

import yaml
from downloads import NOTE
from errors import PageError
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils.meta import get_data
from notebooks import absolute, from_parts, write
from transcripts import FRONT_MATTER, PROMPT, SNIPPETS, refuse_wide, source

FOLDER, GRADER = SNIPPETS / "exercises", "grader.py"
COURSE = "course/index.md"
# Where the page of the course lists the exercises, and what each says of itself at its top.
MARKER = "<!-- exercises -->"
KEYS = {"title": str, "description": str, "trains": str, "minutes": int, "needs": list}
# What an exercise may say of packages that it needs beside PyTorch: the name of each for pip, and the module it brings.
PACKAGES = "packages"
PARTS = ("Stub", "Checks", "Solution")
# What stands in a file for its tests alone: code that computes what its texts claim, and slips that no check can see.
OF_TESTS = {"PROOF", "UNSEEN"}
PROGRESS = '<script src="../assets/course.js"></script>'
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

PAGE = """---
title: {title}
description: {description}
search: {{boost: 0.3}}
---

{statement}

## Write it

``` python
{start}
```

Take it along as a program, [{name}.py]({name}.py){{ download }}, and run `python {name}.py` after each try, or as [a \
notebook]({name}.ipynb){{ download }}. Both hold the checks, and need {packages}. A check says what it asked for \
and what came, and if it knows your mistake, it names it and tells you where to read.

About {minutes} minutes. Read first: {needs}.

## Hints {{ data-search-exclude }}

{hints}

## The solution, and wrong ones {{ data-search-exclude }}

{solution}

{wrongs}

Next: {onward}.
"""
HEAD = '''r"""{statement}

Write below. Then run this file: python {name}.py
Hints and a solution: {address}
{note}
"""

try:
    import {modules}
except ImportError:
    raise SystemExit("This exercise needs {packages} here: pip install {installs}") from None
'''
LINE = f"# {'-' * 98}\n# Below this line are the checks. There is nothing to write.\n# {'-' * 98}\n"


class Mistake(NamedTuple):
    """A wrong solution: what its class is called, what it tells, where to read, and its code."""

    name: str
    tells: str
    read: str
    code: str


class Exercise(NamedTuple):
    """The parts of an exercise's file, as text. `checks` is all that stands below the line of a download."""

    name: str
    about: dict
    statement: str
    given: str
    stub: str
    hints: list[str]
    checks: str
    solution: str
    mistakes: list[Mistake]


def on_pre_build(config):
    config.extra["exercises"] = in_order(read_all(FOLDER), config)


def on_files(files, config):
    exercises = config.extra["exercises"]
    titles = {path: title(Path(config.docs_dir, path)) for e in exercises for path in pages_of(e)}
    for exercise, after in zip(exercises, [*exercises[1:], None], strict=True):
        made = {
            "md": page(exercise, after, titles),
            "py": program(exercise, config),
            "ipynb": write(notebook(exercise, config)),
        }
        for suffix, text in made.items():
            path = f"course/{exercise.name}.{suffix}"
            files.append(File.generated(config, path, content=text, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def on_nav(nav, config, files):
    """Let the exercises follow the page of the course, without standing in the menu of each page."""
    course = files.get_file_from_path(COURSE).page
    pages = [files.get_file_from_path(f"course/{exercise.name}.md").page for exercise in config.extra["exercises"]]
    row = [course, *pages, course.next_page]
    for before, after in itertools.pairwise(row):
        before.next_page = after
        if after:
            after.previous_page = before
    for page in pages:
        page.parent = course.parent
    place = nav.pages.index(course) + 1
    nav.pages[place:place] = pages


def on_page_markdown(markdown, page, config, files):
    return markdown.replace(MARKER, listed(config.extra["exercises"], config))


def on_page_content(html, page, config, files):
    return html + PROGRESS if page.file.src_uri == COURSE else html


def read_all(folder: Path) -> list[Exercise]:
    return [read(path) for path in sorted(folder.glob("*.py")) if path.name != GRADER]


def read(path: Path) -> Exercise:
    """Return the parts of an exercise's file. Raises PageError where one is missing, or cannot be read."""
    name = f"snippets/exercises/{path.name}"
    text = source(path, name)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise PageError(name, error.lineno, f"not a program: {error.msg}", "run it with python") from None
    about, statement = head(ast.get_docstring(tree, clean=False) or "", name)
    lines, end = text.splitlines(), tree.body[0].end_lineno if tree.body else 0
    given, below, found, hints = ["import torch"], [], {}, []
    for node in tree.body[1:]:
        # A part begins with the comment above it.
        part, end = "\n".join(lines[end : node.end_lineno]).strip("\n"), node.end_lineno
        names = [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)] + [getattr(node, "name", "")]
        if isinstance(node, ast.Import | ast.ImportFrom):
            given += [] if part == "import torch" or part.startswith("from grader import ") else [part]
        elif isinstance(node, ast.ClassDef):
            found[node.name] = node
            if node.name != "Solution" and (node.name != "Stub" or node.bases):
                below.append(part)
        elif "HINTS" in names:
            hints = ast.literal_eval(node.value)
        elif names[0].startswith("_"):
            below.append(part)
        elif not set(names) & OF_TESTS:
            given.append(f"\n{part}" if part.startswith("#") else part)
    for part in PARTS:
        if part not in found:
            raise PageError(name, 1, f"there is no class {part}", "see .github/CONTRIBUTING.md, Add an exercise")
    if not hints:
        raise PageError(name, 1, "there are no HINTS", "write a list of texts, from a nudge to almost the answer")
    mistakes = [mistake(node, lines, name) for node in found.values() if node.bases]
    if not mistakes:
        raise PageError(name, 1, "there is no wrong solution", "write class TheMistake(Wrong): with its text and read")
    stub, solution = (body(found[part], lines) for part in ("Stub", "Solution"))
    shown = "\n".join([*given, stub, solution, *(mistake.code for mistake in mistakes)]).splitlines()
    shown += [PROMPT.sub("", line) for line in statement.splitlines() if PROMPT.match(line)]
    for line in shown:
        refuse_wide(line, name, next(n for n, whole in enumerate(lines, 1) if whole.endswith(line)))
    checks = "\n\n\n".join(below)
    return Exercise(path.stem, about, statement, "\n".join(given), stub, hints, checks, solution, mistakes)


def head(docstring: str, name: str) -> tuple[dict, str]:
    """Return what an exercise says of itself at its top, and the statement below."""
    mend = "begin the docstring with ---, a line for each of " + ", ".join(KEYS) + ", and ---"
    match = FRONT_MATTER.match(docstring.lstrip("\n"))
    if not match:
        raise PageError(name, 1, "no front matter can be read", mend)
    try:
        about = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise PageError(name, 1, f"the front matter cannot be read: {error.problem}", mend) from None
    for key, kind in KEYS.items():
        if not (isinstance(about, dict) and isinstance(about.get(key), kind)):
            raise PageError(name, 1, f"the front matter has no {key}, or another kind of it", mend)
    if not isinstance(about.setdefault(PACKAGES, {}), dict):
        mend = f"write {PACKAGES}: {{scikit-learn: sklearn}}"
        raise PageError(name, 1, "packages in the front matter is no table", mend)
    return about, docstring.lstrip("\n")[match.end() :].strip()


def mistake(node: ast.ClassDef, lines: list[str], name: str) -> Mistake:
    reads = [n.value.value for n in node.body if isinstance(n, ast.Assign) and n.targets[0].id == "read"]
    tells = " ".join((ast.get_docstring(node) or "").split())
    if not tells or not reads or ".md" not in reads[0]:
        mend = 'write what is wrong as its docstring, and read = "group/page.md#section"'
        raise PageError(name, node.lineno, f"the mistake {node.name} does not say what it is, or where to read", mend)
    return Mistake(node.name, tells, reads[0], body(node, lines))


def body(node: ast.ClassDef, lines: list[str]) -> str:
    """Return the functions of a class as they stand in a file of their own."""
    first = next(n for n in node.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    start = min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])
    code = dedent("\n".join(lines[start - 1 : node.end_lineno]))
    return re.sub(r"\n\n(?=(?:def|class|@))", "\n\n\n", code)


def in_order(exercises: list[Exercise], config) -> list[Exercise]:
    """Return the exercises as a reader of the pages can do them: by the last page that one needs, the shorter first."""
    places = {path: place for place, path in enumerate(in_nav(config.nav))}
    for exercise in exercises:
        for path in exercise.about["needs"]:
            if path not in places:
                name = f"snippets/exercises/{exercise.name}.py"
                raise PageError(name, 1, f"it needs {path}, which is not in the nav", "write group/page.md")
    return sorted(exercises, key=lambda e: (max(places[path] for path in e.about["needs"]), e.about["minutes"], e.name))


def in_nav(entry) -> Iterator[str]:
    """Yield the pages of the nav in their order."""
    if isinstance(entry, str):
        yield entry
    else:
        for inner in entry.values() if isinstance(entry, dict) else entry:
            yield from in_nav(inner)


def pages_of(exercise: Exercise) -> list[str]:
    """Return the pages that an exercise leads to."""
    return [*exercise.about["needs"], *(mistake.read.partition("#")[0] for mistake in exercise.mistakes)]


def title(path: Path) -> str:
    """Return the title of a page or a lab."""
    name = f"docs/{path.parent.name}/{path.name}"
    if not path.exists():
        raise PageError(name, 1, "an exercise leads to this page, and it does not exist", "lead to another one")
    text = source(path, name)
    return get_data(re.sub("^# ?", "", text, flags=re.MULTILINE) if path.suffix == ".py" else text)[1]["title"]


def page(exercise: Exercise, after: Exercise | None, titles: dict[str, str]) -> str:
    """Return the page of an exercise as Markdown."""
    about, hints = exercise.about, exercise.hints
    wrongs = []
    for mistake in exercise.mistakes:
        where = f"Read [{titles[mistake.read.partition('#')[0]]}](../{mistake.read})."
        name = "The program as it came" if mistake.name == "Stub" else WORDS.sub(" ", mistake.name).capitalize()
        wrongs.append(folded(name, f"{mistake.tells} {where}\n\n{block(mistake.code)}"))
    return PAGE.format(
        title=yaml_text(about["title"]),
        description=yaml_text(about["description"]),
        statement=exercise.statement,
        start=f"{exercise.given}\n\n\n{exercise.stub}",
        name=exercise.name,
        packages=" and ".join(["PyTorch", *about[PACKAGES]]) + ("" if about[PACKAGES] else " alone"),
        minutes=about["minutes"],
        needs=linked(about["needs"], titles),
        hints="\n\n".join(folded(f"Hint {number}", hint) for number, hint in enumerate(hints, 1)),
        solution=folded("The solution", block(exercise.solution)),
        wrongs="\n\n".join(wrongs),
        onward=f"[{after.about['title']}]({after.name}.md)" if after else "[the whole course](index.md)",
    )


def program(exercise: Exercise, config) -> str:
    """Return an exercise as a program that grades itself."""
    address = place(exercise, config)
    statement = re.sub(r"^```.*\n?", "", absolute(exercise.statement, address), flags=re.MULTILINE)
    statement, more = statement.removeprefix("# ").rstrip(), exercise.about[PACKAGES]
    lacks = f"PyTorch and {' and '.join(more)}, and Python does not find all of it" if more else ""
    top = HEAD.format(
        statement=statement,
        name=exercise.name,
        address=address,
        note=note(exercise, config),
        modules=", ".join(sorted(["torch", *more.values()])),
        packages=lacks or "PyTorch, which Python does not find",
        installs=" ".join(["torch", *more]),
    )
    given = exercise.given.removeprefix("import torch").strip("\n")
    given = f"\n{given}\n" if given else ""
    return (
        f"{top}{given}\n\n{exercise.stub}\n\n\n{LINE}\n{checks(exercise, config)}\n\n\n"
        f'if __name__ == "__main__":\n    raise SystemExit(0 if grade(globals(), "{address}#hints") else 1)\n'
    )


def notebook(exercise: Exercise, config):
    """Return an exercise as a notebook: statement, stub, checks that are folded away, and a cell that runs them."""
    address = place(exercise, config)
    hints = "\n\n".join(
        f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
        for number, hint in enumerate(exercise.hints, 1)
    )
    parts = [
        ("markdown", exercise.statement),
        ("code", exercise.given),
        ("code", exercise.stub),
        ("markdown", "Run the next cell once: it holds the checks, and there is nothing to write in it."),
        ("folded", f"# @title The checks\n{checks(exercise, config)}"),
        ("markdown", "Run this one after each try."),
        ("code", f'_ = grade(globals(), "{address}#hints")'),
        ("markdown", hints),
    ]
    return from_parts(parts, address, note(exercise, config))


def checks(exercise: Exercise, config) -> str:
    """Return what stands below the line of a download: what grades, what is checked, and the mistakes that it knows."""
    grader = source(FOLDER / GRADER, f"snippets/exercises/{GRADER}")
    grader = "\n".join(grader.splitlines()[ast.parse(grader).body[0].end_lineno :]).strip("\n")

    def found(match):
        return match[1] + urljoin(config.site_url or "", re.sub(r"\.(?:md|py)(?=#|$)", ".html", match[2])) + '"'

    return f"{grader}\n\n\n" + re.sub(r'(^    read = ")([^"]+)"', found, exercise.checks, flags=re.MULTILINE)


def listed(exercises: list[Exercise], config) -> str:
    """Return the exercises in their order as a list of Markdown."""
    docs = Path(config.docs_dir)
    titles = {path: title(docs / path) for exercise in exercises for path in exercise.about["needs"]}
    lines = [
        f"{number}. [{e.about['title']}]({e.name}.md), about {e.about['minutes']} minutes: {e.about['trains']}. "
        f"Read first: {linked(e.about['needs'], titles)}."
        for number, e in enumerate(exercises, 1)
    ]
    return "\n".join(lines)


def linked(paths: list[str], titles: dict[str, str]) -> str:
    links = [f"[{titles[path]}](../{path})" for path in paths]
    return " and ".join(filter(None, [", ".join(links[:-1]), links[-1]]))


def folded(title: str, text: str) -> str:
    return f'??? question "{title}"\n\n{indent(text, "    ")}'


def block(code: str) -> str:
    return f"``` python\n{code}\n```"


def place(exercise: Exercise, config) -> str:
    """Return the address of an exercise's page."""
    return urljoin(config.site_url or "", f"course/{exercise.name}.html")


def note(exercise: Exercise, config) -> str:
    about, address = exercise.about, place(exercise, config)
    return NOTE.format(title=about["title"], address=address, torch=config.extra["torch"], copyright=config.copyright)


def yaml_text(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n...\n").strip()
