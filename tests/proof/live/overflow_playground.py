"""Where softmax overflows: each step of three ways to the log-probabilities, as PyTorch computes it in four types."""

import torch
import torch.nn.functional as F

PAGE = "losses/log-sum-exp.html"
START = {"z": [600, 700, 800], "dtype": "float64"}
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


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    verbs = {"finite": "stays finite", "overflow": "overflows", "underflow": "underflows"}
    ends = ", ".join(f"{way} {verbs[shown[f'{way}-verdict']]}" for way in ("naive", "shifted", "fused"))
    return f"In {state['dtype']}, {ends}."


def truth(state):
    """Return what each number of the figure must be."""
    z = torch.tensor(state["z"], dtype=getattr(torch, state["dtype"]))
    numbers = {}
    for way, steps in {"naive": naive(z), "shifted": naive(z - z.max()), "fused": fused(z)}.items():
        for name, values in steps.items():
            for j, value in enumerate(values.reshape(-1).tolist()):
                numbers[f"{way}-{name}{j if values.dim() else ''}"] = text(value, bare=name == "z")
        over = not (steps["power"].isfinite().all() and steps["sum"].isfinite())
        fails = not steps["log"].isfinite().all()
        numbers[f"{way}-verdict"] = ("overflow" if over else "underflow") if fails else "finite"
    return numbers
