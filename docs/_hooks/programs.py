"""For programs that read: each page as Markdown beside it, all of them listed in llms.txt and whole in llms-full.txt.

The convention is that of https://llmstxt.org. Links lead from Markdown to Markdown; the names of headings and
formulas, to which some of them lead, stay.
"""

import re
from html import unescape
from itertools import takewhile
from pathlib import Path
from urllib.parse import urljoin

from downloads import note
from notebooks import LINK, link, unboxed
from transcripts import DIRECTIVE, EMPTY_LINE, FENCE, INCLUDE, Section

HEAD = """# {site_name}

> {site_description}

Each page below is Markdown that holds its code and what that code printed, recomputed and compared by tests with \
PyTorch {torch}. A bold line above a block says where its code is bad on purpose: **raises**, **silently wrong**, \
**numerically broken**. All pages in one file: [llms-full.txt]({full}).
"""
# What MkDocs understands and nobody else.
ONLY_HERE = re.compile(
    r"""<!--.*?-->
    |^</?(?:div|details|course-progress)\b[^>]*>
    |<button\b.*?</button>
    |\s*\{\ ?(?:(?:\.[\w-]+|data-search-exclude)\ ?)+\}""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
FIGURE = re.compile(r'!\[(?P<alt>.*?)\]\([^()\s]+\)|<img\b[^>]*?\balt="(?P<drawn>[^"]*)"[^>]*>')
SUMMARY = re.compile(r"<summary>(.*?)</summary>")
TITLE = re.compile(r'title="([^"]*)"')


def on_nav(nav, config, files):
    config.extra["nav"] = nav


def on_post_build(config):
    nav, site = config.extra["nav"], config.site_url or ""
    for page in nav.pages:
        beside = Path(page.file.abs_dest_path).with_suffix(".md")
        beside.write_text(text(page, config), "utf-8")
    folder = Path(config.site_dir)
    whole = "\n---\n\n".join(text(page, config, site + source(page)) for page in nav.pages)
    (folder / "llms-full.txt").write_text(whole, "utf-8")
    head = HEAD.format(**config, torch=config.extra["torch"], full=f"{site}llms-full.txt")
    (folder / "llms.txt").write_text(head + "".join(listed(item, nav.pages, site) for item in nav.items), "utf-8")


def source(page) -> str:
    """Return where a page stands as Markdown, from the top of the site."""
    return page.file.dest_uri.removesuffix("html") + "md"


def listed(item, pages: list, site: str) -> str:
    """Return a group of the navigation, or a page that stands in none, as a section of llms.txt."""
    # An exercise belongs to a group, and stands in no menu.
    pages = [page for page in pages if page is item or page.parent is item]
    lines = [f"- [{page.meta['title']}]({site}{source(page)}): {page.meta['description']}\n" for page in pages]
    return f"\n## {item.title}\n\n{''.join(lines)}"


def text(page, config, address: str = "") -> str:
    """Return a page as Markdown, with links that start from `address`, or from the page where none is given."""
    title, _, body = readable(page.markdown, page.sections, address).strip("\n").partition("\n\n")
    own = urljoin(address, page.canonical_url or Path(page.file.dest_uri).name)
    return f"{title}\n\n> {page.meta['description']}\n>\n> {note(page, own, config)}\n\n{body}\n"


def readable(markdown: str, found: dict[str, Section], address: str = "") -> str:
    """Return the Markdown of a page, or of an executed lab, as anyone reads it, with its code and outputs in place.

    `found` holds the sections of the page's transcript.
    """
    parts, prose = [], []
    lines = unboxed(markdown)
    for line, in_box in lines:
        quote = "> " if in_box else ""
        fence = FENCE.fullmatch(line)
        if not fence:
            prose.append(f"{quote}{line}".rstrip())
            continue
        marks, head = fence["fence"], fence["head"]
        code = "\n".join(inner for inner, _ in takewhile(lambda inner, end=marks: inner[0] != end, lines))
        if include := INCLUDE.fullmatch(code):
            code = re.sub(rf"^{EMPTY_LINE}$", "", DIRECTIVE.sub("", found[include[2]].text), flags=re.MULTILINE)
        block = [*(f"**{title}**\n" for title in TITLE.findall(head)), marks + re.search(r"\w+", head)[0]]
        block = "\n".join([*block, code.strip("\n"), marks])
        parts += [_prose(prose, address), re.sub("^> $", ">", re.sub("^", quote, block, flags=re.M), flags=re.M)]
        prose = []
    return "\n".join([*parts, _prose(prose, address)])


def _prose(lines: list[str], address: str) -> str:
    prose = FIGURE.sub(lambda image: f"Figure: {image['alt'] or unescape(image['drawn'])}", "\n".join(lines))
    prose = ONLY_HERE.sub("", SUMMARY.sub(r"**\1**\n", prose))
    # A quotation ends where its box does.
    prose = re.sub(r"^>\n(?!>)", "\n", LINK.sub(lambda match: link(match, address, ".md"), prose), flags=re.MULTILINE)
    return re.sub(r"(\A|\n)\n{2,}", r"\1\n", prose)
