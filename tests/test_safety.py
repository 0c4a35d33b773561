"""The promise: a page runs and loads nothing but the site, a transcript calls no one, and what runs is pinned."""

import importlib.metadata
import re

import pytest
from conftest import PATIENCE, ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_readme import PINS

LOCKED = re.findall(r"^([\w.-]+)==([\w.]+)$", (ROOT / ".ci/constraints.txt").read_text("utf-8"), re.MULTILINE)
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
    page.goto("losses/four-rungs.html")
    refused = page.evaluate(
        "() => new Promise(resolve => {"
        "  addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective));"
        f"  setTimeout(() => resolve('nothing'), {PATIENCE});"
        f"  {attack}"
        "})"
    )
    assert refused in ("script-src", "script-src-elem", "script-src-attr", "connect-src", "default-src")
    assert not page.evaluate("window.ran")


def tree(pins):
    """Return the names of all that is installed because of some pins, the pinned ones included."""
    found, waiting = set(), [Requirement(f"{name}=={version}") for name, version in pins]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        needs = [Requirement(text) for text in importlib.metadata.requires(name) or []]
        extras = ["", *wanted.extras]
        needed = [n for n in needs if not n.marker or any(n.marker.evaluate({"extra": extra}) for extra in extras)]
        waiting += [n for n in needed if canonicalize_name(n.name) not in found]
        found.add(name)
    return found


def test_the_whole_tree_is_pinned_and_is_what_runs():
    versions = {canonicalize_name(name): version for name, version in [*PINS, *LOCKED]}
    assert len(versions) == len(PINS) + len(LOCKED)
    needed = tree(PINS)
    # What Python's own venv brings is not pip's to choose.
    assert not needed - versions.keys() - {"setuptools"}, "mend: .ci/lock"
    for name in needed & versions.keys():
        assert importlib.metadata.version(name).partition("+")[0] == versions[name], f"{name}\n  mend: .ci/lock"
