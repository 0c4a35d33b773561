"""The two trainings that the training player shows, epoch by epoch."""

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
    """Return loss, accuracy, who is right, six probabilities, three weights and the bias, at each of 101 epochs."""

    def see(model):
        z = model(SCORES)
        right = (z >= 0) == PASSED.bool()
        seen = torch.sigmoid(z).flatten().tolist() + model.weight.flatten().tolist() + model.bias.tolist()
        loss = F.binary_cross_entropy_with_logits(z, PASSED)
        return [loss, right.float().mean().item(), right.flatten().tolist(), *seen]

    return train(untrained(), 101, 0.05, see)


def softmax():
    """Return loss, accuracy, who is right, and the probabilities of eight targets, at each of 1001 epochs."""

    def see(model):
        z = model(X)
        p = torch.softmax(z, dim=1)[torch.arange(8), Y]
        right = z.argmax(dim=1) == Y
        return [F.cross_entropy(z, Y), right.float().mean().item(), right.tolist(), *p.tolist()]

    torch.manual_seed(1)
    return train(nn.Linear(4, 3).double(), 1001, 0.1, see)
