"""
---
title: "Exercise: expected calibration error"
description: Write the expected calibration error (ECE) in PyTorch, with equal-width bins, empty ones, and confidence 1.
trains: how a gap is weighed, what an empty bin adds, and where a confidence of 1 belongs
minutes: 25
needs: [work/calibration.md]
---

# Exercise: expected calibration error

Write `ece(p, y, n_bins)`. It takes probabilities `p` with a row for each sample and a column for each class, and the
targets `y`. The confidence of a sample is its highest probability, and the sample is right if that stands at its
target.

Sort the confidences into `n_bins` ranges of equal width from 0 to 1. A confidence on an edge belongs to the range above
it, and 1 to the last. In each range, take the gap between the mean confidence and the share of right ones, and return
the mean of these gaps over the samples, in the dtype of `p`:

``` pycon
>>> p = torch.tensor([[0.95, 0.05], [0.15, 0.85], [0.75, 0.25], [0.25, 0.75]])
>>> ece(p, torch.tensor([0, 0, 0, 0]), n_bins=10)
tensor(0.3500)
>>> ece(p, torch.tensor([0, 0, 0, 0]), n_bins=1)
tensor(0.3250)
```
"""

import torch
from grader import Wrong


class Stub:
    def ece(p, y, n_bins=10):
        """Return the expected calibration error of probabilities."""
        raise NotImplementedError


HINTS = [
    "`confidence, predicted = p.max(dim=1)` gives both at once, and `predicted == y` says which are right. With one "
    "bin, you are done: the gap is that of two means.",
    "The number of a bin is `(n_bins * confidence).long()`. For a confidence of 1 that is one too many: "
    "`clamp(max=n_bins - 1)`.",
    "A gap counts as often as its bin has samples, so an empty bin adds 0. In a loop: `here = bins == b`, then "
    "`here.sum() * gap` if any is here, and one division by `len(y)` at the end.",
]


def _table(confidence, right, classes=4):
    """Return probabilities with these confidences, and targets of which these are right."""
    confidence, right = torch.as_tensor(confidence), torch.tensor(right)
    predicted = torch.arange(len(confidence)) % classes
    p = ((1 - confidence) / (classes - 1))[:, None].repeat(1, classes)
    p[torch.arange(len(p)), predicted] = confidence
    return p, torch.where(right, predicted, (predicted + 1) % classes)


def _drawn(samples, classes, **options):
    """Return probabilities and targets of a model that is too sure."""
    z = torch.randn(samples, classes, **options)
    return torch.softmax(3 * z, dim=1), torch.multinomial(
        torch.softmax(z, dim=1), 1
    )[:, 0]


def _right(p, y, n_bins):
    """Return the error, sample by sample: the sums of each bin are what its gap is weighed by."""
    sums = [0.0] * n_bins
    for row, target in zip(p.tolist(), y.tolist(), strict=True):
        bin_of = max(b for b in range(n_bins) if n_bins * max(row) >= b)
        sums[bin_of] += max(row) - (row.index(max(row)) == target)
    return torch.tensor(sum(map(abs, sums)) / len(y), dtype=p.dtype)


class Checks:
    def one_bin(mine):
        """Four samples in one bin: mean confidence and accuracy"""
        p, y = _table([0.9, 0.6, 0.8, 0.5], [True, False, True, False])
        return mine.ece(p, y, n_bins=1), torch.tensor(0.2)

    def two_bins(mine):
        """Three samples with a confidence of 0.9, two of them right, and one with 0.4"""
        p, y = _table([0.9, 0.9, 0.9, 0.4], [True, True, False, True])
        return mine.ece(p, y, n_bins=2), _right(p, y, 2)

    def as_many_samples_as_classes(mine):
        """Four samples with four classes, and ten bins"""
        p, y = _table([0.65, 0.95, 0.35, 0.62], [True, False, False, False])
        return mine.ece(p, y), _right(p, y, 10)

    def sure_and_right(mine):
        """A confidence of 1, and all are right"""
        p, y = _table([1.0, 1.0, 1.0], [True, True, True])
        return mine.ece(p, y), torch.tensor(0.0)

    def sure_and_wrong(mine):
        """A confidence of 1, and all are wrong"""
        p, y = _table([1.0, 1.0, 1.0], [False, False, False])
        return mine.ece(p, y), torch.tensor(1.0)

    def the_last_bin(mine):
        """A confidence of 0.875, which is right, and one of 1, which is wrong, with two bins"""
        p, y = _table([0.875, 1.0], [True, False])
        return mine.ece(p, y, n_bins=2), _right(p, y, 2)

    def on_an_edge(mine):
        """Confidences of 0.5, 0.625, 0.6875 and 0.75 with four bins: the first three in the third"""
        p, y = _table([0.5, 0.625, 0.6875, 0.75], [True, True, False, False])
        return mine.ece(p, y, n_bins=4), _right(p, y, 4)

    def many_samples(mine):
        """Two hundred samples of a model that is too sure, with 15 bins, in float64"""
        p, y = _drawn(200, 5, dtype=torch.float64)
        return mine.ece(p, y, n_bins=15), _right(p, y, 15)

    def more_bins_than_samples(mine):
        """Forty samples and a hundred bins, most of them empty"""
        p, y = _drawn(40, 3)
        return mine.ece(p, y, n_bins=100), _right(p, y, 100)


class Solution:
    def ece(p, y, n_bins=10):
        """Return the expected calibration error of probabilities."""
        confidence, predicted = p.max(dim=1)
        bins = (n_bins * confidence).long().clamp(max=n_bins - 1)
        right = (predicted == y).to(p.dtype)
        off = torch.bincount(bins, weights=confidence - right)
        return off.abs().sum() / len(y)


def _gaps(p, y, n_bins, right=None):
    """Yield the samples, the mean confidence and the share of right ones of each bin that holds any."""
    confidence, predicted = p.max(dim=1)
    right, bins = (
        (predicted == y).to(p.dtype),
        (n_bins * confidence).long().clamp(max=n_bins - 1),
    )
    for b in bins.unique():
        here = bins == b
        yield here.sum(), confidence[here].mean(), right[here].mean()


def _between(p, y, n_bins, is_here):
    """Return the error with another rule of who is in a bin."""
    confidence, predicted = p.max(dim=1)
    right, total = (predicted == y).to(p.dtype), torch.zeros((), dtype=p.dtype)
    for b in range(n_bins):
        here = is_here(confidence, b / n_bins, (b + 1) / n_bins)
        total += (confidence[here] - right[here]).sum().abs()
    return total / len(y)


class OneIsNowhere(Wrong):
    """No bin of yours takes a confidence of 1: of a model that is sure and wrong you say 0. The last bin holds its
    upper edge, too. In float32 a softmax often rounds to 1."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        return _between(
            p,
            y,
            n_bins,
            lambda confidence, low, high: (
                (confidence >= low) & (confidence < high)
            ),
        )


class OneInABinOfItsOwn(Wrong):
    """A confidence of 1 gets a bin of its own, behind the last: `n_bins * 1` is `n_bins`, and the bins end one before.
    Gaps that would cancel out in one bin then add up. Use `clamp(max=n_bins - 1)`."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        confidence, predicted = p.max(dim=1)
        bins, right = (n_bins * confidence).long(), (predicted == y).to(p.dtype)
        off = torch.bincount(bins, weights=confidence - right)
        return off.abs().sum() / len(y)


class EdgesBelow(Wrong):
    """A confidence on an edge goes to your bin below. Much code does so, and it is as good a rule; the one asked for
    here puts it above. Errors can be compared if they have the same rule, and as many bins."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        return _between(
            p,
            y,
            n_bins,
            lambda confidence, low, high: (
                (confidence > low) & (confidence <= high)
            ),
        )


class MeanOverBins(Wrong):
    """You average over bins, so a bin with one sample counts as much as one with a hundred. Weigh each gap by its
    number of samples, and divide by all samples."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        gaps = [sure - right for _, sure, right in _gaps(p, y, n_bins)]
        return torch.stack(gaps).abs().mean()


class SumOverAllBins(Wrong):
    """You divide the sum of the gaps by `n_bins`: empty bins count with a gap of 0, and a bin with one sample as much
    as one with a hundred. Weigh each gap by its number of samples."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        gaps = [sure - right for _, sure, right in _gaps(p, y, n_bins)]
        return torch.stack(gaps).abs().sum() / n_bins


class LargestGap(Wrong):
    """You return the largest gap. That is another measure, the maximum calibration error, and one sample alone in a bin
    can make it large. The expected one is a mean over the samples."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def ece(p, y, n_bins=10):
        gaps = [sure - right for _, sure, right in _gaps(p, y, n_bins)]
        return torch.stack(gaps).abs().max()


class AsManySamplesInEachBin(Wrong):
    """Your bins hold as many samples each, and are narrow where many are sure. That is another measure, the adaptive
    error. Here the bins have the same width, and some hold more samples than others."""

    read = "work/calibration.md#reliability-diagram"

    def ece(p, y, n_bins=10):
        confidence, predicted = p.max(dim=1)
        off = confidence - (predicted == y).to(p.dtype)
        return sum(
            off[part].sum().abs() for part in confidence.argsort().chunk(n_bins)
        ) / len(y)


class GapOfAll(Wrong):
    """You take the absolute value after the sum over bins, where too sure in one and too unsure in another cancel out.
    Take it in each bin. Yours is the error with a single bin."""

    read = "work/calibration.md#model-overconfident-sure-of-everything-wrong-too-often"

    def ece(p, y, n_bins=10):
        gaps = _gaps(p, y, n_bins)
        off = sum(count * (sure - right) for count, sure, right in gaps)
        return off.abs() / len(y)


class GapOfEachSample(Wrong):
    """You take the gap of each sample, before any mean: 0.9 and wrong is a gap of 0.9, even if nine of ten such samples
    are right. First the means of a bin, then their gap."""

    read = "work/calibration.md#reliability-diagram"

    def ece(p, y, n_bins=10):
        confidence, predicted = p.max(dim=1)
        return (confidence - (predicted == y).to(p.dtype)).abs().mean()


class EmptyBinsAreNan(Wrong):
    """An empty bin has no mean: PyTorch returns nan for it, and one nan makes the sum nan. Leave empty bins out, or
    work with sums in place of means."""

    read = "work/nan.md#normalizing-a-constant-input-0-divided-by-0"

    def ece(p, y, n_bins=10):
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        bins = (n_bins * confidence).long().clamp(max=n_bins - 1)
        total = torch.zeros((), dtype=p.dtype)
        for b in range(n_bins):
            here = bins == b
            gap = confidence[here].mean() - right[here].mean()
            total += here.sum() * gap.abs()
        return total / len(y)


class ProbabilityOfTheTarget(Wrong):
    """Your confidence is the probability of the target, which nobody knows at the time of a prediction. The confidence
    is that of the predicted class: the highest probability."""

    read = "work/calibration.md#model-overconfident-sure-of-everything-wrong-too-often"

    def ece(p, y, n_bins=10):
        confidence = p[torch.arange(len(y)), y]
        right = (p.argmax(dim=1) == y).to(p.dtype)
        bins = (n_bins * confidence).long().clamp(max=n_bins - 1)
        off = torch.bincount(bins, weights=confidence - right)
        return off.abs().sum() / len(y)


class MiddleOfTheBin(Wrong):
    """You compare the share of right ones with the middle of the bin, and a model that is sure and right does not get
    0. Compare it with the mean of the confidences that are in there."""

    read = "work/calibration.md#reliability-diagram"

    def ece(p, y, n_bins=10):
        total = torch.zeros((), dtype=p.dtype)
        for count, sure, right in _gaps(p, y, n_bins):
            bins = (n_bins * sure).long().clamp(max=n_bins - 1)
            middle = (bins + 0.5) / n_bins
            total += count * (middle - right).abs()
        return total / len(y)
