"""
---
title: "Mend: a weight upside down"
description: Mend a PyTorch program for rare labels whose pos_weight is upside down, and whose decisions do not fit it.
trains: what pos_weight multiplies, how it shifts probabilities, and which threshold belongs to which
minutes: 20
needs: [reference/bce-with-logits.md, work/imbalance.md]
---

# Mend: a weight upside down

`train` learns two labels that a sample may have or not, and both are rare. It gives `pos_weight` to the loss, so that
all positives of a label together weigh as much as all of its negatives. It runs, and no message appears. Yet it finds
no positive, where the right weight finds all six of them.

Mend it, and leave the model, the optimizer and the number of epochs as they are. `train` has to return three things:

- the weighted loss of each epoch;
- honest probabilities, which fit the data as they are: the shift by `pos_weight` is taken out of them;
- the decisions: True where the weighted model finds a yes as likely as a no, or more likely.

A label that no sample has must not make the loss infinite or nan.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Twenty samples with two features, and two labels
# of which four and two samples have one.
x = torch.linspace(-2, 2, 20).unsqueeze(1) ** torch.tensor([1, 2])
y = torch.zeros(20, 2)
y[[13, 15, 17, 19], 0] = 1
y[[0, 3], 1] = 1


class Stub(Wrong):
    """This is the program as it came. `pos_weight` is what a positive costs, in negatives. Print it: is it above 1 or
    below, and which of the two does a rare label need?"""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def train(x, y, epochs=6):
        """Return each epoch's loss, the honest probabilities, the decisions."""
        positives = y.sum(dim=0)
        pos_weight = positives / (len(y) - positives)
        model = nn.Linear(2, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        losses = []
        for _ in range(epochs):
            loss = F.binary_cross_entropy_with_logits(
                model(x), y, pos_weight=pos_weight
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        p = torch.sigmoid(model(x)).detach()
        return torch.stack(losses), p, p >= 0.5


HINTS = [
    "A label that one of five samples has: how many negatives are there for each positive? That many times, a "
    "positive has to count.",
    "`pos_weight` multiplies the odds of the probabilities, and so adds its log to the logits. What is left if "
    "you subtract it, before the sigmoid?",
    "The decisions belong to the weighted model: its logits with 0, or the honest probabilities with `1 / (1 + "
    "pos_weight)`. A label without positives: `positives.clamp(min=1)`.",
]


def _by_hand(x, y):
    """Return the weighted losses of three epochs, and the honest probabilities and the decisions after the first."""
    torch.manual_seed(0)
    layer, losses, logits = nn.Linear(2, 2), [], []
    w, b = layer.weight, layer.bias
    r = ((y == 0).sum(dim=0) / (y == 1).sum(dim=0).clamp(min=1)).expand_as(y)
    for _ in range(3):
        z = x @ w.T + b
        losses.append((F.softplus(-z) * y * r + F.softplus(z) * (1 - y)).mean())
        logits.append(z.detach())
        slopes = torch.autograd.grad(losses[-1], (w, b))
        w, b = w - 0.5 * slopes[0], b - 0.5 * slopes[1]
    odds = logits[1].exp() / r
    p = odds / (1 + odds)
    return torch.stack(losses).detach(), p, p >= 1 / (1 + r)


class Checks:
    def balanced(mine):
        """Probabilities and decisions after one epoch, where one of two samples has each label"""
        two, labels = x[[0, 19]], torch.eye(2)
        return mine.train(two, labels, epochs=1)[1:], _by_hand(two, labels)[1:]

    def first_losses(mine):
        """The losses of the first three epochs, where both labels are rare"""
        return mine.train(x, y, epochs=3)[0], _by_hand(x, y)[0]

    def probabilities(mine):
        """The honest probabilities of two samples after one epoch"""
        _, p, _ = mine.train(x, y, epochs=1)
        return p[[0, 19]], _by_hand(x, y)[1][[0, 19]]

    def decisions(mine):
        """The decisions after one epoch"""
        return mine.train(x, y, epochs=1)[2], _by_hand(x, y)[2]

    def learned(mine):
        """The number of losses, the last of them, and how many positives of each label are found"""
        losses, _, yes = mine.train(x, y)
        found = (
            torch.tensor(len(losses)),
            losses[-1],
            (yes & (y == 1)).sum(dim=0),
        )
        return found, (torch.tensor(6), Between(0.5, 1), torch.tensor([4, 2]))

    def absent(mine):
        """The losses of the first three epochs, where one sample has the first label, and no sample has the second"""
        labels = torch.zeros(20, 2)
        labels[19, 0] = 1
        return mine.train(x, labels, epochs=3)[0], _by_hand(x, labels)[0]


class Solution:
    def train(x, y, epochs=6):
        """Return each epoch's loss, the honest probabilities, the decisions."""
        positives = y.sum(dim=0).clamp(min=1)
        pos_weight = (len(y) - positives) / positives
        model = nn.Linear(2, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        losses = []
        for _ in range(epochs):
            loss = F.binary_cross_entropy_with_logits(
                model(x), y, pos_weight=pos_weight
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        z = model(x).detach()
        return torch.stack(losses), torch.sigmoid(z - pos_weight.log()), z >= 0


def _fitted(loss_of, decide, x, y, epochs):
    """Return the loss of each epoch, and what is made of the logits, with a loss and a decision of one's own."""
    model, losses = nn.Linear(2, 2), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(epochs):
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), *decide(model(x).detach())


def _weighted(r):
    """Return the loss with this weight of positives."""
    return lambda z, y: F.binary_cross_entropy_with_logits(z, y, pos_weight=r)


def _ratio(y):
    """Return how many negatives each label has for a positive."""
    positives = y.sum(dim=0).clamp(min=1)
    return (len(y) - positives) / positives


class UpsideDown(Wrong):
    """Probabilities and decisions fit the weight now, and the weight is still upside down: positives divided by
    negatives is below 1 for a rare label. It has to be negatives divided by positives."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def train(x, y, epochs=6):
        r = 1 / _ratio(y)
        return _fitted(
            _weighted(r),
            lambda z: (torch.sigmoid(z - r.log()), z >= 0),
            x,
            y,
            epochs,
        )


class ShiftedProbabilities(Wrong):
    """The weight is right now, and the probabilities are those of the weighted model: far more than the shares of the
    positives. Subtract the log of `pos_weight` from the logits, before the sigmoid."""

    read = "work/imbalance.md#undo-pos_weight-honest-probabilities-at-inference"

    def train(x, y, epochs=6):
        return _fitted(
            _weighted(_ratio(y)),
            lambda z: (torch.sigmoid(z), z >= 0),
            x,
            y,
            epochs,
        )


class HalfOfTheHonest(Wrong):
    """The probabilities are honest, and you compare them with 0.5, which undoes the weight in the decisions as well. A
    weighted half is `1 / (1 + pos_weight)` of the honest, or a weighted logit of 0."""

    read = (
        "reference/bce-with-logits.md#what-pos_weight-does-to-the-probabilities"
    )

    def train(x, y, epochs=6):
        def decide(z):
            p = torch.sigmoid(z - _ratio(y).log())
            return p, p >= 0.5

        return _fitted(_weighted(_ratio(y)), decide, x, y, epochs)


class OneRatio(Wrong):
    """You count over all labels together. Each label has a share of its own: `y.sum(dim=0)` counts the positives of
    each."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def train(x, y, epochs=6):
        r = (y == 0).sum() / y.sum()
        return _fitted(
            _weighted(r),
            lambda z: (torch.sigmoid(z - r.log()), z >= 0),
            x,
            y,
            epochs,
        )


class AllByPositives(Wrong):
    """You divide the number of all samples by that of the positives. The loss of a positive stands against those of the
    negatives: subtract the positives above the fraction bar."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def train(x, y, epochs=6):
        r = _ratio(y) + 1
        return _fitted(
            _weighted(r),
            lambda z: (torch.sigmoid(z - r.log()), z >= 0),
            x,
            y,
            epochs,
        )


class WeightOfBoth(Wrong):
    """`weight` multiplies positives and negatives alike, so the loss is larger, and the balance as it was. What
    multiplies the positives alone is `pos_weight`."""

    read = "reference/bce-with-logits.md#weight-one-factor-per-element"

    def train(x, y, epochs=6):
        r = _ratio(y)
        return _fitted(
            lambda z, y: F.binary_cross_entropy_with_logits(z, y, weight=r),
            lambda z: (torch.sigmoid(z - r.log()), z >= 0),
            x,
            y,
            epochs,
        )


class SubtractedWeight(Wrong):
    """You subtract the weight itself. It multiplies the odds, and a factor of the odds is a sum in the logits: subtract
    its log."""

    read = (
        "reference/bce-with-logits.md#what-pos_weight-does-to-the-probabilities"
    )

    def train(x, y, epochs=6):
        return _fitted(
            _weighted(_ratio(y)),
            lambda z: (torch.sigmoid(z - _ratio(y)), z >= 0),
            x,
            y,
            epochs,
        )


class InfiniteWeight(Wrong):
    """A label that no sample has makes the weight infinite, and infinity times a target of 0 is nan. Count one positive
    where there are 0: `clamp(min=1)`."""

    read = "work/nan.md#nan-targets-times-a-mask-of-0-are-nan"

    def train(x, y, epochs=6):
        r = (y == 0).sum(dim=0) / y.sum(dim=0)
        return _fitted(
            _weighted(r),
            lambda z: (torch.sigmoid(z - r.log()), z >= 0),
            x,
            y,
            epochs,
        )


# A logit of the trained model that is 0 would tell > from >=.
UNSEEN = {
    "return torch.stack(losses), torch.sigmoid(z - pos_weight.log()), z > 0": "no trained logit is 0 to the bit",
}
