"""Where softmax overflows: each step of three ways to the log-probabilities, as PyTorch computes it in four types."""

import math
import re

import torch
import torch.nn.functional as F

PAGE = "losses/log-sum-exp.html"
START = {"z": [600, 700, 800], "dtype": "float64"}
ASKED = {"z": [12, 12, 12], "dtype": "float16"}
TYPES = ["float16", "bfloat16", "float32", "float64"]
EDGES = [
    [-1000, -900, -800],
    [709.5, 709.5, 709.5],
    [0, 200, 0],
    [0, 0, 0],
    [2000, -2000, 2000],
    [-2000, -2000, -2000],
    [11.09, 11.094, 10],
    [9.984, 9.984, 9.984],
    [9.992, 9.992, 9.992],
    [88.72, 88.73, 88.5],
    [-17.3, -17.4, -103.9],
    [-744.5, -745.1, -745.2],
    [709.782, 709.783, -708.5],
    # Their exponentials add up to the largest number of float16.
    [9.15625, 10.4140625, 10.03125],
    # Here the way in which a number is written changes.
    [0.001, -0.001, 0.00099],
]
EXTREMES = [{"z": z, "dtype": dtype} for dtype in TYPES for z in EDGES]


def draw(rng):
    """Return a random state, as often near 0 as far from it."""
    width = rng.choice([1, 10, 20, 100, 800, 2000])
    return {
        "z": [round(rng.uniform(-width, width), rng.choice([0, 1, 3])) for _ in range(3)],
        "dtype": rng.choice(TYPES),
    }


def naive(z):
    """Return the steps of softmax as written and of its log."""
    powers = torch.exp(z)
    p = powers / powers.sum()
    return {"z": z, "power": powers, "sum": powers.sum(), "p": p, "log": torch.log(p)}


def fused(z):
    """Return the steps of `F.log_softmax`, which computes in float32 at least, and what it returns itself."""
    inner = z if z.dtype == torch.float64 else z.float()
    shifted = inner - inner.max()
    powers = torch.exp(shifted)
    total = powers.sum().to(z.dtype)
    return {"z": shifted, "power": powers, "sum": total, "lse": torch.log(total), "log": F.log_softmax(z, dim=0)}


def text(value, bare):
    """Return a number, or a word where the figure must show just that: 0 for a zero, and each whole logit."""
    if value == 0:
        return "0"
    return str(int(value)) if bare and value.is_integer() else value


def written(name, value):
    """Return a number as the figure writes it: five digits, and an exact zero as it is."""
    if value == 0:
        return "0"
    size = abs(value)
    if 1e-3 <= size < 1:
        return f"{value:.4f}"
    if not 1 <= size < 1e5:
        return f"{value:.4e}"
    digits = f"{value:.4e}"
    return f"{value:.{4 - int(digits.partition('e')[2])}f}"


def presses(words):
    """Return what each button changes."""
    states = {"high": [600, 700, 800], "low": [-1000, -900, -800], "equal": [709.5, 709.5, 709.5]}
    return {words["examples"][name]: {"z": z} for name, z in states.items()}


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    verdicts = {text: verdict for verdict, text in words["verdicts"].items()}
    ends = {
        way: words["ends"][verdicts[shown[f"{way}-verdict"]]].format(way=words["ways"][way])
        for way in ("naive", "shifted", "fused")
    }
    return words["says"].format(dtype=state["dtype"], **ends)


def all_steps(state):
    """Return the steps of the three ways."""
    z = torch.tensor(state["z"], dtype=getattr(torch, state["dtype"]))
    return {"naive": naive(z), "shifted": naive(z - z.max()), "fused": fused(z)}


def truth(state, words):
    """Return what each number of the figure must be."""
    numbers = {}
    for way, steps in all_steps(state).items():
        for name, values in steps.items():
            for j, value in enumerate(values.reshape(-1).tolist()):
                numbers[f"{way}-{name}{j if values.dim() else ''}"] = text(value, bare=name == "z")
        over = not (steps["power"].isfinite().all() and steps["sum"].isfinite())
        fails = not steps["log"].isfinite().all()
        numbers[f"{way}-verdict"] = words["verdicts"][("overflow" if over else "underflow") if fails else "finite"]
    return numbers


def place(x):
    """Return where a number lies on the ruler, which squeezes what is far from 0, in percent."""
    return 50 + 50 * math.asinh(x / 40) / math.asinh(2 * 2000 / 40)


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    limits, numbers = torch.finfo(getattr(torch, state["dtype"])), truth(state, words)
    # Half the least number is rounded to 0; of float64 it is no number itself.
    first = place(math.log(limits.tiny) + math.log(limits.eps / 2))
    shapes = {
        "range": [[-2000, 2000, 1]] * 3,
        "number": [[value] for value in state["z"]],
        "select": [[state["dtype"]]],
        "live-marks": [[place(x), f"{x}".replace("-", "\u2212")] for x in (-2000, -200, 0, 200, 2000)],
    }
    for track, steps in zip(("live-held live-reach", "live-reach"), list(all_steps(state).values())[:2], strict=True):
        shapes.setdefault(track, []).append([first, place(math.log(limits.max)) - first])
        for j, (z, power) in enumerate(zip(steps["z"].tolist(), steps["power"].tolist(), strict=True)):
            shapes.setdefault(track if 0 < power < math.inf else "live-bad", []).append([place(z), f"{j}"])
    broken = ("inf", "-inf", "nan", words["verdicts"]["overflow"], words["verdicts"]["underflow"])
    marked = [name for name, value in numbers.items() if str(value) in broken]
    return shapes | ({"marked": sorted([name] for name in marked)} if marked else {})


def typed(script):
    """Return the constants that a script of the figure has, beside what they must be."""
    pairs = []
    for dtype in TYPES:
        digits, least = map(int, re.search(rf"\b{dtype}: \[(-?\d+), (-?\d+)\]", script).groups())
        limits = torch.finfo(getattr(torch, dtype))
        pairs += [(2.0 ** (1 - digits), limits.eps), (2.0**least, limits.tiny)]
    return pairs


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    return [
        (0, (place(200.2) / 100, 0.5), {"z": [600, 200, 800]}),
        (0, (0.0001, 0.1), {"z": [-2000, 700, 800]}),
        (0, (place(-40) / 100, 0.95), {"z": [600, 700, -40]}),
    ]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    failed = [way for way in ("naive", "shifted", "fused") if not math.isfinite(float(after[f"{way}-log0"]))]
    return {0: "none", 1: "naive", 2: "both"}[len(failed)]
