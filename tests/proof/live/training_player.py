"""The training player: what two trainings saw at an epoch, trained anew."""

import functools
import re

import torch
import training_runs
from proof.charts import VIEW, Chart, joined

PAGE = "practice/reading-the-log.html"
START = {"run": "logistic", "epoch": 0}
ASKED = {"epoch": 100}
EXTREMES = [{"run": "logistic", "epoch": n} for n in (5, 10, 58, 100)]
EXTREMES += [{"run": "softmax", "epoch": n} for n in (0, 902, 1000)]


@functools.cache
def record(run):
    """Return all epochs of a training."""
    return getattr(training_runs, run)()


def draw(rng):
    """Return a random state."""
    run = rng.choice(["logistic", "softmax"])
    return {"run": run, "epoch": rng.randrange(len(record(run)))}


def written(name, value):
    """Return a number as the figure writes it: percent have two decimals."""
    return f"{value:.{2 if name == 'accuracy' else 4}f}"


def presses(words):
    """Return what each button changes."""
    return {"+": {"epoch": 1}, "\u2212": {}}


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    return words["says"].format(epoch=state["epoch"], loss=shown["loss"], accuracy=shown["accuracy"])


# The students who passed.
PASSED = (False, False, False, True, True, True)


def truth(state, words):
    """Return what each number of the figure must be, and each label that changes with the training."""
    loss, accuracy, rights, *seen = record(state["run"])[state["epoch"]]
    numbers = {"epoch": str(state["epoch"]), "loss": loss, "accuracy": 100 * accuracy}
    count = 6 if state["run"] == "logistic" else 8
    numbers |= {f"p{i}": p for i, p in enumerate(seen[:count])}
    numbers |= {f"miss{i}": words["miss"] for i, right in enumerate(rights) if not right}
    if state["run"] == "softmax":
        return numbers | {f"row{i}": words["sample"].format(i=i + 1) for i in range(count)}
    numbers |= {f"row{i}": words["passed" if passed else "failed"].format(i=i + 1) for i, passed in enumerate(PASSED)}
    names = [*(words["weight"].format(j=j) for j in (1, 2, 3)), words["bias"]]
    return (
        numbers | {f"name{i}": n for i, n in enumerate(names)} | {f"weight{i}": w for i, w in enumerate(seen[count:])}
    )


# Of each training, the ticks of its epochs and of its loss.
TICKS = {"logistic": ((0, 50, 100), (0, 1, 2, 3)), "softmax": ((0, 500, 1000), (0, 1, 2))}


@functools.cache
def charts(run):
    """Return the charts of the loss and of the accuracy, each with the points of its line."""
    epochs, losses = TICKS[run]
    ups = [(losses[0], losses[-1], losses), (0, 100, (0, 50, 100))]
    both = [Chart((epochs[0], epochs[-1], epochs), up) for up in ups]
    seen = [[loss, 100 * accuracy] for loss, accuracy, *_ in record(run)]
    lines = [tuple(n for e, v in enumerate(seen) for n in (c.x(e), c.y(v[k]))) for k, c in enumerate(both)]
    return both, seen, lines


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    run, epoch = state["run"], state["epoch"]
    both, seen, lines = charts(run)
    _, _, rights, *p = record(run)[epoch]
    shapes = {
        "range": [[0, len(seen) - 1, 1, epoch, words["epoch_now"].format(epoch=epoch)]],
        "select": [[run]],
        "viewBox": [[VIEW]] * 2,
        "live-line": [[line] for line in lines],
        "live-dot": [[chart.x(epoch), chart.y(seen[epoch][k])] for k, chart in enumerate(both)],
        **joined(*(chart.shapes() for chart in both)),
    }
    for i, right in enumerate(rights):
        target = PASSED[i] if run == "logistic" else 1
        kind = "live-bar live-gap" + " live-half" * (run == "logistic") + " live-wrong" * (not right)
        shapes.setdefault(kind, []).append([100 * min(p[i], target), 100 * abs(p[i] - target)])
    return shapes


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    loss, accuracy = charts("logistic")[0]
    return [(0, (loss.x(5.2) / 300, 0.5), {"epoch": 5}), (1, (accuracy.x(102) / 300, 0.5), {"epoch": 100})]


def typed(script):
    """Return the constants that a script of the figure has, beside what they must be."""
    torch.manual_seed(1)
    layer = torch.nn.Linear(4, 3)
    rows = [[*weights, bias] for weights, bias in zip(layer.weight.tolist(), layer.bias.tolist(), strict=True)]
    true = [float(f"{value:.9g}") for row in rows for value in row]
    # Nine digits name a number of float32.
    return list(zip([float(number) for number in re.findall(r"-?\d\.\d{6,}", script)], true, strict=True))


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    return "zero" if after["loss"] < 0.05 else "half" if after["loss"] < 0.4 else "same"
