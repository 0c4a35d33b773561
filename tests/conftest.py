"""The site, built once per run, and a Chromium that must stay quiet and at home."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The last four keep Chromium from calling home, which would count as a foreign request.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser):
    parser.addoption("--redraw", action="store_true", help="write the figures anew")


def pytest_collection_modifyitems(config, items):
    # Not `-m "not mutation"` in addopts: whoever gives another -m would take that away.
    if "mutation" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("mutation")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        # The first of them builds the site, and runs every lab where the cache is empty.
        if "site" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


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


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site, serve it on this machine and return (folder, address)."""
    folder = tmp_path_factory.mktemp("site")
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        run = mkdocs_build(ROOT, folder, address)
        assert run.returncode == 0, run.stdout
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, address
        server.shutdown()


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
        plugins = [f"-pno:{name}" for name in ("randomly", "playwright", "base_url", "cacheprovider")]
        return pytester.runpytest_subprocess("snippets", *plugins, *options)

    return run


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        missing = "Chromium is missing: apt-get install chromium, or set CHROMIUM to its path"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return browser_type_launch_args | {"executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture
def quiet_page(context, base_url):
    """A page that fails its test if it asks another host for anything, or if the console complains."""
    page = context.new_page()
    page.set_default_timeout(5_000)
    complaints = []

    def stay_home(route):
        if route.request.url.startswith((base_url, "file:", "data:", "blob:")):
            route.continue_()
        else:
            complaints.append(f"foreign request: {route.request.url}")
            route.abort()

    page.route("**/*", stay_home)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    yield page
    page.close()
    assert not complaints, complaints
