"""The training player: what two trainings saw at an epoch, trained anew."""

import functools
import json

import training_runs
from proof.places import ROOT

PAGE = "practice/training.html"
START = {"run": "logistic", "epoch": 0}
EXTREMES = [{"run": "logistic", "epoch": n} for n in (5, 10, 58, 100)]
EXTREMES += [{"run": "softmax", "epoch": n} for n in (0, 902, 1000)]


@functools.cache
def record(run):
    """Return all epochs of a training."""
    return getattr(training_runs, run)()


def draw(rng):
    """Return a random state."""
    run = rng.choice(["logistic", "softmax"])
    return {"run": run, "epoch": rng.choice(range(101) if run == "logistic" else training_runs.kept())}


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
    loss, accuracy, *seen = record(state["run"])[state["epoch"]]
    numbers = {"epoch": str(state["epoch"]), "loss": loss, "accuracy": 100 * accuracy}
    count = 6 if state["run"] == "logistic" else 8
    numbers |= {f"p{i}": p for i, p in enumerate(seen[:count])}
    if state["run"] == "softmax":
        return numbers | {f"row{i}": words["sample"].format(i=i + 1) for i in range(count)}
    numbers |= {f"row{i}": words["passed" if passed else "failed"].format(i=i + 1) for i, passed in enumerate(PASSED)}
    names = [*(words["weight"].format(j=j) for j in (1, 2, 3)), words["bias"]]
    return (
        numbers | {f"name{i}": n for i, n in enumerate(names)} | {f"weight{i}": w for i, w in enumerate(seen[count:])}
    )


@functools.cache
def kept():
    """Return what is drawn: the recorded epochs, and their numbers in ten-thousandths. Another test trains anew."""
    script = (ROOT / "docs/assets/live/training-player-data.js").read_text("utf-8")
    return json.loads(script.partition("live.runs = ")[2].partition(";\n")[0])


@functools.cache
def lines(run):
    """Return the points of the loss and of the accuracy, on plots of 300 times 90, of which 4 stay free."""
    epochs, seen = kept()[run]["epochs"], kept()[run]["seen"]
    pairs = list(zip(epochs, seen, strict=True))
    tops = (max(loss for loss, *_ in seen), 10_000)
    return [
        tuple(x for n, v in pairs for x in (300 * n / epochs[-1], 90 - 86 * v[k] / top)) for k, top in enumerate(tops)
    ]


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    run, epoch = state["run"], state["epoch"]
    epochs = kept()[run]["epochs"]
    at = epochs.index(epoch)
    shapes = {
        "range": [[0, len(epochs) - 1, 1, at, words["epoch_now"].format(epoch=epoch)]],
        "select": [[run]],
        "viewBox": [["0 0 300 90"]] * 2,
        "live-line": [[line] for line in lines(run)],
        "live-mark": [[300 * epoch / epochs[-1], 0, 300 * epoch / epochs[-1], 90]] * 2,
    }
    for i in range(6 if run == "logistic" else 8):
        p, kind = kept()[run]["seen"][at][2 + i] / 10_000, "live-bar"
        if run == "logistic":
            kind += " live-half" if (p >= 0.5) == PASSED[i] else " live-half live-wrong"
        shapes.setdefault(kind, []).append([100 * p])
    return shapes
