"""The promise: a printed page holds all that is on the screen."""

import re
import unicodedata

import pypdf
import pytest
from proof.browser import ADDRESSES

pytestmark = pytest.mark.browser


def test_the_home_page_prints_as_its_cheat_sheet(view):
    page = view("index.html")
    page.emulate_media(media="print")
    assert page.locator(".cheat-sheet table").is_visible()
    for hidden in (".home-title", "[data-print]", "#the-promise"):
        assert not page.locator(hidden).first.is_visible()


# What a reader sees within a part of the page, without its spaces.
SENTENCES = """part => [...document.querySelectorAll(`${part} :is(h1, h2, h3, p, li, td, code)`)]
    .filter(e => !e.closest("which-loss, p:has(+ which-loss)") && e.checkVisibility())
    .flatMap(e => [...e.childNodes]).filter(node => node.nodeType === Node.TEXT_NODE)
    .map(node => node.data.replace(/\\s/g, "")).filter(text => text.length > 3)"""


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_prints_whole(view, tmp_path, path):
    page = view(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    kept = ".cheat-sheet" if path == "index.html" else "article"
    shown = page.evaluate(SENTENCES, kept)
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = pypdf.PdfReader(tmp_path / "page.pdf").pages
    texts = [sheet.extract_text() for sheet in sheets]
    # A printed "fi" is one glyph; Hangul has none where no such font is installed.
    printed = unicodedata.normalize("NFKC", re.sub(r"\s", "", "".join(texts)))
    shown = [unicodedata.normalize("NFKC", text) for text in shown if not re.search("[가-힣]", text)]
    assert shown
    # The end of a sheet may cut a sentence in two.
    cuts = {text: range(len(text) + 1) for text in shown}
    lost = [text for text in shown if not any(text[:k] in printed and text[k:] in printed for k in cuts[text])]
    assert not lost
    assert "Tableofcontents" not in printed
    assert all(len(text) > 20 or sheet.images for text, sheet in zip(texts, sheets, strict=True))
