"""The training player: what two trainings saw at an epoch, trained anew."""

import functools
import runpy
import sys

from proof.places import ROOT

PAGE = "practice/training.html"
START = {"run": "logistic", "epoch": 0}
EXTREMES = [{"run": "logistic", "epoch": n} for n in (5, 10, 58, 100)]
EXTREMES += [{"run": "softmax", "epoch": n} for n in (0, 902, 1000)]


@functools.cache
def runs():
    """Return what records the trainings."""
    folder = str(ROOT / "snippets/figures")
    sys.path.insert(0, folder)
    try:
        return runpy.run_path(f"{folder}/training_runs.py")
    finally:
        sys.path.remove(folder)


@functools.cache
def record(run):
    """Return all epochs of a training."""
    return runs()[run]()


def draw(rng):
    """Return a random state."""
    run = rng.choice(["logistic", "softmax"])
    return {"run": run, "epoch": rng.choice(range(101) if run == "logistic" else runs()["kept"]())}


def written(name, value):
    """Return a number as the figure writes it: percent have two decimals."""
    return f"{value:.{2 if name == 'accuracy' else 4}f}"


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    return f"Epoch {state['epoch']}: loss {shown['loss']}, accuracy {shown['accuracy']} percent."


def truth(state):
    """Return what each number of the figure must be."""
    loss, accuracy, *seen = record(state["run"])[state["epoch"]]
    numbers = {"epoch": str(state["epoch"]), "loss": loss, "accuracy": 100 * accuracy}
    count = 6 if state["run"] == "logistic" else 8
    numbers |= {f"p{i}": p for i, p in enumerate(seen[:count])}
    return numbers | {f"weight{i}": w for i, w in enumerate(seen[count:])}
