"""
---
title: "Exercise: the mean across ranks"
description: Write the loss that each rank of data-parallel training gives to backward, so that the average is right.
trains: what data-parallel training divides by, and what a rank with fewer targets has to do about it
minutes: 20
needs: [work/averages.md]
---

# Exercise: the mean across ranks

Several ranks train one model, each on its own part of the batch. After `backward`, `DistributedDataParallel` averages
their gradients: it adds them up and divides by the number of ranks.

Write `loss_on_rank(z, y, counts)`, the loss that a rank gives to `backward`. It has the logits `z` and targets `y` of
its own samples, -100 where a target is ignored, and `counts`, a tensor with the number of targets that each rank keeps.
The averaged gradient has to be that of the mean over all targets of all ranks. No process is started here; two ranks
are two calls:

``` pycon
>>> z, counts = torch.zeros(4, 10), torch.tensor([3, 1])
>>> first, second = torch.tensor([[3, 7, -100, 1], [-100, 2, -100, -100]])
>>> loss_on_rank(z, first, counts), loss_on_rank(z, second, counts)
(tensor(3.4539), tensor(1.1513))
```

Their average is the log of ten, 2.3026, as it is for even logits. If all targets of all ranks are ignored, return 0.
"""

import torch
import torch.nn.functional as F
from grader import Wrong, gradient_of


class Stub:
    def loss_on_rank(z, y, counts):
        """Return one rank's loss, whose gradient is averaged over all ranks."""
        raise NotImplementedError


HINTS = [
    "Write down what you want: the sum of the losses of all ranks, divided by the number of all targets. Which part of "
    "the sum has this rank, and what does `DistributedDataParallel` do to it?",
    "`F.cross_entropy(z, y, reduction='sum')` is this rank's part of the sum. `counts.sum()` divides all of it.",
    "The average over ranks divides once more, by `len(counts)`. Multiply by it before.",
]


def _ranks(parts, samples=8, features=3, classes=4, **options):
    """Return the samples and targets of each rank, of which some are kept, the weights, and the counts."""
    xs = torch.randn(len(parts), samples, features, **options)
    ys = torch.randint(classes, (len(parts), samples))
    ys = ys.masked_fill(
        torch.arange(samples) >= torch.tensor(parts)[:, None], -100
    )
    w = torch.randn(features, classes, **options).requires_grad_()
    return xs, ys, w, torch.tensor(parts)


def _averaged(mine, xs, ys, w, counts):
    """Return the mean over the ranks of their losses, and of the gradients of the first feature's weights."""
    losses = [
        mine.loss_on_rank(x @ w, y, counts) for x, y in zip(xs, ys, strict=True)
    ]
    gradients = [gradient_of(loss, w) for loss in losses]
    return torch.stack(losses).mean().detach(), torch.stack(gradients).mean(
        dim=0
    )[0]


def _whole(xs, ys, w):
    """Return the loss of the whole batch, and the gradient of the first feature's weights."""
    loss = F.cross_entropy(xs.flatten(0, 1) @ w, ys.flatten())
    return loss.detach(), gradient_of(loss, w)[0]


class Checks:
    def alone(mine):
        """One rank alone: the mean that you know"""
        z, y = torch.randn(5, 4), torch.tensor([0, 3, -100, 1, 2])
        return mine.loss_on_rank(z, y, torch.tensor([4])), F.cross_entropy(z, y)

    def even(mine):
        """Two ranks that keep as many targets: the average of their losses"""
        xs, ys, w, counts = _ranks([8, 8])
        return _averaged(mine, xs, ys, w, counts)[0], _whole(xs, ys, w)[0]

    def uneven(mine):
        """Two ranks that keep 8 targets and 1: the average of their losses"""
        xs, ys, w, counts = _ranks([8, 1])
        return _averaged(mine, xs, ys, w, counts)[0], _whole(xs, ys, w)[0]

    def gradient(mine):
        """The averaged gradient of three ranks with 6, 2 and 5 targets, in float64"""
        xs, ys, w, counts = _ranks([6, 2, 5], dtype=torch.float64)
        return _averaged(mine, xs, ys, w, counts)[1], _whole(xs, ys, w)[1]

    def one_rank_is_empty(mine):
        """The averaged gradient where one rank keeps no target"""
        xs, ys, w, counts = _ranks([5, 0])
        return _averaged(mine, xs, ys, w, counts)[1], _whole(xs, ys, w)[1]

    def other_sizes(mine):
        """The averaged gradient of ranks with 9 samples and 2"""
        x, w, counts = (
            torch.randn(11, 3),
            torch.randn(3, 4).requires_grad_(),
            torch.tensor([9, 2]),
        )
        y = torch.randint(4, (11,))
        xs, ys = x.split([9, 2]), y.split([9, 2])
        _, gradient = _averaged(mine, xs, ys, w, counts)
        return gradient, _whole(x[:, None], y, w)[1]

    def one_target(mine):
        """Two ranks, and one target in all"""
        xs, ys, w, counts = _ranks([0, 1])
        return _averaged(mine, xs, ys, w, counts), _whole(xs, ys, w)

    def nothing_counts(mine):
        """All targets of all ranks are ignored: a loss of 0, and a gradient of 0"""
        xs, ys, w, counts = _ranks([0, 0])
        right = (torch.tensor(0.0), torch.zeros(4))
        return _averaged(mine, xs, ys, w, counts), right


class Solution:
    def loss_on_rank(z, y, counts):
        """Return one rank's loss, whose gradient is averaged over all ranks."""
        total = F.cross_entropy(z, y, reduction="sum")
        return total * len(counts) / counts.sum().clamp(min=1)


class OwnMean(Wrong):
    """Each rank takes the mean over its own targets, and the average of such means counts a rank with one target as
    much as a rank with eight. Divide by the targets of all ranks."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        return F.cross_entropy(z, y)


class SumOnly(Wrong):
    """You return the sum of the losses, and the mean over all targets of all ranks was asked for. Divide by how many
    they are, `counts.sum()`, and think of what the average over the ranks will do to it."""

    read = "work/averages.md#what-does-reductionmean-divide-by"

    def loss_on_rank(z, y, counts):
        return F.cross_entropy(z, y, reduction="sum")


class RanksForgotten(Wrong):
    """Your gradient is too small by the number of ranks: the average divides the sum over ranks once more. Multiply by
    `len(counts)`."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        total = F.cross_entropy(z, y, reduction="sum")
        return total / counts.sum().clamp(min=1)


class DividedByTheRanks(Wrong):
    """You divide by the number of ranks, and the average does so again. What is needed is the opposite: multiply by
    it."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        total = F.cross_entropy(z, y, reduction="sum")
        return total / counts.sum().clamp(min=1) / len(counts)


class FactorOfTwo(Wrong):
    """You multiply by 2, which is right for two ranks. How many there are, `len(counts)` knows."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        total = F.cross_entropy(z, y, reduction="sum")
        return 2 * total / counts.sum().clamp(min=1)


class MeanTimesRanks(Wrong):
    """You multiply the mean over this rank's own targets by the number of ranks. The factor undoes the average, and the
    wrong divisor is still there: take the sum, and divide by `counts.sum()`."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        return F.cross_entropy(z, y) * len(counts)


class MeanTimesShare(Wrong):
    """You weigh the mean of each rank by its share of the targets. That is right until a rank keeps none: its mean is
    nan, and nan times 0 is nan. Start from the sum, which is 0 there."""

    read = "work/averages.md#one-rank-has-no-targets-left-the-loss-is-nan"

    def loss_on_rank(z, y, counts):
        share = (y != -100).sum() / counts.sum().clamp(min=1)
        return F.cross_entropy(z, y) * share * len(counts)


class NotClamped(Wrong):
    """All is right until no rank keeps a target: then you divide 0 by 0, the gradient is nan, and after one such step
    all weights are. Divide by 1 there: `counts.sum().clamp(min=1)`."""

    read = "clinics/silent-bugs.md#loss-is-nan-for-some-batches-every-target-is-ignored-100"

    def loss_on_rank(z, y, counts):
        total = F.cross_entropy(z, y, reduction="sum")
        return total * len(counts) / counts.sum()


class SamplesCounted(Wrong):
    """You divide by all samples, and the ignored ones cost 0: the more of them, the smaller the step. Divide by the
    targets that are kept."""

    read = "work/averages.md#what-does-reductionmean-divide-by"

    def loss_on_rank(z, y, counts):
        return F.cross_entropy(z, y, reduction="sum") / len(y)


class AverageCountCutOff(Wrong):
    """You divide by the average count of the ranks, which is the right idea, and `//` cuts its decimals off: of 13
    targets on three ranks it makes 4. Use `/`."""

    read = "work/averages.md#ddp-loss-each-gpu-averages-over-its-own-number-of-tokens"

    def loss_on_rank(z, y, counts):
        average = (counts.sum() // len(counts)).clamp(min=1)
        return F.cross_entropy(z, y, reduction="sum") / average


class EmptyRankSkipped(Wrong):
    """A rank without targets returns a 0 that hangs on no logits, and its `backward` raises, or is skipped. The other
    ranks wait for it. The sum of its losses is 0 too, and has a gradient of 0."""

    read = "work/averages.md#one-rank-has-no-targets-left-the-loss-is-nan"

    def loss_on_rank(z, y, counts):
        if (y != -100).sum() == 0:
            return torch.tensor(0.0)
        total = F.cross_entropy(z, y, reduction="sum")
        return total * len(counts) / counts.sum()


class CutOff(Wrong):
    """The value is right, and no gradient comes back: the loss of a rank has to hang on its logits. For a log, detach
    it; what goes into `backward` stays as it is."""

    read = "clinics/errors.md#element-0-of-tensors-does-not-require-grad-and-does-not-have-a-grad_fn"

    def loss_on_rank(z, y, counts):
        total = F.cross_entropy(z, y, reduction="sum").detach()
        return total * len(counts) / counts.sum().clamp(min=1)


PROOF = """
>>> torch.tensor(10.0).log()
tensor(2.3026)
>>> torch.tensor([6, 2, 5]).sum(), torch.tensor([6, 2, 5]).sum() // 3
(tensor(13), tensor(4))
"""
