"""
---
title: "Exercise: nll_loss"
description: Write nll_loss in PyTorch yourself, with class weights and an ignored index, and divide by what counts.
trains: picking the target's entry, and what a weighted mean divides by
minutes: 25
needs: [losses/nll.md, reference/cross-entropy.md]
---

# Exercise: nll_loss

Write `nll_loss(log_p, y, weight, ignore_index)`. It takes a table `log_p` with a row for each of N samples and a column
for each of C classes, and the target `y` of each sample. It returns one number, as `F.nll_loss` does:

``` pycon
>>> p = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]])
>>> log_p, weight = p.log(), torch.tensor([1.0, 4.0, 2.0])
>>> nll_loss(log_p, torch.tensor([0, 1, 0]))
tensor(0.8256)
>>> nll_loss(log_p, torch.tensor([0, 1, 0]), weight=weight)
tensor(0.6682)
>>> nll_loss(log_p, torch.tensor([0, 1, -100]))
tensor(0.4338)
```

`weight` holds a weight for each class, and the mean divides by the sum of the weights of the targets. A sample whose
target is `ignore_index` is left out of both sums; where no sample is left, the mean is nan. Use no loss of `torch`.
"""

import torch
import torch.nn.functional as F
from grader import LOSSES, Wrong, gradient_of


class Stub:
    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        """Return the weighted mean of the negative log-likelihoods."""
        raise NotImplementedError


HINTS = [
    "First without weights: `log_p[torch.arange(len(y)), y]` picks the entry of each row at its target. "
    "What is left to do is a sign and a mean.",
    "Each sample has a weight, `weight[y]`. The mean of weighted numbers is the sum of weight times number, divided by "
    "the sum of the weights.",
    "First leave out the samples that are ignored: `counts = y != ignore_index`, then `log_p[counts]` and `y[counts]`. "
    "All else stays.",
]


def _samples(n=6, c=4):
    """Return log-probabilities of n samples and c classes, and their targets."""
    return torch.randn(n, c).log_softmax(dim=1), torch.arange(n) * 7 % c


# Functions of torch that the reader is asked to rebuild.
_REBUILT = LOSSES


class Checks:
    def plain(mine):
        """Six samples with four classes"""
        log_p, y = _samples()
        return mine.nll_loss(log_p, y), F.nll_loss(log_p, y)

    def as_many_samples_as_classes(mine):
        """Four samples with four classes, and class weights"""
        log_p, _ = _samples(4)
        y, weight = (
            torch.tensor([1, 3, 3, 0]),
            torch.tensor([1.0, 2.0, 0.5, 4.0]),
        )
        right = F.nll_loss(log_p, y, weight=weight)
        return mine.nll_loss(log_p, y, weight=weight), right

    def weighted(mine):
        """Six samples and class weights"""
        (log_p, y), weight = _samples(), torch.tensor([1.0, 2.0, 0.5, 4.0])
        right = F.nll_loss(log_p, y, weight=weight)
        return mine.nll_loss(log_p, y, weight=weight), right

    def ignored(mine):
        """Two of six targets are -100"""
        log_p, y = _samples()
        y[1] = y[4] = -100
        return mine.nll_loss(log_p, y), F.nll_loss(log_p, y)

    def ignored_and_weighted(mine):
        """Two of six targets are -100, and class weights"""
        (log_p, y), weight = _samples(), torch.tensor([1.0, 2.0, 0.5, 4.0])
        y[1] = y[3] = -100
        right = F.nll_loss(log_p, y, weight=weight)
        return mine.nll_loss(log_p, y, weight=weight), right

    def another_index(mine):
        """Class 3 is ignored"""
        log_p, y = _samples()
        right = F.nll_loss(log_p, y, ignore_index=3)
        return mine.nll_loss(log_p, y, ignore_index=3), right

    def ruled_out(mine):
        """An ignored sample whose log-probabilities are -inf"""
        log_p, y = _samples()
        log_p[1], y[1] = -torch.inf, -100
        return mine.nll_loss(log_p, y), F.nll_loss(log_p, y)

    def nothing_counts(mine):
        """All targets are -100, and 0 / 0 is nan, as in PyTorch"""
        log_p, y = _samples()
        y[:] = -100
        return mine.nll_loss(log_p, y), F.nll_loss(log_p, y)

    def any_table(mine):
        """A table whose rows are not normalized, which nll_loss takes as it is"""
        log_p, y = _samples()
        return mine.nll_loss(log_p - 1, y), F.nll_loss(log_p - 1, y)

    def gradient(mine):
        """The gradient in float64, with class weights and an ignored target"""
        (log_p, y), weight = (
            _samples(),
            torch.tensor([1.0, 2.0, 0.5, 4.0], dtype=torch.float64),
        )
        log_p, y[1] = log_p.double().requires_grad_(), -100
        loss, right = (
            mine.nll_loss(log_p, y, weight=weight),
            F.nll_loss(log_p, y, weight=weight),
        )
        return gradient_of(loss, log_p), gradient_of(right, log_p)


class Solution:
    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        """Return the weighted mean of the negative log-likelihoods."""
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum()


class DividedByTheSamples(Wrong):
    """You divide by the number of samples. A weighted mean divides by the sum of the weights of the targets, so that
    twice the weights leave the loss as it is."""

    read = "losses/nll.md#class-weights-and-ignored-targets"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).mean()


class IgnoredInTheMean(Wrong):
    """An ignored sample costs 0 and still counts in the mean, which makes the loss too small. Divide by what counts."""

    read = "losses/nll.md#class-weights-and-ignored-targets"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        safe = y.where(counts, torch.zeros_like(y))
        picked = log_p.gather(1, safe.unsqueeze(1)).squeeze(1)
        w = torch.ones_like(picked) if weight is None else weight[safe]
        each = (w * picked).where(counts, torch.zeros_like(picked))
        return -each.sum() / w.sum()


class IgnoredTimesZero(Wrong):
    """You multiply an ignored sample by 0, and 0 times -inf is nan. Leave it out: `log_p[counts]`, or `where`."""

    read = "work/nan.md#nan-targets-times-a-mask-of-0-are-nan"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        safe = y.where(counts, torch.zeros_like(y))
        picked = log_p.gather(1, safe.unsqueeze(1)).squeeze(1)
        w = torch.ones_like(picked) if weight is None else weight[safe]
        w = w * counts
        return -(w * picked).sum() / w.sum()


class NothingIgnored(Wrong):
    """You pick the entry at an ignored target too. There is none at -100, and an ignored class would count."""

    read = "losses/nll.md#class-weights-and-ignored-targets"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum()


class OnlyNegativeTargets(Wrong):
    """Your result is as if -100, or all targets below 0, were left out. What is ignored is what equals `ignore_index`,
    which may be a class."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        log_p, y = log_p[y >= 0], y[y >= 0]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum()


class NeverNan(Wrong):
    """Your loss is 0 where no sample counts. PyTorch divides 0 by 0 and returns nan, so that a batch without targets is
    noticed."""

    read = "clinics/silent-bugs.md#loss-is-nan-for-some-batches-every-target-is-ignored-100"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum().clamp(min=1e-12)


class NoMinus(Wrong):
    """The sign is missing: log-probabilities are negative, and a loss of probabilities is not."""

    read = "losses/nll.md#pick-minus-mean"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return (w * picked).sum() / w.sum()


class ColumnsInsteadOfEntries(Wrong):
    """`log_p[:, y]` picks a column for each sample, with the entries of all others in it. One entry per row is
    `log_p[torch.arange(len(y)), y]`."""

    read = "losses/nll.md#pick-minus-mean"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[:, y]
        w = (
            torch.ones_like(picked)
            if weight is None
            else weight[y].expand_as(picked)
        )
        return -(w * picked).sum() / w.sum()


class WeightOfTheSample(Wrong):
    """You multiply the samples by the weights in their order. `weight` is a weight per class, and that of a sample is
    `weight[y]`. Without the pick, the sizes only fit with as many samples as classes."""

    read = "losses/nll.md#class-weights-and-ignored-targets"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight
        return -(w * picked).sum() / w.sum()


class LogOfTheLog(Wrong):
    """You take a log. What goes in are log-probabilities already, and the log of a negative number is nan."""

    read = "losses/nll.md#the-name-promises-a-log-the-function-takes-none"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y].log()
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum()


class Normalized(Wrong):
    """You normalize the rows first. `nll_loss` takes its table as it is; the softmax inside is what `cross_entropy` has
    more."""

    read = "losses/nll.md#nllloss-or-crossentropyloss"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts].log_softmax(dim=1), y[counts]
        picked = log_p[torch.arange(len(y)), y]
        w = torch.ones_like(picked) if weight is None else weight[y]
        return -(w * picked).sum() / w.sum()


class DividedByAllWeights(Wrong):
    """You divide by the sum of the class weights, `weight.sum()`. The mean divides by the weights of the targets,
    `weight[y].sum()`: a class counts as many times as it is a target."""

    read = "losses/nll.md#class-weights-and-ignored-targets"

    def nll_loss(log_p, y, weight=None, ignore_index=-100):
        counts = y != ignore_index
        log_p, y = log_p[counts], y[counts]
        picked = log_p[torch.arange(len(y)), y]
        if weight is None:
            return -picked.mean()
        return -(weight[y] * picked).sum() / weight.sum()
