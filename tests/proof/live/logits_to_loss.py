"""Logits to loss: probabilities, loss and gradient of one sample, as PyTorch computes them."""

import math

import torch
import torch.nn.functional as F
from proof.charts import VIEW, Chart

PAGE = "foundations/gradient.html"
START = {"z": [2, 1, 0.1], "target": 0, "T": 1, "c": 0}
ASKED = {"c": 50}
EXTREMES = [
    {"z": [10, -10, 10], "target": 1, "T": 0.1, "c": 100},
    {"z": [-10, -10, -10, -10, -10], "target": 2, "T": 10, "c": -100},
    # No slider leads here, but a link does.
    {"z": [800, 0, -800], "target": 1, "T": 1, "c": 0},
]


def draw(rng):
    """Return a random state."""
    z = [round(rng.uniform(-10, 10), 1) for _ in range(rng.randint(3, 5))]
    return {"z": z, "target": rng.randrange(len(z)), "T": round(rng.uniform(0.1, 10), 1), "c": rng.randint(-100, 100)}


def presses(words):
    """Return what each button changes."""
    return {words["more"]: {"z": [2, 1, 0.1, 0]}, words["less"]: {}}


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    target = state["target"]
    return words["says"].format(target=target, p=shown[f"p{target}"], loss=shown["loss"])


def truth(state, words):
    """Return what each number of the figure must be."""
    z = torch.tensor([state["z"]], dtype=torch.float64, requires_grad=True)
    loss = F.cross_entropy((z + state["c"]) / state["T"], torch.tensor([state["target"]]))
    loss.backward()
    p = torch.softmax((z + state["c"]) / state["T"], dim=1)[0]
    numbers = {"loss": loss.item()}
    for j in range(len(state["z"])):
        numbers |= {f"p{j}": p[j].item(), f"gradient{j}": z.grad[0, j].item()}
    return numbers


SURPRISE = Chart((0, 1, (0, 0.5, 1)), (0, 6, (0, 2, 4, 6)))
# The curve, in even steps of the loss.
CURVE = [n for k in range(101) for n in (SURPRISE.x(math.exp(-6 * (1 - k / 100))), SURPRISE.y(6 * (1 - k / 100)))]


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    z, numbers = state["z"], truth(state, words)
    # An arrow starts in the middle of its field, goes against the gradient, and a push of 1 reaches the end.
    lengths = [max(-50, min(50, -50 * numbers[f"gradient{j}"])) for j in range(len(z))]
    shapes = {
        "range": [[-10, 10, 0.1]] * len(z) + [[0.1, 10, 0.1], [-100, 100, 1]],
        "number": [[value] for value in (*z, state["T"], state["c"])],
        "radio": [[j == state["target"]] for j in range(len(z))],
        "live-bar live-held": [[100 * numbers[f"p{j}"]] for j in range(len(z))],
        "viewBox": [[VIEW]],
        "live-line": [[CURVE]],
        "live-dot" if numbers["loss"] <= 6 else "live-beyond live-dot": [
            [SURPRISE.x(numbers[f"p{state['target']}"]), SURPRISE.y(min(6, numbers["loss"]))]
        ],
        **SURPRISE.shapes(),
    }
    for j, length in enumerate(lengths):
        kind = "live-arrow live-raises" if numbers[f"gradient{j}"] < 0 else "live-arrow"
        shapes.setdefault(kind, []).append([50 + min(0, length), abs(length)])
    off = {3: "less", 5: "more"}.get(len(z))
    return shapes | ({"disabled": [[words[off]]]} if off else {})


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    # The other logits are 1 and 0.1, or 2 and 0.1.
    rest = [torch.logsumexp(torch.tensor([other, 0.1], dtype=torch.float64), 0).item() for other in (1.0, 2.0)]
    half, quarter = round(rest[0], 1), round(rest[1] - math.log(3), 1)
    cold = round(3 * torch.logsumexp(torch.tensor([1.0, 0.1], dtype=torch.float64) / 3, 0).item(), 1)
    curve = (SURPRISE.x(0.5) / 300, 0.5)
    return [
        (0, (0.5, 0.5), {"z": [half, 1, 0.1]}),
        (1, (0.25, 0.5), {"z": [2, quarter, 0.1]}),
        # Past the end of the bar.
        (0, (1.2, 0.5), {"z": [10, 1, 0.1]}),
        # The others keep their probabilities at another temperature, too, and whatever is added to all.
        (0, (0.5, 0.5), {"z": [cold, 1, 0.1]}, {"T": 3, "c": 40}),
        (3, curve, {"z": [half, 1, 0.1]}),
    ]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    change = round(after["loss"] - before["loss"], 4)
    return "stays" if change == 0 else "rises" if change > 0 else "falls"
