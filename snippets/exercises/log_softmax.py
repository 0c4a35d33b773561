"""
---
title: "Exercise: log_softmax"
description: Write log_softmax in PyTorch yourself, from log-sum-exp and without a probability that could round to 0.
trains: the log of a quotient as a difference, and in which order to subtract
minutes: 20
needs: [losses/log-sum-exp.md]
---

# Exercise: log_softmax

Write `log_softmax(z)`. It takes logits `z` of any shape, with the classes in the last dimension, and returns the logs
of their probabilities in the same shape and dtype:

``` pycon
>>> log_softmax(torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0]]))
tensor([[-0.5514, -1.5514, -1.5514],
        [-2.1698, -3.1698, -0.1698]])
```

`torch.logsumexp` is yours to use; `torch.log_softmax`, and the losses that contain it, are what you rebuild. A log of a
probability may be far below what a probability can be stored as:

``` pycon
>>> log_softmax(torch.tensor([0.0, 200.0, -torch.inf]))
tensor([-200.,    0.,  -inf])
```
"""

import torch
from grader import LOSSES, Wrong, gradient_of


class Stub:
    def log_softmax(z):
        """Return the log-probabilities; classes lie in the last dimension."""
        raise NotImplementedError


HINTS = [
    "A probability is e to the power of the logit, divided by the sum of the powers. The log of a quotient is a "
    "difference of two logs. What is the log of e to the power of a logit?",
    "Each logit minus the log-sum-exp of its sample, `torch.logsumexp(z, dim=-1, keepdim=True)`. This is right up to "
    "rounding, and only large logits show the difference.",
    "Around 10,000, the numbers of float16 are 8 apart: a log-sum-exp there has no digits left behind the point. "
    "Subtract the largest logit of each sample first, `z - z.amax(dim=-1, keepdim=True)`, and the log-sum-exp of what "
    "is left second.",
]

PROOF = """
>>> torch.tensor([10000, 10007], dtype=torch.float16).diff()
tensor([8.], dtype=torch.float16)
>>> torch.tensor([1e6, 1e6 + 0.03]).diff(), torch.tensor([1e6, 1e6 + 0.04]).diff()
(tensor([0.]), tensor([0.0625]))
>>> OnlyTheMaximum.log_softmax(torch.zeros(4)), torch.log_softmax(torch.zeros(4), dim=-1)[0]
(tensor([0., 0., 0., 0.]), tensor(-1.3863))
>>> EpsilonInTheLog.log_softmax(torch.tensor([0.0, 200.0]))[0]
tensor(-20.7233)
"""

# Functions of torch that the reader is asked to rebuild.
_REBUILT = ("log_softmax", *LOSSES)


class Checks:
    def two_pictures(mine):
        """The log-probabilities of two pictures with three classes"""
        z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0]])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def as_many_samples_as_classes(mine):
        """Three pictures with three classes"""
        z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0], [-2.0, 0.5, 0.0]])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def one_sample(mine):
        """The logits of a single sample, in one dimension"""
        z = torch.tensor([2.0, -1.0, 0.5, 0.0])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def a_sequence(mine):
        """Two sequences of three steps with four classes, in three dimensions"""
        z = torch.randn(2, 3, 4)
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def large(mine):
        """Logits of 0 and 200"""
        z = torch.tensor([[0.0, 200.0]])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def far_apart(mine):
        """One sample with logits around -300 beside one with logits around 300"""
        z = torch.tensor([[-300.0, -301.0], [300.0, 301.0]])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def ruled_out(mine):
        """A class that is ruled out with a logit of -inf"""
        z = torch.tensor([[0.0, -torch.inf, 1.0]])
        return mine.log_softmax(z), torch.log_softmax(z, dim=-1)

    def a_million(mine):
        """Logits around a million"""
        z = torch.tensor([[0.0, 1.0, 2.0]])
        return mine.log_softmax(z + 1e6), torch.log_softmax(z, dim=-1)

    def half(mine):
        """Logits of 10,000 in float16"""
        z = torch.tensor([[1e4, 1e4, 0.0]], dtype=torch.float16)
        return mine.log_softmax(z), torch.log_softmax(z.double(), dim=-1).half()

    def gradient_of_the_large(mine):
        """The gradient of the first log-probability, with logits of 0 and 200"""
        z = torch.tensor([[0.0, 200.0]], requires_grad=True)
        right = gradient_of(torch.log_softmax(z, dim=-1)[0, 0], z)
        return gradient_of(mine.log_softmax(z)[0, 0], z), right

    def gradient(mine):
        """The gradient of the first log-probability in float64"""
        z = torch.tensor(
            [[0.5, -1.0, 2.0], [1.0, 0.0, 3.0]],
            dtype=torch.float64,
            requires_grad=True,
        )
        right = gradient_of(torch.log_softmax(z, dim=-1)[0, 0], z)
        return gradient_of(mine.log_softmax(z)[0, 0], z), right


class Solution:
    def log_softmax(z):
        """Return the log-probabilities; classes lie in the last dimension."""
        shifted = z - z.amax(dim=-1, keepdim=True)
        return shifted - torch.logsumexp(shifted, dim=-1, keepdim=True)


class LogOfSoftmax(Wrong):
    """The log of a softmax: next to a logit of 200, the probability of 0 rounds to 0, and its log is -inf in place of
    -200. Its gradient is lost, too. Write the log of the quotient as a difference, and form no probability."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        return torch.log(torch.softmax(z, dim=-1))


class EpsilonInTheLog(Wrong):
    """A small number inside the log, added or with `clamp`, hides the -inf: with 1e-9 the result stops at -20.7233,
    where -200 is right, and the gradient there is 0. Write the log of the quotient as a difference, and form no
    probability."""

    read = "work/nan.md#loss-is-negative-or-nan-log-of-0-and-eps-inside-the-log"

    def log_softmax(z, *, eps=1e-9):
        return torch.log(torch.softmax(z, dim=-1) + eps)


class NoShift(Wrong):
    """As without a shift: e to the power of 200 is too large for float32, which makes it inf, and a logit minus inf is
    -inf. `torch.logsumexp` subtracts the largest logit before it raises, and adds it back."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        return z - torch.log(torch.exp(z).sum(dim=-1, keepdim=True))


class LargeNumbersSubtracted(Wrong):
    """Right on paper. But the log-sum-exp of large logits is itself large, and rounded: around a million, the numbers
    of float32 are 0.0625 apart, and your result is off by up to half of that. Subtract the largest logit of each sample
    first, and then the log-sum-exp of what is left."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        return z - torch.logsumexp(z, dim=-1, keepdim=True)


class OnlyTheMaximum(Wrong):
    """You subtract the largest logit and no more. That is the shift; the log of the sum of the shifted powers is still
    to be subtracted. For four equal logits you get 0, the log of a sure thing, where -1.3863 is right."""

    read = "losses/log-sum-exp.md#infinite-logits"

    def log_softmax(z):
        return z - z.amax(dim=-1, keepdim=True)


class SubtractedTwice(Wrong):
    """The largest logit is subtracted twice: log-sum-exp of `z` already contains it, and you take it off `z` as well.
    The exponentials of your rows do not sum to 1. Take the log-sum-exp of the shifted logits."""

    read = "losses/log-sum-exp.md#log-sum-exp"

    def log_softmax(z):
        return (
            z
            - z.amax(dim=-1, keepdim=True)
            - torch.logsumexp(z, dim=-1, keepdim=True)
        )


class QuotientOfLogs(Wrong):
    """You divide by the log-sum-exp. The log of a quotient is the difference of the logs: subtract it."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        return z / torch.logsumexp(z, dim=-1, keepdim=True)


class AcrossSamples(Wrong):
    """The sum runs in the wrong direction: the exponentials of your columns sum to 1, and not those of your rows. The
    classes of one sample lie along the last dimension, `dim=-1`."""

    read = "foundations/softmax.md#which-dim"

    def log_softmax(z):
        shifted = z - z.amax(dim=0, keepdim=True)
        return shifted - torch.logsumexp(shifted, dim=0, keepdim=True)


class SecondDimension(Wrong):
    """`dim=1` is where the classes lie in a table of samples and classes. With one dimension less there is none, and
    with one more it is another one. The last dimension is `dim=-1`."""

    read = "foundations/softmax.md#which-dim"

    def log_softmax(z):
        shifted = z - z.amax(dim=1, keepdim=True)
        return shifted - torch.logsumexp(shifted, dim=1, keepdim=True)


class NoKeepdim(Wrong):
    """The log-sum-exps have lost their dimension: without `keepdim=True` they line up with the columns. That raises an
    error, or, with as many samples as classes, subtracts from each column that of a sample."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def log_softmax(z):
        return z - torch.logsumexp(z, dim=-1)


class TheSurprise(Wrong):
    """The sign is the other way round. Log-probabilities are negative or 0; with the sign flipped they are surprises,
    which is what a loss adds up."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        shifted = z - z.amax(dim=-1, keepdim=True)
        return torch.logsumexp(shifted, dim=-1, keepdim=True) - shifted


class QuotientByHand(Wrong):
    """Your quotient is made of powers as large as they come: e to the power of 200 is inf in float32, inf / inf is nan,
    and so is its log. A shift would mend that, and leave the log of a probability of 0. Write the log of the quotient
    as a difference, and form no probability."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def log_softmax(z):
        powers = torch.exp(z)
        return torch.log(powers / powers.sum(dim=-1, keepdim=True))


class ShiftedInOnePlace(Wrong):
    """You shift the logits in the log-sum-exp, and not those that you subtract it from: the result is too large by the
    largest logit, and a log of a probability above 0 is none. Shift once, `shifted = z - z.amax(dim=-1, keepdim=True)`,
    and use `shifted` in both places."""

    read = "losses/log-sum-exp.md#log-sum-exp"

    def log_softmax(z):
        return z - torch.logsumexp(
            z - z.amax(dim=-1, keepdim=True), dim=-1, keepdim=True
        )


class ShiftOfTheWholeTable(Wrong):
    """One shift for all samples: next to a sample with much larger logits, the powers of a sample all become 0, and the
    log of their sum is -inf. Subtract from each sample its own largest logit."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def log_softmax(z):
        shifted = z - z.max()
        return shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))


class NoPowers(Wrong):
    """You take the log of a sum of logits, which may be negative and has no log then. What is summed are the powers,
    e to each logit."""

    read = "losses/log-sum-exp.md#log-sum-exp"

    def log_softmax(z):
        return z - torch.log(z.sum(dim=-1, keepdim=True))
