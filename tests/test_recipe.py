"""The promise of the README: an example is added in two steps, in two files, and all that looks at them is green."""

import re
import shlex
import shutil
import subprocess
import sys
import textwrap

import counts
from proof.claims import unbound_on
from proof.counted import counted, differences
from proof.places import ROOT
from proof.readme import README
from transcripts import TRACEBACK, check

RECIPE = re.search(r"^## Add an example in two steps\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)[1]
TRANSCRIPT, PAGE = re.search(r"`(snippets/\S+)` for `(docs/\S+)`", RECIPE).groups()
EXAMPLE, COMMAND, INCLUDE = (
    textwrap.dedent(block)
    for _, block in re.findall(r"^    (`{3,})\w*\n(.*?)^    \1$", RECIPE, re.MULTILINE | re.DOTALL)
)
RAISES = re.search(r"`(\{ \.pycon .*?\})`", RECIPE)[1]


def pytest_in(project, options):
    """Run pytest as the README does, but on the one transcript that changed."""
    command = [sys.executable, "-m", "pytest", TRANSCRIPT, "-pno:cacheprovider", *options]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def files(root):
    """Return all that pages are made from."""
    paths = [path for part in ("docs", "snippets") for path in (root / part).rglob("*") if path.is_file()]
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in paths if "__pycache__" not in p.parts}


def test_the_recipe_for_an_example_ends_green(project):
    shutil.copy(ROOT / "pyproject.toml", project)
    docs, snippets, transcript, page = (project / name for name in ("docs", "snippets", TRANSCRIPT, PAGE))
    program, folder, *options = shlex.split(COMMAND)
    assert (program, folder) == (".venv/bin/pytest", "snippets")
    # The README's own example, and one that raises.
    mistake = EXAMPLE.replace("my-example", "my-mistake").replace("[3]", "[10]")
    shown = INCLUDE.replace("my-example", "my-mistake").replace("pycon\n", f"{RAISES}\n", 1)

    transcript.write_text(f"{transcript.read_text('utf-8')}\n{EXAMPLE}\n{mistake}", "utf-8")
    pytest_in(project, options)
    text, _, way_on = page.read_text("utf-8").rpartition("\nNext: ")
    page.write_text(f"{text}\n{INCLUDE}\nThe loss is 2.3026.\n\n{shown}\nNext: {way_on}", "utf-8")

    raised = f"{TRACEBACK}\n    ...\nIndexError: Target 10 is out of bounds.\n"
    written = EXAMPLE.replace("\n\n", "\ntensor(2.3026)\n\n") + "\n" + mistake.replace("\n\n", f"\n{raised}\n")
    assert transcript.read_text("utf-8") == (ROOT / TRANSCRIPT).read_text("utf-8") + "\n" + written
    pytest_in(project, [])
    assert {"my-example", "my-mistake"} < check(docs, snippets)[page.relative_to(docs).as_posix()].keys()
    assert unbound_on(page, project) == []
    before, after = files(ROOT), files(project)
    assert {name for name in before | after if before.get(name) != after.get(name)} == {TRANSCRIPT, PAGE}
    rows = re.findall(r"^\| (.*?) \| ([\d,]+) \|", counts.counted(docs, snippets, ""), re.MULTILINE)
    old, new = counted(ROOT), counted(project)
    assert not differences({what: int(number.replace(",", "")) for what, number in rows}, new)
    grown = {what: number - old[what] for what, number in new.items() if number != old[what]}
    assert grown == {"statements": 2, "outputs": 2, "exceptions among them": 1}
