"""Loads what makes a form of each `??? predict` of a page, and gives it its words in the language of the page."""

import json
import re
from html import escape
from pathlib import Path

from languages import language

LIVE = Path(__file__).parents[1] / "assets/live"
FORM = re.compile(r'<details class="predict">')
TABLE = re.compile(r"= (\{.*\});", re.DOTALL)


def on_page_content(html, page, config, files):
    if not FORM.search(html):
        return html
    speech = language(page.file.src_uri)
    speech = speech if (LIVE / f"words/{speech}.js").exists() else "en"
    table = json.loads(TABLE.search((LIVE / f"words/{speech}.js").read_text("utf-8"))[1])
    words = escape(json.dumps(table["core"] | table["predict"], ensure_ascii=False))
    up = "../" * page.file.dest_uri.count("/") + "assets/live/predict"
    # Styles come first, so that nothing moves, but after the title, as those of figures.
    title, end, text = html.rpartition("</h1>")
    text = FORM.sub(lambda _: f'<details class="predict" data-words="{words}">', text)
    return f'{title}{end}<link rel="stylesheet" href="{up}.css">{text}<script src="{up}.js"></script>'
