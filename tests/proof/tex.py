r"""Reads TeX as a mathematician would: a formula becomes functions of the symbols in it.

The reader knows +, -, products, `/`, `\frac`, powers, subscripts, `\sum`, `\prod`,
`\max`, `\min`, `\log` (natural, `\log_2` in bits), `\exp`, `\sigma`, `\sqrt`, absolute values
and partial derivatives by a drawn symbol; `\operatorname{H}(p, q)` is one name, arguments
included. What it does not know, or what could be read two ways, it refuses.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

import torch

from proof.notation import RANGES

TOKEN = re.compile(r"(?P<skip>\s+|\\[,;:!]|~|&)|\\[a-zA-Z]+|\\\\|\\[{}]|\d+(?:\.\d+)?|.", re.DOTALL)

SKIPPED = {r"\left", r"\right", r"\quad", r"\qquad", r"\displaystyle"}

RELATIONS = {
    "=": lambda a, b: torch.isclose(a, b, rtol=1e-9, atol=1e-12),
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b + 1e-12,
    r"\ge": lambda a, b: a >= b - 1e-12,
}

FUNCTIONS = {r"\log": torch.log, r"\exp": torch.exp, r"\sigma": torch.sigmoid}

BIG = {r"\sum": torch.sum, r"\prod": torch.prod, r"\max": torch.max, r"\min": torch.min}

CLOSING = {"(": ")", "[": "]", r"\{": r"\}", "{": "}", r"\lvert": r"\rvert"}

ENDS = {*CLOSING.values(), *RELATIONS, "+", "-", "/", ",", r"\\", r"\cdot", r"\times", "^", "_"}

Value = Callable[[dict], torch.Tensor]


class Index(NamedTuple):
    """One subscript: its value, and what it counts (N, C, D) where its letter says so."""

    value: Value
    counts: str | None


class Unreadable(ValueError):
    """The TeX has no reading, or more than one."""


class Reader:
    """Reads one TeX formula into `statements`, (left, relation, right) each, and its `free` indices."""

    def __init__(self, tex: str):
        tex = re.sub(r"\\(begin|end)\{aligned\}", "", tex).replace(r"\leq", r"\le").replace(r"\geq", r"\ge")
        # A line that is indented goes on with the one above it, and so does one that begins with a relation.
        tex = re.sub(r"\\\\\s*&\\quad(?![a-zA-Z])", "", tex)
        found = [m[0] for m in TOKEN.finditer(tex) if not m["skip"]]
        found = [token for token in found if token not in SKIPPED]
        ends = zip(found, [*found[1:], ""], strict=True)
        self.tokens = [token for token, after in ends if token != r"\\" or after not in RELATIONS]
        self.at = 0
        self.bound: list[str] = []
        self.free: set[str] = set()
        self.statements = list(self._statements())

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self.next
        if not token or (expected and token != expected):
            raise Unreadable(f"expected {expected or 'more'} {self._here()}")
        self.at += 1
        return token

    def _here(self) -> str:
        return f"before {' '.join(self.tokens[self.at :])!r}" if self.next else "at the end"

    def _statements(self):
        while True:
            left = self._sum()
            if self.next not in RELATIONS:
                raise Unreadable(f"expected a relation {self._here()}")
            while self.next in RELATIONS:
                relation = self._take()
                right = self._sum()
                yield left, relation, right
                left = right
            if not self.next:
                return
            if self._take() not in (",", r"\\"):
                self.at -= 1
                raise Unreadable(f"nothing may follow {self._here()}")

    def _sum(self) -> Value:
        """Read terms with + and - between them."""
        total = None
        while total is None or self.next in ("+", "-"):
            sign = -1 if self.next == "-" else 1
            if self.next in ("+", "-"):
                self._take()
            term = self._product()
            total = _add(total, term, sign)
        return total

    def _product(self) -> Value:
        """Read factors side by side; a sum or a function takes all that follows it, or refuses."""
        result = self._factor()
        while self.next and (self.next not in ENDS or self.next in (r"\cdot", r"\times", "/")):
            operator = self._take() if self.next in ENDS else ""
            if not operator and self.next[0].isdigit():
                raise Unreadable(f"a number after a factor has two readings {self._here()}")
            factor = self._factor()
            result = _multiply(result, factor, divide=operator == "/")
            if operator == "/" and self.next and self.next not in ENDS:
                raise Unreadable(f"a product after / has two readings {self._here()}")
        return result

    def _factor(self) -> Value:
        if self.next in BIG:
            return self._larger_of_two() if self.tokens[self.at + 1 : self.at + 2] == ["("] else self._big()
        if self.next in FUNCTIONS:
            return self._function()
        base = self._base()
        if self.next != "^":
            return base
        self._take()
        exponent = self._argument()
        return lambda s: torch.pow(base(s), exponent(s))

    def _base(self) -> Value:
        """Read a fraction, a root, a bracket, a number or a symbol."""
        token = self.next
        if token == r"\frac":
            return self._fraction()
        if token == r"\sqrt":
            self._take()
            if self.next != "{":
                raise Unreadable(f"expected {{ {self._here()}")
            under = self._group()
            return lambda s: torch.sqrt(under(s))
        if token == "{":
            raise Unreadable("braces do not show; write parentheses")
        if token in CLOSING:
            inner = self._group()
            return (lambda s: torch.abs(inner(s))) if token == r"\lvert" else inner
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return _constant(self._take())
        name, indices = self._symbol()
        return lambda s: _look_up(s, name, indices)

    def _argument(self) -> Value:
        """Read a script in braces, or one without, which TeX ends after one character."""
        if self.next == "{":
            return self._group()
        if not re.fullmatch(r"\d|[a-zA-Z]", self.next):
            raise Unreadable(f"put the script into braces {self._here()}")
        if self.next.isdigit():
            return _constant(self._take())
        name = self._take()
        return lambda s: _look_up(s, name, [])

    def _group(self) -> Value:
        opening = self._take()
        if opening not in CLOSING:
            raise Unreadable(f"expected a bracket before {opening!r}")
        inner = self._sum()
        self._take(CLOSING[opening])
        return inner

    def _fraction(self) -> Value:
        self._take(r"\frac")
        if self.tokens[self.at : self.at + 2] == ["{", r"\partial"]:
            return self._derivative()
        above, below = self._group(), self._group()
        return lambda s: above(s) / below(s)

    def _derivative(self) -> Value:
        """Read what follows `\\frac{`: `\\partial f}{\\partial x}`, or `\\partial^2 f}{\\partial x \\partial y}`."""
        self._take("{")
        self._take(r"\partial")
        order = 1
        if self.next == "^":
            self._take()
            order = int(self._take())
        function = self._sum()
        self._take("}")
        self._take("{")
        for _ in range(order):
            self._take(r"\partial")
            function = _differentiated(function, *self._symbol())
        self._take("}")
        return function

    def _larger_of_two(self) -> Value:
        combine = BIG[self._take()]
        self._take("(")
        first = self._sum()
        self._take(",")
        second = self._sum()
        self._take(")")
        return lambda s: combine(torch.stack([first(s), second(s)]))

    def _function(self) -> Value:
        function = FUNCTIONS[self._take()]
        base = _constant(str(math.e))
        if self.next == "_":
            self._take()
            base = self._argument()
        if self.next == "^":
            raise Unreadable(f"a power of a function has two readings {self._here()}")
        bracketed, big = self.next in CLOSING and self.next != "{", self.next in BIG
        inner = self._group() if bracketed else self._factor()
        if self.next == "^" or (self.next and self.next not in ENDS and not big):
            raise Unreadable(f"what the function is applied to has two readings {self._here()}")
        return lambda s: function(inner(s)) / torch.log(base(s))

    def _big(self) -> Value:
        combine = BIG[self._take()]
        lower, upper = self._bounds()
        letter, first = lower
        self.bound.append(letter)
        body = self._product()
        self.bound.pop()

        def value(s):
            last = upper(s) if upper else s[RANGES[letter], 0]
            values = [body(s | {letter: n}) for n in range(int(first(s)), int(last) + 1)]
            if not values:
                raise Unreadable(f"{letter} runs over nothing")
            return combine(torch.stack(values))

        return value

    def _bounds(self) -> tuple[tuple[str, Value], Value | None]:
        """Read `_j`, `_{j}`, or `_{j=1}^{C}` with the bounds in either order."""
        lower = upper = None
        while self.next in ("_", "^"):
            if self._take() == "^":
                upper = self._argument()
            elif self.next != "{":
                lower = self._take(), _constant("1")
            else:
                self._take()
                letter, first = self._take(), _constant("1")
                if self.next == "=":
                    self._take()
                    first = self._sum()
                self._take("}")
                lower = letter, first
        if lower is None or (upper is None and lower[0] not in RANGES):
            raise Unreadable(f"expected bounds {self._here()}")
        return lower, upper

    def _symbol(self) -> tuple[str, list[Index]]:
        """Read a letter or command with its subscripts; an upright subscript belongs to the name."""
        name = self._take()
        if name in ENDS or not re.fullmatch(r"[a-zA-Z]|\\[a-zA-Z]+", name):
            raise Unreadable(f"unexpected {name!r}")
        if name == r"\operatorname":
            name += self._verbatim("{", "}") + self._verbatim("(", ")")
        if self.next != "_":
            if name in RANGES and name not in self.bound:
                self.free.add(name)
            return name, []
        self._take()
        if self.next != "{":
            return name, [self._subscript()]
        if self.tokens[self.at + 1 : self.at + 2] in ([r"\text"], [r"\mathrm"]):
            return f"{name}_{self._verbatim('{', '}')}", []
        self._take("{")
        indices = []
        while self.next != "}":
            indices.append(self._subscript())
            if self.next == ",":
                self._take()
        self._take("}")
        return name, indices

    def _subscript(self) -> Index:
        if re.fullmatch(r"\d", self.next):
            return Index(_constant(self._take()), None)
        name, indices = self._symbol()
        counts = RANGES.get(name) if not indices else None
        return Index(lambda s: _look_up(s, name, indices), counts)

    def _verbatim(self, opening: str, closing: str) -> str:
        """Take a bracket with all that is in it, as it stands; nothing where the next token opens none."""
        if self.next != opening:
            return ""
        taken, depth = "", 0
        while not taken or depth:
            token = self._take()
            depth += (token == opening) - (token == closing)
            taken += token
        return taken


def _constant(number: str) -> Value:
    value = torch.tensor(float(number), dtype=torch.float64)
    return lambda s: value


def _add(total: Value | None, term: Value, sign: int) -> Value:
    return (lambda s: sign * term(s)) if total is None else (lambda s: total(s) + sign * term(s))


def _multiply(a: Value, b: Value, divide: bool) -> Value:
    return (lambda s: a(s) / b(s)) if divide else (lambda s: a(s) * b(s))


def _differentiated(function: Value, name: str, indices: list[Index]) -> Value:
    def value(s):
        leaf = _find(s, name, indices)
        if not leaf.requires_grad:
            raise Unreadable(f"no derivative by {name}")
        try:
            (gradient,) = torch.autograd.grad(function(s), leaf, create_graph=True)
        except RuntimeError:
            raise Unreadable(f"what is differentiated does not depend on {name}") from None
        return gradient[_place(s, name, indices, gradient)]

    return value


def _look_up(s: dict, name: str, indices: list[Index]) -> torch.Tensor:
    if not indices and name in s:
        return torch.tensor(float(s[name]), dtype=torch.float64)
    values = _find(s, name, indices)
    return values[_place(s, name, indices, values)].double()


def _find(s: dict, name: str, indices: list[Index]) -> torch.Tensor:
    """Return the tensor behind a symbol; with one subscript, what the subscript counts tells it apart."""
    kind = (indices[0].counts or "C") if len(indices) == 1 else len(indices)
    if (name, kind) not in s:
        raise Unreadable(f"{name} with {len(indices)} subscripts means nothing here")
    return s[name, kind]


def _place(s: dict, name: str, indices: list[Index], values: torch.Tensor) -> tuple[int, ...]:
    place = tuple(int(index.value(s)) - 1 for index in indices)
    for position, size in zip(place, values.shape, strict=True):
        if not 0 <= position < size:
            raise Unreadable(f"{name} has no element {position + 1} of {size}")
    return place
