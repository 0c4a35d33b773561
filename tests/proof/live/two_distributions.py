"""Two distributions: entropy, cross-entropy and KL both ways, as PyTorch computes them."""

import math

import torch
from proof.charts import VIEW, Chart

PAGE = "foundations/entropy.html"
START = {"p": [7, 2, 1], "q": [5, 3, 2], "unit": "nats"}
ASKED = {"q": [7, 2, 1]}
EXTREMES = [
    {"p": [7, 2, 1], "q": [7, 3, 0], "unit": "nats"},
    {"p": [7, 3, 0], "q": [7, 2, 1], "unit": "bits"},
    {"p": [10, 0, 0], "q": [0, 0, 10], "unit": "nats"},
    {"p": [0, 0.1, 0], "q": [0, 10, 0], "unit": "bits"},
    {"p": [0.1, 10, 10], "q": [10, 10, 0.1], "unit": "bits"},
    {"p": [0.1, 0, 0], "q": [0.1, 10, 10], "unit": "nats"},
    {"p": [0.7, 0.2, 0.1], "q": [7, 2, 1], "unit": "nats"},
    {"p": [10, 10, 10], "q": [0.1, 0.1, 0.1], "unit": "bits"},
    {"p": [5, 3, 2], "q": [3, 5, 2], "unit": "nats"},
    # Nearly the same: KL is about 0.5e-12 and 1.4e-12.
    {"p": [5, 3, 2], "q": [5.00001, 3, 2], "unit": "nats"},
    {"p": [5, 3, 2], "q": [5.000017, 3, 2], "unit": "nats"},
]


def draw(rng):
    """Return a random state, in which about every fourth class has no part."""

    def parts():
        drawn = [rng.choice([0, 1, 1, 1]) * rng.randint(1, 100) / 10 for _ in range(3)]
        return drawn if sum(drawn) else parts()

    return {"p": parts(), "q": parts(), "unit": rng.choice(["nats", "bits"])}


def ruled_out(state):
    """Return the classes that happen although the model rules them out."""
    return [j for j, (p, q) in enumerate(zip(state["p"], state["q"], strict=True)) if p > 0 and q == 0]


def presses(words):
    """Return what each button changes."""
    return {words["swap"].format(p="p", q="q"): {"p": START["q"], "q": START["p"]}}


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    names, unit = words["and"].join(words["classes"][j] for j in ruled_out(state)), words["units"][state["unit"]]
    kind = "ruled_out" if names else "same" if truth(state, words)["kl"] < 1e-12 else "says"
    return words[kind].format(**shown, names=names, unit=unit)


def truth(state, words):
    """Return what each number of the figure must be."""
    p, q = (torch.tensor(state[name], dtype=torch.float64) for name in "pq")
    p, q = p / p.sum(), q / q.sum()
    nats = {
        "entropy": torch.special.entr(p).sum(),
        "cross": -torch.xlogy(p, q).sum(),
        "kl": (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(),
        "reverse": (torch.xlogy(q, q) - torch.xlogy(q, p)).sum(),
    }
    unit = math.log(2) if state["unit"] == "bits" else 1
    numbers = {name: value.item() / unit for name, value in nats.items()}
    for j in range(3):
        numbers |= {f"p{j}": p[j].item(), f"q{j}": q[j].item()}
    high = torch.maximum(-torch.log(p), -torch.log(q)) > 4
    return numbers | ({"cut": words["cut"]} if (high & (p > 0)).any() else {})


def surfaces(state, words, unit):
    """Return the areas that the figure must draw, and the names of their classes."""
    numbers, top = truth(state, words), 4 / unit
    marks = range(5) if unit == 1 else range(6)
    chart = Chart((0, 1, (0, 0.5, 1)), (0, top, marks))
    shapes = {"viewBox": [[VIEW]], **chart.shapes()}
    left = 0
    for j, name in enumerate(words["classes"]):
        width, given = numbers[f"p{j}"], numbers[f"q{j}"]
        own, charged = (min(4, -math.log(part)) / unit if part else top for part in (width, given))
        both = min(own, charged)
        for kind, low, high in (("shared", 0, both), ("over", both, charged), ("under", both, own)):
            # A class that does not happen has no width, and lies on the ground.
            low, high = (low, high) if width else (0, 0)
            corners = [(left, low), (left, high), (left + width, high), (left + width, low)]
            box = [n for x, y in corners for n in (chart.x(x), chart.y(y))]
            shapes.setdefault(f"live-two-area-{kind}", []).append([box])
        if width >= 0.12:
            shapes["tick"].append([chart.x(left + width / 2), 16, name])
        left += width
    return shapes


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    numbers, unit = truth(state, words), math.log(2) if state["unit"] == "bits" else 1
    shapes = {
        "range": [[0, 10, 0.1]] * 6,
        "number": [[state[letter][j]] for j in range(3) for letter in "pq"],
        "radio": [[state["unit"] == unit] for unit in ("nats", "bits")],
        # The ruler has room for 2 nats.
        "live-head live-two-ruler": [[50 * tick * unit, str(tick)] for tick in range(3)],
    }
    shapes |= {
        f"live-bar live-held live-two-{letter}": [[100 * numbers[f"{letter}{j}"]] for j in range(3)] for letter in "pq"
    }
    shapes |= surfaces(state, words, unit)
    nats = {name: numbers[name] * unit for name in ("entropy", "kl", "reverse")}
    for name, count in (("entropy", 2), ("kl", 2), ("reverse", 1)):
        left = nats["entropy"] if name == "kl" else 0
        kind = "live-two-beyond " * (left + nats[name] > 2) + f"live-two-{name}"
        shapes[kind] = [[50 * left, 50 * min(max(0, nats[name]), 2 - left)]] * count
    return shapes | ({"marked": [[f"q{j}"] for j in ruled_out(state)]} if ruled_out(state) else {})


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    # Each class has a bar of p and one of q; the classes that are not held share the rest as they did.
    return [
        (0, (0.5, 0.5), {"p": [5, 3.33, 1.67]}),
        (3, (0.6, 0.5), {"q": [2.86, 6, 1.14]}),
        (1, (0.9996, 0.5), {"q": [10, 0, 0]}),
    ]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    if after["cross"] == 0:
        return "zero"
    return "entropy" if round(after["cross"] - after["entropy"], 9) == 0 else "more"
