"""The promise: math is finished SVG and MathML when the page arrives, or the build fails and says where."""

import pytest
import texmath
from errors import PageError
from proof.places import ROOT
from texmath import Renderer


@pytest.fixture
def renderer(tmp_path):
    """A renderer with no formula kept, but with MathJax installed."""
    real = Renderer(ROOT / ".cache")
    (tmp_path / f"mathjax-{real.version}").symlink_to(real._mathjax())
    renderer = Renderer(tmp_path)
    yield renderer
    renderer.close()


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
    monkeypatch.setattr(Renderer, "_tool", staticmethod(lambda name: str(npm)))
    with pytest.raises(PageError, match=r"registry failed(.|\n)*mend: connect to a network once"):
        Renderer(tmp_path / "cache")("L", display=True)
    assert not list((tmp_path / "cache").iterdir())


def test_a_node_that_dies_is_named(renderer, monkeypatch, tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\nexit 1\n")
    node.chmod(0o755)
    monkeypatch.setattr(Renderer, "_tool", staticmethod(lambda name: str(node)))
    with pytest.raises(PageError, match="Node stopped before it answered"):
        renderer("L", display=True)
