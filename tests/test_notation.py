"""The promise: the tables of the notation page are the law: what tests take a symbol to mean stands there."""

import re

import pytest
from proof.equations import EQUATIONS
from proof.notation import MEANINGS, RANGES, draw, symbols_of
from proof.places import DOCS, ORIGINALS
from proof.tex import FUNCTIONS, Reader, Unreadable

LAW = (DOCS / "start/notation.md").read_text("utf-8")
TABLES = LAW[LAW.index("## The symbols") : LAW.index("## Three ways to write a target")]
ROW = re.compile(r"^\| (?P<symbols>\$.*?\$) \| (?P<meaning>.*) \|$", re.MULTILINE)
SYMBOLS = [tex for row in ROW.finditer(TABLES) for tex in re.findall(r"\$([^$]+)\$", row["symbols"])]
# Where a symbol of the tables is drawn for one equation alone.
DRAWN_FOR = {"x_d": "score", "w_d": "score", "b": "score", r"\ell": "bce"}


class Noted(dict):
    """Symbols that remember which of them were asked for."""

    def __init__(self, symbols):
        super().__init__(symbols)
        self.asked = set()

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)


def asked(tex, symbols):
    """Return the keys of the table of tests that an equation asks for. Raises Unreadable where there is none."""
    reader = Reader(tex)
    noted = Noted(symbols | dict.fromkeys(reader.free, 1))
    for left, _, right in reader.statements:
        left(noted), right(noted)
    return {key for key in noted.asked if isinstance(key, tuple)}


def keys_of(tex, symbols):
    """Return the keys that a symbol by itself asks for."""
    return asked(f"{tex} = {tex}", symbols)


def family(key):
    """Return a symbol without what an operator is applied to, but for H and KL, which mean another thing each time."""
    return (re.sub(r"(?<=LSE\}\().*", "", key[0]), key[1])


@pytest.mark.parametrize("tex", [tex for tex in SYMBOLS if tex not in FUNCTIONS and tex not in RANGES])
def test_the_tests_know_each_symbol_of_the_tables(tex):
    assert keys_of(tex, symbols_of(DRAWN_FOR.get(tex), 0))


def test_the_tables_know_each_symbol_that_all_pages_share():
    known = set()
    for tex in SYMBOLS:
        if tex not in FUNCTIONS and tex not in DRAWN_FOR:
            known |= keys_of(tex, draw(0))
    unknown = {family(key) for key in draw(0)} - {family(key) for key in known}
    assert not unknown, (
        f"docs/start/notation.md has no row for {unknown}\n  mend: add one, or give it to one label alone"
    )


def test_the_letters_of_indices_count_what_the_table_says():
    said = {}
    for row in ROW.finditer(TABLES):
        counted = re.fullmatch(r"a \w+, from 1 to \$(\w)\$", row["meaning"])
        if counted:
            said |= dict.fromkeys(re.findall(r"\$(\w)\$", row["symbols"]), counted[1])
    assert said == RANGES


@pytest.mark.parametrize("label", MEANINGS)
def test_a_page_says_what_a_symbol_of_its_own_means(label):
    # Else a formula of another page would take its symbols from here.
    (equation,) = [
        equation for equation in EQUATIONS if equation.label == label and DOCS / equation.page[5:] in ORIGINALS
    ]
    text = re.sub(r"\$\$.*?\$\$", "", (DOCS.parent / equation.page).read_text("utf-8"), flags=re.DOTALL)
    inline = " ".join(re.findall(r"\$([^$]+)\$", text))
    law = {key for tex, label in DRAWN_FOR.items() for key in keys_of(tex, symbols_of(label, 0))}
    for name, _ in asked(equation.tex, symbols_of(label, 0)) - draw(0).keys() - law:
        # An upright subscript says it in a word, and a vector has the letter of its elements.
        assert r"\text" in name or name.partition("(")[0] in inline, (
            f"{equation.page}: {name} is not explained\n  mend: say in the text what it means"
        )


def test_a_symbol_without_a_meaning_is_named():
    with pytest.raises(Unreadable, match="u with 1 subscripts means nothing here"):
        keys_of("u_j", draw(0))
