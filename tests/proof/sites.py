"""The site, or a copy of what it is made from, built and served on this machine."""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from proof.places import ROOT


def mkdocs_build(project: Path, into: Path, site_url: str = "http://127.0.0.1:8000/") -> subprocess.CompletedProcess:
    """Run `mkdocs build` in a project folder and return its exit code and what it said."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(into)],
        cwd=project,
        env=os.environ | {"SITE_URL": site_url, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def copy_project(parts: tuple[str, ...], into: Path) -> Path:
    """Copy parts of what the site is built from, free to be changed; the copy shares the caches."""
    for part in parts:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, into / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, into)
    (ROOT / ".cache").mkdir(exist_ok=True)
    (into / ".cache").symlink_to(ROOT / ".cache")
    return into


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(folder: Path, handler: type = Quiet) -> Iterator[http.server.ThreadingHTTPServer]:
    """Serve a folder on this machine at `http://127.0.0.1:{server_port}/`."""
    handler = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
