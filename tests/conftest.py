"""The site, built once per run, and a Chromium that must stay quiet and at home."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from proof.browser import CHROMIUM_FLAGS, PATIENCE, chromium, opened, turn
from proof.mistakes import Printed
from proof.places import ROOT
from proof.sites import copy_project, excerpt, mkdocs_build, serve

# Tensors this small leave threads nothing to share but waiting for each other. What a test starts inherits it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
SHARED, SERVED = pytest.StashKey(), pytest.StashKey()


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
        config.stash[SHARED], config.stash[SERVED] = config.workerinput["shared"]
    else:
        sharing = contextlib.ExitStack()
        config.add_cleanup(sharing.close)
        config.stash[SHARED] = sharing.enter_context(tempfile.TemporaryDirectory(prefix="logits-to-loss-"))
        if config.option.site:
            config.stash[SERVED] = config.option.site
        else:
            folder = Path(config.stash[SHARED], "site")
            folder.mkdir()
            server = sharing.enter_context(serve(folder))
            config.stash[SERVED] = str(folder), f"http://127.0.0.1:{server.server_port}/"
    config.pluginmanager.register(Printed(Path(config.stash[SHARED])), "printed")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["shared"] = node.config.stash[SHARED], node.config.stash[SERVED]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    # Not `-m "not mutation"` in addopts: whoever gives another -m would take that away.
    for marker in ("mutation", "processors", "benchmark", "builders"):
        if marker not in config.option.markexpr:
            left_out = [item for item in items if item.get_closest_marker(marker)]
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=left_out)
    # By then, most transcripts have run, and what they printed was kept.
    items.sort(key=lambda item: "printed" in getattr(item, "fixturenames", ()))


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
def shared(request):
    """A folder that all processes of this run of pytest have, and that goes with it."""
    return Path(request.config.stash[SHARED])


@pytest.fixture(scope="session")
def printed(request):
    """What the transcripts printed that have run already."""
    return request.config.pluginmanager.get_plugin("printed")


@pytest.fixture(scope="session")
def base_url(site):
    """The address that paths given to the browser are relative to."""
    return site[1]


@pytest.fixture
def project(tmp_path):
    """A copy of what the site is built from, free to be broken; it shares the cache of formulas."""
    return copy_project(("docs", "snippets", "mkdocs.yml", "requirements.txt"), tmp_path)


@pytest.fixture
def two_pages(tmp_path):
    """A site of two pages of this one, free to be broken: what ends its build would end that of all pages."""
    parts = ("docs", "snippets", "mkdocs.yml", "requirements.txt")
    return excerpt(("losses/four-rungs", "losses/nll"), parts, tmp_path)


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
    found = chromium()
    if not found:
        missing = "Chromium is missing: apt-get install chromium, or set CHROMIUM to its path"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return browser_type_launch_args | {"executable_path": found, "args": CHROMIUM_FLAGS, "timeout": PATIENCE}


@pytest.fixture
def context(context):
    context.set_default_timeout(PATIENCE)
    return context


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


@pytest.fixture
def view(quiet_page):
    """Open a page of the site in a color scheme and a width."""

    def view(path, scheme="light", width=1280):
        turn(quiet_page, scheme, width)
        quiet_page.goto(path)
        return quiet_page

    return view


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
