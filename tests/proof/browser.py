"""A Chromium that stays at home, and what tests do in it."""

import os
import re
import shutil

from proof.places import DOCS, LABS, PAGES

ADDRESSES = [path.relative_to(DOCS).with_suffix(".html").as_posix() for path in [*PAGES, *LABS]]
# A page with much math, code and output.
RUNGS = "losses/four-rungs.html"

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


def opened(context, base_url):
    """Open a page and return it and what is wrong with it: what it asks other hosts for, and what the console says."""
    page, complaints = context.new_page(), []
    home = (base_url, "file:", "data:", "blob:", "about:")
    page.on("request", lambda r: None if r.url.startswith(home) else complaints.append(f"foreign request: {r.url}"))
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    return page, complaints


def chromium() -> str | None:
    """Return the path of the Chromium that this machine has, if any."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


# In an order that turns a page to another width once.
VIEWS = [("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390)]

# Formulas that have no size, or that are wider than the column that holds them.
LOST_MATH = """() => [...document.querySelectorAll("tex-math > svg")].filter(svg => {
    const {width, height} = svg.getBoundingClientRect();
    const uses = [...svg.querySelectorAll("use")].filter(use => use.getBBox().width > 0);
    return width < 3 || height < 3 || uses.length === 0;
}).length"""


def turn(page, scheme, width):
    """Show a page in a color scheme and a width; what watches its size has done its part when this returns."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")


def comes(page, condition):
    """Wait for what a page comes to, and tell whether it did; its policy forbids Playwright's own way."""
    return page.evaluate(
        "() => new Promise(resolve => {"
        f"  const look = () => ({condition}) ? resolve(true) : performance.now() < end ? setTimeout(look, 20)"
        "    : resolve(false);"
        f"  const end = performance.now() + {PATIENCE};"
        "  look();"
        "})"
    )


def search(page, query):
    """Type a query into the search box and return what it finds, best first.

    A result is a page with its best section beneath: the address of that section, or the page's own
    where none is shown.
    """
    box = page.locator(".md-search__input")
    page.keyboard.press("/")
    box.fill("")
    page.locator(".md-search-result__meta", has_text="Type to start").wait_for()
    box.fill(query)
    box.press("End")
    page.locator(".md-search-result__meta", has_text="matching").wait_for()
    found = page.eval_on_selector_all(
        ".md-search-result__item",
        "items => items.map(i => [...i.querySelectorAll(':scope > .md-search-result__link')].at(-1).href)",
    )
    return [re.sub(r"^.*?://[^/]*/|\?[^#]*", "", address) for address in found]
