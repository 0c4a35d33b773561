"""The promise: an interactive figure computes apart from its drawing, types no number of PyTorch's wrongly, and speaks
from a table, so that a translation is one more table."""

import re

import pytest
from languages import language
from proof.figures import FIGURES, mistyped
from proof.places import DOCS
from proof.words import LANGUAGES, fields, leaves, table

FOLDER = DOCS / "assets/live"
ids = pytest.mark.parametrize("name", FIGURES)
# A number, a sign between two, a comparison, or a function of Math.
ARITHMETIC = re.compile(r"(?<![\w$.])\d|\s[-+*/%<>]=?\s|\*\*|\+\+|--|[=!]==|\bMath\b|\bNumber\b")


def code(name):
    return (FOLDER / f"{name}.js").read_text("utf-8")


def method(name, script):
    return re.search(rf"^    {name}\(.*?^    \}}$", script, re.MULTILINE | re.DOTALL)[0]


@ids
def test_what_draws_does_not_compute(name):
    assert not ARITHMETIC.search(method("draw", code(name)))
    assert ARITHMETIC.search(method("build", code(name)))


@pytest.mark.parametrize("slip", ["100 * p", "j === target", "at >= n", "Math.max(p, q)", "n + one", "- one"])
def test_arithmetic_is_seen(slip):
    assert ARITHMETIC.search(f"      bar.style.width = {slip};")


@pytest.mark.parametrize("name", [name for name, module in FIGURES.items() if hasattr(module, "typed")])
def test_typed_constants_are_those_of_torch(name):
    module, script = FIGURES[name], code(name)
    pairs = module.typed(script)
    assert len(pairs) >= 8
    assert not mistyped(module, script)
    for number in {str(pair[0]) for pair in pairs} & set(re.findall(r"0\.\d+", script)):
        assert mistyped(module, script.replace(number, number[:-1] + str((int(number[-1]) + 1) % 10)))


def test_a_mistyped_size_is_seen():
    module, script = FIGURES["overflow-playground"], code("overflow-playground")
    for right, slip in (("[11, -14]", "[10, -14]"), ("[11, -14]", "[11, -13]"), ("[53, -1022]", "[53, -1023]")):
        assert mistyped(module, script.replace(right, slip))


def test_there_is_a_table_of_english():
    assert "en" in LANGUAGES


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_a_table_says_all_that_english_says(tongue):
    english, other = dict(leaves(table("en"))), dict(leaves(table(tongue)))
    assert other.keys() == english.keys()
    assert {key: fields(text) for key, text in other.items()} == {key: fields(text) for key, text in english.items()}


def test_every_text_is_used():
    english = table("en")
    assert english.keys() == {"core", "predict", *FIGURES}
    for name, texts in english.items():
        used = code(name) + code("core")
        unused = [key for key in texts if not re.search(rf"\bwords\.{key}\b", used)]
        assert not unused, name
        for path, _ in leaves(texts):
            inner = [key for key in path[1:] if isinstance(key, str)]
            assert all(re.search(rf"\b{key}\b", used) for key in inner), (name, path)


def test_a_page_in_the_folder_of_a_language_speaks_it():
    pages = {"ko/index.md": "ko", "de/losses/bce.md": "de", "index.md": "", "ko.md": "", "losses/bce.md": ""}
    assert {page: language(page) for page in pages} == pages
