"""
---
title: "Exercise: softmax"
description: Write softmax in PyTorch yourself, for any number of samples and classes, so that it survives large logits.
trains: sums along one dimension, and the shift that keeps exponentials finite
minutes: 15
needs: [foundations/softmax.md]
---

# Exercise: softmax

Write `softmax(z)`. It takes logits `z` of any shape, with the classes in the last dimension, and returns the
probabilities in the same shape and dtype:

``` pycon
>>> softmax(torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0]]))
tensor([[0.5761, 0.2119, 0.2119],
        [0.1142, 0.0420, 0.8438]])
```

Use `exp`, sums and quotients; `torch.softmax` and its relatives are what you rebuild. Logits may be as large as 200, or
`-inf` for a class that is ruled out:

``` pycon
>>> softmax(torch.tensor([0.0, 200.0, -torch.inf]))
tensor([0., 1., 0.])
```
"""

import torch
from grader import Wrong, gradient_of


class Stub:
    def softmax(z):
        """Return the probabilities; classes lie in the last dimension."""
        raise NotImplementedError


HINTS = [
    "Raise e to each logit, and divide by the sum of the powers. Which entries belong into one sum? "
    "`sum(dim=-1, keepdim=True)` keeps a dimension of size 1, so that the quotient finds its row.",
    "`torch.exp(torch.tensor(200.0))` is `inf`. The same number may be subtracted from all logits of a "
    "sample: its probabilities keep their values. Which number makes the largest power 1?",
    "`amax(dim=-1, keepdim=True)` is the largest logit of each sample.",
]

# Functions of torch that the reader is asked to rebuild.
_REBUILT = ("softmax", "softmin", "log_softmax", "logsumexp", "logcumsumexp")


class Checks:
    def two_pictures(mine):
        """The probabilities of two pictures with three classes"""
        z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0]])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def as_many_samples_as_classes(mine):
        """Three pictures with three classes"""
        z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0], [-2.0, 0.5, 0.0]])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def one_sample(mine):
        """The logits of a single sample, in one dimension"""
        z = torch.tensor([2.0, -1.0, 0.5, 0.0])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def a_sequence(mine):
        """Two sequences of three steps with four classes, in three dimensions"""
        z = torch.randn(2, 3, 4)
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def large(mine):
        """Logits of 0 and 200"""
        z = torch.tensor([[0.0, 200.0]])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def far_apart(mine):
        """One sample with logits around -300 beside one with logits around 300"""
        z = torch.tensor([[-300.0, -301.0], [300.0, 301.0]])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def ruled_out(mine):
        """A class that is ruled out with a logit of -inf"""
        z = torch.tensor([[0.0, -torch.inf, 1.0]])
        return mine.softmax(z), torch.softmax(z, dim=-1)

    def half(mine):
        """Logits of 10,000 in float16"""
        z = torch.tensor([[1e4, 1e4, 0.0]], dtype=torch.float16)
        right = torch.tensor([[0.5, 0.5, 0.0]], dtype=torch.float16)
        return mine.softmax(z), right

    def gradient(mine):
        """The gradient of the first probability in float64"""
        z = torch.tensor(
            [[0.5, -1.0, 2.0], [1.0, 0.0, 3.0]],
            dtype=torch.float64,
            requires_grad=True,
        )
        right = gradient_of(torch.softmax(z, dim=-1)[0, 0], z)
        return gradient_of(mine.softmax(z)[0, 0], z), right


class Solution:
    def softmax(z):
        """Return the probabilities; classes lie in the last dimension."""
        powers = torch.exp(z - z.amax(dim=-1, keepdim=True))
        return powers / powers.sum(dim=-1, keepdim=True)


class NoShift(Wrong):
    """As without a shift: e to the power of 200 is too large for float32 and becomes inf, as that of 10,000 does in
    float16, and inf / inf is nan. Subtract the largest logit of each sample first."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def softmax(z):
        powers = torch.exp(z)
        return powers / powers.sum(dim=-1, keepdim=True)


class AcrossSamples(Wrong):
    """The sum runs in the wrong direction: your columns sum to 1, and not your rows. `dim=0` compares the samples with
    each other; the classes of one sample lie along the last dimension."""

    read = "foundations/softmax.md#which-dim"

    def softmax(z):
        powers = torch.exp(z - z.amax(dim=0, keepdim=True))
        return powers / powers.sum(dim=0, keepdim=True)


class SumAcrossSamples(Wrong):
    """You shift each sample by its own largest logit, and then the sum runs in the wrong direction: your columns sum
    to 1, and not your rows. The classes of one sample lie along the last dimension, `dim=-1`, in both lines."""

    read = "foundations/softmax.md#which-dim"

    def softmax(z):
        powers = torch.exp(z - z.amax(dim=-1, keepdim=True))
        return powers / powers.sum(dim=0, keepdim=True)


class ShiftAcrossSamples(Wrong):
    """You subtract from each class its largest logit among the samples. A shift may differ from sample to sample, but
    the logits of one sample have to move by the same number: take the largest along the last dimension, `dim=-1`."""

    read = "foundations/softmax.md#only-differences-count-shift-invariance"

    def softmax(z):
        powers = torch.exp(z - z.amax(dim=0, keepdim=True))
        return powers / powers.sum(dim=-1, keepdim=True)


class SecondDimension(Wrong):
    """`dim=1` is where the classes lie in a table of samples and classes. With one dimension less there is none, and
    with one more it is another one. The last dimension is `dim=-1`."""

    read = "foundations/softmax.md#which-dim"

    def softmax(z):
        powers = torch.exp(z - z.amax(dim=1, keepdim=True))
        return powers / powers.sum(dim=1, keepdim=True)


class SumOfTheWholeTable(Wrong):
    """One sum for all samples: all of your probabilities together sum to 1. Each sample has a sum of its own; give
    `sum` a `dim`."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def softmax(z):
        powers = torch.exp(z - z.max())
        return powers / powers.sum()


class ShiftOfTheWholeTable(Wrong):
    """One shift for all samples: next to a sample with much larger logits, the powers of a sample all become 0, and
    0 / 0 is nan. Subtract from each sample its own largest logit."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def softmax(z):
        powers = torch.exp(z - z.max())
        return powers / powers.sum(dim=-1, keepdim=True)


class NoKeepdim(Wrong):
    """The sums, or the largest logits, have lost their dimension: without `keepdim=True` they line up with the columns.
    That raises an error, or, with as many samples as classes, gives each column the number of a row."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def softmax(z):
        powers = torch.exp(z - z.amax(dim=-1, keepdim=True))
        return powers / powers.sum(dim=-1)


class NoPowers(Wrong):
    """No powers: logits may be negative, and quotients of them are no probabilities. Raise e to each logit first."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def softmax(z):
        return z / z.sum(dim=-1, keepdim=True)


class TheLog(Wrong):
    """The log of softmax: your numbers are negative, and their exponentials are the probabilities."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def softmax(z):
        shifted = z - z.amax(dim=-1, keepdim=True)
        return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()
