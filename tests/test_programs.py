"""The promise: a page's Markdown holds each word, formula, line of code and output of the page, in its order.

llms.txt lists all pages, llms-full.txt holds them, and what they link to is there.
"""

import contextlib
import functools
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from difflib import unified_diff
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin

import markdown
import pytest
from bs4 import BeautifulSoup
from exercises import COURSE, FOLDER, in_order, read_all
from mkdocs.utils.meta import get_data
from proof.nav import groups, settings
from proof.places import DOCS, LABS, PAGES, ROOT, read
from proof.sites import mkdocs_build
from texmath import CODE, FORMULA

pytestmark = pytest.mark.build
ids = pytest.mark.parametrize(
    "path", [*PAGES, *LABS], ids=lambda path: path.relative_to(DOCS).with_suffix("").as_posix()
)
BLOCK = re.compile(r"^(?P<quote>(?:> )?)(?P<fence>`{3,})\w+\n(?P<code>.*?)\n(?P=quote)(?P=fence)$", re.M | re.S)
TEX = re.compile(f"{CODE.pattern}|(?P<formula>{FORMULA.pattern})", CODE.flags)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tex(formula):
    """Return a formula as TeX reads it, in a box or out of it."""
    return " ".join(re.sub(r"^> ?", "", formula, flags=re.MULTILINE).split())


def of_page(html):
    """Return what a page shows: its words and formulas in their order, and each block of code letter by letter."""
    article, blocks = BeautifulSoup(html, "html.parser").select_one("article"), []
    for other in article.select(".take-along, .tex-glyphs, .headerlink, button, script, style, link"):
        other.decompose()
    for picture in article.select("img.figure"):
        picture.replace_with(f" Figure: {picture['alt']} ")
    for formula in article.select("tex-math"):
        formula.string = "FORMULA"
    for block in article.select(".highlight"):
        title = block.select_one(".filename")
        blocks.append(block.select_one("code").get_text().strip("\n"))
        block.replace_with(f" {title.get_text() if title else ''} BLOCK ")
    return article.get_text(" ").split(), blocks


def of_markdown(text):
    """Return what a page's Markdown holds, the same way, and the TeX of its formulas."""
    blocks, formulas = [], []

    def block(match):
        blocks.append(
            re.sub(rf"^{match['quote'].strip()} ?" if match["quote"] else r"\A", "", match["code"], flags=re.M)
        )
        return f"{match['quote']}BLOCK"

    def formula(match):
        if not match["formula"]:
            return match[0]
        formulas.append(tex(match["formula"]))
        return "<tex-math>FORMULA</tex-math>"

    prose = TEX.sub(formula, BLOCK.sub(block, text))
    html = markdown.markdown(prose, extensions=["tables", "attr_list", "def_list"])
    return BeautifulSoup(html, "html.parser").get_text(" ").split(), blocks, formulas


def without_note(text):
    """Return a page's Markdown without the lines below its title, which no page shows: what it is about, and whence."""
    title, about, body = text.split("\n\n", 2)
    assert re.fullmatch(r"> .+\n>\n> From \[.+\]\(\S+\), where every output was computed with PyTorch .+", about)
    return f"{title}\n\n{body}"


def differences(html, text, source):
    """Return where a page and its Markdown are not the same; `source` is what the page is made from."""
    (words, blocks), (said, held, formulas) = of_page(html), of_markdown(without_note(text))
    shown = [tex(match["formula"]) for match in TEX.finditer(source) if match["formula"]]
    pairs = [
        (words, said),
        *((a.split("\n"), b.split("\n")) for a, b in itertools.zip_longest(blocks, held, fillvalue="")),
    ]
    return [line for pair in [*pairs, (shown, formulas)] for line in unified_diff(*pair, lineterm="", n=2)]


def beside(path, site, suffix):
    return (site[0] / path.relative_to(DOCS)).with_suffix(suffix).read_text("utf-8")


@ids
def test_the_markdown_of_a_page_holds_all_that_the_page_shows(path, site):
    assert differences(beside(path, site, ".html"), beside(path, site, ".md"), read(path)) == []


PAGE = DOCS / "losses/nll.md"
# What stands in the Markdown of that page, and what it becomes.
BREAKS = {
    "a word": ("flips the sign", "keeps the sign"),
    "a number": ("unrounded ones is 1.09381", "unrounded ones is 1.09391"),
    "an output": ("tensor(-20.)", "tensor(-2.)"),
    "a prompt": (">>> -picked.mean()", "-picked.mean()"),
    "a line of code": (">>> y = torch.randint(0, 3, size=(5,))\n", ""),
    "a code block": ("```pycon\n>>> w = torch.tensor([1.0, 2.0, 5.0])\n", "```\n"),
    "a formula": (r"\ell_i = -\log p_{i y_i}", r"\ell_i = \log p_{i y_i}"),
    "a mark": ("**silently wrong**\n\n", ""),
    "a cell of a table": ("better remove it", "leave it"),
    "the text of a box": ("> It then averages", "> It then adds"),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_what_the_markdown_of_a_page_lacks_is_named(broken, site):
    html, text = beside(PAGE, site, ".html"), beside(PAGE, site, ".md")
    old, new = BREAKS[broken]
    assert old in text
    assert differences(html, text.replace(old, new, 1), read(PAGE))


def test_sections_in_another_order_are_named(site):
    html, text = beside(PAGE, site, ".html"), beside(PAGE, site, ".md")
    head, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    assert differences(html, "".join([head, *sections[::-1]]), read(PAGE))


def test_a_figure_without_its_text_is_named(site):
    page = DOCS / "index.md"
    html, text = beside(page, site, ".html"), beside(page, site, ".md")
    assert differences(html, re.sub(r"^Figure: .*$", "", text, flags=re.MULTILINE), read(page))


@functools.cache
def sections(page):
    """Return the names of what links can lead to in a built page."""
    return set(re.findall(r'\sid="([^"]*)"', page.read_text("utf-8")))


def leads_nowhere(text, base, folder, address):
    """Yield each link of a Markdown text to the site itself whose page or section is not there."""
    for target in LINK.findall(BLOCK.sub("", text)):
        leads_to, anchor = urldefrag(urljoin(base, target))
        if leads_to.startswith(address):
            file = folder / leads_to.removeprefix(address)
            if not file.is_file():
                yield f"{base}: {target}"
            elif anchor and anchor not in sections(file.with_suffix(".html")):
                yield f"{base}: {target}: no such section"


@ids
def test_links_lead_from_markdown_to_markdown(path, site):
    folder, address = site
    base = address + path.relative_to(DOCS).with_suffix(".md").as_posix()
    text = beside(path, site, ".md")
    assert not list(leads_nowhere(text, base, folder, address))
    html = [link for link in LINK.findall(BLOCK.sub("", text)) if link.startswith(address) and ".html" in link]
    # The note, which says where the page stands.
    assert html == [base.removesuffix("md") + "html"]


def listed(pages):
    """Return what llms.txt says of pages: their titles, addresses and descriptions."""
    for page in pages:
        _, about = get_data(read(DOCS / page))
        yield about["title"], re.sub(r"\.\w+$", ".md", page), about["description"]
        if page == COURSE:
            for exercise in in_order(read_all(FOLDER), SimpleNamespace(**settings(ROOT))):
                yield exercise.about["title"], f"course/{exercise.name}.md", exercise.about["description"]


def test_llms_txt_lists_every_page_of_the_nav_as_the_convention_wants_it(site):
    folder, address = site
    text = (folder / "llms.txt").read_text("utf-8")
    # One title, one quotation, words without a heading, and then sections that are lists of links.
    head, *sections = re.split(r"^## .+\n\n", text, flags=re.MULTILINE)
    assert re.match(r"# Logits to Loss\n\n> .+\n\n(?![#>])", head)
    assert [
        [
            (title, link.removeprefix(address), about)
            for title, link, about in re.findall(r"- \[(.+)\]\((\S+)\): (.+)\n", s)
        ]
        for s in sections
    ] == [list(listed(pages)) for pages in groups(ROOT)]
    assert all(re.fullmatch(r"(?:- .+\n)+\n?", section) for section in sections)
    assert not list(leads_nowhere(text, address, folder, address))


def test_llms_full_txt_holds_every_page_whole_and_in_order(site):
    folder, address = site
    text = (folder / "llms-full.txt").read_text("utf-8")
    pages = [path for _, path, _ in listed(page for pages in groups(ROOT) for page in pages)]
    wholes = [(folder / page).read_text("utf-8") for page in pages]
    # Links start from the page that they stand in, there, and from nowhere here.
    assert LINK.sub("", text) == LINK.sub("", "\n---\n\n".join(wholes))
    assert not [link for link in LINK.findall(BLOCK.sub("", text)) if not link.startswith("http")]
    assert not list(leads_nowhere(text, address, folder, address))


SETTINGS = """
site_name: Small
site_description: A site of two pages.
copyright: Free.
use_directory_urls: false
strict: true
theme: {name: mkdocs}
hooks: [docs/_hooks/transcripts.py, docs/_hooks/downloads.py, docs/_hooks/programs.py]
exclude_docs: _hooks/
markdown_extensions: [pymdownx.superfences, pymdownx.snippets: {base_path: snippets}]
nav: [index.md, Group: [deep/page.md]]
"""
TOP = "---\ntitle: {0}\ndescription: About {0}.\n---\n\n# {0}\n\n"


@pytest.fixture
def small(tmp_path):
    """A site of two pages without an address of its own."""
    shutil.copytree(ROOT / "docs/_hooks", tmp_path / "docs/_hooks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    for folder in ("docs/deep", "snippets/deep"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(SETTINGS)
    (tmp_path / "docs/index.md").write_text(TOP.format("Top") + "See [code](deep/page.md#code) and [here](#top).\n")
    (tmp_path / "snippets/deep/page.pycon").write_text("# --8<-- [start:a]\n>>> 1 + 1\n2\n\n# --8<-- [end:a]\n")
    code = '``` pycon\n--8<-- "deep/page.pycon:a"\n```\n'
    (tmp_path / "docs/deep/page.md").write_text(TOP.format("Page") + f"[Back](../index.md)\n\n## Code\n\n{code}")
    return tmp_path


def test_without_an_address_links_start_from_the_file_they_stand_in(small):
    run = mkdocs_build(small, small / "site", "")
    assert run.returncode == 0, run.stdout
    top, page, short, full = (
        (small / "site" / name).read_text("utf-8") for name in ("index.md", "deep/page.md", "llms.txt", "llms-full.txt")
    )
    assert LINK.findall(top) == ["index.html", "deep/page.md#code", "#top"]
    assert LINK.findall(page) == ["page.html", "../index.md"]
    assert LINK.findall(short) == ["llms-full.txt", "index.md", "deep/page.md"]
    assert LINK.findall(full) == ["index.html", "deep/page.md#code", "index.md#top", "deep/page.html", "index.md"]
    assert page.endswith("## Code\n\n```pycon\n>>> 1 + 1\n2\n```\n")


def test_mkdocs_serve_has_them_too(small):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "-a", address]
    with subprocess.Popen(command, cwd=small, stderr=subprocess.DEVNULL, env=os.environ) as server:
        try:
            page = None
            while not page and server.poll() is None:
                with contextlib.suppress(urllib.error.URLError):
                    page = urllib.request.urlopen(f"http://{address}/deep/page.md").read().decode()
                time.sleep(0.1)
            short = urllib.request.urlopen(f"http://{address}/llms.txt").read().decode()
        finally:
            server.terminate()
    assert ">>> 1 + 1\n2\n" in page
    assert LINK.findall(short)[1:] == [f"http://{address}/index.md", f"http://{address}/deep/page.md"]
