"""
---
title: "Exercise: cross_entropy"
description: Write cross_entropy in PyTorch yourself, with class weights, an ignored index and label smoothing.
trains: label smoothing, what it does to ignored targets and class weights, and what the mean divides by
minutes: 35
needs: [losses/nll.md, reference/cross-entropy.md]
---

# Exercise: cross_entropy

Write `cross_entropy(z, y, weight, ignore_index, label_smoothing)`. It takes logits `z` with a row for each of N samples
and a column for each of C classes, and the target `y` of each sample. It returns one number, as `F.cross_entropy` does:

``` pycon
>>> z = torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
>>> y, weight = torch.tensor([0, 1, 1]), torch.tensor([1.0, 4.0, 2.0])
>>> cross_entropy(z, y)
tensor(0.9869)
>>> cross_entropy(z, y, weight=weight)
tensor(1.1321)
>>> cross_entropy(z, y, label_smoothing=0.3)
tensor(1.1536)
>>> cross_entropy(z, y, weight=weight, label_smoothing=0.3)
tensor(1.1228)
```

Begin without options, for the first check; then add weights, and smoothing last. Without smoothing, a sample costs its
loss times the weight of its target, and the mean divides the sum by these weights. Smoothing takes that share of each
target and deals it out to all C classes, the target included; what each class gets is multiplied by the weight of that
class, and the mean divides by the same sum as before. A sample whose target is `ignore_index` is left out.
`torch.log_softmax` is yours to use; the losses of `torch` are not.
"""

import torch
import torch.nn.functional as F
from grader import LOSSES, Wrong, gradient_of


class Stub:
    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        """Return the cross-entropy, a weighted mean over samples that count."""
        raise NotImplementedError


HINTS = [
    "First without weights and smoothing. Leave out what is ignored, `counts = y != ignore_index`, then "
    "`log_p = torch.log_softmax(z[counts], dim=1)`; minus the mean of `log_p[torch.arange(len(y)), y]` is the loss.",
    "With weights, multiply each picked entry by `weight[y]`, and divide the sum by that of `weight[y]`.",
    "Smoothing splits the loss of a sample: `1 - label_smoothing` of it is the entry at the target, and "
    "`label_smoothing` of it is the mean over all C classes. So it is one sum more, and the divisor stays.",
    "In that mean over the classes, each class has its own weight: `log_p @ weight / C`. Add it only if "
    "`label_smoothing` is above 0, because 0 times -inf is nan.",
]

PROOF = """
>>> mean = torch.log_softmax(z, dim=1).mean()
>>> torch.isclose(cross_entropy(z, y, label_smoothing=0.3), 0.7 * cross_entropy(z, y) - 0.3 * mean)
tensor(True)
>>> [SoftmaxTwice.cross_entropy(torch.tensor([[0.0, 200.0]]), torch.tensor([y])) for y in (1, 0)]
[tensor(0.3133), tensor(1.3133)]
>>> 1 - 0.1 + 0.1 / 4, 1 + 0.1, round(1 - 0.1 + 4 * 0.1, 4)
(0.925, 1.1, 1.3)
>>> (F.one_hot(torch.tensor([1]), 2) * 0.9).dtype
torch.float32
"""

_WEIGHT = torch.tensor([1.0, 2.0, 0.5, 4.0])


def _samples(n=6, c=4):
    """Return logits of n samples and c classes, and their targets."""
    return 2 * torch.randn(n, c), torch.arange(n) * 7 % c


# Functions of torch that the reader is asked to rebuild.
_REBUILT = LOSSES


class Checks:
    def plain(mine):
        """Six samples with four classes"""
        z, y = _samples()
        return mine.cross_entropy(z, y), F.cross_entropy(z, y)

    def as_many_samples_as_classes(mine):
        """Four samples with four classes, and class weights"""
        z, y = _samples(4)
        y = y.flip(0)
        right = F.cross_entropy(z, y, weight=_WEIGHT)
        return mine.cross_entropy(z, y, weight=_WEIGHT), right

    def ignored_and_weighted(mine):
        """Two of six targets are -100, and class weights"""
        z, y = _samples()
        y[1] = y[4] = -100
        right = F.cross_entropy(z, y, weight=_WEIGHT)
        return mine.cross_entropy(z, y, weight=_WEIGHT), right

    def smoothed(mine):
        """A label smoothing of 0.1"""
        z, y = _samples()
        right = F.cross_entropy(z, y, label_smoothing=0.1)
        return mine.cross_entropy(z, y, label_smoothing=0.1), right

    def smoothed_whole(mine):
        """A label smoothing of 1, all classes alike"""
        z, y = _samples()
        right = F.cross_entropy(z, y, label_smoothing=1.0)
        return mine.cross_entropy(z, y, label_smoothing=1.0), right

    def smoothed_and_ignored(mine):
        """A label smoothing of 0.1, and two of six targets are -100"""
        z, y = _samples()
        y[1] = y[4] = -100
        right = F.cross_entropy(z, y, label_smoothing=0.1)
        return mine.cross_entropy(z, y, label_smoothing=0.1), right

    def smoothed_and_weighted(mine):
        """A label smoothing of 0.1, and class weights"""
        (z, y), options = (
            _samples(),
            {"weight": _WEIGHT, "label_smoothing": 0.1},
        )
        right = F.cross_entropy(z, y, **options)
        return mine.cross_entropy(z, y, **options), right

    def all_together(mine):
        """A label smoothing of 0.1, class weights, and class 3 is ignored"""
        (z, y), options = (
            _samples(),
            {"weight": _WEIGHT, "ignore_index": 3, "label_smoothing": 0.1},
        )
        right = F.cross_entropy(z, y, **options)
        return mine.cross_entropy(z, y, **options), right

    def large(mine):
        """Logits of 0 and 200, and the target is the first class"""
        z, y = torch.tensor([[0.0, 200.0]]), torch.tensor([0])
        return mine.cross_entropy(z, y), F.cross_entropy(z, y)

    def ruled_out(mine):
        """A class that is ruled out with a logit of -inf, and is no target"""
        z, y = _samples()
        z[0, 3] = -torch.inf
        return mine.cross_entropy(z, y), F.cross_entropy(z, y)

    def ruled_out_and_smoothed(mine):
        """The same with a label smoothing of 0.1, which gives that class a share"""
        z, y = _samples()
        z[0, 3] = -torch.inf
        right = F.cross_entropy(z, y, label_smoothing=0.1)
        return mine.cross_entropy(z, y, label_smoothing=0.1), right

    def nothing_counts(mine):
        """All targets are -100, and 0 / 0 is nan, as in PyTorch"""
        z, y = _samples()
        y[:] = -100
        right = F.cross_entropy(z, y, label_smoothing=0.1)
        return mine.cross_entropy(z, y, label_smoothing=0.1), right

    def gradient(mine):
        """The gradient in float64, with all of it"""
        (z, y), options = (
            _samples(),
            {"weight": _WEIGHT.double(), "label_smoothing": 0.1},
        )
        z, y[1] = z.double().requires_grad_(), -100
        loss, right = (
            mine.cross_entropy(z, y, **options),
            F.cross_entropy(z, y, **options),
        )
        return gradient_of(loss, z), gradient_of(right, z)


class Solution:
    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        """Return the cross-entropy, a weighted mean over samples that count."""
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        picked = weight[y] * log_p[torch.arange(len(y)), y]
        total = (1 - label_smoothing) * picked.sum()
        if label_smoothing > 0:
            spread = (log_p @ weight).sum() / z.shape[1]
            total = total + label_smoothing * spread
        return -total / weight[y].sum()


class SharedAmongTheOthers(Wrong):
    """You deal the share out to the other classes, C - 1 of them. Many programs do. In PyTorch the target keeps its
    part of the share: with four classes and a smoothing of 0.1, its own probability is 0.925, and not 0.9."""

    read = (
        "reference/cross-entropy.md#label_smoothing-soft-targets-made-for-you"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = weighted = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            others = -(log_p @ weight) - weighted
            share = label_smoothing / (z.shape[1] - 1)
            loss = (1 - label_smoothing) * weighted + share * others
        return loss.sum() / weight[y].sum()


class ShareForEachClass(Wrong):
    """You add the whole share for each class: sum over the classes in place of their mean. The smoothed target then
    sums to 1.3 with four classes and a smoothing of 0.1. Divide the share by C."""

    read = (
        "reference/cross-entropy.md#label_smoothing-soft-targets-made-for-you"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = log_p @ weight
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()


class TargetKeepsAll(Wrong):
    """You deal out a share, and take it from no one: the smoothed target sums to 1.1 with a smoothing of 0.1. Multiply
    the entry at the target by `1 - label_smoothing`."""

    read = (
        "reference/cross-entropy.md#label_smoothing-soft-targets-made-for-you"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            loss = loss - label_smoothing * (log_p @ weight) / z.shape[1]
        return loss.sum() / weight[y].sum()


class WeightOfTheTarget(Wrong):
    """You multiply the whole smoothed loss of a sample by the weight of its target. In PyTorch the weight of each class
    multiplies the part of that class: `log_p @ weight / C`, and not `weight[y]` times the mean."""

    read = (
        "reference/cross-entropy.md#label-smoothing-and-class-weights-together"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        w = torch.ones_like(log_p[:, 0]) if weight is None else weight[y]
        loss = -log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = log_p.mean(dim=1)
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return (w * loss).sum() / w.sum()


class TwoMeans(Wrong):
    """You add two means: that of the targets has weights, and that of the smoothing has none. In PyTorch the weight of
    each class multiplies its part of the smoothing, `log_p @ weight / C`, and both sums are divided by the weights of
    the targets."""

    read = (
        "reference/cross-entropy.md#label-smoothing-and-class-weights-together"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        w = torch.ones_like(log_p[:, 0]) if weight is None else weight[y]
        loss = -(w * log_p[torch.arange(len(y)), y]).sum() / w.sum()
        if label_smoothing > 0:
            loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
        return loss


class DividedBySmoothedWeights(Wrong):
    """You divide by all weights that you multiplied by, those of the smoothing too. A weighted mean would. PyTorch
    divides by the weights of the targets alone, smoothed or not."""

    read = "reference/cross-entropy.md#what-the-mean-divides-by-in-every-combination"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        divisor = weight[y].sum()
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
            smoothed = label_smoothing * len(y) * weight.mean()
            divisor = (1 - label_smoothing) * divisor + smoothed
        return loss.sum() / divisor


class DividedByTheSamples(Wrong):
    """You divide by the number of samples that count, as PyTorch does for targets that are probabilities. For class
    indices the mean divides by the weights of the targets, so that twice the weights leave the loss as it is."""

    read = "reference/cross-entropy.md#one-hot-targets-with-weight-give-a-different-loss"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.mean()


class IgnoredInTheSmoothing(Wrong):
    """You leave ignored samples out of the one part, and sum the smoothing over all of them. Leave them out first, and
    compute both parts from what is left."""

    read = "work/language-models.md#label-smoothing-with-ignore_index-and-label_smoothing_factor"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts, log_p = y != ignore_index, torch.log_softmax(z, dim=1)
        weight = torch.ones_like(z[0]) if weight is None else weight
        y = y[counts]
        total = -(weight[y] * log_p[counts][torch.arange(len(y)), y]).sum()
        if label_smoothing > 0:
            spread = (log_p @ weight).sum() / z.shape[1]
            total = (1 - label_smoothing) * total - label_smoothing * spread
        return total / weight[y].sum()


class ZeroTimesInfinity(Wrong):
    """You multiply the log-probability of each class by its share of the target, and 0 times -inf is nan. Pick the
    entry at the target, and add the part of the smoothing only if there is any."""

    read = "reference/cross-entropy.md#a-masked-class-logit-inf-nan-with-soft-targets-inf-with-label-smoothing"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        one_hot = F.one_hot(y, z.shape[1]).to(z.dtype)
        q = (1 - label_smoothing) * one_hot + label_smoothing / z.shape[1]
        return -(q * log_p @ weight).sum() / weight[y].sum()


class SoftmaxTwice(Wrong):
    """You take a softmax of a softmax: `log_softmax` gets probabilities in place of logits. With two classes the loss
    then stays between 0.3133 and 1.3133, however sure the model is. Give it the logits."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        p, y = torch.softmax(z[counts], dim=1), y[counts]
        log_p = torch.log_softmax(p, dim=1)
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()


class LogOfSoftmax(Wrong):
    """The log of a softmax: next to a logit of 200, the probability of 0 rounds to 0, and its log is -inf. The loss
    should be 200. Take `torch.log_softmax`."""

    read = "clinics/silent-bugs.md#loss-is-inf-the-log-of-a-softmax"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log(torch.softmax(z[counts], dim=1)), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()


class SmoothedInFloat32(Wrong):
    """Right in float32, and not in float64: the smoothed targets have only the digits of float32, as `F.one_hot` times
    a number has. Give them the dtype of the logits, `F.one_hot(y, C).to(z.dtype)`."""

    read = (
        "reference/cross-entropy.md#label_smoothing-soft-targets-made-for-you"
    )

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        one_hot = F.one_hot(y, z.shape[1])
        q = one_hot * (1 - label_smoothing) + label_smoothing / z.shape[1]
        each = (q * log_p).where(q > 0, torch.zeros_like(log_p))
        return -(each @ weight).sum() / weight[y].sum()


class RowsInsteadOfEntries(Wrong):
    """`log_p[y]` picks whole rows, those whose numbers are the targets. One entry of each row is
    `log_p[torch.arange(len(y)), y]`."""

    read = "losses/nll.md#pick-minus-mean"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        log_p = torch.log_softmax(z, dim=1)
        return -log_p[y].mean()


class AcrossSamples(Wrong):
    """The softmax runs in the wrong direction: with `dim=0` the samples share a probability of 1 in each class. The
    classes of a sample lie along `dim=1`."""

    read = "foundations/softmax.md#which-dim"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != ignore_index
        log_p, y = torch.log_softmax(z[counts], dim=0), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()


class IgnoredInTheDivisor(Wrong):
    """An ignored sample costs 0, and its weight is still in your divisor, which makes the loss too small. Sum the
    weights of the samples that count."""

    read = "reference/cross-entropy.md#what-the-mean-divides-by-in-every-combination"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts, y = y != ignore_index, y.clamp(min=0)
        log_p = torch.log_softmax(z, dim=1)
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return (loss * counts).sum() / weight[y].sum()


class OneIndexIgnored(Wrong):
    """Your result is as if -100, or all targets below 0, were left out. What is ignored is what equals `ignore_index`,
    which may be a class."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        counts = y != -100
        log_p, y = torch.log_softmax(z[counts], dim=1), y[counts]
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()


class NothingIgnored(Wrong):
    """You pick the entry at an ignored target too. There is none at -100, and an ignored class would count. Leave these
    samples out first, `z[counts]` and `y[counts]`."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def cross_entropy(
        z, y, weight=None, ignore_index=-100, label_smoothing=0.0
    ):
        log_p = torch.log_softmax(z, dim=1)
        weight = torch.ones_like(z[0]) if weight is None else weight
        loss = -weight[y] * log_p[torch.arange(len(y)), y]
        if label_smoothing > 0:
            spread = (log_p @ weight) / z.shape[1]
            loss = (1 - label_smoothing) * loss - label_smoothing * spread
        return loss.sum() / weight[y].sum()
