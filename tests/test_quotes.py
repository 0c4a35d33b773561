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


SAYS = '# proves: "It never ends"\n'
ATTACK = ">>> 1\n1\n"


@pytest.mark.parametrize(
    ("page", "transcript", "message"),
    [
        ("It never ends.", ATTACK, 'page.md:1: nothing attacks "never" in: It never ends.'),
        ("So.\n\nIt never ends.<!-- not attacked:-->", ATTACK, "page.md:3: this exemption has no reason"),
        ("![A curve that falls.](a.svg)", ATTACK, "page.md:1: nothing in this sentence of an alt text is proven"),
        ('??? question "Why?"\n\n    Because.\n', ATTACK, "page.md:1: no code gives this answer: Why?"),
        ("It may end.", SAYS + ATTACK, "page.pycon:1: page.md does not say: It never ends"),
        ("It never ends.", SAYS + "It ends.\n", "page.pycon:1: this quote stands above no unshown output"),
        ("It never ends.", SAYS + ">>> f()\nTraceback (most recent call last):\n", "page.pycon:1: this quote"),
        ("It never ends.", f"# --8<-- [start:a]\n{SAYS}{ATTACK}", "page.pycon:2: this quote stands above no unshown"),
        ("It may end.", f'# "It may end"\n{ATTACK}', 'page.pycon:1: page.md does not say: # "It may end"'),
        ("It may end.", f'# proves "It may end"\n{ATTACK}', 'page.pycon:1: page.md does not say: # proves "It may'),
    ],
)
def test_what_is_not_attacked_is_named(page, transcript, message):
    (found,) = unproven("page.md", page, "page.pycon", quotes(transcript))
    assert found.startswith(message)
    assert "\n  mend: " in found


def test_what_is_attacked_is_not_named():
    exempt = "It never rains.<!-- not attacked: weather -->"
    assert not unproven("page.md", f"It never ends. {exempt}", "page.pycon", quotes(SAYS + ATTACK))
