"""
---
title: "Exercise: bce_with_logits"
description: Write BCE with logits in PyTorch yourself, with pos_weight, and a gradient that survives large logits.
trains: a stable softplus, its slope at 0, and which part of the loss pos_weight multiplies
minutes: 25
needs: [losses/bce.md, losses/log-sum-exp.md, reference/bce-with-logits.md]
---

# Exercise: bce_with_logits

Write `bce_with_logits(z, y, pos_weight)`. It takes logits `z` of any shape and targets `y` from 0 to 1 in the same
shape, and returns one number, the mean over all elements, as `F.binary_cross_entropy_with_logits` does:

``` pycon
>>> z = torch.tensor([[2.0, -1.0], [0.5, -3.0]])
>>> y = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
>>> bce_with_logits(z, y)
tensor(1.1157)
>>> bce_with_logits(z, y, pos_weight=torch.tensor([1.0, 5.0]))
tensor(4.1643)
>>> bce_with_logits(torch.tensor([17.0, -200.0]), torch.tensor([0.0, 1.0]))
tensor(108.5000)
```

`pos_weight` multiplies the part of the loss that belongs to a yes, and leaves that of a no alone. Value and gradient
have to be right for logits of 200, and at a logit of 0. `F.binary_cross_entropy_with_logits`, `F.logsigmoid` and
`F.softplus` are what you rebuild.
"""

import torch
import torch.nn.functional as F
from grader import Wrong, gradient_of


class Stub:
    def bce_with_logits(z, y, pos_weight=None):
        """Return the mean binary cross-entropy of logits and targets."""
        raise NotImplementedError


HINTS = [
    "A yes costs minus the log of sigmoid, and that is the log of 1 + e to the power of -z. A no costs the same with "
    "the sign of z flipped. A target of 0.3 pays 0.3 of the one and 0.7 of the other.",
    "The log of 1 + e to the power of z is the log-sum-exp of two logits, z and 0. Subtract the larger of the two "
    "before you raise, as `torch.logsumexp` does.",
    "`torch.logaddexp(z, torch.zeros_like(z))` is what a no costs, and its slope at 0 is 0.5, as it should be. "
    "`pos_weight` multiplies `y` times what a yes costs; what is left is a mean.",
]

PROOF = """
>>> 1 - 0.3
0.7
>>> z = torch.zeros(1, requires_grad=True)
>>> torch.autograd.grad(torch.logaddexp(z, torch.zeros_like(z)).sum(), z)[0]
tensor([0.5000])
>>> torch.autograd.grad(z.clamp(min=0).sum(), z)[0], torch.autograd.grad(z.abs().sum(), z)[0]
(tensor([1.]), tensor([0.]))
>>> EpsilonInTheLog.bce_with_logits(torch.tensor([200.0]), torch.tensor([0.0]))
tensor(16.1181)
>>> ClampedProbability.bce_with_logits(torch.tensor([200.0]), torch.tensor([0.0])).round()
tensor(16.)
>>> CutOff.bce_with_logits(torch.tensor([200.0]), torch.tensor([0.0]))
tensor(100.)
>>> 0.5 + 2 * 0.5, (1 + (2 - 1) * 0.5) * 1
(1.5, 1.5)
"""

_POS_WEIGHT = torch.tensor([3.0, 1.0, 0.5])


def _answers(n=5):
    """Return logits of n samples and three labels, and their targets."""
    return 2 * torch.randn(n, 3), (
        torch.arange(3 * n).reshape(n, 3) * 5 % 7 % 2
    ).float()


# Functions of torch that the reader is asked to rebuild.
_REBUILT = (
    "binary_cross_entropy_with_logits",
    "softplus",
    "log_sigmoid",
    "soft_margin_loss",
    "multilabel_soft_margin_loss",
)


class Checks:
    def questions(mine):
        """Four questions in one dimension"""
        z, y = (
            torch.tensor([-2.0, -0.5, 1.0, 3.0]),
            torch.tensor([0.0, 1.0, 1.0, 0.0]),
        )
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def labels(mine):
        """Five samples with three labels"""
        z, y = _answers()
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def between(mine):
        """Targets between 0 and 1"""
        z, y = _answers()
        y = 0.1 + 0.8 * y
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def one_weight(mine):
        """A pos_weight of 3 for all labels"""
        (z, y), r = _answers(), torch.tensor(3.0)
        right = F.binary_cross_entropy_with_logits(z, y, pos_weight=r)
        return mine.bce_with_logits(z, y, pos_weight=r), right

    def weight_per_label(mine):
        """A pos_weight for each of three labels"""
        (z, y), r = _answers(), _POS_WEIGHT
        right = F.binary_cross_entropy_with_logits(z, y, pos_weight=r)
        return mine.bce_with_logits(z, y, pos_weight=r), right

    def as_many_samples_as_labels(mine):
        """Three samples with three labels, and a pos_weight for each label"""
        (z, y), r = _answers(3), _POS_WEIGHT
        right = F.binary_cross_entropy_with_logits(z, y, pos_weight=r)
        return mine.bce_with_logits(z, y, pos_weight=r), right

    def between_and_weighted(mine):
        """Targets between 0 and 1, and a pos_weight of 3"""
        (z, y), r = _answers(), torch.tensor(3.0)
        y = 0.1 + 0.8 * y
        right = F.binary_cross_entropy_with_logits(z, y, pos_weight=r)
        return mine.bce_with_logits(z, y, pos_weight=r), right

    def wrong(mine):
        """A logit of 17 for a no, where float32 rounds the sigmoid to 1"""
        z, y = torch.tensor([17.0]), torch.tensor([0.0])
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def surely_wrong(mine):
        """A logit of 200 for a no, and of -200 for a yes"""
        z, y = torch.tensor([200.0, -200.0]), torch.tensor([0.0, 1.0])
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def surely_right(mine):
        """A logit of 200 for a yes, and of -200 for a no"""
        z, y = torch.tensor([200.0, -200.0]), torch.tensor([1.0, 0.0])
        right = F.binary_cross_entropy_with_logits(z, y)
        return mine.bce_with_logits(z, y), right

    def gradient_of_the_large(mine):
        """The gradient where logits of 200 and -200 are wrong"""
        z, y = (
            torch.tensor([200.0, -200.0], requires_grad=True),
            torch.tensor([0.0, 1.0]),
        )
        right = (torch.sigmoid(z) - y) / 2
        return gradient_of(mine.bce_with_logits(z, y), z), right

    def slope_of_a_no(mine):
        """The gradient at a logit of 0 for a no, where clamp and abs have a corner"""
        z, y = (
            torch.zeros(1, dtype=torch.float64, requires_grad=True),
            torch.zeros(1, dtype=torch.float64),
        )
        return gradient_of(mine.bce_with_logits(z, y), z), torch.sigmoid(z) - y

    def slope_of_a_yes(mine):
        """The gradient at a logit of 0 for a yes"""
        z, y = (
            torch.zeros(1, dtype=torch.float64, requires_grad=True),
            torch.ones(1, dtype=torch.float64),
        )
        return gradient_of(mine.bce_with_logits(z, y), z), torch.sigmoid(z) - y

    def gradient(mine):
        """The gradient in float64, with a pos_weight for each label"""
        z, y = (value.double() for value in _answers())
        z, r = z.requires_grad_(), _POS_WEIGHT.double()
        right = F.binary_cross_entropy_with_logits(z, y, pos_weight=r)
        return gradient_of(
            mine.bce_with_logits(z, y, pos_weight=r), z
        ), gradient_of(right, z)


class Solution:
    def bce_with_logits(z, y, pos_weight=None):
        """Return the mean binary cross-entropy of logits and targets."""
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).mean()


class LogOfSigmoid(Wrong):
    """The log of a sigmoid: at a logit of 200 the sigmoid rounds to 1, and a no then costs the log of 0. Form no
    probability: a no costs the log of 1 + e to the power of z."""

    read = "losses/bce.md#a-stable-formula-maxz-0-log1p-and-exp-of-z"

    def bce_with_logits(z, y, pos_weight=None):
        p = torch.sigmoid(z)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return -(
            pos_weight * y * torch.log(p) + (1 - y) * torch.log(1 - p)
        ).mean()


class EpsilonInTheLog(Wrong):
    """A small number inside the log hides the -inf: with 1e-7 the loss stops at 16.1181, where 200 is right, and the
    gradient there is 0. Form no probability: a no costs the log of 1 + e to the power of z."""

    read = "work/nan.md#loss-is-negative-or-nan-log-of-0-and-eps-inside-the-log"

    def bce_with_logits(z, y, pos_weight=None, *, eps=1e-7):
        p = torch.sigmoid(z)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return -(
            pos_weight * y * torch.log(p + eps)
            + (1 - y) * torch.log(1 - p + eps)
        ).mean()


class ClampedProbability(Wrong):
    """`clamp` keeps the probability off 0 and 1, and so the loss stops growing: with 1e-7 near 16, where 200 is right.
    Beyond the cut its gradient is 0, and the worst mistake of the model teaches it no more. Form no probability:
    a no costs the log of 1 + e to the power of z."""

    read = "losses/bce.md#where-probabilities-fail"

    def bce_with_logits(z, y, pos_weight=None, *, eps=1e-7):
        p = torch.sigmoid(z).clamp(eps, 1 - eps)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return -(
            pos_weight * y * torch.log(p) + (1 - y) * torch.log(1 - p)
        ).mean()


class ClampedLogit(Wrong):
    """You clamp the logits, so that no power becomes inf. A logit beyond the cut then costs what one at the cut does,
    and its gradient is 0: the worst mistake of the model teaches it no more. Take the larger of z and 0 out of the log,
    and all logits may stay as they are."""

    read = "losses/bce.md#a-stable-formula-maxz-0-log1p-and-exp-of-z"

    def bce_with_logits(z, y, pos_weight=None, *, cut=50):
        z = z.clamp(-cut, cut)
        yes, no = torch.log(1 + torch.exp(-z)), torch.log(1 + torch.exp(z))
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).mean()


class CutOff(Wrong):
    """Your loss is cut off, and beyond the cut its gradient is 0: the worst mistake of the model teaches it no more.
    `F.binary_cross_entropy` of a sigmoid does that at 100, where 200 is right. Compute the loss from the logit."""

    read = "losses/bce.md#where-probabilities-fail"

    def bce_with_logits(z, y, pos_weight=None):
        p = torch.sigmoid(z)
        yes = F.binary_cross_entropy(p, torch.ones_like(p), reduction="none")
        no = F.binary_cross_entropy(p, torch.zeros_like(p), reduction="none")
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).mean()


class PlainSoftplus(Wrong):
    """The formula is right on paper, but e to the power of 200 is too large for float32, which makes it inf. Take the
    larger of z and 0 out of the log, as log-sum-exp does with the largest logit."""

    read = "losses/bce.md#a-stable-formula-maxz-0-log1p-and-exp-of-z"

    def bce_with_logits(z, y, pos_weight=None):
        yes, no = torch.log(1 + torch.exp(-z)), torch.log(1 + torch.exp(z))
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).mean()


class CornerAtZero(Wrong):
    """Values right, slope wrong at a logit of 0, where a model starts whose weights are 0. The slope of `clamp(min=0)`
    is 1 there, and that of `abs` is 0: together they miss the 0.5. `torch.logaddexp` has the right slope."""

    read = "losses/bce.md#a-stable-formula-maxz-0-log1p-and-exp-of-z"

    def bce_with_logits(z, y, pos_weight=None):
        tail = torch.log1p(torch.exp(-z.abs()))
        yes, no = (-z).clamp(min=0) + tail, z.clamp(min=0) + tail
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).mean()


class BothBranches(Wrong):
    """`torch.where` picks the right value, and the gradient is nan: on the way back, the 0 of the branch not taken
    meets its e to the power of 200, which is inf. Take a formula that has no such branch."""

    read = (
        "work/nan.md#loss-is-fine-the-gradient-is-nan-sqrt-norm-and-torchwhere"
    )

    def bce_with_logits(z, y, pos_weight=None):
        no = torch.where(
            z > 0, z + torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z))
        )
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * (no - z) + (1 - y) * no).mean()


class WholeLossWeighted(Wrong):
    """For targets of 0 and 1 you are right. With a target between them, you multiply the part of the no, too.
    `pos_weight` belongs to `y` times what a yes costs, and to that part alone."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def bce_with_logits(z, y, pos_weight=None):
        loss = torch.logaddexp(z, torch.zeros_like(z)) - z * y
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return ((1 + (pos_weight - 1) * y) * loss).mean()


class EachLossWeighted(Wrong):
    """You multiply the loss of a no as well. Then `pos_weight` is a weight of the label, as `weight` would be. It
    belongs to `y` times what a yes costs, and leaves a no alone."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def bce_with_logits(z, y, pos_weight=None):
        loss = torch.logaddexp(z, torch.zeros_like(z)) - z * y
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * loss).mean()


class WeightOfTheNo(Wrong):
    """You multiply the loss of a no. `pos_weight` is that of the positive class, the one with target 1."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def bce_with_logits(z, y, pos_weight=None):
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (y * yes + pos_weight * (1 - y) * no).mean()


class DividedByTheWeights(Wrong):
    """You divide by the sum of the weights, as the mean of `F.cross_entropy` does. BCE divides by the number of
    elements, with weights or without."""

    read = "reference/bce-with-logits.md#weight-one-factor-per-element"

    def bce_with_logits(z, y, pos_weight=None):
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        weights = pos_weight * y + (1 - y)
        return (pos_weight * y * yes + (1 - y) * no).sum() / weights.sum()


class SumOverTheLabels(Wrong):
    """You sum over the labels of a sample, and take the mean over the samples. Here each label is a question of its
    own: the mean runs over all elements, and a loss of three labels is a third of yours."""

    read = "reference/bce-with-logits.md#multi-label-bcewithlogitsloss-or-crossentropyloss"

    def bce_with_logits(z, y, pos_weight=None):
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).sum(dim=-1).mean()


class SumOfAll(Wrong):
    """You return a sum, and the mean was asked for: four answers make your number four times as large. End with
    `mean()`."""

    read = "reference/bce-with-logits.md#weight-one-factor-per-element"

    def bce_with_logits(z, y, pos_weight=None):
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return (pos_weight * y * yes + (1 - y) * no).sum()


class SignOfANo(Wrong):
    """Yes and no have different signs, so that a no that is wrong makes the loss smaller. The log of a sigmoid is below
    0, and `logaddexp(z, 0)` above: both parts have to be positive when you add them."""

    read = "losses/bce.md#a-stable-formula-maxz-0-log1p-and-exp-of-z"

    def bce_with_logits(z, y, pos_weight=None):
        no = torch.logaddexp(z, torch.zeros_like(z))
        yes = z - no
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return -(pos_weight * y * yes + (1 - y) * no).mean()


class HardTargets(Wrong):
    """You ask whether a target is 1, and a target of 0.3 is then a no. It pays 0.3 of what a yes costs and 0.7 of what
    a no costs: multiply by `y` and `1 - y`."""

    read = "reference/bce-with-logits.md#pos_weight-which-class-it-weights-in-imbalanced-data"

    def bce_with_logits(z, y, pos_weight=None):
        zero = torch.zeros_like(z)
        yes, no = torch.logaddexp(-z, zero), torch.logaddexp(z, zero)
        pos_weight = torch.ones_like(z) if pos_weight is None else pos_weight
        return torch.where(y == 1, pos_weight * yes, no).mean()
