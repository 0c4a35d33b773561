"""The mean calculator: the terms of F.cross_entropy on the page's five samples, and the call that computes them."""

import math
import re

import torch
import torch.nn.functional as F
from proof.charts import VIEW, Chart

PAGE = "reference/cross-entropy.html"
START = {"y": [0, 0, 0, 2, 1], "w": [1, 2, 5], "smoothing": 0, "reduction": "mean"}
ASKED = {"w": [2, 4, 10]}
EXTREMES = [
    {"y": [-100] * 5, "w": [1, 2, 5], "smoothing": 0, "reduction": "mean"},
    {"y": [0, 1, 2, 0, 1], "w": [0, 0, 0], "smoothing": 0.5, "reduction": "mean"},
    {"y": [0, 1, 2, 0, -100], "w": [10, 0, 0.1], "smoothing": 1, "reduction": "none"},
    {"y": [-100] * 5, "w": [1, 1, 1], "smoothing": 0.2, "reduction": "sum"},
    {"y": [0, -100, -100, -100, -100], "w": [1, 2, 5], "smoothing": 0, "reduction": "mean"},
    # Something above a fraction bar, and nothing below it.
    {"y": [0] * 5, "w": [0, 2, 5], "smoothing": 0.5, "reduction": "mean"},
    # A mean that lies in the picture, and one that does not; a width that is a round number.
    {"y": [0, 1, 2, 0, 1], "w": [10, 10, 10], "smoothing": 0, "reduction": "mean"},
    {"y": [0, 0, 0, 0, 0], "w": [4, 4, 4], "smoothing": 0, "reduction": "mean"},
    {"y": [0, 1, 2, 2, 1], "w": [0.1, 0.2, 0.1], "smoothing": 0, "reduction": "sum"},
    {"y": [0, 1, 1, 1, 1], "w": [1, 4.8, 10], "smoothing": 1, "reduction": "mean"},
]
Z = torch.rand(5, 3, generator=torch.manual_seed(1)).double()


def draw(rng):
    """Return a random state."""
    return {
        "y": [rng.choice([0, 1, 2, -100]) for _ in range(5)],
        "w": [round(rng.uniform(0, 10), 1) for _ in range(3)],
        "smoothing": round(rng.uniform(0, 1), 2),
        "reduction": rng.choice(["none", "sum", "mean"]),
    }


def written(name, value):
    """Return a number as the figure writes it: divisors have two decimals."""
    return f"{value:.{2 if name.startswith('below') else 4}f}"


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    return words["says"].format(result=shown["result"])


def truth(state, words):
    """Return what each number of the figure must be, and the result and the call as text."""
    y, w = torch.tensor(state["y"]), torch.tensor(state["w"], dtype=torch.float64)
    settings = {"weight": w, "label_smoothing": state["smoothing"]}
    each, total, mean = (F.cross_entropy(Z, y, reduction=r, **settings) for r in ("none", "sum", "mean"))
    plain = F.cross_entropy(Z, y, reduction="none")
    kept = y != -100
    below = torch.where(kept, w[y.clamp(min=0)], 0.0)
    numbers = {"above": total.item(), "below": below.sum().item()}
    for i in range(5):
        numbers[f"loss{i}"] = plain[i].item() if kept[i] else words["ignored"]
        numbers |= {f"above{i}": each[i].item(), f"below{i}": below[i].item()}
    numbers["other"] = each.sum().item() / kept.sum().item() if kept.any() else math.nan
    heights = each[kept] / below[kept]
    if (heights[each[kept] > 0] > 3).any() or numbers["other"] > 3:
        numbers["cut"] = words["cut"]
    numbers["result"] = {
        "mean": f"{total:.4f} / {below.sum():.2f} = {mean:.4f}",
        "sum": f"{total:.4f}",
        "none": f"[{', '.join(f'{loss:.4f}' for loss in each)}]",
    }[state["reduction"]]
    call = [f"weight=torch.tensor([{', '.join(f'{value:.2f}' for value in state['w'])}])"]
    call += ["ignore_index=-100"] * (not kept.all())
    call += [f"label_smoothing={state['smoothing']:g}"] * bool(state["smoothing"])
    call += [f'reduction="{state["reduction"]}"'] * (state["reduction"] != "mean")
    numbers["call"] = f"y = torch.tensor({state['y']})\nF.cross_entropy(z, y, {', '.join(call)})"
    return numbers


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    numbers = truth(state, words)
    total = numbers["below"]
    end = min(times * 10**power for power in (0, 1) for times in (1, 2, 5) if times * 10**power >= total - 1e-9)
    chart = Chart((0, end, (0, end)), (0, 3, (0, 1, 2, 3)))
    shapes, left, boxes, names = chart.shapes(), 0, [], []
    for i in range(5):
        width, area = numbers[f"below{i}"], numbers[f"above{i}"]
        height = min(3, area / width) if width else 0
        corners = [(left, 0), (left, height), (left + width, height), (left + width, 0)]
        boxes.append([[n for x, y in corners for n in (chart.x(x), chart.y(y))]])
        if width >= end / 20:
            names.append([chart.x(left + width / 2), 100, f"{i}"])
        left += width
    means = {"live-mean-line": (numbers["above"] / total if total else math.nan, total)}
    means["live-mean-line live-mean-other"] = (numbers["other"], end)
    lines = {
        name: [[chart.x(0), chart.y(mean), chart.x(right), chart.y(mean)]]
        for name, (mean, right) in means.items()
        if mean <= 3
    }
    shapes["tick"] += names
    return (
        shapes
        | lines
        | {
            "viewBox": [[VIEW]],
            "live-mean-box": boxes,
            "range": [[0, 10, 0.1]] * 3 + [[0, 1, 0.01]],
            "number": [[value] for value in (*state["w"], state["smoothing"])],
            "select": [*([str(y)] for y in state["y"]), [state["reduction"]]],
        }
    )


def typed(script):
    """Return the constants that a script of the figure has, beside what they must be."""
    z = [float(number) for number in re.findall(r"\d\.\d{6,}", script)]
    # Nine digits name a number of float32.
    return list(zip(z, [float(f"{value:.9g}") for value in Z.flatten().tolist()], strict=True))


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    ratio = (after["above"] / after["below"]) / (before["above"] / before["below"])
    return {1: "stays", 2: "doubles", 0.5: "halves"}[round(ratio, 3)]
