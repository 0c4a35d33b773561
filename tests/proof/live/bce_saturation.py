"""BCE saturation: what float32 leaves of loss and gradient, from the probability and from the logit."""

import functools

import torch
import torch.nn.functional as F
from proof.charts import VIEW, Chart, joined

PAGE = "losses/bce.html"
START = {"z": 17, "y": 0}
ASKED = {"z": 40}
# Every stop of the slider: where rounding decides, a sample would not do.
EXTREMES = [{"z": half / 2, "y": y} for half in range(-120, 121) for y in (0, 1)]


def draw(rng):
    """Return a random state."""
    return {"z": rng.randint(-120, 120) / 2, "y": rng.randint(0, 1)}


def written(name, value):
    """Return a number as the figure writes it: what is tiny, in scientific notation."""
    tiny = not name.startswith("loss") and 0 < abs(value) < 1e-4
    return f"{value:.4e}" if tiny else f"{value:.4f}"


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    return words["says"].format(**shown)


def routes(logits, y):
    """Return the loss and the gradient of each logit, from its probability and from itself."""
    found = []
    for k in range(2):
        z = torch.tensor(logits, dtype=torch.float32, requires_grad=True)
        each = torch.full_like(z, y)
        if k == 0:
            loss = F.binary_cross_entropy(torch.sigmoid(z), each, reduction="none")
        else:
            loss = F.binary_cross_entropy_with_logits(z, each, reduction="none")
        loss.sum().backward()
        found.append((loss.tolist(), z.grad.tolist()))
    return found


def truth(state, words):
    """Return what each number of the figure must be."""
    numbers = {"p": torch.sigmoid(torch.tensor(float(state["z"]))).item()}
    for k, ((loss,), (gradient,)) in enumerate(routes([state["z"]], state["y"])):
        numbers |= {f"loss{k}": loss, f"gradient{k}": gradient}
    return numbers


STOPS = [half / 2 for half in range(-120, 121)]


LOGITS = (-60, 60, (-60, -30, 0, 30, 60))
LOSS, GRADIENT = Chart(LOGITS, (0, 100, (0, 50, 100))), Chart(LOGITS, (-1, 1, (-1, 0, 1)))


@functools.cache
def curves(y):
    """Return, of each route, where its losses and its gradients lie on their charts."""
    return [
        ([LOSS.y(loss) for loss in losses], [GRADIENT.y(gradient) for gradient in gradients])
        for losses, gradients in routes(STOPS, y)
    ]


@functools.cache
def line(y, route, plot):
    """Return the points of a line."""
    return tuple(n for z, height in zip(STOPS, curves(y)[route][plot], strict=True) for n in (LOSS.x(z), height))


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    z, y = state["z"], state["y"]
    shapes = {
        "range": [[-60, 60, 0.5]],
        "number": [[z]],
        "radio": [[y == 0], [y == 1]],
        "viewBox": [[VIEW]] * 2,
        **joined(LOSS.shapes(), GRADIENT.shapes()),
    }
    for route, kind in enumerate(("-wrong", "")):
        lines, dots = (f"live-{mark} live-{mark}{kind}" if kind else f"live-{mark}" for mark in ("line", "dot"))
        shapes[lines] = [[line(y, route, plot)] for plot in range(2)]
        shapes[dots] = [[LOSS.x(z), curves(y)[route][plot][STOPS.index(z)]] for plot in range(2)]
    return shapes


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    near, far = [(LOSS.x(z) / 300, 0.5) for z in (15.2, 61)]
    return [(0, near, {"z": 15}), (1, far, {"z": 60})]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    if after["gradient0"] == 0:
        return "none"
    return "same" if after["gradient0"] == after["gradient1"] else "more"
