"""
---
title: "Exercise: temperature scaling"
description: Fit the temperature of a classifier in PyTorch, by log T and LBFGS or Newton, for logits as they come.
trains: fitting one number that stays above 0, and knowing that the fit has arrived
minutes: 30
needs: [work/calibration.md]
---

# Exercise: temperature scaling

Write `fit_temperature(z, y)`. It takes the logits `z` of held-out samples and their targets `y`, and returns the
temperature T, one number above 0, for which the cross-entropy of `z / T` is lowest. Be within a hundredth of it:

``` pycon
>>> z = torch.tensor([[4.0, 0.0], [0.0, 4.0], [4.0, 0.0], [4.0, 0.0]])
>>> fit_temperature(z, torch.tensor([0, 1, 0, 1])).round(decimals=2)
tensor(3.6400)
>>> torch.softmax(z[0] / 3.64, dim=0)
tensor([0.7501, 0.2499])
```

This model is right three times out of four, and a T of 3.64 makes it 0.75 sure. The best T may be far from 1, in both
directions.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong


class Stub:
    def fit_temperature(z, y):
        """Return the temperature with the lowest cross-entropy."""
        raise NotImplementedError


HINTS = [
    "It is a training with one parameter, on logits that stay as they are. Which parameter can take any number, while "
    "T stays above 0? Return what belongs to it, detached.",
    "`log_t = torch.zeros((), dtype=z.dtype, requires_grad=True)`, and `F.cross_entropy(z / log_t.exp(), y)` is the "
    "loss. With Adam, look at the gradient: has it come close to 0 when you stop?",
    "`torch.optim.LBFGS([log_t], max_iter=50, line_search_fn='strong_wolfe')` chooses its own steps. It calls a "
    "closure many times: `zero_grad`, loss, `backward`, and return the loss.",
]


def _held_out(t, samples=30, classes=4, size=3.0, **options):
    """Return logits, and targets drawn as if the best temperature were t; it comes out near it."""
    z = size * torch.randn(samples, classes, **options)
    return z, torch.multinomial(torch.softmax(z / t, dim=1), 1)[:, 0]


def _right(z, y):
    """Return the temperature at which the slope of the loss crosses 0, found by halving, in float16."""
    z, low, high = z.double(), -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        p = torch.softmax(z / torch.tensor(middle).double().exp(), dim=1)
        # The loss falls with T as long as the mean logit under p is above that of the targets.
        expected, seen = (
            (p * z).sum(dim=1).mean(),
            z[torch.arange(len(y)), y].mean(),
        )
        low, high = (middle, high) if expected > seen else (low, middle)
    return torch.tensor(middle).exp().half()


def _found(mine, z, y):
    """Return a temperature in float16, where numbers are compared to about one part in a hundred."""
    return mine.fit_temperature(z, y).half()


class Checks:
    def too_sure(mine):
        """Logits that are too large: T above 1"""
        z, y = _held_out(2.5)
        return _found(mine, z, y), _right(z, y)

    def too_unsure(mine):
        """Logits that are too small: T below 1"""
        z, y = _held_out(0.3, size=0.5)
        return _found(mine, z, y), _right(z, y)

    def as_many_samples_as_classes(mine):
        """Six samples with six classes, in float64"""
        z, y = _held_out(2.0, samples=6, classes=6, dtype=torch.float64)
        return _found(mine, z, y), _right(z, y)

    def slope(mine):
        """The slope of the loss in log T: about 0 at the lowest place, and below 0 where T is too low"""
        z, y = _held_out(3.0)
        log_t = mine.fit_temperature(z, y).log().detach().requires_grad_()
        loss = F.cross_entropy(z / log_t.exp(), y)
        (slope,) = torch.autograd.grad(loss, log_t)
        return slope.half(), Between(-0.01, 0.01)

    def moved(mine):
        """Logits a thousand higher, all of them: the same T"""
        z, y = _held_out(2.5)
        return _found(mine, z + 1000, y), _right(z, y)

    def hot(mine):
        """A T of about forty, a long way from 1, at which the answers stay"""
        z, y = _held_out(40.0, size=100.0)
        t = _found(mine, z, y)
        right = (_right(z, y), z.argmax(dim=1)[:5])
        return (t, (z / t).argmax(dim=1)[:5]), right

    def cold(mine):
        """A T of about one fiftieth, as long a way down, at which the answers stay"""
        z, y = _held_out(0.02, size=0.05)
        t = _found(mine, z, y)
        right = (_right(z, y), z.argmax(dim=1)[:5])
        return (t, (z / t).argmax(dim=1)[:5]), right


class Solution:
    def fit_temperature(z, y):
        """Return the temperature with the lowest cross-entropy."""
        log_t = torch.zeros((), dtype=z.dtype, requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [log_t], max_iter=50, line_search_fn="strong_wolfe"
        )

        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(z / log_t.exp(), y)
            loss.backward()
            return loss

        optimizer.step(closure)
        return log_t.exp().detach()


UNSEEN = {
    '[log_t], max_iter=51, line_search_fn="strong_wolfe"': "LBFGS has arrived before",
}


def _fitted(start, loss_of, lr=1.0, line_search="strong_wolfe", clear=True):
    """Return the parameter that LBFGS finds."""
    parameter = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS(
        [parameter], lr=lr, max_iter=50, line_search_fn=line_search
    )

    def closure():
        if clear:
            optimizer.zero_grad()
        loss = loss_of(parameter)
        loss.backward()
        return loss

    optimizer.step(closure)
    return parameter.detach()


class NoZeroGrad(Wrong):
    """No `zero_grad` in the closure: LBFGS calls it many times, the gradients add up, and each step is too long. Make
    it the first line of the closure."""

    read = "work/calibration.md#temperature-scaling-with-lbfgs-returns-an-enormous-temperature-zero_grad"

    def fit_temperature(z, y):
        start = torch.tensor(1.5, dtype=z.dtype)
        return _fitted(
            start,
            lambda t: F.cross_entropy(z / t, y),
            lr=0.01,
            line_search=None,
            clear=False,
        )


class StepsTooShort(Wrong):
    """The fit has not arrived. LBFGS with `lr=0.01` and 50 iterations, as in much copied code, stops close to where it
    began, at 1.5. Take `line_search_fn='strong_wolfe'`, and look at the slope where you stop."""

    read = "work/calibration.md#temperature-scaling-fit-t-on-held-out-data"

    def fit_temperature(z, y):
        start = torch.tensor(1.5, dtype=z.dtype)
        return _fitted(
            start,
            lambda t: F.cross_entropy(z / t, y),
            lr=0.01,
            line_search=None,
        )


class TItself(Wrong):
    """You fit T itself, and where the best one is close to 0, a step takes it below: there the order of the logits
    turns around. Fit its log: `log_t.exp()` is above 0, and a step changes it in proportion."""

    read = "work/calibration.md#negative-temperature-or-accuracy-changed-by-t"

    def fit_temperature(z, y):
        return _fitted(
            torch.ones((), dtype=z.dtype),
            lambda t: F.cross_entropy(z / t, y),
            line_search=None,
        )


class Multiplied(Wrong):
    """You multiply the logits by what you fit, so it is 1 / T. Both are used, and what is asked for here is what one
    divides by: above 1 for a model that is too sure."""

    read = "work/calibration.md#negative-temperature-or-accuracy-changed-by-t"

    def fit_temperature(z, y):
        return _fitted(
            torch.zeros((), dtype=z.dtype),
            lambda log_t: F.cross_entropy(z * log_t.exp(), y),
        ).exp()


class LogReturned(Wrong):
    """You return log T, which is below 0 for a model that is too unsure. Return `log_t.exp()`."""

    read = "work/calibration.md#temperature-scaling-fit-t-on-held-out-data"

    def fit_temperature(z, y):
        return _fitted(
            torch.zeros((), dtype=z.dtype),
            lambda log_t: F.cross_entropy(z / log_t.exp(), y),
        )


class Probabilities(Wrong):
    """You divide probabilities by T, and `F.cross_entropy` takes a second softmax of them. The temperature belongs to
    the logits, before the one softmax."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def fit_temperature(z, y):
        p = torch.softmax(z, dim=1)
        return _fitted(
            torch.zeros((), dtype=z.dtype),
            lambda log_t: F.cross_entropy(p / log_t.exp(), y),
        ).exp()


class SoftmaxAfterT(Wrong):
    """You divide the logits by T, as you should, and then take a softmax before `F.cross_entropy`, which takes one
    itself. Its probabilities are closer to each other than any T would make them. Give it `z / T`."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def fit_temperature(z, y):
        start = torch.zeros((), dtype=z.dtype)
        return _fitted(
            start,
            lambda log_t: F.cross_entropy(
                torch.softmax(z / log_t.exp(), dim=1), y
            ),
        ).exp()


class ConfidenceMatched(Wrong):
    """You look for the T at which the mean confidence is the accuracy. That is one gap over all samples; the lowest
    cross-entropy also asks whether the sure ones are those that are right."""

    read = "work/calibration.md#a-low-ece-does-not-make-a-good-model"

    def fit_temperature(z, y):
        accuracy = (z.argmax(dim=1) == y).double().mean()
        low, high = -12.0, 12.0
        for _ in range(40):
            middle = (low + high) / 2
            p = torch.softmax(z.double() / torch.tensor(middle).exp(), dim=1)
            sure = p.amax(dim=1).mean()
            low, high = (middle, high) if sure > accuracy else (low, middle)
        return torch.tensor(middle).exp().to(z.dtype)


class GridThatEnds(Wrong):
    """You try a grid of temperatures in steps of 0.1. Steps of one size are coarse where T is close to 0, and where the
    grid ends the loss may still fall. Follow the slope of the loss in log T in place of a grid."""

    read = "work/calibration.md#temperature-scaling-fit-t-on-held-out-data"

    def fit_temperature(z, y):
        grid = torch.arange(0.1, 10.05, 0.1, dtype=z.dtype)
        losses = torch.stack([F.cross_entropy(z / t, y) for t in grid])
        return grid[losses.argmin()]


class ScoredByAccuracy(Wrong):
    """You choose the T with the highest accuracy. Dividing by T leaves the largest logit the largest: the accuracy is
    the same at each T, and the first of the grid wins. Choose by the cross-entropy, which has one lowest place."""

    read = "work/calibration.md#temperature-scaling-fit-t-on-held-out-data"

    def fit_temperature(z, y):
        grid = torch.arange(0.1, 10.05, 0.1, dtype=z.dtype)
        right = [((z / t).argmax(dim=1) == y).double().mean() for t in grid]
        return grid[torch.stack(right).argmax()]
