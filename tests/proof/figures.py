"""Drawn figures, and what every number of an interactive one must be."""

import importlib.util
import io
import math
import re
import runpy
import sys

import matplotlib.pyplot as plt
from drawings import steady

from proof.places import ROOT

CODE = sorted(p for p in (ROOT / "snippets/figures").glob("*.py") if "def draw()" in p.read_text("utf-8"))

FOLDER = ROOT / "docs/assets/figures"


def drawn(path, monkeypatch):
    """Return the SVG that a figure's code draws."""
    monkeypatch.setattr(sys, "path", [str(path.parent), *sys.path])
    figure = runpy.run_path(str(path))["draw"]()
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return steady(re.sub(r" +$", "", out.getvalue(), flags=re.MULTILINE))


def load(path):
    """Return the module that tells what an interactive figure must show."""
    spec = importlib.util.spec_from_file_location(f"live_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FIGURES = {path.stem.replace("_", "-"): load(path) for path in sorted((ROOT / "tests/proof/live").glob("*.py"))}


def four_decimals(name, value):
    return f"{value:.4f}"


def shape(text):
    """Return how a number is written: its digits and its exponent, whatever they are."""
    return re.sub(r"\d", "0", text.removeprefix("-"))


def wrong(shown, truth, module):
    """Return the numbers that are not the true ones within half a unit of the last digit, or not written as they must.

    A figure writes four decimals, unless its module says in `written` how a number of it is written.
    """
    written = getattr(module, "written", four_decimals)
    assert shown.keys() == truth.keys()
    bad = {}
    for name, text in shown.items():
        if isinstance(truth[name], str) or not math.isfinite(truth[name]):
            right = text == str(truth[name])
        else:
            mantissa, _, power = text.partition("e")
            step = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
            alike = shape(text) == shape(written(name, truth[name])) and not re.fullmatch(r"-[0.]+", text)
            right = alike and abs(float(text) - truth[name]) <= 0.5 * step + 1e-9 * min(1, step)
        if not right:
            bad[name] = (text, truth[name])
    return bad


def unprinted(shown, module):
    """Return the decimal numbers that a figure shows but its page's transcript does not."""
    transcript = (ROOT / "snippets" / module.PAGE).with_suffix(".pycon").read_text("utf-8")
    printed = {float(n) for n in re.findall(r"-?\d+\.\d*(?:e[-+]\d+)?", transcript)}
    return {float(text) for text in shown.values() if re.fullmatch(r"-?\d+\.\d+(e[-+]\d+)?", text)} - printed


# A figure shows a state at once: what it shows, says and offers as code in each.
SHOW = """(figure, states) => states.map((state) => {
    figure.state = state;
    return [figure.numbers, figure.words.textContent, figure.querySelector("pre")?.textContent];
})"""
