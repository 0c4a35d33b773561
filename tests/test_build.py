"""The promise: what is broken ends the build with its place and its mend, never in a site that looks fine."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import torch
from proof.places import PAGES, ROOT
from proof.sites import mkdocs_build

pytestmark = pytest.mark.build
PAGE = "docs/losses/four-rungs.md"
TRANSCRIPT = "snippets/losses/four-rungs.pycon"


def test_the_site_builds_every_page_without_scripts_for_math(site):
    folder, _ = site
    for page in PAGES:
        html = (folder / page.relative_to(ROOT / "docs").with_suffix(".html")).read_text("utf-8")
        shown = len(re.findall(r"(?<!\$)\$\$(?!\$)", page.read_text("utf-8"))) // 2
        assert html.count('class="display"') == shown
        assert "arithmatex" not in html
        assert not re.search(r"<(?:script|link|mjx-)[^>]*mathjax|<script>[^<]*mathjax", html, re.IGNORECASE)
        assert "--8<--" not in html


def test_every_page_says_which_torch_proved_it(site):
    folder, _ = site
    version = torch.__version__.partition("+")[0]
    for page in folder.rglob("*.html"):
        assert f"PyTorch {version}." in page.read_text("utf-8"), page.name


def test_every_page_can_be_shared_and_found(site):
    folder, address = site
    listed = re.findall(r"<loc>(.*?)</loc>", (folder / "sitemap.xml").read_text("utf-8"))
    built = [page for page in folder.rglob("*.html") if page.name != "404.html"]
    assert sorted(listed) == sorted(address + page.relative_to(folder).as_posix() for page in built)
    titles = []
    for page in built:
        html = page.read_text("utf-8")
        about = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]+)">', html))
        assert {"title", "description"} <= about.keys(), (
            f"{page.relative_to(folder)}: no title or description can be read at the top of its source. "
            "Write both there; one with a colon needs quotes."
        )
        assert about["url"] == address + page.relative_to(folder).as_posix()
        assert f"<title>{about['title']}" in html
        assert f'<meta name="description" content="{about["description"]}">' in html
        assert (folder / about["image"].removeprefix(address)).is_file()
        titles.append(about["title"])
    assert len(set(titles)) == len(titles)


def test_a_wrong_address_leads_on(site):
    html = (site[0] / "404.html").read_text("utf-8")
    assert "There is no page here" in html
    assert 'href="/clinics/errors.html"' in html


def test_what_builds_the_site_is_not_published(site):
    folder, _ = site
    assert not [
        path
        for path in folder.rglob("*")
        if {"_hooks", "_overrides"} & {*path.parts} or path.suffix in (".mjs", ".pycon")
    ]


def test_two_builds_are_the_same_to_the_byte_whatever_the_processor(site, tmp_path, monkeypatch):
    first, address = site
    # The weakest kernel: the labs run anew, and draw and print the same.
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    assert mkdocs_build(ROOT, tmp_path, address).returncode == 0
    built = [
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (first, tmp_path)
    ]
    assert built[0].keys() == built[1].keys()
    assert not [path.as_posix() for path, content in built[0].items() if built[1][path] != content]


def links(folder, address):
    """Yield every link of the built site to itself: the page, the file it leads to, and the anchor, if any."""
    for page in sorted(folder.rglob("*.html")):
        here = address + page.relative_to(folder).as_posix()
        for target in re.findall(r'<[^>]*\s(?:href|src)="([^"]*)"', page.read_text("utf-8")):
            leads_to, anchor = urldefrag(urljoin(here, unescape(target)))
            if leads_to.startswith(address):
                yield page, folder / unquote(leads_to.removeprefix(address) or "index.html"), unquote(anchor)


def test_every_link_of_the_site_leads_somewhere(site):
    ids, found = {}, 0
    for page, leads_to, anchor in links(*site):
        assert leads_to.is_file(), (page.name, leads_to)
        if leads_to.suffix == ".html":
            if leads_to not in ids:
                ids[leads_to] = set(re.findall(r'\sid="([^"]*)"', leads_to.read_text("utf-8")))
            assert anchor in ids[leads_to] | {""}, (page.name, leads_to.name, anchor)
        found += 1
    assert found > 1000


def test_no_tex_in_the_search_index(site):
    folder, _ = site
    index = (folder / "search/search_index.json").read_text("utf-8")
    assert "1.0938" in index
    assert not re.search(r"mathml|NCM|<math|e\^\{|sum_\{", index)


# What is broken: the file, what stands there, what it becomes, and what the build must say.
BREAKS = {
    "link": (
        "docs/losses/nll.md",
        "(four-rungs.md)",
        "(five-rungs.md)",
        r"losses/nll\.md.*'five-rungs\.md'",
    ),
    "anchor": (
        "docs/losses/nll.md",
        "(four-rungs.md#why-",
        "(four-rungs.md#how-",
        r"losses/nll\.md.*'four-rungs\.md#how-",
    ),
    "nav": ("mkdocs.yml", "  - losses/nll.md\n", "  - losses/null.md\n", r"losses/null\.md"),
    "formula": (PAGE, r"\frac{e^{z_{ij}}}", r"\frac{e^{z_{ij}}", PAGE + r":LINE: TeX error: .*\n  mend: correct"),
    "inline formula": (PAGE, "$y_i$", r"$\y_i$", PAGE + r":LINE: TeX error: Undefined control sequence .y"),
    "section": (PAGE, "four-rungs.pycon:answer", "four-rungs.pycon:reply", PAGE + r":LINE: .* has no section reply"),
    "unclosed section": (
        TRANSCRIPT,
        "# --8<-- [end:sum]\n",
        "",
        TRANSCRIPT + r":\d+: section out-of-bounds starts inside sum",
    ),
    "typed code": (PAGE, "## In one", "``` python\nprint(1)\n```\n\n## In one", PAGE + r":LINE: this block shows code"),
}


def test_two_pages_of_the_site_are_built(two_pages):
    run = mkdocs_build(two_pages, two_pages / "site")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_broken_stops_the_build(two_pages, broken):
    file, old, new, message = BREAKS[broken]
    path = Path(two_pages, file)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    run = mkdocs_build(two_pages, two_pages / "site")
    assert run.returncode != 0
    line = text[: text.index(old)].count("\n") + 1
    assert re.search(message.replace("LINE", str(line)), run.stdout), run.stdout
    assert "Traceback" not in run.stdout


def test_without_its_transcript_a_page_is_not_built(two_pages):
    (two_pages / TRANSCRIPT).unlink()
    run = mkdocs_build(two_pages, two_pages / "site")
    assert run.returncode != 0
    assert re.search(PAGE + r":\d+: " + TRANSCRIPT + " does not exist", run.stdout)
    assert not list((two_pages / "site").rglob("*.html"))
