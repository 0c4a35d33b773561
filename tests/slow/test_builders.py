"""The promise: who leaves MkDocs for its maintained continuation finds the same site, to the byte.

`pytest -m builders` installs ProperDocs into a folder of its own, for a moment, and needs a network for that.
"""

import os
import re
import subprocess
import sys

import pytest
from proof.places import ROOT

PROPERDOCS = "properdocs==1.6.7"
GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')


@pytest.mark.builders
def test_properdocs_builds_the_same_site(site, tmp_path):
    built, address = site
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path / "sister")]
    subprocess.run([*install, PROPERDOCS], check=True)
    run = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "-f", "mkdocs.yml", "-d", str(tmp_path / "site")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "sister"), "SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    files = [
        {path.relative_to(top).as_posix(): path for path in top.rglob("*") if path.is_file()}
        for top in (built, tmp_path / "site")
    ]
    assert files[0].keys() == files[1].keys()
    # The archive holds the pages, and differs where they do.
    differs = [
        name
        for name, path in files[0].items()
        if not name.endswith(".zip")
        and GENERATOR.sub(b"", path.read_bytes()) != GENERATOR.sub(b"", files[1][name].read_bytes())
    ]
    assert not differs
