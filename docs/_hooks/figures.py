"""Puts each drawn figure of the class `live` into the element that makes it interactive, and loads what it needs."""

import re
from pathlib import Path

from languages import language

FIGURE = re.compile(r'<p>(<img(?=[^>]*class="figure live")[^>]*src="([./]*assets/)figures/(\w+)\.svg"[^>]*>)</p>')
LIVE = Path(__file__).parents[1] / "assets/live"


def spoken(page: str) -> str:
    """Return the language that scripts speak on a page: its own where a table is written in it, and else English."""
    speech = language(page)
    return speech if (LIVE / f"words/{speech}.js").exists() else "en"


def load(html: str, folder: str, styles: list[str], scripts: list[str]) -> str:
    """Return a page that loads styles and scripts of a folder."""
    # A browser shows nothing of what follows a style before it has it: styles come first, so that nothing moves, but
    # after the title, by which the site's own style tells one kind of page from another.
    title, end, text = html.rpartition("</h1>")
    links = "".join(f'<link rel="stylesheet" href="{folder}/{name}.css">' for name in styles)
    return title + end + links + text + "".join(f'<script src="{folder}/{name}.js"></script>' for name in scripts)


def on_page_content(html, page, config, files):
    own, up = [], ""

    def place(match):
        nonlocal up
        image, up, name = match[1], match[2], match[3].replace("_", "-")
        own.append(name)
        return f'<{name} lang="{speech}">{image}</{name}>'

    speech = spoken(page.file.src_uri)
    html = FIGURE.sub(place, html)
    if not own:
        return html
    styles = [name for name in ("live", *own) if (LIVE / f"{name}.css").exists()]
    scripts = [name for name in ("core", f"words/{speech}", *own) if (LIVE / f"{name}.js").exists()]
    return load(html, f"{up}live", styles, scripts)
