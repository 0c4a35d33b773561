"""Where things stand, and what there is."""

from pathlib import Path

from labs import prose
from languages import language, original
from transcripts import own, pages, source

ROOT = Path(__file__).parents[2]
DOCS, SNIPPETS = ROOT / "docs", ROOT / "snippets"
PAGES = pages(DOCS)
# What is not a translation.
ORIGINALS = [page for page in PAGES if not language(page.relative_to(DOCS).as_posix())]
LABS = sorted((DOCS / "labs").glob("*.py"))
TRANSCRIPTS = sorted(SNIPPETS.rglob("*.pycon"))


def name(path: Path, root: Path = ROOT) -> str:
    """Return what messages call a file."""
    return path.relative_to(root).as_posix()


def transcript_of(page: Path, root: Path = ROOT) -> Path:
    """Return the transcript that a page owns, whether it is there or not."""
    return root / "snippets" / own(page.relative_to(root / "docs").as_posix())


def original_of(page: Path, root: Path = ROOT) -> Path:
    """Return the page that a page translates: itself, where it is an original."""
    return root / "docs" / original(page.relative_to(root / "docs").as_posix())


def read(path: Path) -> str:
    """Return what a page or a lab says, each line where it stands."""
    text = source(path, name(path) if path.is_relative_to(ROOT) else path.name)
    return prose(text) if path.suffix == ".py" else text
