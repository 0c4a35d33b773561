"""Exercises, run in this process, and the mistakes that are made in their solutions on purpose."""

import ast
import contextlib
import importlib.util
import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from exercises import FOLDER, GRADER, Exercise, read


def load(path: Path, name: str) -> ModuleType:
    """Return a file of Python as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


grader = load(FOLDER / GRADER, "grader")
tried, kept = grader._tried, {}


def tried_once(mistake, names, asked, constant):
    """Return what a wrong solution gets, which is the same in each test if what it leaves to the reader is the same."""
    functions = grader._functions(mistake).keys()
    checks = [check for check in asked if asked[check] & functions]
    left = sorted(set().union(*(asked[check] for check in checks)) - functions)
    key = mistake, constant, *checks, *(getattr(names.get(name), "__code__", None) for name in left)
    if key not in kept:
        kept[key] = tried(mistake, names, asked, constant)
    return kept[key]


grader._tried = tried_once
PATHS = sorted(path for path in FOLDER.glob("*.py") if path.name != GRADER)
EXERCISES = {path.stem: read(path) for path in PATHS}
MODULES = {path.stem: load(path, f"exercise_{path.stem}") for path in PATHS}


def names_with(exercise: str, code: str) -> dict:
    """Return what a program has defined in which a reader wrote some code."""
    names = dict(vars(MODULES[exercise]))
    # Where a module stands among others, its functions see what it holds and nothing else.
    exec(compile(code, f"<{exercise}>", "exec"), names)
    return names


def judged(exercise: str, code: str) -> list:
    """Return the verdict of each check on what a reader wrote."""
    with contextlib.redirect_stdout(io.StringIO()):
        return grader.judged(names_with(exercise, code))


def is_right(exercise: str, code: str) -> bool:
    """Tell whether all checks are right; what explains the others is not asked."""
    names = names_with(exercise, code)
    grader._prepare(names)
    with contextlib.redirect_stdout(io.StringIO()):
        return not any(grader._outcome(check, names)[1] for check in grader._checks(names))


def wrong(exercise: Exercise, name: str) -> str:
    """Return the code of a wrong solution; what it leaves out is right."""
    (mistake,) = (mistake for mistake in exercise.mistakes if mistake.name == name)
    return f"{exercise.solution}\n\n\n{mistake.code}"


# What stands in the code of a solution, and what it becomes.
SLIPS = {
    "*": "/",
    "/": "*",
    "**": "*",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "&": "|",
    "|": "&",
    "+=": "-=",
    "-=": "+=",
    "log": "log1p",
    "log1p": "log",
    "exp": "expm1",
    "expm1": "exp",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "mean": "sum",
    "sum": "mean",
    "argmax": "argmin",
    "softmax": "log_softmax",
    "log_softmax": "softmax",
    "sigmoid": "tanh",
    "ones_like": "zeros_like",
    "zeros_like": "ones_like",
    "floor": "ceil",
    "True": "False",
    "False": "True",
}


def mutants(code: str) -> Iterator[tuple[str, str]]:
    """Yield each mistake in the arithmetic of some code: the line as it is then, and all of the code.

    A call whose value nobody uses, such as `optimizer.step()`, is left out.
    """
    lines, before = code.splitlines(keepends=True), None
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.lineno == node.end_lineno:
            line = lines[node.lineno - 1]
            left = f"{line[: node.col_offset]}pass  # {line.strip()}\n"
            yield left.strip(), "".join([*lines[: node.lineno - 1], left, *lines[node.lineno :]])
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        (row, start), (_, end), text, instead = token.start, token.end, token.string, None
        if text in ("+", "-") and token.type == tokenize.OP:
            # A sign stands where nothing is left of it to add to.
            sign = before.string == "return" or (before.type == tokenize.OP and before.string not in ")]}")
            instead = "" if sign else {"+": "-", "-": "+"}[text]
        elif token.type == tokenize.NUMBER:
            instead = text[:-1] + str((int(text[-1]) + 1) % 10) if text[-1].isdigit() else f"{text}1"
        elif token.type in (tokenize.OP, tokenize.NAME) and text in SLIPS and before.string != "def":
            instead = SLIPS[text]
        if instead is not None:
            line = lines[row - 1]
            changed = line[:start] + instead + line[end:]
            yield changed.strip(), "".join([*lines[: row - 1], changed, *lines[row:]])
        if token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT):
            before = token
