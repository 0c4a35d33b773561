"""The promise: a page runs and loads nothing but the site, a transcript calls no one, and what runs is pinned."""

import re

import pytest

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
def test_the_browser_refuses_anything_else(page, base_url, attack):
    page.goto(base_url + "losses/four-rungs.html")
    refused = page.evaluate(
        "() => new Promise(resolve => {"
        "  addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective));"
        "  setTimeout(() => resolve('nothing'), 3000);"
        f"  {attack}"
        "})"
    )
    assert refused in ("script-src", "script-src-elem", "script-src-attr", "connect-src", "default-src")
    assert not page.evaluate("window.ran")
