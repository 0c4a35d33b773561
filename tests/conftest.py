"""The site, built once per run, and a Chromium that must stay quiet and at home."""

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from filelock import FileLock

# Tensors this small leave threads nothing to share but waiting for each other. What a test starts inherits it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[1]
# The last five keep Chromium from calling home, and a page from reaching any other host: it asks, and gets nothing.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# What a page waits for comes, however busy the machine is.
PATIENCE = 60_000
SERVED = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--redraw", action="store_true", help="write the figures anew")
    parser.addoption("--site", nargs=2, metavar=("FOLDER", "ADDRESS"), help="test what is built and served already")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    # Two tests may write into one page.
    if config.option.redraw:
        config.option.numprocesses = 0


def pytest_configure(config):
    # The links of a built site lead to one address: the process that starts the others serves it for all.
    if hasattr(config, "workerinput"):
        config.stash[SERVED] = config.workerinput["served"]
    elif config.option.site:
        config.stash[SERVED] = config.option.site
    else:
        serving = contextlib.ExitStack()
        config.add_cleanup(serving.close)
        config.stash[SERVED] = serving.enter_context(served())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["served"] = node.config.stash[SERVED]


def pytest_collection_modifyitems(config, items):
    # Not `-m "not mutation"` in addopts: whoever gives another -m would take that away.
    for marker in ("mutation", "processors"):
        if marker not in config.option.markexpr:
            left_out = [item for item in items if item.get_closest_marker(marker)]
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=left_out)


def lab_prose(source):
    """Return a lab's front matter and Markdown cells as a page, each line where it stands in the lab."""
    is_prose, page = True, []
    for line in source.splitlines():
        if line.startswith("# %%"):
            is_prose = "[markdown]" in line
            alt = re.search(r'alt="([^"]*)"', line)
            page.append(alt[1] if alt else "")
        else:
            page.append(line.removeprefix("#").removeprefix(" ") if is_prose else "")
    return "\n".join(page)


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


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served():
    """Serve an empty folder on this machine and return it and its address."""
    with tempfile.TemporaryDirectory(prefix="logits-to-loss-") as top:
        folder = Path(top, "site")
        folder.mkdir()
        handler = functools.partial(Quiet, directory=str(folder))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield str(folder), f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()


@pytest.fixture(scope="session")
def site(request):
    """Return (folder, address) of the site, which the first process that asks for it builds."""
    folder, address = request.config.stash[SERVED]
    built = Path(f"{folder}.built")
    with FileLock(f"{folder}.lock"):
        if not built.exists():
            run = mkdocs_build(ROOT, Path(folder), address)
            assert run.returncode == 0, run.stdout
            built.touch()
    return Path(folder), address


@pytest.fixture(scope="session")
def base_url(site):
    """The address that paths given to the browser are relative to."""
    return site[1]


@pytest.fixture
def project(tmp_path):
    """A copy of what the site is built from, free to be broken; it shares the cache of formulas."""
    for name in ("docs", "snippets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (ROOT / ".cache").mkdir(exist_ok=True)
    (tmp_path / ".cache").symlink_to(ROOT / ".cache")
    return tmp_path


@pytest.fixture
def run(pytester):
    """Run transcripts in a folder of their own under this project's settings."""
    pytester.makepyprojecttoml((ROOT / "pyproject.toml").read_text("utf-8"))

    def run(transcripts, *options):
        folder = pytester.mkdir("snippets")
        shutil.copy(ROOT / "snippets/conftest.py", folder)
        for name, text in transcripts.items():
            (folder / f"{name}.pycon").write_text(text, "utf-8")
        plugins = [f"-pno:{name}" for name in ("randomly", "playwright", "base_url", "cacheprovider")] + ["-n0"]
        return pytester.runpytest_subprocess("snippets", *plugins, *options)

    return run


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        missing = "Chromium is missing: apt-get install chromium, or set CHROMIUM to its path"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return browser_type_launch_args | {"executable_path": chromium, "args": CHROMIUM_FLAGS, "timeout": PATIENCE}


@pytest.fixture
def context(context):
    context.set_default_timeout(PATIENCE)
    return context


def opened(context, base_url):
    """Open a page and return it and what is wrong with it: what it asks other hosts for, and what the console says."""
    page, complaints = context.new_page(), []
    home = (base_url, "file:", "data:", "blob:", "about:")
    page.on("request", lambda r: None if r.url.startswith(home) else complaints.append(f"foreign request: {r.url}"))
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    return page, complaints


@pytest.fixture(scope="session")
def window(browser, browser_context_args, base_url):
    """The one page of a worker, and what is wrong with it: a new context costs as much as three pages to look at."""
    context = browser.new_context(**browser_context_args, permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE)
    yield opened(context, base_url)
    context.close()


@pytest.fixture
def quiet_page(window):
    """A page that fails its test if it asks another host for anything, or if the console complains.

    Other tests had it before: who changes what a browser keeps, or whether it is online, takes `fresh_page`.
    """
    page, complaints = window
    complaints.clear()
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    # Its scripts end here, and what they still have to say is this test's.
    page.goto("about:blank")
    assert not complaints, complaints


@pytest.fixture(scope="session")
def scriptless_page(browser, browser_context_args):
    """A page that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def fresh_page(context, base_url):
    """A quiet page in a browser that has seen nothing yet."""
    page, complaints = opened(context, base_url)
    yield page
    page.close()
    assert not complaints, complaints
