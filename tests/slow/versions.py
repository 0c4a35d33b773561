"""Asks other versions of PyTorch the examples of the clinics and the reference, and writes down what they say.

    .venv/bin/python tests/slow/versions.py
    .venv/bin/python tests/slow/versions.py 2.8.0 2.9.1

The first asks all versions, the second only those that it names, and leaves what is known of the others. Each version
is installed into a folder of its own, in front of what `.venv` holds, asked, and removed. What differs is written into
snippets/since.yml, from which the build makes lines of pages; `tests/proof/since.py` says what is left out.

A build for GPUs takes up to 10 GB of disk for a moment; PIP_EXTRA_INDEX_URL may name an index of smaller ones.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs/_hooks"), str(ROOT / "tests")]

from packaging.version import Version  # noqa: E402
from proof.readme import PINS  # noqa: E402
from proof.since import asked_pages, outputs, without_attacks, write  # noqa: E402

PINNED = dict(PINS)["torch"]
VERSIONS = [
    "1.13.1",
    "2.4.1",
    "2.5.1",
    "2.6.0",
    "2.7.1",
    "2.8.0",
    "2.9.1",
    "2.10.0",
    "2.11.0",
    "2.12.1",
    "2.13.0",
    "2.14.1",
    "2.15.0",
]
# Before it, PyTorch was built for NumPy 1.
NUMPY_2 = Version("2.3")
OPTIONS = [f"-pno:{plugin}" for plugin in ("randomly", "playwright", "base_url", "cacheprovider")]
OPTIONS += ["-q", "-n0", "--timeout=0", "--override-ini=filterwarnings=", "--doctest-plus-generate-diff=overwrite"]


def install(version: str, into: Path) -> str:
    """Put a version of PyTorch, and what it needs, into a folder. Return why there is none, or nothing."""
    wanted = [f"torch=={version}", *(["numpy<2"] if Version(version) < NUMPY_2 else [])]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-cache-dir", "--only-binary=:all:"]
    run = subprocess.run([*pip, "--target", into, *wanted], stderr=subprocess.PIPE, text=True)
    if run.returncode and not (missing := re.search("No matching distribution found for .*", run.stderr)):
        sys.exit(run.stderr)
    return missing[0] if run.returncode else ""


def ask(version: str, root: Path = ROOT) -> dict[str, list[tuple[int, str, str]]] | str:
    """Return what a version says to the examples of each page, or why it was not asked."""
    with tempfile.TemporaryDirectory(prefix=f"torch-{version}-") as folder:
        scratch = Path(folder)
        if missing := install(version, scratch / "installed"):
            return missing
        shutil.copytree(root / "snippets", scratch / "snippets")
        shutil.copy(root / "pyproject.toml", scratch)
        asked = {page: scratch / f"snippets/{page}.pycon" for page in asked_pages(root)}
        for transcript in asked.values():
            transcript.write_text(without_attacks(transcript.read_text("utf-8")), "utf-8")
        # A warning that the page does not show ends no example.
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *OPTIONS, *asked.values()],
            cwd=scratch,
            env=os.environ | {"PYTHONPATH": str(scratch / "installed")},
            stdout=subprocess.PIPE,
            text=True,
        )
        if run.returncode:
            sys.exit(run.stdout)
        return {page: outputs(transcript.read_text("utf-8")) for page, transcript in asked.items()}


if __name__ == "__main__":
    for version in sys.argv[1:] or VERSIONS:
        if version != PINNED:
            print(f"torch {version}", flush=True)
            write(version, ask(version), PINNED)
