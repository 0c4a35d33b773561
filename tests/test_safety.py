"""The promise: a page runs and loads nothing but the site, a transcript calls no one, and what runs is pinned."""

import functools
import importlib.metadata
import re

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from proof.browser import PATIENCE, RUNGS
from proof.places import ROOT
from proof.readme import OLDEST, PINS

LOCKED = [
    Requirement(line)
    for line in (ROOT / ".ci/constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
# What a marker asks of a system; the README names the same ones, and .ci/lock looks there for wheels.
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}
DIRECTIVES = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


@pytest.mark.build
def test_every_page_allows_only_the_site_itself(site):
    pages = list(site[0].rglob("*.html"))
    assert site[0] / "404.html" in pages
    for page in pages:
        html = page.read_text("utf-8")
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
        assert re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')+", directives.pop("script-src")), page
        assert directives == DIRECTIVES, page
        assert html.index(policy) < html.index("<script"), page
        assert not re.search(r"<script[^>]*src=\"(?:https?:)?//|\son[a-z]+=\"", html), page


@pytest.mark.browser
@pytest.mark.parametrize(
    "attack",
    [
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.head.append(s);",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">');",
        "setTimeout(() => { try { eval('window.ran = 1'); } catch {} });",
        "setTimeout(() => { try { new Function('window.ran = 1')(); } catch {} });",
        "const s = document.createElement('script'); s.src = 'data:,window.ran=1'; document.head.append(s);",
        "fetch('data:text/plain,1').then(() => { window.ran = 1; }, () => {});",
        "fetch('http://localhost:9/').catch(() => {});",
    ],
)
def test_the_browser_refuses_anything_else(window, attack):
    page, _ = window
    page.goto(RUNGS)
    refused = page.evaluate(
        "() => new Promise(resolve => {"
        "  addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective));"
        f"  setTimeout(() => resolve('nothing'), {PATIENCE});"
        f"  {attack}"
        "})"
    )
    assert refused in ("script-src", "script-src-elem", "script-src-attr", "connect-src", "default-src")
    assert not page.evaluate("window.ran")


@functools.cache
def needs(name):
    """Return what an installed package requires."""
    try:
        return [Requirement(text) for text in importlib.metadata.requires(name) or []]
    except importlib.metadata.PackageNotFoundError:
        # Another system's: what it needs in turn is known where it is installed.
        return []


def tree(system):
    """Return the names of all that the pins bring along on a system, themselves included."""
    found, waiting = set(), [Requirement(f"{name}=={version}") for name, version in PINS]
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), *sorted(wanted.extras))
        if key not in found:
            found.add(key)
            environments = [system | {"extra": extra} for extra in ["", *wanted.extras]]
            waiting += [n for n in needs(key[0]) if not n.marker or any(n.marker.evaluate(e) for e in environments)]
    return {name for name, *_ in found}


def locked(system):
    """Return the one version that each package has on a system."""
    pins = [Requirement(f"{name}=={version}") for name, version in PINS]
    pins += [pin for pin in LOCKED if not pin.marker or pin.marker.evaluate(system)]
    versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(versions) == len(pins), "two versions of a package on one system\n  mend: .ci/lock"
    return versions


@pytest.mark.parametrize("python", [OLDEST, "3.12.0", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_whole_tree_is_pinned_on_every_system(system, python):
    there = SYSTEMS[system] | {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    missing = sorted(tree(there) - locked(there).keys())
    assert not missing, f".ci/constraints.txt pins no {missing}\n  mend: .ci/lock"


def test_the_whole_tree_is_pinned_and_is_what_runs():
    versions = locked({})
    for name in tree({}):
        assert importlib.metadata.version(name).partition("+")[0] == versions.get(name), f"{name}\n  mend: .ci/lock"
        wanted = importlib.metadata.metadata(name).get("Requires-Python", "")
        assert OLDEST in SpecifierSet(wanted), f"{name} needs Python {wanted}\n  mend: requirements.txt, line 1"
