"""The promise: what is copied from a page is the code that runs, and the TeX that is proven."""

import re

import pytest
from proof.browser import ADDRESSES, RUNGS, comes
from proof.places import SNIPPETS
from transcripts import TRACEBACK, own, sections

pytestmark = pytest.mark.browser


# What the theme's button takes for each block: `data-md-copying` hides what is not to be copied.
COPIED = """() => [...document.querySelectorAll(".highlight")].map(block => {
    const code = document.querySelector(block.querySelector("[data-md-type=copy]").dataset.clipboardTarget);
    code.setAttribute("data-md-copying", "");
    const text = code.innerText.trimEnd();
    code.removeAttribute("data-md-copying");
    return text;
})"""


def copied(page):
    """Return what is copied from each block of code that a page shows or folds away."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert comes(page, "!document.querySelector('.highlight:not(:has([data-md-type=copy]))')")
    return page.evaluate(COPIED)


def typed(path):
    """Return the lines that were typed in each section that a page shows."""
    transcript = SNIPPETS / own(path)
    shown = sections(transcript, transcript.name).values() if transcript.exists() else []
    texts = [re.sub(r"\s+# doctest:.*", "", section.text) for section in shown]
    return [[line[4:] for line in text.splitlines() if line.startswith((">>> ", "... "))] for text in texts]


def lines(codes):
    return [[line for line in code.splitlines() if line.strip()] for code in codes]


@pytest.mark.parametrize("path", [path for path in ADDRESSES if not path.startswith("labs/")])
def test_copied_code_is_the_code(view, path):
    page = view(path)
    codes = copied(page)
    assert lines(codes) == typed(path)
    for code in codes:
        compile(code, path, "exec")
    if codes:
        block = page.locator(".highlight").last
        block.hover()
        block.locator("[data-md-type=copy]").click()
        assert comes(page, "document.querySelector('.md-dialog[data-md-state], .md-dialog--active')")
        assert page.evaluate("navigator.clipboard.readText()") == codes[-1]


@pytest.mark.parametrize(
    "change",
    [
        "document.styleSheets[0].insertRule('.highlight .gp { display: inline !important }')",
        "document.styleSheets[0].insertRule('.highlight .go { display: inline !important }')",
        "document.querySelectorAll('[data-md-type=copy]')[1].dataset.clipboardTarget = '#__code_0 > code'",
        "document.querySelector('#__code_1 .n').textContent += '_'",
    ],
)
def test_other_copied_code_is_seen(view, change):
    page = view(RUNGS)
    page.evaluate(f"() => {{ {change}; }}")
    assert lines(copied(page)) != typed(RUNGS)


def test_a_message_that_wraps_is_copied_as_one_line(view):
    page = view("clinics/errors.html")
    message = page.locator(".gt", has_text="Trying to backward through the graph a second time").first
    assert message.bounding_box()["height"] > 5 * page.locator(".go").first.bounding_box()["height"]
    message.evaluate("element => getSelection().selectAllChildren(element)")
    head, dots, said = page.evaluate("getSelection().toString()").splitlines()
    assert (head, dots) == (TRACEBACK, "    ...")
    assert said in (SNIPPETS / "clinics/errors.pycon").read_text("utf-8").splitlines()


def test_tex_can_be_copied(view):
    page = view(RUNGS)
    page.locator("#cross-entropy > .tex-copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith(r"L = -\frac{1}{N} \sum_{i=1}^{N}")
