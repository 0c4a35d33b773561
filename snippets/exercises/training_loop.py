"""
---
title: "Exercise: a training loop"
description: Write the training loop of a softmax regression in PyTorch yourself, with each line in its place.
trains: the order of loss, zero_grad, backward and step, and which loss belongs to which weights
minutes: 20
needs: [practice/training.md]
---

# Exercise: a training loop

Write `train(model, x, y, lr, epochs)`. It trains a model that returns logits, with `F.cross_entropy` and
`torch.optim.SGD` at the learning rate `lr`. All samples go into each update, so an epoch is one update.

It returns one loss an epoch as a tensor, each computed before the update of its epoch, and leaves the model
trained:

``` pycon
>>> _ = torch.manual_seed(0)
>>> model = nn.Linear(4, 3)
>>> train(model, x, y, lr=0.5, epochs=3)
tensor([1.1954, 0.8469, 0.6964])
>>> F.cross_entropy(model(x), y).detach()
tensor(0.6206)
```
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Eight samples with four features, standardized, and their classes.
x = torch.tensor(
    [
        [1.0, 2, 1, 1],
        [2, 1, 3, 2],
        [3, 1, 3, 4],
        [4, 1, 5, 5],
        [1, 7, 5, 5],
        [1, 2, 5, 6],
        [1, 6, 6, 6],
        [1, 7, 7, 7],
    ]
)
x = (x - x.mean(dim=0)) / x.std(dim=0)
y = torch.tensor([2, 2, 2, 1, 1, 1, 0, 0])


class Stub:
    def train(model, x, y, lr=0.5, epochs=25):
        """Train, and return the loss of each epoch before its update."""
        raise NotImplementedError


HINTS = [
    "Before the loop, make the optimizer: `torch.optim.SGD(model.parameters(), lr=lr)`. In the loop come the loss, and "
    "the three lines that make an update. Which of them uses what another one computes?",
    "`backward` adds to the gradients that are there, `step` uses them, and `zero_grad` clears them. So clear, add, "
    "use: in this order, once in each epoch.",
    "Note `loss.detach()` in a list in each epoch, so that no history hangs on it, and end with `torch.stack(losses)`.",
]


def _descended(model, x, y, lr, epochs):
    """Return the losses of gradient descent, and the weights and biases after it, without autograd."""
    x, target = (
        torch.cat([x, x.new_ones(len(x), 1)], dim=1),
        F.one_hot(y, model.out_features),
    )
    w, losses = _weights(model).clone(), []
    for _ in range(epochs):
        log_p = (x @ w.T).log_softmax(dim=1)
        losses.append(-log_p[torch.arange(len(y)), y].mean())
        w -= lr * (log_p.exp() - target).T @ x / len(x)
    return torch.stack(losses), w


def _weights(model):
    return torch.cat([model.weight, model.bias[:, None]], dim=1).detach()


class Checks:
    def first(mine):
        """The loss of one epoch: that of the untrained model"""
        model = nn.Linear(4, 3)
        want = F.cross_entropy(model(x), y).detach()[None]
        return mine.train(model, x, y, epochs=1), want

    def one_update(mine):
        """The bias after one update: against the gradient, times the learning rate"""
        model = nn.Linear(4, 3)
        _, want = _descended(model, x, y, 0.5, 1)
        mine.train(model, x, y, lr=0.5, epochs=1)
        return model.bias.detach(), want[:, -1]

    def losses(mine):
        """The losses of four epochs"""
        model = nn.Linear(4, 3)
        want, _ = _descended(model, x, y, 0.5, 4)
        return mine.train(model, x, y, lr=0.5, epochs=4), want

    def weights(mine):
        """Weights and biases after ten updates in float64"""
        model = nn.Linear(4, 3).double()
        _, want = _descended(model, x.double(), y, 0.1, 10)
        mine.train(model, x.double(), y, lr=0.1, epochs=10)
        return _weights(model), want

    def learned(mine):
        """How many losses there are for lr and epochs as they come, and the last of them"""
        losses = mine.train(nn.Linear(4, 3), x, y)
        right = (torch.tensor(25), Between(0, 0.4))
        return (torch.tensor(len(losses)), losses[-1]), right

    def as_they_come(mine):
        """The bias after one update with the learning rate as it comes"""
        model = nn.Linear(4, 3)
        _, want = _descended(model, x, y, 0.5, 1)
        mine.train(model, x, y, epochs=1)
        return model.bias.detach(), want[:, -1]

    def trained_before(mine):
        """Two losses of a model that comes with a gradient of other data"""
        model = nn.Linear(4, 3)
        F.cross_entropy(model(2 - x), y).backward()
        want, _ = _descended(model, x, y, 0.5, 2)
        return mine.train(model, x, y, lr=0.5, epochs=2), want

    def twice(mine):
        """Two more epochs after two: the training goes on from where the model is"""
        model = nn.Linear(4, 3)
        want, _ = _descended(model, x, y, 0.5, 4)
        mine.train(model, x, y, lr=0.5, epochs=2)
        return mine.train(model, x, y, lr=0.5, epochs=2), want[2:]

    def large(mine):
        """The loss where features are a thousand times larger"""
        model = nn.Linear(4, 3)
        want = F.cross_entropy(model(1000 * x), y).detach()[None]
        return mine.train(model, 1000 * x, y, epochs=1), want


class Solution:
    def train(model, x, y, lr=0.5, epochs=25):
        """Train, and return the loss of each epoch before its update."""
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class NoZeroGrad(Wrong):
    """The gradients add up: your first update is right, and the second uses the sum of two. `backward` adds to what is
    there, so clear it in each epoch with `optimizer.zero_grad()`."""

    read = "clinics/silent-bugs.md#loss-swings-up-and-down-zero_grad-forgotten"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class ZeroGradLast(Wrong):
    """Your first update adds the gradient that the model came with. With `zero_grad` at the end of the loop, the first
    epoch uses what was there before. Put it above `backward`."""

    read = "practice/training.md#one-update"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.detach())
        return torch.stack(losses)


class NothingUpdates(Wrong):
    """No update arrives: all losses are the same. Either `optimizer.step()` is missing, or it finds no gradient,
    because `zero_grad` stands between `backward` and `step`."""

    read = "clinics/silent-bugs.md#loss-stuck-at-06931-10986-or-23026-ln-c-nothing-is-learned"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class StepFirst(Wrong):
    """`step` comes before `backward`: your first two losses are the same, and each update uses the gradient of the
    epoch before. First the gradient, then the step."""

    read = "practice/training.md#one-update"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.step()
            optimizer.zero_grad()
            loss.backward()
            losses.append(loss.detach())
        return torch.stack(losses)


class LossOfProbabilities(Wrong):
    """A softmax stands before `F.cross_entropy`, which contains one. Your first loss is another one already, and of
    three classes it gets no lower than 0.5514. Give it the logits."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(torch.softmax(model(x), dim=1), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class NllOfLogits(Wrong):
    """`F.nll_loss` takes no softmax and no log: of logits it returns minus their mean, which may be negative and falls
    without end. `F.cross_entropy` is the one that takes logits."""

    read = "losses/nll.md#nllloss-or-crossentropyloss"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.nll_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class GraphOfTheFirstEpoch(Wrong):
    """`backward` meets the graph of an epoch that is over, and has used it up. Logits or loss are computed once, before
    the loop, or losses of several epochs are added up. Compute `model(x)` and a loss of its own in each."""

    read = (
        "clinics/errors.md#trying-to-backward-through-the-graph-a-second-time"
    )

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        loss = F.cross_entropy(model(x), y)
        for _ in range(epochs):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class GraphRetained(Wrong):
    """`retain_graph=True` silences the error and keeps the mistake: the loss is that of the first weights, in all of
    the epochs, and so is the gradient. Compute `model(x)` and its loss anew in each."""

    read = (
        "clinics/errors.md#trying-to-backward-through-the-graph-a-second-time"
    )

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        loss = F.cross_entropy(model(x), y)
        for _ in range(epochs):
            optimizer.zero_grad()
            loss.backward(retain_graph=True)
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class ReturnInTheLoop(Wrong):
    """You return inside the loop, so that the first epoch is the last: one loss comes, and the model gets one update.
    Move `return` to the left, under `for`."""

    read = "practice/training.md#one-function-for-every-training"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
            return torch.stack(losses)


class OneSampleAtATime(Wrong):
    """You make an update for each sample: 8 of them in an epoch, each with the gradient of one sample alone. What is
    asked for is one update an epoch, with all samples in it: `model(x)` takes all of them at once."""

    read = "practice/training.md#one-update"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            for one, target in zip(x, y, strict=True):
                loss = F.cross_entropy(model(one), target)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.detach())
        return torch.stack(losses)


class LossAfterTheUpdate(Wrong):
    """Your losses are one epoch late: the first is that of a model with one update. What is asked for is the loss that
    `backward` starts from, noted before the update."""

    read = "practice/training.md#one-function-for-every-training"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
            losses.append(F.cross_entropy(model(x), y).detach())
        return torch.stack(losses)


class SumOfTheLosses(Wrong):
    """Your loss is the sum over 8 samples, and so is its gradient: each update is 8 times too long. The mean, which
    `F.cross_entropy` takes by itself, does not grow with the number of samples."""

    read = "reference/cross-entropy.md#reduction-none-sum-mean"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y, reduction="sum")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class AnotherOptimizer(Wrong):
    """These are the updates of Adam, whose first moves each weight by about the learning rate, whether its slope is
    steep or flat. SGD moves by the learning rate times the slope."""

    read = "practice/training.md#one-update"

    def train(model, x, y, lr=0.5, epochs=25):
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class ModelOfItsOwn(Wrong):
    """The model that you were given is as untrained as before: what you train is another one. Use the model that is
    passed in, and give its parameters to the optimizer."""

    read = "clinics/silent-bugs.md#loss-stuck-at-06931-10986-or-23026-ln-c-nothing-is-learned"

    def train(model, x, y, lr=0.5, epochs=25):
        model = nn.Linear(4, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)


class StepOnTheRecord(Wrong):
    """A step by hand is recorded by autograd, as if it were a part of the loss, and PyTorch refuses. Take it under
    `with torch.no_grad():`, or let `optimizer.step()` do it."""

    read = "clinics/errors.md#a-leaf-variable-that-requires-grad-is-being-used-in-an-in-place-operation"

    def train(model, x, y, lr=0.5, epochs=25):
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y)
            model.zero_grad()
            loss.backward()
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
            losses.append(loss.detach())
        return torch.stack(losses)


PROOF = """
>>> F.cross_entropy(torch.eye(3), torch.arange(3))
tensor(0.5514)
>>> len(x)
8
"""
