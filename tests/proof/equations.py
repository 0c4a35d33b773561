r"""No unproven equations: evaluates the TeX of a page with PyTorch, in float64, on random inputs.

`tex.py` reads an equation into functions of the drawn symbols, and `prove` compares its sides.
"""

import itertools
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

import torch
from texmath import CODE, FORMULA

from proof.notation import RANGES, symbols_of
from proof.places import PAGES, name, read
from proof.tex import RELATIONS, Reader, Unreadable, Value

# What a formula may hold that claims nothing. Anything else, a relation of whatever kind, is read or refused.
TERM = re.compile(
    r"""\\(?:alpha|beta|cdot|delta|dots|ell|eta|exp|frac|gamma|lambda|left|log|lvert|mathrm|max|min|mu|operatorname
    |parallel|partial|pi|prod|qquad|quad|right|rvert|sigma|sqrt|sum|tau|text|theta|times|varepsilon)(?![a-zA-Z])""",
    re.VERBOSE,
)
# The sign of what is left of a bound, and the scales of the logits at which it is tried: equal ones, nearly equal
# ones, ordinary ones, and ones that saturate every probability.
BOUNDS = {"<": 1, r"\le": 1, ">": -1, r"\ge": -1}
SCALES = (0.0, 1e-7, 2.0, 30.0)
# How near some input has to come to a bound, as a share of how far the farthest stays away.
TIGHT = 1e-6


class Equation(NamedTuple):
    page: str
    line: int
    label: str | None
    tex: str
    display: bool = False


def equations(name: str, source: str) -> Iterator[Equation]:
    """Yield what a page states in TeX: each display formula, and each inline formula with a relation."""
    shown = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)
    for match in FORMULA.finditer(shown):
        group = 1 if match[1] else 2
        tex = match[group]
        line = shown.count("\n", 0, match.end(group) - len(tex.lstrip())) + 1
        label = re.search(r"\\label\{([^}]*)\}", tex)
        tex = re.sub(r"\\label\{[^}]*\}", "", tex).strip()
        if match[1] or label or claims_something(tex):
            yield Equation(name, line, label and label[1], tex, bool(match[1]))


def claims_something(tex: str) -> bool:
    """Tell whether a formula in a sentence is more than a name or a term."""
    return bool(re.search(r"[=<>]|\\[a-zA-Z]|[^\x00-\x7f]", TERM.sub("", tex)))


def prove(equation: Equation, draws: int = 3) -> None:
    """Raise AssertionError with the place, the TeX and both values where an equation does not hold.

    So do a bound that no input comes near, and a display formula without a label, which no page could refer to.
    """
    if equation.display and not equation.label:
        raise AssertionError(
            f"{equation.page}:{equation.line}: this equation has no label\n  {equation.tex}\n"
            r"  mend: write \label{name} into it"
        )
    where = f"{equation.page}:{equation.line}: equation {equation.label or 'in the line'}"
    try:
        reader = Reader(equation.tex)
        for seed in range(draws):
            symbols = symbols_of(equation.label, seed)
            for left, relation, right in reader.statements:
                for scope in _scopes(reader.free, symbols):
                    a, b = (side(scope | symbols) for side in (left, right))
                    if not (torch.isfinite(a) and torch.isfinite(b)):
                        raise Unreadable("a side is not finite")
                    if not RELATIONS[relation](a, b):
                        at = ", ".join(f"{k} = {v}" for k, v in scope.items())
                        sizes = f"N = {int(symbols['N', 0])}, C = {int(symbols['C', 0])}"
                        raise AssertionError(
                            f"{where} does not hold\n  {equation.tex}\n"
                            f"  left  {a:.10g}\n  right {b:.10g}\n  with {sizes}{', ' * bool(at)}{at}, draw {seed}\n"
                            "  mend: correct the TeX, or what its symbols mean in tests/proof/notation.py"
                        )
        for left, relation, right in reader.statements:
            if relation in BOUNDS:
                _prove_tight(equation, where, reader.free, left, relation, right)
    except (ValueError, TypeError, RuntimeError) as error:
        raise AssertionError(
            f"{where} cannot be read: {error}\n  {equation.tex}\n"
            "  mend: write it so that it has one reading, or add the symbol to tests/proof/notation.py"
        ) from None


def _prove_tight(equation: Equation, where: str, free: set[str], left: Value, relation: str, right: Value) -> None:
    """Raise AssertionError where a bound is crossed at an extreme, or where no input comes near it."""
    gaps = []
    for scale, seed in itertools.product(SCALES, range(10)):
        symbols = symbols_of(equation.label, seed, scale)
        for scope in _scopes(free, symbols):
            a, b = (side(scope | symbols).item() for side in (left, right))
            gap = BOUNDS[relation] * (b - a)
            # A softmax that saturates rounds to its bound; equal logits do not.
            met = scale == 0 and relation in "<>" and gap <= 0
            if met or gap < -1e-9 * max(1, abs(a), abs(b)):
                raise AssertionError(
                    f"{where} does not hold\n  {equation.tex}\n  left  {a:.10g}\n  right {b:.10g}\n"
                    f"  with logits of scale {scale:g}\n  mend: correct the TeX, or say in it what the logits are"
                )
            if math.isfinite(gap):
                gaps.append(gap)
    if min(gaps) > TIGHT * max(gaps):
        raise AssertionError(
            f"{where} is loose: no input comes nearer to {relation} than {min(gaps):.4g}\n  {equation.tex}\n"
            "  mend: tighten the bound until some input meets it"
        )


def _scopes(free: set[str], symbols: dict) -> Iterator[dict[str, int]]:
    letters = sorted(free)
    sizes = [range(1, int(symbols[RANGES[letter], 0]) + 1) for letter in letters]
    for values in itertools.product(*sizes):
        yield dict(zip(letters, values, strict=True))


EQUATIONS = [equation for page in PAGES for equation in equations(name(page), read(page))]
