"""
---
title: "Mend: softmax twice"
description: Mend a PyTorch program that trains a classifier, runs without a message, and stays unsure of all answers.
trains: what cross_entropy contains, and where softmax belongs
minutes: 15
needs: [losses/four-rungs.md, practice/training.md]
---

# Mend: softmax twice

`train` fits three classes. It runs, its loss falls, and no message appears. Yet after 50 epochs with seven
samples its loss is still above 0.55, where one close to 0 is easy.

Mend it. `train` has to return the probabilities of the trained model, and the cross-entropy of each epoch.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Seven samples with four features, standardized, and their classes.
x = torch.tensor(
    [
        [1.0, 2, 1, 1],
        [2, 1, 3, 2],
        [3, 1, 3, 4],
        [4, 1, 5, 5],
        [1, 7, 5, 5],
        [1, 2, 5, 6],
        [1, 6, 6, 6],
    ]
)
x = (x - x.mean(dim=0)) / x.std(dim=0)
y = torch.tensor([2, 2, 2, 1, 1, 1, 0])


class Stub(Wrong):
    """All results are those of the program as it came. Which of its lines turns logits into probabilities, and which
    other line does so once more? A model that is right about everything would still have a loss of 0.5514."""

    read = "clinics/silent-bugs.md#loss-stuck-at-03133-05514-07437-or-14612-softmax-before-crossentropyloss"

    def train(x, y, epochs=50):
        """Return the model's probabilities, and each epoch's cross-entropy."""
        model = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
        optimizer = torch.optim.SGD(model.parameters(), lr=2)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return model(x).detach(), torch.stack(losses)


HINTS = [
    "Print a row of what `model(x)` returns. Are these logits or probabilities? Which of the two does "
    "`F.cross_entropy` want?",
    "Two things are asked for: a loss of logits, and probabilities at the end. Only the second needs a softmax.",
]


def _by_hand(epochs):
    """Return the probabilities of the linear layer after some updates, and the loss before each."""
    torch.manual_seed(0)
    layer, losses = nn.Linear(4, 3), []
    w, b = layer.weight, layer.bias
    for _ in range(epochs):
        losses.append(F.cross_entropy(F.linear(x, w, b), y))
        slope_w, slope_b = torch.autograd.grad(losses[-1], (w, b))
        w, b = w - 2 * slope_w, b - 2 * slope_b
    return torch.softmax(F.linear(x, w, b), dim=1).detach(), torch.stack(
        losses
    ).detach()


class Checks:
    def probabilities(mine):
        """The probabilities of the first sample, after one epoch"""
        return mine.train(x, y, epochs=1)[0][0], _by_hand(1)[0][0]

    def first_losses(mine):
        """The losses of the first three epochs: the cross-entropy of what the linear layer returns"""
        return mine.train(x, y, epochs=3)[1], _by_hand(3)[1]

    def learned(mine):
        """The number of losses, the last of them, and the cross-entropy of the probabilities"""
        p, losses = mine.train(x, y)
        found = (
            torch.tensor(len(losses)),
            losses[-1],
            -p[torch.arange(len(y)), y].log().mean(),
        )
        return found, (torch.tensor(50), Between(0, 0.3), Between(0, 0.3))

    def large_features(mine):
        """The first loss where features are a thousand times larger"""
        _, losses = mine.train(1000 * x, y, epochs=1)
        torch.manual_seed(0)
        return losses[0], F.cross_entropy(nn.Linear(4, 3)(1000 * x), y)


class Solution:
    def train(x, y, epochs=50):
        """Return the model's probabilities, and each epoch's cross-entropy."""
        model = nn.Linear(4, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=2)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.softmax(model(x), dim=1).detach(), torch.stack(losses)


def _fitted(
    x,
    y,
    epochs,
    layers=(),
    loss_of=F.cross_entropy,
    lr=2,
    returned=lambda model, x, last: model(x),
):
    """Return what a function makes of the trained model, the features and the last outputs of the loop, and the losses.

    The model is a linear layer with others above it.
    """
    model, losses = nn.Sequential(nn.Linear(4, 3), *layers), []
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(epochs):
        last = model(x)
        loss = loss_of(last, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return returned(model, x, last).detach(), torch.stack(losses)


PROOF = """
>>> F.cross_entropy(torch.eye(3), torch.arange(3))
tensor(0.5514)
"""


class LogitsReturned(Wrong):
    """Now the model learns, and `train` returns its logits. Probabilities are the softmax of them, taken once, after
    training."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(x, y, epochs=50):
        return _fitted(x, y, epochs)


class NllOfProbabilities(Wrong):
    """`F.nll_loss` takes no log: of probabilities it returns minus their mean, a negative number. The slope of that
    dies where a sample is all wrong."""

    read = "losses/nll.md#the-name-promises-a-log-the-function-takes-none"

    def train(x, y, epochs=50):
        return _fitted(x, y, epochs, [nn.Softmax(dim=1)], F.nll_loss)


class LogOfSoftmax(Wrong):
    """The log of a softmax is right on paper. In float32 a probability rounds to 0, and its log is -inf. Give
    `F.cross_entropy` the logits."""

    read = "losses/four-rungs.md#why-the-last-rung-softmax-inside-the-loss-is-stable"

    def train(x, y, epochs=50):
        return _fitted(
            x,
            y,
            epochs,
            [nn.Softmax(dim=1)],
            lambda p, y: F.nll_loss(p.log(), y),
        )


class Sigmoid(Wrong):
    """A sigmoid in place of the softmax still squeezes the logits before the loss, and its rows do not sum to 1. What
    `F.cross_entropy` wants is what the linear layer returns."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(x, y, epochs=50):
        return _fitted(x, y, epochs, [nn.Sigmoid()])


class LearningRate(Wrong):
    """Ten times the learning rate does not help: with two softmaxes, the loss of three classes stops at 0.5514. Look at
    what the loss gets."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(x, y, epochs=50):
        return _fitted(x, y, epochs, [nn.Softmax(dim=1)], lr=20)


class MoreEpochs(Wrong):
    """More epochs do not help: with two softmaxes, the loss of three classes gets no lower than 0.5514, and even that
    takes long. Look at what the loss gets."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(x, y, epochs=None, *, more=100):
        return _fitted(x, y, epochs or more, [nn.Softmax(dim=1)])


class BeforeTheLastUpdate(Wrong):
    """As if you returned the probabilities of the last logits in the loop: those are from before the last update. Ask
    the model once more, after training."""

    read = "practice/training.md#one-function-for-every-training"

    def train(x, y, epochs=50):
        return _fitted(
            x,
            y,
            epochs,
            returned=lambda model, x, last: torch.softmax(last, dim=1),
        )


class DownTheColumns(Wrong):
    """Your columns sum to 1, and not your rows: a softmax over `dim=0` compares the samples with each other."""

    read = "foundations/softmax.md#which-dim"

    def train(x, y, epochs=50):
        return _fitted(
            x,
            y,
            epochs,
            returned=lambda model, x, last: torch.softmax(model(x), dim=0),
        )


class LogProbabilitiesReturned(Wrong):
    """The losses are right, for the log-softmax of a log-softmax is the same once more. What `train` returns are then
    logs: raise e to them."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def train(x, y, epochs=50):
        return _fitted(
            x,
            y,
            epochs,
            returned=lambda model, x, last: torch.log_softmax(model(x), dim=1),
        )
