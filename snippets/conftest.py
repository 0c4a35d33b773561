"""Keeps transcripts from the network, says under each red one where it stopped, and mends what is written into them.

Alone, `--doctest-plus-generate-diff=overwrite` would write an exception with its frames, or not at all where none was
expected; two empty lines as one that ends the output; and an output with warnings one line too low.
"""

import doctest
import itertools
import os
import re
import socket
import traceback
from pathlib import Path

import pytest

# Tensors this small leave threads nothing to share but waiting for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[1]
# How doctest reads an exception: it compares no frame.
TRACEBACK = "Traceback (most recent call last):\n    ...\n"


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    # Only the process that ran an example can write what it printed.
    if config.option.doctest_plus_generate_diff:
        config.option.numprocesses = 0


class Refused(RuntimeError):
    """What a transcript gets instead of an answer, or of an end."""


def _refuse(*_, **__):
    raise Refused("a transcript proves nothing with what it gets from a network\n  mend: write the data into it")


def _refuse_to_end(*_):
    raise Refused("this ends Python, and all that is below would prove nothing\n  mend: leave it out")


def _as_written(raised):
    """Return an exception as a transcript holds it, or raise it again where no code of the transcript raised it."""
    kind, error, _ = raised
    cause = error
    while cause:
        if isinstance(cause, Refused | pytest.fail.Exception | pytest.skip.Exception):
            raise cause
        cause = cause.__cause__ or cause.__context__
    # A syntax error begins with the place and the code, which doctest does not compare.
    lines = itertools.dropwhile(lambda line: line.startswith(" "), traceback.format_exception_only(kind, error))
    return TRACEBACK + "".join(lines)


def pytest_doctestplus_diffhook(info):
    if not info["use"]:
        return
    # The output goes below as many lines as the source has; around warnings, or with an empty line, it has others.
    below = Path(info["filename"]).read_text("utf-8").splitlines()[info["example_lineno"] + 1 :]
    lines = 1 + len(list(itertools.takewhile(lambda line: line.startswith("..."), below)))
    info["source"] = "\n" * lines
    printed, traceback_begins, exception = info["got"].partition(TRACEBACK)
    # Of an example that raises, doctest compares nothing that it printed before.
    got = traceback_begins + exception or printed
    info["got"] = re.sub(r"^[^\S\n]*\n", "<BLANKLINE>\n", got, flags=re.MULTILINE)
    for number, line in enumerate(info["want"].splitlines(), info["example_lineno"] + lines + 1):
        if line.startswith("#") and line not in got.splitlines():
            pytest.fail(
                f"{Path(info['filename']).relative_to(ROOT).as_posix()}:{number}: a comment right after an example "
                "counts as its output, and would be overwritten\n  mend: put an empty line before it",
                pytrace=False,
            )


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    problem = re.search(r"ValueError: (.*\bline (\d+) .*)", str(report.longrepr))
    if problem and collector.path.suffix == ".pycon":
        place = f"{collector.path.relative_to(ROOT).as_posix()}:{problem[2]}"
        report.longrepr = f"{place}: not a transcript: {problem[1]}\n  mend: correct the prompt"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        # It asks nobody, not even pytest, which would then count nothing as red.
        patch.setattr(os, "_exit", _refuse_to_end)
        # From Python 3.12 on, the name of what may have been meant is added to some messages.
        patch.setattr(traceback, "_compute_suggestion_error", lambda *_: None, raising=False)
        writes = item.config.option.doctest_plus_generate_diff
        if writes:
            patch.setattr(doctest, "_exception_traceback", _as_written)
            for example in item.dtest.examples:
                # Any exception is then one that was expected, with another message.
                example.exc_msg = example.exc_msg or ""
        if writes == "overwrite" and not item.dtest.docstring.endswith("\n"):
            # Else an output would go on in the last line.
            item.path.write_text(item.dtest.docstring + "\n", "utf-8")
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and call.when == "call":
        file, problem = item.path.relative_to(ROOT).as_posix(), call.excinfo.value
        mend = "correct the code; or, if what Python printed is right, write it with\n"
        mend += f"    pytest {file} --doctest-plus-generate-diff=overwrite"
        if "pytest-timeout" in str(problem):
            mend = f"{file}:{_stopped_at(item, call.excinfo)}: this example did not end in time; make it shorter"
        elif isinstance(problem, doctest.UnexpectedException) and isinstance(problem.exc_info[1], Refused):
            mend = f"{file}:{problem.example.lineno + 1}: {problem.exc_info[1]}"
        elif isinstance(problem, pytest.PytestUnraisableExceptionWarning):
            what = str(problem).splitlines()[0]
            mend = f"{file}:1: something is left open or undone: {what}\n  mend: open a file in a with block"
        elif "mend: " in str(problem):
            mend = f"{file}:{_stopped_at(item, call.excinfo)}: {problem}"
        report.sections.append(("mend", mend))
    return report


def _stopped_at(item, excinfo) -> int:
    """Return the line of the transcript that was running, which doctest calls `<doctest name[example]>`."""
    for entry in excinfo.traceback:
        example = re.fullmatch(r"<doctest .*\[(\d+)\]>", str(entry.frame.code.raw.co_filename))
        if example:
            return item.dtest.examples[int(example[1])].lineno + entry.lineno + 1
    return 1
