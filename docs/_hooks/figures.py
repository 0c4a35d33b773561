"""Puts each drawn figure of the class `live` into the element that makes it interactive, and loads what it needs."""

import re
from pathlib import Path

from languages import language

FIGURE = re.compile(r'<p>(<img(?=[^>]*class="figure live")[^>]*src="([./]*assets/)figures/(\w+)\.svg"[^>]*>)</p>')
LIVE = Path(__file__).parents[1] / "assets/live"


def on_page_content(html, page, config, files):
    own, up = [], ""

    def place(match):
        nonlocal up
        image, up, name = match[1], match[2], match[3].replace("_", "-")
        own.append(name)
        return f'<{name} lang="{speech}">{image}</{name}>'

    # Where no table is written in the language of the page, its figures speak English.
    speech = language(page.file.src_uri)
    speech = speech if (LIVE / f"words/{speech}.js").exists() else "en"
    html = FIGURE.sub(place, html)
    if not own:
        return html
    # A browser shows nothing of what follows a style before it has it: styles come first, so that nothing moves, but
    # after the title, by which the site's own style tells one kind of page from another.
    styles = ["live", *own]
    scripts = ["core", f"words/{speech}", *own]
    there = {path.relative_to(LIVE).as_posix() for path in LIVE.rglob("*.*")}
    links = "".join(f'<link rel="stylesheet" href="{up}live/{n}.css">' for n in styles if f"{n}.css" in there)
    title, end, text = html.rpartition("</h1>")
    loads = "".join(f'<script src="{up}live/{n}.js"></script>' for n in scripts if f"{n}.js" in there)
    return title + end + links + text + loads
