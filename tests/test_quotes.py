"""The promise: what a sentence claims without exception is attacked, and what an alt text or an answer says is run."""

import pytest
from conftest import ROOT, lab_prose
from quotes import EXEMPT, lab_quotes, quotes, unproven
from transcripts import pages

PAGES = [*pages(ROOT / "docs"), *sorted((ROOT / "docs/labs").glob("*.py"))]
EXEMPT_CEILING = 10


def read(path):
    """Return a page or a lab as (its name, its prose, the name of the file with its quotes, the quotes)."""
    name, text = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
    if path.suffix == ".py":
        return name, lab_prose(text), name, lab_quotes(text)
    transcript = ROOT / "snippets" / path.relative_to(ROOT / "docs").with_suffix(".pycon")
    found = quotes(transcript.read_text("utf-8")) if transcript.exists() else []
    return name, text, transcript.relative_to(ROOT).as_posix(), found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_claims_no_exception_is_attacked(path):
    messages = unproven(*read(path))
    assert not messages, "\n" + "\n".join(messages)


def test_exemptions_stay_few():
    exempt = [found for path in PAGES for found in EXEMPT.findall(path.read_text("utf-8"))]
    assert len(exempt) <= EXEMPT_CEILING, f"{len(exempt)} sentences are exempt: word one otherwise, or attack it"
