"""The site, or a copy of what it is made from, built and served on this machine."""

import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from transcripts import pages

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


def excerpt(kept: tuple[str, ...], parts: tuple[str, ...], into: Path) -> Path:
    """Copy parts of the project with a few of its pages alone, which are built in seconds, and as strictly as all.

    A page is named without its suffix. There is no lab and no exercise; links to what is not there leave the site.
    """
    project = copy_project(parts, into)
    docs, snippets = project / "docs", project / "snippets"
    for path in [*pages(docs), *docs.glob("labs/*.py"), *snippets.rglob("*.pycon"), *snippets.glob("exercises/*.py")]:
        if path.relative_to(project).with_suffix("").as_posix().partition("/")[2] not in kept:
            path.unlink()
    for page in pages(docs):
        page.write_text(led_out(page), "utf-8")
    asked = docs / "_hooks/asked.json"
    words = json.loads(asked.read_text("utf-8"))
    asked.write_text(json.dumps({at: words[at] for at in words if at.partition(".")[0] in kept}), "utf-8")
    settings = project / "mkdocs.yml"
    nav = "".join(f"  - {page}.md\n" for page in kept)
    text = re.sub(r"^nav:\n(?:  .*\n)+", f"nav:\n{nav}", settings.read_text("utf-8"), flags=re.MULTILINE)
    # The hook of exercises wants a page to list them on.
    text = text.replace("  - docs/_hooks/exercises.py\n", "")
    # A build drops from the cache of labs what it has not used.
    text = text.replace("execute: true\n", "execute: true\n      cache: false\n")
    settings.write_text(text, "utf-8")
    return project


def led_out(page: Path) -> str:
    """Return the text of a page, whose links to pages that are not there leave the site."""
    return re.sub(
        r"\]\(([\w./-]+\.(?:md|py))(?:#[\w-]*)?\)",
        lambda link: link[0] if (page.parent / link[1]).exists() else "](https://example.org/)",
        page.read_text("utf-8"),
    )


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
