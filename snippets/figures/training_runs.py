"""Records the two trainings that the training player replays; `pytest tests/test_live.py --redraw` writes them anew."""

import json

import torch
import torch.nn.functional as F
from exam_data import PASSED, SCORES, untrained
from torch import nn

X = torch.tensor(
    [
        [1, 2, 1, 1],
        [2, 1, 3, 2],
        [3, 1, 3, 4],
        [4, 1, 5, 5],
        [1, 7, 5, 5],
        [1, 2, 5, 6],
        [1, 6, 6, 6],
        [1, 7, 7, 7],
    ],
    dtype=torch.float64,
)
Y = torch.tensor([2, 2, 2, 1, 1, 1, 0, 0])


def train(model, epochs, lr, see):
    """Train, and return what `see` returns before each update: the loss first, then anything to record."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    record = []
    for _ in range(epochs):
        loss, *rest = see(model)
        record.append([loss.item(), *rest])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return record


def logistic():
    """Return loss, accuracy, six probabilities of a pass, three weights and the bias, at each of 101 epochs."""

    def see(model):
        z = model(SCORES)
        right = (z >= 0) == PASSED.bool()
        seen = torch.sigmoid(z).flatten().tolist() + model.weight.flatten().tolist() + model.bias.tolist()
        return [F.binary_cross_entropy_with_logits(z, PASSED), right.float().mean().item(), *seen]

    return train(untrained(), 101, 0.05, see)


def softmax():
    """Return loss, accuracy, and the probability of each of eight targets, at each of 1001 epochs."""

    def see(model):
        z = model(X)
        p = torch.softmax(z, dim=1)[torch.arange(8), Y]
        return [F.cross_entropy(z, Y), (z.argmax(dim=1) == Y).float().mean().item(), *p.tolist()]

    torch.manual_seed(1)
    return train(nn.Linear(4, 3).double(), 1001, 0.1, see)


def kept():
    """Return the epochs of the softmax run that are recorded: all at its start and near its end, else each tenth."""
    return sorted({*range(101), *range(0, 1001, 10), *range(890, 1001)})


def script():
    """Return the record as a script, in ten-thousandths."""
    runs = {"logistic": (range(101), logistic()), "softmax": (kept(), softmax())}
    data = {
        name: {"epochs": [*epochs], "seen": [[round(10_000 * value) for value in record[n]] for n in epochs]}
        for name, (epochs, record) in runs.items()
    }
    head = "// Written by snippets/figures/training_runs.py, in ten-thousandths.\n"
    start = 'document.querySelector("training-player")?.connectedCallback?.();\n'
    return f"{head}live.runs = {json.dumps(data, separators=(',', ':'))};\n{start}"
