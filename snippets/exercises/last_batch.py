"""
---
title: "Mend: a short last batch"
description: Mend a PyTorch evaluation whose loss, accuracy and recall depend on how the samples are cut into batches.
trains: adding up sums and counts, and dividing once
minutes: 15
needs: [work/averages.md, reference/cross-entropy.md]
---

# Mend: a short last batch

`evaluate` gets a list of batches, each a pair of logits `z` and targets `y`. It returns three means over all samples,
as tensors: the cross-entropy, the accuracy, and the recall of class 1, which is the share of class 1 that is predicted
as class 1. It runs, and no message appears. Yet the same samples, cut into other batches, give other numbers.

Mend it, so that the cut does not matter. A target of -100 says that nobody knows the class: such a sample is left
out of all three. With five samples in a batch of four and a batch of one, right is:

``` pycon
>>> loss, accuracy, recall = evaluate([(z[:4], y[:4]), (z[4:], y[4:])])
>>> loss, accuracy, recall
(tensor(0.3848), tensor(0.8000), tensor(0.6667))
```
"""

import torch
import torch.nn.functional as F
from grader import Wrong

# Five samples with three classes.
z = torch.tensor(
    [
        [2.0, 0.0, 0.0],
        [0.0, 2.0, 0.0],
        [0.0, 1.0, 3.0],
        [0.0, 3.0, 0.0],
        [1.0, 0.5, 0.0],
    ]
)
y = torch.tensor([0, 1, 2, 1, 1])


class Stub(Wrong):
    """All results are those of the program as it came. It gives each batch the same weight. How much does the one
    sample of the last batch count, and how much each of the four before it?"""

    read = "work/averages.md#epoch-loss-is-off-the-mean-of-batch-means-and-a-short-last-batch"

    def evaluate(batches):
        """Return the mean loss, the accuracy, and the recall of class 1."""
        losses, accuracies, recalls = [], [], []
        for z, y in batches:
            losses.append(F.cross_entropy(z, y))
            right = z.argmax(dim=1) == y
            accuracies.append(right.float().mean())
            recalls.append(right[y == 1].float().mean())
        return (
            torch.stack(losses).mean(),
            torch.stack(accuracies).mean(),
            torch.stack(recalls).mean(),
        )


HINTS = [
    "A mean is a sum divided by a count. Add up sums and counts over all batches, and divide once, after the loop.",
    "The three counts differ: the targets that are known for loss and accuracy, those of class 1 for the recall.",
    '`F.cross_entropy(z, y, reduction="sum")` is the sum over the known targets of a batch, and `(y != '
    "-100).sum()` is how many there are. A sum over none is 0, where a mean over none is nan.",
]


def _samples(n):
    """Return the logits and the targets of n samples with three classes."""
    return torch.randn(n, 3), (torch.arange(n) % 4).clamp(max=2)


def _cut(z, y, *sizes):
    """Return samples as batches of these sizes."""
    return list(zip(z.split(sizes), y.split(sizes), strict=True))


def _at_once(z, y):
    """Return what is right, from all samples in one batch."""
    z, y = z[y != -100], y[y != -100]
    right = z.argmax(dim=1) == y
    return (
        F.cross_entropy(z, y),
        right.float().mean(),
        right[y == 1].float().mean(),
    )


class Checks:
    def one_batch(mine):
        """Seven samples in one batch"""
        z, y = _samples(7)
        return mine.evaluate([(z, y)]), _at_once(z, y)

    def equal_batches(mine):
        """Loss and accuracy of six samples in two batches of three"""
        z, y = _samples(6)
        return mine.evaluate(_cut(z, y, 3, 3))[:2], _at_once(z, y)[:2]

    def short_batch(mine):
        """Loss and accuracy of ten samples in batches of four, four and two"""
        z, y = _samples(10)
        return mine.evaluate(_cut(z, y, 4, 4, 2))[:2], _at_once(z, y)[:2]

    def recall(mine):
        """The recall of class 1 of 23 samples in batches of 17 and six"""
        z, y = _samples(23)
        return mine.evaluate(_cut(z, y, 17, 6))[2], _at_once(z, y)[2]

    def unknown_loss(mine):
        """The loss of ten samples in batches of six and four, with four unknown targets in the first"""
        z, y = _samples(10)
        y[:4] = -100
        return mine.evaluate(_cut(z, y, 6, 4))[0], _at_once(z, y)[0]

    def unknown_accuracy(mine):
        """The accuracy of the same batches"""
        z, y = _samples(10)
        y[:4] = -100
        return mine.evaluate(_cut(z, y, 6, 4))[1], _at_once(z, y)[1]

    def a_batch_of_unknown(mine):
        """The loss of eight samples, where all targets of the second batch are unknown"""
        z, y = _samples(8)
        y[5:] = -100
        return mine.evaluate(_cut(z, y, 5, 3))[0], _at_once(z, y)[0]

    def without_class_1(mine):
        """The recall of class 1, which is in the first batch alone"""
        z, y = _samples(9)
        y[6:] = 2
        return mine.evaluate(_cut(z, y, 6, 3))[2], _at_once(z, y)[2]


class Solution:
    def evaluate(batches):
        """Return the mean loss, the accuracy, and the recall of class 1."""
        loss, known, right, found, ones = 0, 0, 0, 0, 0
        for z, y in batches:
            loss += F.cross_entropy(z, y, reduction="sum")
            known += (y != -100).sum()
            hits = z.argmax(dim=1) == y
            right += hits.sum()
            found += (hits & (y == 1)).sum()
            ones += (y == 1).sum()
        return loss / known, right / known, found / ones


def _right(batches):
    """Return what is right, from batches."""
    return _at_once(*(torch.cat(parts) for parts in zip(*batches, strict=True)))


def _means(batches):
    """Return for each batch its mean loss, its accuracy and its recall, in three columns."""
    rows = []
    for z, y in batches:
        right = z.argmax(dim=1) == y
        means = (
            F.cross_entropy(z, y),
            right[y != -100].float().mean(),
            right[y == 1].float().mean(),
        )
        rows.append(torch.stack(means))
    return torch.stack(rows)


class SumOfMeansBySamples(Wrong):
    """You add up means and divide by the number of samples. A mean is divided already, so the result is too small by
    about the size of a batch. Add up sums: `reduction="sum"`."""

    read = "work/averages.md#epoch-loss-too-small-by-the-batch-size-divided-by-lendataset"

    def evaluate(batches):
        samples = sum(len(y) for _, y in batches)
        loss, accuracy, _ = _means(batches).sum(dim=0) / samples
        return loss, accuracy, _right(batches)[2]


class TimesTheBatchSize(Wrong):
    """Your result is as if each mean counted by the size of its batch. That is right until a target is -100: the mean
    was divided by the known targets alone, so multiply by their number."""

    read = "reference/cross-entropy.md#epoch-loss-with-padding-count-the-targets-that-were-kept"

    def evaluate(batches):
        sizes = torch.tensor([len(y) for _, y in batches])
        weighted = _means(batches) * sizes.unsqueeze(1)
        loss, accuracy, _ = weighted.sum(dim=0) / sizes.sum()
        return loss, accuracy, _right(batches)[2]


class NanTimesZero(Wrong):
    """A batch without a known target has a mean of 0 / 0, which is nan, and nan times a count of 0 is still nan. The
    sum over such a batch is 0: add up sums, and not means times counts."""

    read = "clinics/silent-bugs.md#loss-is-nan-for-some-batches-every-target-is-ignored-100"

    def evaluate(batches):
        known = torch.tensor([int((y != -100).sum()) for _, y in batches])
        weighted = _means(batches) * known.unsqueeze(1)
        loss, accuracy, _ = weighted.sum(dim=0) / known.sum()
        return loss, accuracy, _right(batches)[2]


class UnknownCounted(Wrong):
    """You divide by all samples. One with a target of -100 costs 0 and is no right answer, so it makes loss and
    accuracy too small. Divide by the targets that are known."""

    read = "clinics/silent-bugs.md#token-accuracy-too-low-padding-with-label-100-counted-as-wrong"

    def evaluate(batches):
        z, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
        hits = z.argmax(dim=1) == y
        return (
            F.cross_entropy(z, y, reduction="sum") / len(y),
            hits.float().mean(),
            _right(batches)[2],
        )


class RecallsAveraged(Wrong):
    """Loss and accuracy are right now, and the recall is still a mean of ratios. A batch with one sample of class 1
    weighs as much in it as one with five, and a batch with none makes it nan. Add up what was found and what there was,
    and divide once."""

    read = "work/segmentation.md#miou-differs-by-batch-size-add-up-tables-not-ratios"

    def evaluate(batches):
        loss, accuracy, _ = _right(batches)
        return loss, accuracy, _means(batches)[:, 2].mean()


class LastBatchAlone(Wrong):
    """You return the numbers of the last batch: what a loop computes anew in each turn is the last turn's after it. Add
    up all of them."""

    read = "clinics/silent-bugs.md#printed-loss-is-noisy-the-last-batchs-loss"

    def evaluate(batches):
        return tuple(_means(batches[-1:])[0])


class ShortBatchDropped(Wrong):
    """You leave the short batch out. The means of the others fit together now, and they are means of other data."""

    read = "work/averages.md#epoch-loss-is-off-the-mean-of-batch-means-and-a-short-last-batch"

    def evaluate(batches):
        size = len(batches[0][1])
        whole = [batch for batch in batches if len(batch[1]) == size]
        return tuple(_means(whole).mean(dim=0))


class Precision(Wrong):
    """Your third number is the precision: of those that were called class 1, the share that are. The recall asks the
    other way round: of those that are class 1, the share that were called so. Divide by `(y == 1).sum()`."""

    read = "work/averages.md#what-does-reductionmean-divide-by"

    def evaluate(batches):
        loss, accuracy, _ = _right(batches)
        z, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
        called = z[y != -100].argmax(dim=1) == 1
        return (
            loss,
            accuracy,
            (called & (y[y != -100] == 1)).sum() / called.sum(),
        )


class RecallOfAll(Wrong):
    """You divide what was found of class 1 by all known samples, those of the other classes with them. The recall is a
    share of class 1 alone: divide by `(y == 1).sum()`."""

    read = "work/averages.md#what-does-reductionmean-divide-by"

    def evaluate(batches):
        loss, accuracy, _ = _right(batches)
        z, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
        return (
            loss,
            accuracy,
            ((z.argmax(dim=1) == y) & (y == 1)).sum() / (y != -100).sum(),
        )
