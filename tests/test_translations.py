"""The promise: a translation shows what its original shows, is proven as that is, and is red where it lacks a part."""

import os
import re
import subprocess
import sys

import pytest
from errors import PageError
from proof.places import PAGES, name, original_of
from proof.sites import excerpt
from proof.translations import lacking
from transcripts import check

TRANSLATIONS = [page for page in PAGES if original_of(page) != page]
PAGE = "losses/bce.md"
PROMISES = ["number_is_bound", "equation_holds", "copied_code", "notebook_run_again", "first_view", "lacks_nothing"]
# What a translation leaves as it is: code, includes, formulas, numbers, where links lead, and addresses of sections.
KEPT = re.compile(
    r"""\A---\n.*?^---$
    |^\ *```.*?^\ *```$
    |\$\$.*?\$\$ | \$[^$\n]+\$ | `[^`\n]+`
    |\]\([^)]*\)(?:\{[^}]*\})?
    |\{\ ?\#[\w-]+\ ?\}
    |^\ *[?!]{3}\+?\ [\w-]+""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


def translated(text):
    """Return a page in another language: each word of its prose is another one, and links lead to the originals."""
    kept = []

    def keep(match):
        kept.append(re.sub(r"\]\((?!\w+:|#)(\.\./)?", lambda m: "](../../" + ("" if m[1] else "losses/"), match[0]))
        return f"\0{len(kept) - 1}\0"

    other = re.sub(r"[A-Za-z][\w'-]*", "말", KEPT.sub(keep, text))
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], other)


@pytest.fixture
def site_with_a_translation(tmp_path):
    """A copy of this project with some of its pages and one more, and that page."""
    parts = ("docs", "snippets", "tests", "mkdocs.yml", "requirements.txt", "pyproject.toml", "README.md", ".ci")
    project = excerpt(("losses/bce", "losses/log-sum-exp", "foundations/softmax"), parts, tmp_path)
    page = project / "docs/ko" / PAGE
    page.parent.mkdir(parents=True)
    page.write_text(translated((project / "docs" / PAGE).read_text("utf-8")), "utf-8")
    settings = project / "mkdocs.yml"
    text = settings.read_text("utf-8")
    assert f"  - {PAGE}\n" in text
    settings.write_text(text.replace(f"  - {PAGE}\n", f"  - {PAGE}\n  - 말:\n      - ko/{PAGE}\n"), "utf-8")
    return project, page


@pytest.mark.parametrize("page", TRANSLATIONS, ids=name)
def test_a_translation_lacks_nothing(page):
    assert not lacking(page)


@pytest.mark.build
@pytest.mark.browser
def test_a_translation_is_proven_as_its_original_is(site_with_a_translation):
    project, page = site_with_a_translation
    assert lacking(page, project) == []
    chosen = f"ko and {page.stem} and ({' or '.join(PROMISES)})"
    keeping = [
        path for path in (project / "tests").glob("test_*.py") if any(p in path.read_text("utf-8") for p in PROMISES)
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-pno:cacheprovider", *keeping, "-rA", "-k", chosen],
        cwd=project,
        env=os.environ | {"CI": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    for promise in PROMISES:
        assert re.search(rf"^PASSED tests/\S*{promise}\S*ko/losses", run.stdout, re.MULTILINE), promise


LACKS = {
    "section": (r"``` pycon\n--8<-- \"losses/bce\.pycon:softplus\"\n```\n", "", "section softplus is shown nowhere"),
    "formula": (r"\$\$[^$]*\\label\{stable-bce\}\n\$\$\n", "", "lacks the formula stable-bce of docs/losses/bce.md"),
    "number": (r"16\.64", "17", "lacks the number 16.64 of docs/losses/bce.md"),
    "prediction": (r"^\?\?\? predict .*\n\n(?:    .*\n)*", "", "lacks the prediction prediction of docs/losses/bce.md"),
    "question": (r"^\?\?\? question .*\n\n(?:    .*\n|\n)*", "", "lacks the question question of docs/losses/bce.md"),
}


@pytest.mark.parametrize("part", LACKS)
def test_a_part_that_a_translation_lacks_is_named(site_with_a_translation, part):
    project, page = site_with_a_translation
    pattern, instead, message = LACKS[part]
    text, count = re.subn(pattern, instead, page.read_text("utf-8"), flags=re.MULTILINE)
    assert count >= 1
    page.write_text(text, "utf-8")
    found = lacking(page, project)
    try:
        check(project / "docs", project / "snippets")
    except PageError as error:
        found.append(str(error))
    assert any(message in said and "ko/losses/bce" in said for said in found), found
