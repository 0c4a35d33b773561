"""The promise: math is finished SVG and MathML when the page arrives, or the build fails and says where."""

import json
from types import SimpleNamespace

import pytest
import texmath
from errors import PageError
from proof.places import LABS, PAGES, ROOT, name, read
from texmath import Renderer, check


@pytest.fixture
def renderer(tmp_path):
    """A renderer with no formula kept, but with MathJax installed."""
    real = Renderer(ROOT / ".cache")
    (tmp_path / f"mathjax-{real.version}").symlink_to(real._mathjax())
    renderer = Renderer(tmp_path)
    yield renderer
    renderer.close()


@pytest.mark.parametrize("path", [*PAGES, *LABS], ids=name)
def test_every_formula_is_drawn_and_can_be_tested(path):
    check(read(path), name(path))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (r"\[ L = 7 \]", "this TeX is not drawn"),
        (r"so \( L = 7 \) holds", "this TeX is not drawn"),
        (r"\begin{equation} L = 7 \end{equation}", "this TeX is not drawn"),
        ("$ L = 7 $", "this dollar opens no formula"),
        ("$L = 7 $ holds", "this dollar opens no formula"),
        ("It costs $5.", "this dollar opens no formula"),
        ("<math><mi>L</mi></math>", "no test reads this formula"),
        (r"$L$ = $-\infty$", "no test reads this relation"),
        ("$L$ > 7", "no test reads this relation"),
        ("so $L$ &lt; 7", "no test reads this relation"),
        ("$L$ \u2264 7", "no test reads this relation"),
        ("the loss \u2192 \u221e", "no test reads this sign"),
        ("L \u2a7d 7", "no test reads this sign"),
        ("$$\nL \\label{a}\n$$\n\n$$\nL \\label{a}\n$$", "label a is here twice"),
    ],
)
def test_a_formula_that_is_not_drawn_or_not_read_is_refused(text, problem):
    with pytest.raises(PageError) as failure:
        check(f"---\ntitle: $\n---\n{text}\n", "docs/page.md")
    assert str(failure.value).startswith(f"docs/page.md:{4 + 5 * ('twice' in problem)}: {problem}")
    assert "\n  mend: " in str(failure.value)


@pytest.mark.parametrize(
    "text",
    [
        r"$L = 7$, $$ L \label{a} $$ and $$ \begin{aligned} L \end{aligned} \label{b} $$",
        r"It costs \$5.",
        "> $L$ is the loss",
        "<td>$L$</td> <br> $L$",
        "`$ L \u2264 7 $` <!-- \\[ -->",
        "$p$-values and $L$: one, $L$",
    ],
)
def test_what_is_drawn_may_stand(text):
    check(text, "docs/page.md")


def test_what_is_left_of_a_kept_formula_is_drawn_anew(renderer):
    answer = renderer("L", display=True)
    (kept,) = renderer.kept.glob("*.json")
    for broken in ("", kept.read_text("utf-8")[:-9], '{"svg": ""}', "[]"):
        kept.write_text(broken, "utf-8")
        assert renderer("L", display=True) == answer == json.loads(kept.read_text("utf-8"))


def test_a_cache_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / ".cache").write_text("", "utf-8")
    monkeypatch.setattr(texmath, "MATH", texmath.TexMath(Renderer(tmp_path / ".cache")))
    with pytest.raises(
        PageError, match=r"^\.cache:1: formulas cannot be kept here: (.|\n)*mend: make \.cache a folder"
    ):
        texmath.on_config(SimpleNamespace(markdown_extensions=[]))


def without_node(monkeypatch):
    monkeypatch.setattr(texmath.shutil, "which", lambda name, path=None: None)


def test_a_formula_is_drawn_and_can_be_read_aloud(renderer):
    answer = renderer(r"L = \frac{1}{N}", display=True)
    assert answer["svg"].startswith('<svg aria-hidden="true" ')
    assert "<mfrac>" in answer["mathml"]
    assert all(f'href="#{glyph}"' in answer["svg"] for glyph in answer["glyphs"])
    assert len(answer["glyphs"]) == 4
    again = renderer("L", display=False)
    assert again["glyphs"].items() <= answer["glyphs"].items()


def test_a_kept_formula_needs_no_node(renderer, monkeypatch):
    first = renderer("L", display=True)
    without_node(monkeypatch)
    assert Renderer(renderer.cache)("L", display=True) == first


def test_a_missing_node_is_named(renderer, monkeypatch):
    without_node(monkeypatch)
    with pytest.raises(PageError, match=r"requirements\.txt:1: node is missing(.|\n)*mend: .* -m pip install -r"):
        renderer("L", display=True)


@pytest.mark.parametrize("tex", [r"\frac{1}{", r"\foo x", r"x^1^2", r"\left( x"])
def test_bad_tex_is_refused(renderer, tex):
    with pytest.raises(ValueError, match=r"\w"):
        renderer(tex, display=True)
    assert renderer("L", display=True)["svg"]


def test_a_missing_lock_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(texmath, "LOCK", tmp_path / "package-lock.json")
    with pytest.raises(PageError, match=r"docs/_hooks/package-lock\.json:1: .*(.|\n)*mend: git checkout"):
        Renderer(tmp_path)("L", display=True)


def test_an_install_without_network_is_named(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho request to registry failed >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(texmath, "tool", lambda name: str(npm))
    with pytest.raises(PageError, match=r"registry failed(.|\n)*mend: connect to a network once"):
        Renderer(tmp_path / "cache")("L", display=True)
    assert not list((tmp_path / "cache").iterdir())


def test_a_node_that_dies_is_named(renderer, monkeypatch, tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\nexit 1\n")
    node.chmod(0o755)
    monkeypatch.setattr(texmath, "tool", lambda name: str(node))
    with pytest.raises(PageError, match="Node stopped before it answered"):
        renderer("L", display=True)
