"""The promise: each page leads on to the one that comes after it, and the menu claims no number."""

import itertools
import posixpath
import re

import pytest
from labs import prose
from languages import language, original
from proof.claims import claims, refused
from proof.nav import groups, line_of, settings, titles
from proof.places import ROOT

NEXT = re.compile(r"^Next: \[[^\]]+\]\((?P<page>[^)#]*)(?:#[^)]*)?\)\.$", re.MULTILINE)


def paths(root):
    """Return the pages that are read one after the other, in each language, and those that are looked up.

    The path of the originals begins behind the home page, and ends before the last group.
    """
    (home, *path), looked_up = groups(root), groups(root)[-1]
    pages = [page for group in path if group != looked_up for page in group]
    spoken = {language(page) for page in pages}
    return [[page for page in pages if language(page) == tongue] for tongue in sorted(spoken)], home + looked_up


def astray(page, root):
    """Return what is wrong with where a page leads on to, or an empty string."""
    text = (root / "docs" / page).read_text("utf-8")
    text = prose(text) if page.endswith(".py") else text
    found = list(NEXT.finditer(text))
    read, looked_up = paths(root)
    after = {this: [then] for path in read for this, then in itertools.pairwise(path)}
    # A translated page may lead on to an original that is not translated yet.
    ways = list(dict.fromkeys(after.get(page, []) + after.get(original(page), []))) or looked_up
    if not found:
        return f"docs/{page}:1: no way on\n  mend: end it with Next: [what comes]({ways[0]})." if page in after else ""
    for way in found:
        leads_to = posixpath.normpath(posixpath.join(posixpath.dirname(page), way["page"]))
        if leads_to not in ways:
            line = text.count("\n", 0, way.start()) + 1
            return f"docs/{page}:{line}: Next leads to {leads_to}\n  mend: lead to {' or '.join(ways)}, as the nav does"
    return ""


def claimed(root):
    """Return one message for each number that the menu or the description of the site claims."""
    said = settings(root)
    words = [said.get(key, "") for key in ("site_name", "site_description", "copyright")] + list(titles(said["nav"]))
    return [
        f"mkdocs.yml:{line_of(root, text)}: no test computes a number of: {text}\n  mend: say it without numbers"
        for text in words
        if refused("", text) or list(claims(text))
    ]


@pytest.mark.parametrize("page", [page for group in groups(ROOT) for page in group])
def test_every_page_leads_on(page):
    assert not astray(page, ROOT)


def test_the_menu_claims_no_number():
    assert not claimed(ROOT), "\n" + "\n".join(claimed(ROOT))


NAV = """\
site_name: Loss
site_description: Proven.
copyright: Text under CC BY 4.0.
nav:
  - Home: index.md
  - Start:
      - a.md
      - Of B: b/b.md
  - Labs: [labs/c.py]
  - Look up: [d.md]
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mkdocs.yml").write_text(NAV, "utf-8")
    for page, text in {
        "index.md": "# Home",
        "a.md": "# A\n\nNext: [b](b/b.md#b).",
        "b/b.md": "# B\n\nNext: [c](../labs/c.py).",
        "labs/c.py": "# %% [markdown]\n# Next: [home](../index.md).",
        "d.md": "# D",
    }.items():
        (tmp_path / "docs" / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / page).write_text(text, "utf-8")
    return tmp_path


def test_a_way_that_leads_astray_is_named(root):
    assert not [page for group in groups(root) for page in group if astray(page, root)]
    for page, text, message in (
        ("a.md", "# A\n\nNext: [c](labs/c.py).", "docs/a.md:3: Next leads to labs/c.py\n  mend: lead to b/b.md"),
        ("a.md", "# A", "docs/a.md:1: no way on\n  mend: "),
        ("b/b.md", "# B\n\nNext: [c](c.md).", "docs/b/b.md:3: Next leads to b/c.md\n  mend: lead to labs/c.py"),
        (
            "labs/c.py",
            "# Next: [a](../a.md).",
            "docs/labs/c.py:1: Next leads to a.md\n  mend: lead to index.md or d.md",
        ),
    ):
        (root / "docs" / page).write_text(text, "utf-8")
        assert astray(page, root).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Start:", "Start in 15 minutes:", 6),
        ("Of B", "B is 99 % right", 8),
        ("Proven.", "Proven 9.9 times.", 2),
        ("Loss\n", "Loss of 9 percent\n", 1),
    ],
)
def test_a_number_in_the_menu_is_named(root, old, new, line):
    assert not claimed(root)
    (root / "mkdocs.yml").write_text(NAV.replace(old, new, 1), "utf-8")
    (message,) = claimed(root)
    assert message.startswith(f"mkdocs.yml:{line}: no test computes a number of: ")
