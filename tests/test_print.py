"""The promise: a printed page holds all that is on the screen."""

import re
import unicodedata

import pypdfium2
import pytest
from proof.browser import ADDRESSES, RUNGS

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


def lost(page, part, pdf):
    """Print a page, and return the sentences of a part of it that are nowhere on the sheets; no sheet is empty."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    shown = page.evaluate(SENTENCES, part)
    page.pdf(path=pdf, format="A4")
    with pypdfium2.PdfDocument(pdf) as sheets:
        texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
        images = [any(sheet.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])) for sheet in sheets]
    assert all(len(text) > 20 or image for text, image in zip(texts, images, strict=True))
    # A hyphen that ends a line is read as one that parts a word, and has a character of its own.
    text = "".join(texts).replace("\ufffe", "-")
    # A printed "fi" is one glyph; Hangul has none where no such font is installed.
    printed = unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
    assert "Tableofcontents" not in printed
    shown = [unicodedata.normalize("NFKC", text) for text in shown if not re.search("[가-힣]", text)]
    assert shown
    # The end of a sheet may cut a sentence in two.
    cuts = {text: range(len(text) + 1) for text in shown}
    return [text for text in shown if not any(text[:k] in printed and text[k:] in printed for k in cuts[text])]


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_prints_whole(view, tmp_path, path):
    assert not lost(view(path), ".cheat-sheet" if path == "index.html" else "article", tmp_path / "page.pdf")


def test_a_sentence_that_is_not_printed_is_seen(view, tmp_path):
    page = view(RUNGS)
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend',"
        "'<style>@media print { .screen { display: none } }</style><p class=screen>On the screen alone.</p>')"
    )
    assert lost(page, "article", tmp_path / "page.pdf") == ["Onthescreenalone."]
