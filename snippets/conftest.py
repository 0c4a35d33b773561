"""Keeps transcripts from the network, and says under each red one where it stopped and what to do."""

import os
import re
import socket

import pytest

# Tensors this small leave threads nothing to share but waiting for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    # Only the process that ran an example can write what it printed.
    if config.option.doctest_plus_generate_diff:
        config.option.numprocesses = 0


def _refuse(*_, **__):
    raise RuntimeError("a transcript proves nothing with what it gets from a network\n  mend: write the data into it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and call.when == "call":
        file = item.path.relative_to(item.config.rootpath).as_posix()
        mend = "correct the code; or, if what Python printed is right, write it with\n"
        mend += f"    pytest {file} --doctest-plus-generate-diff=overwrite"
        if "pytest-timeout" in str(call.excinfo.value):
            mend = f"{file}:{_stopped_at(item, call.excinfo)}: this example did not end in time; make it shorter"
        report.sections.append(("mend", mend))
    return report


def _stopped_at(item, excinfo) -> int:
    """Return the line of the transcript that was running, which doctest calls `<doctest name[example]>`."""
    for entry in excinfo.traceback:
        example = re.fullmatch(r"<doctest .*\[(\d+)\]>", str(entry.frame.code.raw.co_filename))
        if example:
            return item.dtest.examples[int(example[1])].lineno + entry.lineno + 1
    return 1
