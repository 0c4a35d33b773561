"""Mistakes made on purpose, and whether what was computed would show them."""

import contextlib
import doctest
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock
from transcripts import TRACEBACK

from proof.claims import claims
from proof.places import TRANSCRIPTS, name


class Mutant(NamedTuple):
    slip: str
    line: int
    instead: list[str]

    def of(self, transcript):
        """Return the transcript with this mistake in it."""
        lines = transcript.splitlines(keepends=True)
        return "".join([*lines[: self.line - 1], *self.instead, *lines[self.line :]])


def mutants(transcript):
    """Yield each mistake of a kind: a digit of an output changed, or a line of an output lost or doubled."""
    for number, line in enumerate(transcript.splitlines(keepends=True), 1):
        if line.strip() and not line.startswith((">>>", "...", "#", TRACEBACK, "    ...")):
            yield Mutant("a line lost", number, [])
            yield Mutant("a line doubled", number, [line, line])
            for place in re.finditer(r"\d", line):
                digit = str((int(place[0]) + 1) % 10)
                yield Mutant("a digit changed", number, [line[: place.start()] + digit + line[place.end() :]])


class Result(NamedTuple):
    """What an example led to: its first line, its lines, whether it raised, what it said, and its flags."""

    line: int
    source: list[str]
    raised: bool
    got: str
    flags: int


@contextlib.contextmanager
def noting() -> Iterator[list[tuple[str, str, int]]]:
    """Note what doctest compares meanwhile: what was expected, what came, and its flags."""
    seen, check = [], doctest.OutputChecker.check_output

    def note(checker, want, got, flags):
        seen.append((want, got, flags))
        return check(checker, want, got, flags)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctest.OutputChecker, "check_output", note)
        yield seen


class Printed:
    """A plugin that keeps what the transcripts of this run of pytest printed, in a folder that its processes share."""

    def __init__(self, folder: Path):
        self.folder = folder

    def _place(self, path: Path) -> Path:
        return self.folder / name(path).replace("/", "-")

    def _lock(self, path: Path) -> FileLock:
        return FileLock(f"{self._place(path)}.lock")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        if item.path not in TRANSCRIPTS:
            return (yield)
        text = item.path.read_text("utf-8")
        # Who asks while it runs is told when it ends.
        with self._lock(item.path):
            with noting() as seen:
                result = yield
            self._place(item.path).write_bytes(pickle.dumps((text, seen)))
        return result

    def of(self, path: Path) -> list[tuple[str, str, int]] | None:
        """Return what was noted of a transcript that ran without a failure, and still is what it was."""
        with contextlib.suppress(FileNotFoundError), self._lock(path):
            text, seen = pickle.loads(self._place(path).read_bytes())
            return seen if text == path.read_text("utf-8") else None


def results(path, request, printed=None):
    """Return what each example of a transcript led to, which pytest runs, unless `printed` has kept it."""
    (file,) = request.config.hook.pytest_collect_file(file_path=path, parent=request.session)
    (item,) = file.collect()
    examples, lines = list(item.dtest.examples), path.read_text("utf-8").splitlines(keepends=True)
    seen = printed and printed.of(path)
    if seen is None:
        failures = []
        with noting() as seen:
            item.runner.run(item.dtest, out=failures)
        assert not failures, f"{name(path)} is wrong as it stands"
    pairs, agree = list(zip(examples, seen, strict=True)), doctest.OutputChecker().check_output
    assert all(noted[0] in (example.want, example.exc_msg) and agree(*noted) for example, noted in pairs)
    # What shows warnings is defined in front of the first example, and stands in no transcript.
    own = [pair for pair in pairs if lines[pair[0].lineno].startswith(">>>")]
    ends = [example.lineno for example, _ in own[1:]] + [len(lines)]
    return [
        # Of an example that raised, doctest compares the last line alone.
        Result(example.lineno + 1, lines[example.lineno : end], example.want != want, got, flags)
        for (example, (want, got, flags)), end in zip(own, ends, strict=True)
    ]


def survives(mutant, found):
    """Tell whether what the examples led to is also what the transcript with a mistake in it says."""
    result = next(result for result in reversed(found) if result.line <= mutant.line)
    at = mutant.line - result.line
    changed = "".join([*result.source[:at], *mutant.instead, *result.source[at + 1 :]])
    try:
        (example,) = doctest.DocTestParser().get_examples(changed)
    except ValueError:
        return False
    want = example.exc_msg if result.raised else example.want
    return want is not None and doctest.OutputChecker().check_output(want, result.got, result.flags)


def changes(source, steps=(1,)):
    """Yield each claim of a page with one digit changed: what stands there, and the number that it becomes."""
    found = list(claims(source))
    texts = [source[claim.start :][: len(claim.number.text)] for claim in found]
    places = [[claim.start + m.start() for m in re.finditer(r"\d", t)] for claim, t in zip(found, texts, strict=True)]
    # No claim depends on the digits of another, so each reading of the page changes one digit of all that have it.
    for number in range(max(map(len, places), default=0)):
        for step in steps:
            mutant = list(source)
            for at in (own[number] for own in places if number < len(own)):
                mutant[at] = str((int(source[at]) + step) % 10)
            changed = {claim.start: claim.number for claim in claims("".join(mutant))}
            for claim, text, own in zip(found, texts, places, strict=True):
                if number < len(own):
                    yield text, changed[claim.start]


# One slip of the pen each: what it is called, what it is found by, what it becomes.
SLIPS = {
    "plus for minus": (r"-", "+"),
    "minus for plus": (r"\+", "-"),
    "sign dropped": (r"-", ""),
    "log dropped": (r"\\log", ""),
    "exponential dropped": (r"e\^", ""),
    "lower bound": (r"=1\}", "=2}"),
    "upper bound N": (r"\^\{N\}", "^{C}"),
    "upper bound C": (r"\^\{C\}", "^{C-1}"),
    "denominator N": (r"\{N\}(?!\})", "{C}"),
    "numerator and denominator": (r"\\frac(\{[^{}]*\})(\{[^{}]*\})", r"\\frac\2\1"),
    "sum dropped": (r"\\sum_\{i=1\}\^\{N\}", r"\\max_{i}"),
    "target index": (r"y_i\b", "1"),
    "index": (r"_\{ij\}", "_{i1}"),
    "one too many": (r"$", " + 1"),
}


def slips(equation):
    for slip, (pattern, replacement) in SLIPS.items():
        for match in re.finditer(pattern, equation.tex):
            tex = equation.tex[: match.start()] + match.expand(replacement) + equation.tex[match.end() :]
            if tex != equation.tex:
                yield slip, tex
