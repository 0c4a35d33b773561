"""
---
title: "Mend: accumulated gradients"
description: Mend a PyTorch training step that adds up the gradients of micro-batches and moves too far.
trains: what the gradient of a micro-batch has to be divided by, and when it has to be cleared
minutes: 20
needs: [work/averages.md]
---

# Mend: accumulated gradients

`fit` trains weights `w` of a linear model. It makes one update for each entry of `steps`, and an entry is a list of
micro-batches, each a pair of features `x` and targets `y`: a batch that was cut because it does not fit into memory. It
runs, and no message appears. Yet its weights differ from those of the same samples in a single batch.

Mend it, so that each update is the one that the mean loss of all targets of its step asks for. Compute the loss of one
micro-batch at a time, and leave the optimizer as it is. A target of -100 is ignored. Two ways to cut the three samples
below have to give the same weights:

``` pycon
>>> w = torch.zeros(2, 3)
>>> fit(w, [[(x, y)]])
tensor([[ 0.0556, -0.1111,  0.0556],
        [-0.1111,  0.0556,  0.0556]])
>>> fit(w, [[(x[:2], y[:2]), (x[2:], y[2:])]])
tensor([[ 0.0556, -0.1111,  0.0556],
        [-0.1111,  0.0556,  0.0556]])
```
"""

import torch
import torch.nn.functional as F
from grader import Wrong

# Three samples with two features, and their classes.
x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
y = torch.tensor([0, 1, 2])


class Stub(Wrong):
    """All results are those of the program as it came. Each `backward` adds to `w.grad`, and each loss is a mean. What
    is the sum of the means of two micro-batches, and what would the mean of both together be?"""

    read = "work/averages.md#gradient-accumulation-differs-from-the-large-batch"

    def fit(w, steps, lr=0.5):
        """Return the weights after one update for each step."""
        w = w.clone().requires_grad_()
        optimizer = torch.optim.SGD([w], lr=lr)
        for parts in steps:
            optimizer.zero_grad()
            for x, y in parts:
                F.cross_entropy(x @ w, y).backward()
            optimizer.step()
        return w.detach()


HINTS = [
    "Two micro-batches of the same size: what has the sum of their means to be divided by? And what if one of "
    "them has five targets, and the other one?",
    "Before the first `backward` of a step, count the targets of all its micro-batches that are not -100.",
    'The loss of a micro-batch is `F.cross_entropy(x @ w, y, reduction="sum")` divided by that count.',
]


def _samples(n):
    """Return the features and the targets of n samples, and weights to begin with."""
    return (
        torch.randn(n, 1),
        (torch.arange(n) % 4).clamp(max=2),
        torch.zeros(1, 3),
    )


def _cut(x, y, *sizes):
    """Return samples as micro-batches of these sizes."""
    return list(zip(x.split(sizes), y.split(sizes), strict=True))


def _at_once(w, *steps, lr=0.5):
    """Return the weights after one update for each step, whose samples come in one batch."""
    for x, y in steps:
        x, y = x[y != -100], y[y != -100]
        if len(y):
            slope = (
                x.T @ (torch.softmax(x @ w, dim=1) - F.one_hot(y, 3)) / len(y)
            )
            w = w - lr * slope
    return w


class Checks:
    def one_batch(mine):
        """One step with one micro-batch of six samples"""
        x, y, w = _samples(6)
        return mine.fit(w, [[(x, y)]]), _at_once(w, (x, y))

    def halves(mine):
        """One step with two micro-batches of three samples"""
        x, y, w = _samples(6)
        return mine.fit(w, [_cut(x, y, 3, 3)]), _at_once(w, (x, y))

    def two_steps(mine):
        """Two steps with two micro-batches of three samples"""
        x, y, w = _samples(6)
        right = _at_once(w, (x, y), (x, y))
        return mine.fit(w, [_cut(x, y, 3, 3), _cut(x, y, 3, 3)]), right

    def sizes(mine):
        """Micro-batches of four, four and two samples, a learning rate of 0.1, in float64"""
        x, y, w = _samples(10)
        x, w = x.double(), w.double()
        right = _at_once(w, (x, y), lr=0.1)
        return mine.fit(w, [_cut(x, y, 4, 4, 2)], lr=0.1), right

    def fewer_parts(mine):
        """A step with three micro-batches of two samples, and a last one with a single micro-batch of two"""
        x, y, w = _samples(8)
        right = _at_once(w, (x[:6], y[:6]), (x[6:], y[6:]))
        return mine.fit(
            w, [_cut(x[:6], y[:6], 2, 2, 2), [(x[6:], y[6:])]]
        ), right

    def padding(mine):
        """Two micro-batches of five samples, in which five targets count and one"""
        x, y, w = _samples(10)
        y[6:] = -100
        return mine.fit(w, [_cut(x, y, 5, 5)]), _at_once(w, (x, y))

    def ignored(mine):
        """A micro-batch whose targets are all -100, beside one of three samples"""
        x, y, w = _samples(6)
        y[3:] = -100
        return mine.fit(w, [_cut(x, y, 3, 3)]), _at_once(w, (x, y))

    def nothing_counts(mine):
        """A step whose targets are all -100, before one of three samples"""
        x, y, w = _samples(6)
        y[:3] = -100
        right = _at_once(w, (x[3:], y[3:]))
        return mine.fit(w, [[(x[:3], y[:3])], [(x[3:], y[3:])]]), right


class Solution:
    def fit(w, steps, lr=0.5):
        """Return the weights after one update for each step."""
        w = w.clone().requires_grad_()
        optimizer = torch.optim.SGD([w], lr=lr)
        for parts in steps:
            count = sum((y != -100).sum() for _, y in parts)
            optimizer.zero_grad()
            for x, y in parts:
                (F.cross_entropy(x @ w, y, reduction="sum") / count).backward()
            optimizer.step()
        return w.detach()


def _known(parts):
    """Return how many targets of micro-batches count."""
    return sum((y != -100).sum() for _, y in parts)


def _fitted(w, steps, lr, factor):
    """Return the weights where the mean of each micro-batch is multiplied by a factor of it and its step."""
    w = w.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=lr)
    for parts in steps:
        optimizer.zero_grad()
        for x, y in parts:
            (F.cross_entropy(x @ w, y) * factor(y, parts)).backward()
        optimizer.step()
    return w.detach()


class MeanOfMeans(Wrong):
    """You divide by the number of micro-batches. That is right while each has as many targets that count; else a target
    in a small one weighs more than one in a large one. Divide sums by the targets of the whole step."""

    read = "work/averages.md#accumulation-with-padding-micro-batches-keep-different-numbers-of-tokens"

    def fit(w, steps, lr=0.5):
        return _fitted(w, steps, lr, lambda y, parts: 1 / len(parts))


class FixedDivisor(Wrong):
    """You divide each step by the number of micro-batches of the first. The last step of an epoch often has fewer, and
    moves too little. Count anew in each step."""

    read = "work/averages.md#gradient-accumulation-differs-from-the-large-batch"

    def fit(w, steps, lr=0.5):
        return _fitted(w, steps, lr, lambda y, parts: 1 / len(steps[0]))


class BySamples(Wrong):
    """You weigh by the number of samples, and those whose target is -100 are among them. The mean of `F.cross_entropy`
    was divided by the others alone: count `y != -100`."""

    read = "work/averages.md#accumulation-with-padding-micro-batches-keep-different-numbers-of-tokens"

    def fit(w, steps, lr=0.5):
        return _fitted(
            w,
            steps,
            lr,
            lambda y, parts: len(y) / sum(len(y) for _, y in parts),
        )


class SumsBySamples(Wrong):
    """You divide the sums by all samples. A target of -100 adds 0 to a sum, so it must not add 1 to the count: count `y
    != -100`."""

    read = "work/averages.md#what-does-reductionmean-divide-by"

    def fit(w, steps, lr=0.5):
        return _fitted(
            w,
            steps,
            lr,
            lambda y, parts: (y != -100).sum() / sum(len(y) for _, y in parts),
        )


class SumWithoutCount(Wrong):
    """You add up sums and divide by no count. The more samples a step has, the farther it moves, as if the learning
    rate were larger."""

    read = "work/averages.md#accumulation-with-padding-micro-batches-keep-different-numbers-of-tokens"

    def fit(w, steps, lr=0.5):
        return _fitted(w, steps, lr, lambda y, parts: (y != -100).sum())


class ClearedTooEarly(Wrong):
    """You clear the gradient before each micro-batch. The update then sees the last one alone. Clear it once in a step,
    before its first micro-batch."""

    read = "clinics/silent-bugs.md#loss-swings-up-and-down-zero_grad-forgotten"

    def fit(w, steps, lr=0.5):
        w = w.clone().requires_grad_()
        optimizer = torch.optim.SGD([w], lr=lr)
        for parts in steps:
            for x, y in parts:
                optimizer.zero_grad()
                (
                    F.cross_entropy(x @ w, y, reduction="sum") / _known(parts)
                ).backward()
            optimizer.step()
        return w.detach()


class NotCleared(Wrong):
    """You do not clear the gradient between steps, so each update repeats all those before it. One `zero_grad` a step
    belongs before its first micro-batch."""

    read = "clinics/silent-bugs.md#loss-swings-up-and-down-zero_grad-forgotten"

    def fit(w, steps, lr=0.5):
        w = w.clone().requires_grad_()
        optimizer = torch.optim.SGD([w], lr=lr)
        for parts in steps:
            for x, y in parts:
                (
                    F.cross_entropy(x @ w, y, reduction="sum") / _known(parts)
                ).backward()
            optimizer.step()
        return w.detach()


class UpdateInside(Wrong):
    """You update after each micro-batch. That is training with small batches: the second one sees weights that have
    moved already. Update once, after the last micro-batch of a step."""

    read = "work/averages.md#gradient-accumulation-differs-from-the-large-batch"

    def fit(w, steps, lr=0.5):
        w = w.clone().requires_grad_()
        optimizer = torch.optim.SGD([w], lr=lr)
        for parts in steps:
            for x, y in parts:
                optimizer.zero_grad()
                (
                    F.cross_entropy(x @ w, y, reduction="sum") / _known(parts)
                ).backward()
                optimizer.step()
        return w.detach()
