"""What MkDocs calls while it builds: checks and counts, renders the math, and mends the search."""

import base64
import hashlib
import json
import os
import re
import zipfile
from html import unescape
from pathlib import Path

import counts
import notebooks
from blocks import Blocks
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data
from mkdocs_jupyter.config import settings
from texmath import Renderer, TexMath
from transcripts import check

ROOT = Path(__file__).parents[2]
LABS = "labs/"
ARCHIVE = "logits-to-loss"
NOTE = "From [{title}]({address}), where every output was computed with PyTorch {torch}. {copyright}"
FORMULA = re.compile(r"(<tex-math\b[^>]*>)(.*?)(?=</tex-math>)", re.DOTALL)
LIVE = re.compile(r'<p>(<img(?=[^>]*class="figure live")[^>]*src="([./]*assets/)figures/(\w+)\.svg"[^>]*>)</p>')
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Styles may stand inline: every formula has its own depth below the line.
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
served = False


def on_startup(command, dirty):
    global served
    served = command == "serve"


def on_config(config):
    config.extra["torch"] = re.search(r"^torch==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)[1]
    config.extra["texmath"] = TexMath(Renderer(ROOT / ".cache"))
    config.markdown_extensions += [config.extra["texmath"], Blocks()]
    # A lab runs again when it changes, and when anything it runs with does.
    templates = Path(__file__).with_name("lab_templates")
    settings.templates_dir = str(templates)
    made_with = [ROOT / "requirements.txt", *sorted(templates.rglob("*.j2"))]
    kernel = os.environ.get("ATEN_CPU_CAPABILITY", "").encode()
    key = hashlib.sha256(b"".join([kernel, *(path.read_bytes() for path in made_with)])).hexdigest()[:12]
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(ROOT / ".cache" / f"labs-{key}")
    return config


def on_pre_build(config):
    docs, snippets = Path(config.docs_dir), ROOT / "snippets"
    config.extra["sections"] = check(docs, snippets)
    config.extra["counts"] = counts.table(docs, snippets, config.extra["torch"])


def on_page_markdown(markdown, page, config, files):
    config.extra["texmath"].page = page.file
    if page.file.src_uri.startswith(LABS):
        # A lab's front matter stands in comments.
        _, page.meta = get_data(re.sub(r"^# ?", "", markdown, flags=re.MULTILINE))
        return
    if found := config.extra["sections"].get(page.file.src_uri):
        page.notebook = notebooks.from_page(markdown, found, page.canonical_url, note(page, config))
    return markdown.replace(counts.MARKER, config.extra["counts"])


def note(page, config):
    return NOTE.format(
        title=page.title, address=page.canonical_url, torch=config.extra["torch"], copyright=config.copyright
    )


def on_page_content(html, page, config, files):
    if not page.file.src_uri.startswith(LABS):
        return put_aside(live(html), page)
    executed = notebooks.shown(json.loads(unescape(html)))
    page.markdown = notebooks.lab_page(executed)
    page.notebook = notebooks.from_lab(executed, page.canonical_url, note(page, config))
    Page.render(page, config, files)
    return put_aside(page.content, page)


def put_aside(html, page):
    """Leave a number for each drawn formula, which the search would read through only to leave it out."""
    page.drawn = []

    def number(match):
        page.drawn.append(match[2])
        return f"{match[1]}{len(page.drawn) - 1}"

    return FORMULA.sub(number, html)


def guarded(html):
    """Let a page load only the site itself, and run only the scripts that stand in it now.

    `mkdocs serve` adds a script of its own to each page, which reloads it; what it serves is not guarded.
    """
    if served:
        return html
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    charset = '<meta charset="utf-8">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(hashes=hashes)}">'
    return html.replace(charset, charset + policy, 1)


def on_post_template(output_content, template_name, config):
    return guarded(output_content) if template_name.endswith(".html") else output_content


def on_post_page(output, page, config):
    if notebook := getattr(page, "notebook", None):
        beside = Path(page.file.abs_dest_path)
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.with_suffix(".ipynb").write_text(notebooks.write(notebook), "utf-8")
        if not page.file.src_uri.startswith(LABS):
            beside.with_suffix(".py").write_text(notebooks.program(notebook), "utf-8")
    return guarded(FORMULA.sub(lambda match: match[1] + page.drawn[int(match[2])], output))


def live(html):
    """Put each drawn figure of the class `live` into the element that makes it interactive, and load its script."""
    scripts = {}

    def place(match):
        image, up, name = match[1], match[2], match[3].replace("_", "-")
        for script in ("core", f"{name}-data", name):
            if (ROOT / f"docs/assets/live/{script}.js").exists():
                scripts[f"{up}live/{script}"] = True
        return f"<{name}>{image}</{name}>"

    html = LIVE.sub(place, html)
    return html + "".join(f'<script src="{path}.js"></script>' for path in scripts)


def _finish(config):
    config.extra["texmath"].render.close()
    site = Path(config.site_dir)
    (worker,) = site.glob("assets/javascripts/workers/search.*.min.js")
    worker.write_text(
        worker.read_text("utf-8") + Path(__file__).with_name("search-worker.js").read_text("utf-8"), "utf-8"
    )


@event_priority(-200)
def _pack(config):
    """Put the whole site into one archive, which is the same to the byte after each build of the same pages."""
    site = Path(config.site_dir)
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.suffix not in (".map", ".zip"))
    with zipfile.ZipFile(site / f"{ARCHIVE}.zip", "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{ARCHIVE}/{path.relative_to(site).as_posix()}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


# The theme writes the search index that a folder needs between the two.
on_post_build = CombinedEvent(_finish, _pack)
