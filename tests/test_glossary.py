"""The promise: a reader who follows the pages in their order meets no term before the page that defines it."""

import re

import pytest
from labs import prose as lab_prose
from languages import language
from markdown.extensions.toc import slugify
from proof.claims import CODE
from proof.counted import ENTRY
from proof.equations import FORMULA
from proof.nav import groups, line_of
from proof.places import DOCS, name

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
    opening = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    return "\n".join(
        "" if n == opening or line.lstrip().startswith(("#", "!!!", "Next:")) else line for n, line in enumerate(lines)
    )


def in_order(docs, spoken=""):
    """Return the pages of a language in reading order, from the nav, with what they say, without the home page.

    A page that is not there says nothing, so that only its own test is red.
    """
    pages = [page for group in groups(docs.parent)[1:] for page in group if language(page) == spoken]
    texts = {page: (docs / page).read_text("utf-8") if (docs / page).exists() else "" for page in pages}
    return {page: reading(lab_prose(text) if page.endswith(".py") else text) for page, text in texts.items()}


def unreadable(page, docs):
    """Return what keeps a page of the nav from being read, or an empty string."""
    if not (docs / page).exists():
        place = f"mkdocs.yml:{line_of(docs.parent, page)}"
        return f"{place}: docs/{page} does not exist\n  mend: write it, or take it out of the nav"
    text = (docs / page).read_text("utf-8")
    prose = FRONT_MATTER.sub("", lab_prose(text) if page.endswith(".py") else text)
    if not re.search(r"^ *[^\s#]", prose, re.MULTILINE):
        return f"docs/{page}:1: this page has no paragraph\n  mend: begin it with two sentences on what a reader gets"
    return ""


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


def defined_elsewhere(term, home, section, docs):
    """Return what is wrong where an entry leads to a section that does not define its term in bold, or nothing."""
    page, here, sections = (docs / home).read_text("utf-8") if (docs / home).exists() else "", "", []
    page = lab_prose(page) if home.endswith(".py") else page
    for line, whole in zip(CODE.sub(blank, page).splitlines(), page.splitlines(), strict=True):
        heading = line.startswith("#") and re.match(r"#+ (.*?)(?:\{[^}]*#(?P<id>[\w-]+)[^}]*\})?$", whole)
        if heading:
            here = heading["id"] or slugify(re.sub(r"[`*]|\]\([^)]*\)", "", heading[1]).strip(), "-")
        sections += [here for bold in re.findall(r"\*\*([^*]+)\*\*", line) if word(term).fullmatch(bold)]
    if section in sections or not sections:
        return ""
    return f"docs/{home} defines {term} in #{sections[0]}, and not in #{section}\n  mend: lead the glossary there"


def malformed(glossary):
    """Return one message for each entry that cannot be read as one, and for each that stands in the wrong place."""
    messages, last = [], ""
    for block in re.finditer(r"(?<=\n\n)\S(?:.|\n(?!\n))*", FRONT_MATTER.sub(blank, glossary)):
        where = f"docs/glossary.md:{glossary.count(chr(10), 0, block.start()) + 1}"
        entry = ENTRY.match(block[0])
        if entry and entry["term"].lower() < last:
            messages.append(f"{where}: {entry['term']} comes after {last}\n  mend: sort the entries")
        elif not entry and (re.search(r"^ *:", block[0], re.MULTILINE) or re.match(r"\[[^\n]*\n", block[0])):
            messages.append(
                f"{where}: this entry cannot be read: {block[0].splitlines()[0]}\n"
                "  mend: write [term](page.md#section), and below it a colon, three spaces and one sentence"
            )
        last = entry["term"].lower() if entry else last
    return messages


GLOSSARIES = {language(page.relative_to(DOCS).as_posix()): page for page in DOCS.rglob("glossary.md")}
PAGES = {spoken: in_order(DOCS, spoken) for spoken in GLOSSARIES}
# A link of a translated glossary leads to a page beside it.
TERMS = [
    (spoken, entry["term"], f"{spoken}/{entry['page']}".strip("/"), entry["section"])
    for spoken, glossary in GLOSSARIES.items()
    for entry in ENTRY.finditer(glossary.read_text("utf-8"))
]
terms = pytest.mark.parametrize(
    ("spoken", "term", "home", "section"), TERMS, ids=["/".join(term[:2]).strip("/") for term in TERMS]
)


@terms
def test_no_term_is_used_before_it_is_defined(spoken, term, home, section):
    assert not too_early(term, home, PAGES[spoken], [other for tongue, other, *_ in TERMS if tongue == spoken])
    assert not defined_elsewhere(term, home, section, DOCS)


@terms
def test_a_term_is_defined_once(spoken, term, home, section):
    bold = [(page, b) for page, text in PAGES[spoken].items() for b in re.finditer(r"\*\*([^*]+)\*\*", text)]
    places = [
        f"docs/{page}:{PAGES[spoken][page].count(chr(10), 0, b.start()) + 1}"
        for page, b in bold
        if word(term).fullmatch(b[1])
    ]
    assert len(places) == 1, (
        f"{', '.join(places) or home}: {term} is in bold {len(places)} times\n  mend: once, in {home}"
    )
    assert places[0].startswith(f"docs/{home}:"), f"{places[0]}: {term} is defined here\n  mend: define it in {home}"


@pytest.mark.parametrize("path", [page for pages in PAGES.values() for page in pages])
def test_every_page_of_the_nav_can_be_read(path):
    assert not unreadable(path, DOCS)


@pytest.mark.parametrize("spoken", GLOSSARIES)
def test_the_glossary_is_whole_and_sorted(spoken):
    text = GLOSSARIES[spoken].read_text("utf-8")
    assert not malformed(text), "\n" + "\n".join(malformed(text))
    read, there = sum(term[0] == spoken for term in TERMS), len(re.findall(r"^:  ", text, re.MULTILINE))
    assert read == there > 50, (
        f"{name(GLOSSARIES[spoken])}:1: of {there} entries, {read} can be read\n"
        "  mend: write [term](page.md#section), and below it a colon, three spaces and one sentence"
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("[b](p.md#s)\n:   B.", ""),
        ("Some words\nin two lines.", ""),
        ("[b](p.md)\n:   B.", "6: this entry cannot be read: [b](p.md)\n  mend: write [term](page.md#section)"),
        ("b\n:   B.", "6: this entry cannot be read: b\n"),
        ("[b](p.md#s)\n: B.", "6: this entry cannot be read: "),
        ("[b](p.md#s)\nB.", "6: this entry cannot be read: "),
        ("[b](p.md#s)\n\n:   B.", "8: this entry cannot be read: :   B."),
        ("[A](p.md#s)\n:   A.", "6: A comes after aa\n  mend: sort"),
    ],
)
def test_a_slip_in_the_glossary_is_named(entry, message):
    found = malformed(f"# Glossary\n\n[aa](p.md#s)\n:   AA.\n\n{entry}\n\n[c](p.md#s)\n:   C.\n")
    assert len(found) == bool(message)
    assert "".join(found).startswith(f"docs/glossary.md:{message}" * bool(message))


def test_a_slip_in_the_nav_is_named(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    nav = "nav:\n  - Home: index.md\n  - Start:\n      - a.md\n      - Of B: b.md\n"
    (tmp_path / "mkdocs.yml").write_text(nav, "utf-8")
    (docs / "a.md").write_text("# A\n\n## B\n", "utf-8")
    assert in_order(docs).keys() == {"a.md", "b.md"}
    assert unreadable("a.md", docs).startswith("docs/a.md:1: this page has no paragraph\n  mend: ")
    assert unreadable("b.md", docs).startswith("mkdocs.yml:5: docs/b.md does not exist\n  mend: ")
    (docs / "a.md").write_text("# A\n\nYou will.\n", "utf-8")
    assert not unreadable("a.md", docs)


def test_a_definition_in_another_section_is_named(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\n## The `odds`\n\n**Odds** are\n\n## Risk {#risk}\n\nA **risk**\n", "utf-8")
    assert not defined_elsewhere("odds", "a.md", "the-odds", tmp_path)
    assert not defined_elsewhere("risk", "a.md", "risk", tmp_path)
    message = "docs/a.md defines odds in #the-odds, and not in #risk\n  mend: "
    assert defined_elsewhere("odds", "a.md", "risk", tmp_path).startswith(message)


def test_an_early_term_is_named():
    page, home = "a.md", "b.md"
    pages = {page: reading("# A\n\nA.\n\nThe *odds* are high.\n"), home: reading("# B\n\nB.\n\n**Odds** are\n")}
    assert "docs/a.md:5: odds is used before docs/b.md defines it" in too_early("odds", home, pages)
    assert not too_early("odds", home, {page: reading("# Odds\n\nThe odds.\n\n`odds` $odds$\n"), home: pages[home]})
    late = {home: reading("# B\n\nB.\n\nOdds, **odds**\n")}
    assert "docs/b.md:5: Odds is used before" in too_early("odds", home, late)
    assert not too_early("odds", home, {page: reading("# A\n\nA.\n\nLog odds.\n"), home: pages[home]}, ["log odds"])
    assert "docs/a.md does not define" in too_early("risk", page, pages)
