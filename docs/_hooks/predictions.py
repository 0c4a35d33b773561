"""Loads what makes a form of each `??? predict` of a page, and gives it its words in the language of the page."""

import json
import re
from html import escape

from figures import LIVE, load, spoken

FORM = re.compile(r'<details class="predict">')
TABLE = re.compile(r"= (\{.*\});", re.DOTALL)


def on_page_content(html, page, config, files):
    if not FORM.search(html):
        return html
    text = (LIVE / f"words/{spoken(page.file.src_uri)}.js").read_text("utf-8")
    table = json.loads(TABLE.search(text)[1])
    words = escape(json.dumps(table["core"] | table["predict"], ensure_ascii=False))
    html = FORM.sub(lambda _: f'<details class="predict" data-words="{words}">', html)
    return load(html, "../" * page.file.dest_uri.count("/") + "assets/live", ["predict"], ["predict"])
