"""The promise of the README: its commands are the ones that are run, and its pins are the ones that prove."""

import importlib.metadata
import re
import subprocess
import sys

import pytest
from proof.places import ROOT
from proof.readme import OLDEST, PIN, PINS, README, REFUSAL, REQUIREMENTS


def test_each_command_is_one_line_that_sets_up_and_runs():
    commands = re.findall(r"^python3 -m venv \.venv && \.venv/bin/pip install -r .*$", README, re.MULTILINE)
    assert [command.rpartition(" && ")[2] for command in commands] == [".venv/bin/mkdocs serve", ".venv/bin/pytest"]


def test_ci_runs_the_readme_command():
    script = (ROOT / ".ci/run").read_text("utf-8")
    taken = re.search(r"test_command=\$\((.*)\)", script)[1]
    run = subprocess.run(["bash", "-c", taken], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() in README
    assert run.stdout.strip().endswith("&& .venv/bin/pytest")


def unpinned(requirements):
    """Return one message for each line of the requirements that pins no version, besides the refusal and the pins."""
    return [
        f"requirements.txt:{number}: no version is pinned: {line}\n  mend: write name==version"
        for number, line in enumerate(requirements.splitlines(), 1)
        if line.strip() and not PIN.fullmatch(line) and not line.startswith(("#", "-c ")) and number > 1
    ]


def test_everything_is_pinned_and_is_what_runs():
    assert not unpinned(REQUIREMENTS), "\n" + "\n".join(unpinned(REQUIREMENTS))
    for name, version in PINS:
        installed = importlib.metadata.version(name).partition("+")[0]
        assert installed == version, (
            f"{place_of(name)}: {name} is pinned at {version}, and {installed} is installed\n"
            "  mend: .venv/bin/pip install -r requirements.txt"
        )


def place_of(name):
    line = next(n for n, text in enumerate(REQUIREMENTS.splitlines(), 1) if text.startswith(f"{name}=="))
    return f"requirements.txt:{line}"


@pytest.mark.parametrize("line", ["torch", "torch>=2.13", "torch==2.*", "torch==2.13.0  # newest", "-r other.txt"])
def test_a_requirement_without_a_pin_is_named(line):
    number = REQUIREMENTS.count("\n") + 1
    (message,) = unpinned(f"{REQUIREMENTS}{line}\n")
    assert message == f"requirements.txt:{number}: no version is pinned: {line}\n  mend: write name==version"


def test_the_cpu_build_is_the_pinned_one():
    assert f"torch=={dict(PINS)['torch']} --index-url" in README


def test_an_old_python_is_told_so():
    assert REFUSAL.name == f"logits-to-loss-needs-python-{OLDEST}-or-newer"
    assert f"Both need Python {OLDEST} or newer" in README
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", f"{REFUSAL.name} @ {REFUSAL.url}"],
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert REFUSAL.name in run.stderr


def test_uv_reads_it_too():
    # On every Python, uv refuses the whole file for a URL that does not end as an archive does.
    assert REFUSAL.url.endswith(".zip")
