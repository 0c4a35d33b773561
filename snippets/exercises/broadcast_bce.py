"""
---
title: "Mend: a column meets a row"
description: Mend a PyTorch program whose binary loss stays at 0.6931 and whose accuracy at one half, without a message.
trains: what broadcasting does to logits of shape (N, 1) and targets of shape (N,)
minutes: 15
needs: [losses/bce.md, practice/training.md]
---

# Mend: a column meets a row

`train` learns from hours of study and of sleep which of eight students pass. It runs, and no message appears. Yet its
loss does not get below 0.69, where 0.3 is easy, and its accuracy is one half, where three quarters are easy.

Mend it, and leave the model, the optimizer and the number of epochs as they are. `train` has to return the loss of each
epoch, and the accuracy of the trained model.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Eight students: hours of study and of sleep, standardized, and who passed.
x = torch.tensor(
    [[1.0, 6], [2, 5], [2, 8], [4, 6], [3, 7], [5, 6], [6, 8], [7, 5]]
)
x = (x - x.mean(dim=0)) / x.std(dim=0)
y = torch.tensor([0.0, 0, 0, 0, 1, 1, 1, 1])


class Stub(Wrong):
    """All results are those of the program as it came. Print `model(x).shape` and `y.shape`, and then the shape of
    their product: how many losses are there, for eight students? Eight of them belong to a student and the answer of
    the same student."""

    read = "clinics/silent-bugs.md#accuracy-of-300-comparing-6-1-with-6"

    def train(x, y, epochs=12):
        """Return the loss of each epoch, and the trained model's accuracy."""
        model = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=4)
        losses = []
        for _ in range(epochs):
            z = model(x)
            # Binary cross-entropy of logits: softplus(z) is log(1 + exp(z)).
            loss = (F.softplus(z) - z * y).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses), ((model(x) > 0) == y).float().mean()


HINTS = [
    "`model(x)` is a column of shape (8, 1), and `y` a row of shape (8,). What shape has `model(x) * y`? Which "
    "entries of that table belong to one student?",
    "The same happens twice: once in the loss, and once in the comparison of the accuracy.",
    "`model(x).squeeze(1)` has the shape of `y`. With equal shapes, `F.binary_cross_entropy_with_logits(z, y)` is "
    "the same loss, and it refuses a column beside a row.",
]


def _by_hand(x, y):
    """Return the binary cross-entropy of three epochs, and the accuracy after the first."""
    torch.manual_seed(0)
    layer, losses, accuracies = nn.Linear(2, 1), [], []
    w, b = layer.weight[0], layer.bias
    for _ in range(3):
        z = x @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y))
        accuracies.append((torch.sigmoid(z).round() == y).float().mean())
        slopes = torch.autograd.grad(losses[-1], (w, b))
        w, b = w - 4 * slopes[0], b - 4 * slopes[1]
    return torch.stack(losses).detach(), accuracies[1]


class Checks:
    def first_losses(mine):
        """The losses of the first three epochs"""
        return mine.train(x, y, epochs=3)[0], _by_hand(x, y)[0]

    def learned(mine):
        """The number of losses, and the last of them"""
        losses, _ = mine.train(x, y)
        right = (torch.tensor(12), Between(0.27, 0.3))
        return (torch.tensor(len(losses)), losses[-1]), right

    def accuracies(mine):
        """The accuracies after one epoch, where four, two and six of eight pass"""
        came, want, few = [], [], (x[:, 0] > 1).float()
        for targets in (y, few, 1 - few):
            torch.manual_seed(0)
            came.append(mine.train(x, targets, epochs=1)[1])
            want.append(_by_hand(x, targets)[1])
        return tuple(came), tuple(want)

    def one_student(mine):
        """The losses of a single student"""
        return mine.train(x[:1], y[:1], epochs=3)[0], _by_hand(x[:1], y[:1])[0]

    def large_features(mine):
        """The losses of the first three epochs where features are a hundred times larger"""
        return mine.train(100 * x, y, epochs=3)[0], _by_hand(100 * x, y)[0]


class Solution:
    def train(x, y, epochs=12):
        """Return the loss of each epoch, and the trained model's accuracy."""
        model = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=4)
        losses = []
        for _ in range(epochs):
            loss = F.binary_cross_entropy_with_logits(model(x).squeeze(1), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        right = (model(x).squeeze(1) > 0) == y
        return torch.stack(losses), right.float().mean()


def _fitted(loss_of, says_yes, x, y, epochs):
    """Return the loss of each epoch and an accuracy, with a loss and a decision of one's own."""
    model, losses = nn.Linear(2, 1), []
    optimizer = torch.optim.SGD(model.parameters(), lr=4)
    for _ in range(epochs):
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), (says_yes(model(x)) == y).float().mean()


def _bce(z, y):
    return F.binary_cross_entropy_with_logits(z.squeeze(1), y)


def _yes(z):
    return z.squeeze(1) > 0


PROOF = """
>>> torch.tensor(2.0).log()
tensor(0.6931)
>>> torch.sigmoid(torch.tensor(0.5))
tensor(0.6225)
"""

# A logit of the trained model that is 0 would tell > from >=.
UNSEEN = {
    "right = (model(x).squeeze(1) >= 0) == y": "no trained logit is 0 to the bit",
}


class TheLossAlone(Wrong):
    """The loss is right now, and the accuracy is not: `(model(x) > 0) == y` compares a column with a row, so each
    answer with the target of each student. Give the comparison two equal shapes, too."""

    read = "clinics/silent-bugs.md#accuracy-of-300-comparing-6-1-with-6"

    def train(x, y, epochs=12):
        return _fitted(_bce, lambda z: z > 0, x, y, epochs)


class TheAccuracyAlone(Wrong):
    """The comparison of the accuracy is right now, and the loss is not: it is still the mean over a table, in which
    each answer meets the target of each student. The best that a model can do there is one answer for all, the share of
    those who pass."""

    read = "losses/bce.md#three-errors"

    def train(x, y, epochs=12):
        return _fitted(
            lambda z, y: (F.softplus(z) - z * y).mean(), _yes, x, y, epochs
        )


class Count(Wrong):
    """An accuracy above 1 counts more agreements than there are students. The comparison is still a table; with two
    equal shapes, the mean of it is the accuracy."""

    read = "clinics/silent-bugs.md#accuracy-of-300-comparing-6-1-with-6"

    def train(x, y, epochs=12):
        losses, share = _fitted(_bce, lambda z: z > 0, x, y, epochs)
        return losses, share * len(y)


class SqueezeOfAll(Wrong):
    """`squeeze()` removes each dimension of size 1. With a single student that is the batch, too, and no dimension is
    left. Say which one: `squeeze(1)`."""

    read = "work/segmentation.md#a-mask-of-shape-n-1-h-w-squeeze1-not-squeeze"

    def train(x, y, epochs=12):
        return _fitted(
            lambda z, y: F.binary_cross_entropy_with_logits(z.squeeze(), y),
            _yes,
            x,
            y,
            epochs,
        )


class ArgmaxOfOneOutput(Wrong):
    """`argmax(dim=1)` of a column is 0 for all students, as there is one place to choose. With one output, a yes is a
    logit above 0."""

    read = "losses/bce.md#one-output-or-two"

    def train(x, y, epochs=12):
        return _fitted(_bce, lambda z: z.argmax(dim=1), x, y, epochs)


class LossOfProbabilities(Wrong):
    """The binary cross-entropy of probabilities is right while logits are small. A large one makes a probability of 0
    or 1, its loss is cut off at 100, and its slope is gone. Give `F.binary_cross_entropy_with_logits` the logits."""

    read = "losses/bce.md#where-probabilities-fail"

    def train(x, y, epochs=12):
        return _fitted(
            lambda z, y: F.binary_cross_entropy(torch.sigmoid(z).squeeze(1), y),
            _yes,
            x,
            y,
            epochs,
        )


class HalfAsALogit(Wrong):
    """You compare logits with 0.5. A probability of one half is a logit of 0; a logit of 0.5 is a probability of
    0.6225, so that fewer students pass than should."""

    read = "clinics/silent-bugs.md#bce-accuracy-too-low-a-threshold-of-05-on-logits"

    def train(x, y, epochs=12):
        return _fitted(_bce, lambda z: z.squeeze(1) > 0.5, x, y, epochs)
