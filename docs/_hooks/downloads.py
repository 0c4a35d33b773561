"""Pages to take along: each as a notebook and as a program, and the whole site as one archive."""

import zipfile
from pathlib import Path

import notebooks
from mkdocs.plugins import event_priority

ARCHIVE = "logits-to-loss"
NOTE = "From [{title}]({address}), where every output was computed with PyTorch {torch}. {copyright}"


def on_page_content(html, page, config, files):
    address = page.canonical_url or Path(page.file.dest_uri).name
    if hasattr(page, "lab"):
        page.notebook = notebooks.from_lab(page.lab, address, note(page, address, config))
    elif page.sections:
        page.notebook = notebooks.from_page(page.markdown, page.sections, address, note(page, address, config))


def on_post_page(output, page, config):
    if notebook := getattr(page, "notebook", None):
        beside = Path(page.file.abs_dest_path)
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.with_suffix(".ipynb").write_text(notebooks.write(notebook), "utf-8")
        # A lab is a program already, and mkdocs-jupyter puts it there.
        if not hasattr(page, "lab"):
            beside.with_suffix(".py").write_text(notebooks.program(notebook), "utf-8")


def note(page, address: str, config) -> str:
    """Return the line that says where a page comes from, what proved it, and under which license it may be used."""
    torch, title = config.extra["torch"], page.meta["title"]
    return NOTE.format(title=title, address=address, torch=torch, copyright=config.copyright)


# After the theme, which writes the search index that a folder needs.
@event_priority(-200)
def on_post_build(config):
    """Put the whole site into one archive, which is the same to the byte after each build of the same pages."""
    site = Path(config.site_dir)
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.suffix not in (".map", ".zip"))
    with zipfile.ZipFile(site / f"{ARCHIVE}.zip", "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{ARCHIVE}/{path.relative_to(site).as_posix()}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
