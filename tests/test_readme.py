"""The promise of the README: its commands are the ones that are run, and its pins are the ones that prove."""

import importlib.metadata
import re
import subprocess
import sys

from proof.places import ROOT
from proof.readme import OLDEST, PINS, README, REFUSAL, REQUIREMENTS


def test_each_command_is_one_line_that_sets_up_and_runs():
    commands = re.findall(r"^python3 -m venv \.venv && \.venv/bin/pip install -r .*$", README, re.MULTILINE)
    assert [command.rpartition(" && ")[2] for command in commands] == [".venv/bin/mkdocs serve", ".venv/bin/pytest"]


def test_ci_runs_the_readme_command():
    script = (ROOT / ".ci/run").read_text("utf-8")
    taken = re.search(r"test_command=\$\((.*)\)", script)[1]
    run = subprocess.run(["bash", "-c", taken], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() in README
    assert run.stdout.strip().endswith("&& .venv/bin/pytest")


def test_everything_is_pinned_and_is_what_runs():
    lines = [line for line in REQUIREMENTS.splitlines() if line and not line.startswith("#")]
    assert len(PINS) == len(lines) - 2
    for name, version in PINS:
        assert importlib.metadata.version(name).partition("+")[0] == version, name


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
