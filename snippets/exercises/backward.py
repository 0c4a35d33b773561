"""
---
title: "Exercise: backward"
description: Write the backward pass of cross-entropy in PyTorch by hand, p minus y, also where targets are ignored.
trains: the gradient of softmax and cross-entropy together, and what the mean makes of it
minutes: 20
needs: [foundations/gradient.md, reference/cross-entropy.md]
---

# Exercise: backward

Write `backward(z, y, ignore_index)`. It takes logits `z` with a row for each of N samples and a column for each of C
classes, and the target `y` of each sample. It returns the gradient of their mean cross-entropy with respect to the
logits, a table in the shape of `z`, without autograd:

``` pycon
>>> z = torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
>>> backward(z, torch.tensor([0, 1]))
tensor([[-0.2119,  0.1060,  0.1060],
        [ 0.0533, -0.1065,  0.0533]])
>>> backward(z, torch.tensor([0, -100]))
tensor([[-0.4239,  0.2119,  0.2119],
        [ 0.0000,  0.0000,  0.0000]])
```

A sample whose target is `ignore_index` is left out of the mean, and its row is 0. `torch.softmax` is yours to use. The
checks compare with autograd in float64.
"""

import torch
import torch.nn.functional as F
from grader import Wrong


class Stub:
    def backward(z, y, ignore_index=-100):
        """Return the gradient of the mean cross-entropy by the logits."""
        raise NotImplementedError


HINTS = [
    "The gradient of the loss of one sample is its probabilities minus its one-hot target. So most of it is "
    "`torch.softmax(z, dim=1)`. Which entry of each row becomes smaller by 1?",
    "The loss is a mean, so each row is divided by the number of samples that count. If none counts, 0 / 0 "
    "would be nan: raise the number to 1 there, with `.clamp(min=1)`.",
    "Make the rows of the ignored samples 0, and subtract 1 in the others: `slopes[counts, y[counts]] -= 1`.",
]


def _samples(n=5, c=4):
    """Return logits of n samples and c classes in float64, and their targets."""
    return 2 * torch.randn(n, c, dtype=torch.float64), torch.arange(n) * 7 % c


def _autograd(z, y, ignore_index=-100):
    """Return what autograd computes."""
    z = z.clone().requires_grad_()
    F.cross_entropy(z, y, ignore_index=ignore_index).backward()
    return z.grad


# Functions of torch that the reader is asked to rebuild.
_REBUILT = ("backward", "grad")


class Checks:
    def one_sample(mine):
        """One sample with three classes: its probabilities minus its one-hot target"""
        z, y = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([0])
        return mine.backward(z, y), _autograd(z, y)

    def plain(mine):
        """Five samples with four classes"""
        z, y = _samples()
        return mine.backward(z, y), _autograd(z, y)

    def as_many_samples_as_classes(mine):
        """Four samples with four classes"""
        z, y = _samples(4)
        y = y.flip(0)
        return mine.backward(z, y), _autograd(z, y)

    def single(mine):
        """Five samples in float32"""
        z, y = _samples()
        return mine.backward(z.float(), y), _autograd(z.float(), y)

    def ignored(mine):
        """Two of five targets are -100"""
        z, y = _samples()
        y[0] = y[3] = -100
        return mine.backward(z, y), _autograd(z, y)

    def another_index(mine):
        """Class 3 is ignored"""
        z, y = _samples()
        right = _autograd(z, y, ignore_index=3)
        return mine.backward(z, y, ignore_index=3), right

    def large(mine):
        """Logits of 0 and 200, and the target is the first class"""
        z, y = torch.tensor([[0.0, 200.0]]), torch.tensor([0])
        return mine.backward(z, y), _autograd(z, y)

    def ruled_out(mine):
        """A class that is ruled out with a logit of -inf, and is no target"""
        z, y = _samples()
        z[0, 3] = -torch.inf
        return mine.backward(z, y), _autograd(z, y)

    def nothing_counts(mine):
        """All targets are -100: the loss is nan, and yet its gradient is 0"""
        z, y = _samples()
        y[:] = -100
        return mine.backward(z, y), _autograd(z, y)


class Solution:
    def backward(z, y, ignore_index=-100):
        """Return the gradient of the mean cross-entropy by the logits."""
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / counts.sum().clamp(min=1)


class TheWrongWay(Wrong):
    """You have the target minus the probabilities: the way that a step goes. A gradient points uphill, so that a step
    subtracts it; with your sign, the loss would rise. Turn it round: p minus y."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = -torch.softmax(z, dim=1)
        slopes[counts, y[counts]] += 1
        slopes[~counts] = 0
        return slopes / counts.sum().clamp(min=1)


class NotDivided(Wrong):
    """That is the gradient of the sum of the losses. The mean divides the sum by the number of samples that count, and
    so it divides each slope."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes


class DividedByAllSamples(Wrong):
    """You divide by the number of all samples, those that are ignored with them. The mean divides by those that count:
    of five with two ignored, by three."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / len(y)


class IgnoredRowsKeepTheirProbabilities(Wrong):
    """The row of an ignored sample still holds its probabilities, which push all of its logits down. Its loss does not
    depend on them: make the row 0."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        return slopes / counts.sum().clamp(min=1)


class IgnoredRowsOfAnotherClass(Wrong):
    """In the row of an ignored sample you subtract 1, too, at the class that -100 was replaced by. Its loss does not
    depend on its logits: the row has to become 0 in the end."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[torch.arange(len(y)), y.clamp(min=0)] -= 1
        return slopes / counts.sum().clamp(min=1)


class IgnoredRowsLeftOut(Wrong):
    """You return a row for each sample that counts. The gradient has the shape of the logits: the row of an ignored
    sample is there, and it is 0."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def backward(z, y, ignore_index=-100):
        z, y = z[y != ignore_index], y[y != ignore_index]
        slopes = torch.softmax(z, dim=1)
        slopes[torch.arange(len(y)), y] -= 1
        return slopes / len(y)


class NothingIgnored(Wrong):
    """You take each target for a class that counts. There is no entry at -100, and a class may be ignored, too: the row
    of such a sample is 0, and the mean leaves it out."""

    read = "reference/cross-entropy.md#ignore_index-what-the-label-100-means"

    def backward(z, y, ignore_index=-100):
        slopes = torch.softmax(z, dim=1)
        slopes[torch.arange(len(y)), y] -= 1
        return slopes / len(y)


class ZeroByZero(Wrong):
    """With all targets ignored, you divide 0 by 0. The loss of PyTorch does so, too, but its gradient is 0. One nan
    would make all weights of a model nan: raise the number of samples to 1 there, with `clamp(min=1)`."""

    read = "reference/cross-entropy.md#all-targets-ignored-gives-nan"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / counts.sum()


class ColumnsInsteadOfEntries(Wrong):
    """`slopes[:, y]` picks whole columns, and subtracts 1 from each sample there. One entry per row is
    `slopes[torch.arange(len(y)), y]`. Each row should sum to 0."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[:, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / counts.sum().clamp(min=1)


class SlopeByTheProbability(Wrong):
    """You stop at the probability: -1 / p is the slope of the loss by the probability of the target. One link of the
    chain is left, from the probabilities to the logits, and with it the fraction cancels."""

    read = "foundations/gradient.md#binary-cross-entropy-by-hand"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        p, slopes = torch.softmax(z, dim=1), torch.zeros_like(z)
        slopes[counts, y[counts]] = -1 / p[counts, y[counts]]
        return slopes / counts.sum().clamp(min=1)


class OneLinkTooMany(Wrong):
    """You multiply p minus y by p (1 - p), the slope of a sigmoid. It is in there already: it has canceled against the
    fraction of the log. Your gradient dies where the model is sure and wrong."""

    read = "foundations/gradient.md#binary-cross-entropy-by-hand"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        p = torch.softmax(z, dim=1)
        slopes = p.clone()
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes * p * (1 - p) / counts.sum().clamp(min=1)


class AcrossSamples(Wrong):
    """The softmax runs in the wrong direction: it compares the samples with each other. The classes lie along `dim=1`,
    and each row of the gradient sums to 0."""

    read = "foundations/softmax.md#which-dim"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=0)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / counts.sum().clamp(min=1)


class NumbersOfClasses(Wrong):
    """You subtract the number of the class, and y in p minus y is a row of zeros with a 1 at the class: subtract 1 at
    the entry of the target, or `F.one_hot(y, C)`. A row of N numbers does not fit a table of N by C, but for N = C, and
    then each column loses the class of a sample."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        return torch.softmax(z, dim=1) - y


class MeanOfTheRows(Wrong):
    """You average the rows of the samples into one. The mean is one of losses, and each logit of each sample has a
    slope of its own: keep the table, and divide it by the number of samples that count."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes.mean(dim=0)


class DividedByTheEntries(Wrong):
    """You divide by the number of entries, N times C. The loss is a mean over samples, and a sample has one loss, for
    all of its classes: divide by the number of samples that count."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / slopes.numel()


class LogProbabilities(Wrong):
    """You start from log-probabilities, which are negative. The log is in the loss; its slope by a logit has the
    probability itself: p minus y, with `torch.softmax`."""

    read = "foundations/gradient.md#more-classes-same-answer-the-gradient-of-softmax-and-cross-entropy"

    def backward(z, y, ignore_index=-100):
        counts = y != ignore_index
        slopes = torch.log_softmax(z, dim=1)
        slopes[counts, y[counts]] -= 1
        slopes[~counts] = 0
        return slopes / counts.sum().clamp(min=1)
