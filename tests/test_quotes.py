"""The promise: what a sentence claims without exception is attacked, and what an alt text or an answer says is run."""

import pytest
from proof.places import LABS, ORIGINALS, name, read, transcript_of
from proof.quotes import EXEMPT, lab_quotes, quotes, unproven

EXEMPT_CEILING = 10


def claimed(path):
    """Return a page or a lab as (its name, its prose, the name of the file with its quotes, the quotes)."""
    if path.suffix == ".py":
        return name(path), read(path), name(path), lab_quotes(path.read_text("utf-8"))
    transcript = transcript_of(path)
    found = quotes(transcript.read_text("utf-8")) if transcript.exists() else []
    return name(path), read(path), name(transcript), found


@pytest.mark.parametrize("path", [*ORIGINALS, *LABS], ids=name)
def test_what_claims_no_exception_is_attacked(path):
    messages = unproven(*claimed(path))
    assert not messages, "\n" + "\n".join(messages)


def test_exemptions_stay_few():
    exempt = [found for path in [*ORIGINALS, *LABS] for found in EXEMPT.findall(path.read_text("utf-8"))]
    assert len(exempt) <= EXEMPT_CEILING, f"{len(exempt)} sentences are exempt: word one otherwise, or attack it"
