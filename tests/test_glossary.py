"""The promise: a reader who follows the pages in their order meets no term before the page that defines it."""

import re

import pytest
import yaml
from claims import CODE
from conftest import ROOT, lab_prose
from equations import FORMULA

DOCS = ROOT / "docs"
ENTRY = re.compile(r"^\[(?P<term>[^\]]+)\]\((?P<page>[^)#]+)#(?P<section>[^)]+)\)\n:   \S", re.MULTILINE)
FRONT_MATTER = re.compile(r"\A---\n.*?^---$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\([^)\s]*\)")


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def reading(source):
    """Return the sentences of a page, each in its line and column, with all else blank.

    Headings, the opening paragraph, titles of boxes and the texts of links may name what is yet
    to be explained.
    """
    for silent in (FRONT_MATTER, CODE, FORMULA, LINK):
        source = silent.sub(blank, source)
    lines = source.split("\n")
    opening = next(n for n, line in enumerate(lines) if line.strip() and not line.startswith("#"))
    return "\n".join(
        "" if n == opening or line.lstrip().startswith(("#", "!!!", "Next:")) else line for n, line in enumerate(lines)
    )


def in_order():
    """Return the pages in reading order, from the nav, with what they say; the home page is no part of the path."""
    nav = re.search(r"^nav:\n(?:[ -].*\n)+", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)[0]
    groups = [group for entry in yaml.safe_load(nav)["nav"] for group in entry.values()]
    pages = [page for group in groups if isinstance(group, list) for page in group]
    texts = {page: (DOCS / page).read_text("utf-8") for page in pages}
    return {page: reading(lab_prose(text) if page.endswith(".py") else text) for page, text in texts.items()}


def word(term):
    """Return a pattern that finds a term, also at the start of a sentence and in the plural."""
    return re.compile(rf"(?<![\w-]){re.escape(term)}(?:e?s)?(?![\w-])", re.IGNORECASE * (not term.isupper()))


def too_early(term, home, pages, terms=()):
    """Return where a term is used before its page defines it in bold, or an empty string.

    In a longer one of the `terms`, such as `weight decay`, it does not count as used.
    """
    longer = [word(other) for other in terms if word(term).search(other) and other != term]
    for page, text in pages.items():
        for other in longer:
            text = other.sub(blank, text)
        first = word(term).search(text)
        if first:
            bold = any(b.start() < first.start() < b.end() for b in re.finditer(r"\*\*[^*]+\*\*", text))
            if page == home and bold:
                return ""
            line = text.count("\n", 0, first.start()) + 1
            return (
                f"docs/{page}:{line}: {first[0]} is used before docs/{home} defines it\n"
                "  mend: use another word, or define the term here, in bold, and link the glossary to it"
            )
        if page == home:
            return f"docs/{home} does not define {term}\n  mend: define it, in bold, or mend the glossary's link"
    return f"docs/{home} is not in the nav"


PAGES = in_order()
TERMS = [(entry["term"], entry["page"]) for entry in ENTRY.finditer((DOCS / "glossary.md").read_text("utf-8"))]


@pytest.mark.parametrize(("term", "home"), TERMS, ids=[term for term, _ in TERMS])
def test_no_term_is_used_before_it_is_defined(term, home):
    assert not too_early(term, home, PAGES, [term for term, _ in TERMS])


@pytest.mark.parametrize(("term", "home"), TERMS, ids=[term for term, _ in TERMS])
def test_a_term_is_defined_once(term, home):
    bold = [(page, b[1]) for page, text in PAGES.items() for b in re.finditer(r"\*\*([^*]+)\*\*", text)]
    assert [page for page, text in bold if word(term).fullmatch(text)] == [home]


def test_the_glossary_is_whole_and_sorted():
    text = (DOCS / "glossary.md").read_text("utf-8")
    assert len(TERMS) == len(re.findall(r"^:  ", text, re.MULTILINE)) > 50
    assert [term for term, _ in TERMS] == sorted((term for term, _ in TERMS), key=str.lower)


def test_an_early_term_is_named():
    page, home = "a.md", "b.md"
    pages = {page: reading("# A\n\nA.\n\nThe *odds* are high.\n"), home: reading("# B\n\nB.\n\n**Odds** are\n")}
    assert "docs/a.md:5: odds is used before docs/b.md defines it" in too_early("odds", home, pages)
    assert not too_early("odds", home, {page: reading("# Odds\n\nThe odds.\n\n`odds` $odds$\n"), home: pages[home]})
    late = {home: reading("# B\n\nB.\n\nOdds, **odds**\n")}
    assert "docs/b.md:5: Odds is used before" in too_early("odds", home, late)
    assert not too_early("odds", home, {page: reading("# A\n\nA.\n\nLog odds.\n"), home: pages[home]}, ["log odds"])
    assert "docs/a.md does not define" in too_early("risk", page, pages)
