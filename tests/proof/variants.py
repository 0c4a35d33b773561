"""Other builds of this site to measure it beside, first views of them in a browser, and other ways to run a page."""

import contextlib
import doctest
import functools
import gzip
import io
import json
import re
import shutil
import subprocess
import time
import warnings
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
from mkdocs.utils.yaml import yaml_load
from texmath import Renderer

from proof.places import PAGES, ROOT, TRANSCRIPTS
from proof.sites import Quiet, copy_project, mkdocs_build, serve

with (ROOT / "mkdocs.yml").open(encoding="utf-8") as settings:
    HOOKS = yaml_load(settings)["hooks"]
# What the theme's manual advises for math, with MathJax on the site's own server. MathJax starts a worker that this
# site's policy forbids, so the policy goes.
CLIENT_HOOK = """import re

def on_config(config):
    config.markdown_extensions = [e for e in config.markdown_extensions if type(e).__name__ != "TexMath"]
    config.extra_javascript += ["mathjax-config.js", "mathjax/tex-chtml.js"]

def on_post_page(output, page, config):
    return re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", output)
"""
CLIENT_CONFIG = r"""window.MathJax = {
  tex: {inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]]},
  options: {ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex"},
  output: {fontPath: new URL("mathjax-font", document.currentScript.src).href},
  startup: {typeset: false},
};
document$.subscribe(() => MathJax.startup.promise.then(() => {
  MathJax.typesetClear();
  MathJax.texReset();
  return MathJax.typesetPromise();
}));
"""
# A formula in a closed block has no size and still stands; one whose font is missing does not.
WATCH = """window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
  .observe({type: "layout-shift", buffered: true});
(function look() {
  const stands = (formula) => {
    const drawn = formula.querySelector("svg, mjx-container");
    return drawn && (!drawn.checkVisibility() || drawn.getBoundingClientRect().height > 0);
  };
  // The footer comes after the last formula.
  if (document.querySelector("footer") && document.fonts.status === "loaded"
      && [...document.querySelectorAll("tex-math, .arithmatex")].every(stands)) window.stood = performance.now();
  else requestAnimationFrame(look);
})();"""


def must(run: subprocess.CompletedProcess) -> None:
    """Fail with what a command printed, if it failed."""
    if run.returncode:
        pytest.fail(f"{' '.join(map(str, run.args))} ended with {run.returncode}:\n{run.stdout}")


def configure(project: Path, **settings) -> None:
    """Give a project this site's mkdocs.yml with other settings."""
    shutil.copy(ROOT / "mkdocs.yml", project / "base.yml")
    # A copy may leave out what a page links to; that is not measured here.
    links = dict.fromkeys(("not_found", "anchors", "absolute_links", "unrecognized_links"), "ignore")
    validation = {"nav": {"omitted_files": "ignore"}, "links": links}
    settings = {"INHERIT": "base.yml", "strict": False, "validation": validation} | settings
    # YAML reads JSON.
    (project / "mkdocs.yml").write_text(json.dumps(settings), "utf-8")


def build(project: Path) -> Path:
    """Build a project and return the folder of its site."""
    must(mkdocs_build(project, project / "site"))
    return project / "site"


def both_ways(folder: Path) -> list[Path]:
    """Build this site, and the same content with MathJax in the browser."""
    built = []
    for name, hooks in (("ours", []), ("client", ["docs/_hooks/client.py"])):
        project = copy_project(("docs", "snippets", "requirements.txt"), folder / name)
        (project / "docs/_hooks/client.py").write_text(CLIENT_HOOK, "utf-8")
        configure(project, hooks=[*HOOKS, *hooks])
        built.append(build(project))
    modules = Renderer(ROOT / ".cache")._mathjax() / "node_modules"
    (built[1] / "mathjax-config.js").write_text(CLIENT_CONFIG, "utf-8")
    (built[1] / "mathjax").symlink_to(modules / "mathjax")
    (built[1] / "mathjax-font").symlink_to(modules / "@mathjax/mathjax-newcm-font")
    return built


def multiply(project: Path, count: int) -> list[str]:
    """Fill a project with copies of the text pages and their transcripts, and return its `count` pages."""
    texts, made = PAGES, []
    for number in range(count):
        text = texts[number % len(texts)].relative_to(ROOT / "docs")
        own = text.with_suffix(".pycon")
        top = f"copy{number // len(texts)}"
        page = (ROOT / "docs" / text).read_text("utf-8").replace('--8<-- "', f'--8<-- "{top}/')
        # A copy lies one folder deeper than its page.
        page = re.sub(r"(?:\.\./)*assets/", r"../\g<0>", page)
        for part in ("docs", "snippets"):
            (project / part / top / text).parent.mkdir(parents=True, exist_ok=True)
        (project / "docs" / top / text).write_text(page, "utf-8")
        if (ROOT / "snippets" / own).exists():
            shutil.copy(ROOT / "snippets" / own, project / "snippets" / top / own)
        made.append(f"{top}/{text.as_posix()}")
    return made


class View(NamedTuple):
    size: float
    requests: float
    shift: float
    stood: float


@functools.cache
def packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


class Counting(Quiet):
    """Serves files with gzip, as hosts do, and notes the size of each answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.server.lost.append(self.path)
            return self.send_error(404)
        self.server.sizes.append(len(packed(path)))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed(path))))
        self.end_headers()
        self.wfile.write(packed(path))


@contextlib.contextmanager
def served(folder: Path):
    """Serve a folder with gzip, and note what is asked for and not there."""
    with serve(folder, Counting) as server:
        server.lost = []
        yield server


def first_view(browser, server, path: str) -> View:
    """Load a page with an empty cache."""
    server.sizes = []
    address = f"http://127.0.0.1:{server.server_port}/"
    home = (address, "blob:", "data:")
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda asked: None if asked.url.startswith(home) else server.lost.append(asked.url))
        page.add_init_script(WATCH)
        page.goto(address + path, wait_until="networkidle")
        # The site's policy forbids what Playwright waits for a function with.
        while not page.evaluate("window.stood"):
            page.wait_for_timeout(50)
        # What moves after the last formula still counts.
        page.wait_for_timeout(500)
        shift, stood = page.evaluate("[window.shift, window.stood]")
    if server.lost:
        pytest.fail(f"{path} asked for what is not there: {server.lost}")
    return View(sum(server.sizes), len(server.sizes), shift, stood)


ROUNDS = 3

PYTEST = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider"]


def seconds(call) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def examples(transcript: Path) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(transcript.read_text("utf-8"), transcript.name)


def by_exec(sources: list[str]) -> None:
    """Run examples as a prompt would, and compare nothing."""
    names = {"__name__": "__main__"}
    for source in sources:
        # Some examples raise on purpose.
        with contextlib.suppress(Exception):
            exec(compile(source, "<example>", "single"), names)


class Clock:
    """A plugin that adds up what pytest spends on each transcript: setup, call and teardown."""

    def __init__(self):
        self.spent = defaultdict(float)

    def pytest_runtest_logreport(self, report):
        self.spent[report.nodeid.partition("::")[0]] += report.duration


def costs() -> list[tuple[float, float]]:
    """Return what each transcript costs by pytest and by bare exec, in one process that has torch."""
    import torch  # noqa: F401

    checked, bare = defaultdict(list), defaultdict(list)
    for _ in range(ROUNDS + 1):
        clock, printed = Clock(), io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = pytest.main([str(ROOT / "snippets"), f"--rootdir={ROOT}", *PYTEST], plugins=[clock])
        if code:
            raise RuntimeError(printed.getvalue())
        for transcript in TRANSCRIPTS:
            name = transcript.relative_to(ROOT).as_posix()
            sources = [example.source for example in examples(transcript)]
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
                bare[name].append(seconds(functools.partial(by_exec, sources)))
            checked[name].append(clock.spent[name])
    # The first round also pays for what torch and scikit-learn load late.
    return [(median(checked[name][1:]), median(bare[name][1:])) for name in bare]
