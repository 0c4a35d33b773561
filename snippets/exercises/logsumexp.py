"""
---
title: "Exercise: logsumexp"
description: Write logsumexp in PyTorch yourself, so that it survives large and infinite logits.
trains: the shift that is added back, and what to do where the largest logit is infinite
minutes: 15
needs: [losses/log-sum-exp.md]
---

# Exercise: logsumexp

Write `logsumexp(z)`. It takes logits `z` of any shape, with the classes in the last dimension, raises e to each of
them, sums over the classes, and takes the log. One number is left of each sample, so the last dimension is gone:

``` pycon
>>> logsumexp(torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 0.0]]))
tensor([4.4402, 1.3863])
```

Use `exp`, `log` and sums; `torch.logsumexp` and its relatives are what you rebuild. Logits may be as large as 200, and
infinite. Where all classes of a sample are ruled out with `-inf`, the sum is 0, and its log is `-inf`:

``` pycon
>>> logsumexp(torch.tensor([[0.0, 200.0], [-torch.inf, -torch.inf]]))
tensor([200., -inf])
```
"""

import torch
from grader import LOSSES, Wrong, gradient_of


class Stub:
    def logsumexp(z):
        """Return the log-sum-exp of logits, over the last dimension."""
        raise NotImplementedError


HINTS = [
    "`torch.exp(torch.tensor(200.0))` is `inf`. Subtract the same number from all logits of a sample, and its result "
    "is smaller by that number: add it back at the end. Which number makes the largest power 1?",
    "`z.amax(dim=-1, keepdim=True)` is the largest logit of each sample, in a shape that can be subtracted from `z`. "
    "The sum has one dimension less, so add back `.squeeze(-1)` of it.",
    "Where the largest logit is infinite, `z - largest` is `inf - inf`, which is nan. Shift by 0 there: "
    "`largest.where(largest.isfinite(), torch.zeros_like(largest))`.",
]

# Functions of torch that the reader is asked to rebuild.
_REBUILT = (
    "logsumexp",
    "logcumsumexp",
    "logaddexp",
    "softmax",
    "softmin",
    "log_softmax",
    *LOSSES,
)


class Checks:
    def two_samples(mine):
        """Two samples with four classes"""
        z = torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 0.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def as_many_samples_as_classes(mine):
        """Three samples with three classes"""
        z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0], [-2.0, 0.5, 0.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def one_sample(mine):
        """The logits of a single sample, in one dimension"""
        z = torch.tensor([2.0, -1.0, 0.5, 0.0])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def a_sequence(mine):
        """Two sequences of three steps with four classes, in three dimensions"""
        z = torch.randn(2, 3, 4)
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def large(mine):
        """Logits of 0 and 200"""
        z = torch.tensor([[0.0, 200.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def far_apart(mine):
        """One sample with logits around -300 beside one with logits around 300"""
        z = torch.tensor([[-300.0, -301.0], [300.0, 301.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def ruled_out(mine):
        """A class that is ruled out with a logit of -inf"""
        z = torch.tensor([[0.0, -torch.inf, 1.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def all_ruled_out(mine):
        """A sample whose classes are all ruled out, so that its sum is 0, beside one as usual"""
        z = torch.tensor([[-torch.inf, -torch.inf], [0.0, 1.0]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def infinite(mine):
        """A logit of inf"""
        z = torch.tensor([[0.0, torch.inf, -torch.inf]])
        return mine.logsumexp(z), torch.logsumexp(z, dim=-1)

    def half(mine):
        """Logits of 12 and of 10,000 in float16"""
        z = torch.tensor([[12, 12, 0], [1e4, 0, 0]], dtype=torch.float16)
        return mine.logsumexp(z), torch.logsumexp(z.double(), dim=-1).half()

    def gradient(mine):
        """The gradient in float64, which is softmax, with a class that is ruled out"""
        z = torch.tensor(
            [[0.5, -1.0, 2.0], [1.0, -torch.inf, 3.0]],
            dtype=torch.float64,
            requires_grad=True,
        )
        return gradient_of(mine.logsumexp(z), z), torch.softmax(z, dim=-1)


class Solution:
    def logsumexp(z):
        """Return the log-sum-exp of logits, over the last dimension."""
        largest = z.amax(dim=-1, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1)) + shift.squeeze(-1)


UNSEEN = {
    "shift = largest.where(largest.isfinite(), torch.ones_like(largest))": "inf and -inf stay what they are by any "
    "finite shift",
}


class NoShift(Wrong):
    """As without a shift: e to the power of 200 is too large for float32, which makes it inf, and the log of inf is
    inf. Far below 0, all powers round to 0, and the log of 0 is -inf. Subtract the largest logit of each sample first,
    and add it back at the end."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def logsumexp(z):
        return torch.log(torch.exp(z).sum(dim=-1))


class NotAddedBack(Wrong):
    """You subtract the largest logit and do not add it back. For softmax that is right, because the shift cancels in
    the quotient. Here the result is too small by the shift: 0.4402 where 4.4402 is right."""

    read = "losses/log-sum-exp.md#log-sum-exp"

    def logsumexp(z):
        largest = z.amax(dim=-1, keepdim=True)
        return torch.log(torch.exp(z - largest).sum(dim=-1))


PROOF = """
>>> NotAddedBack.logsumexp(torch.tensor([1.0, 2.0, 3.0, 4.0]))
tensor(0.4402)
>>> AddedInsideTheLog.logsumexp(torch.tensor([0.0, 200.0]))
tensor(5.3033)
>>> print(f"{torch.finfo(torch.float32).max:.1e}")
3.4e+38
"""


class ShiftByInfinity(Wrong):
    """Where the largest logit is infinite, `z - largest` is inf - inf, and that is nan. Shift such a sample by 0: then
    the log of 0 is -inf, and the log of inf is inf."""

    read = "losses/log-sum-exp.md#infinite-logits"

    def logsumexp(z):
        largest = z.amax(dim=-1, keepdim=True)
        total = torch.exp(z - largest).sum(dim=-1)
        return torch.log(total) + largest.squeeze(-1)


class FiniteInPlaceOfInfinity(Wrong):
    """You replace infinite logits by the largest finite numbers. The result is then finite, too, about 3.4e+38 in size
    in float32, and whoever asks for `isinf` finds none. Replace them in the shift alone, and keep them in `z`."""

    read = "losses/log-sum-exp.md#infinite-logits"

    def logsumexp(z):
        z = z.clamp(torch.finfo(z.dtype).min, torch.finfo(z.dtype).max)
        largest = z.amax(dim=-1, keepdim=True)
        total = torch.exp(z - largest).sum(dim=-1)
        return torch.log(total) + largest.squeeze(-1)


class AcrossSamples(Wrong):
    """The sum runs in the wrong direction: you get a number for each class, and one for each sample was asked for. The
    classes of a sample lie along the last dimension, `dim=-1`."""

    read = "foundations/softmax.md#which-dim"

    def logsumexp(z):
        largest = z.amax(dim=0, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=0)) + shift.squeeze(0)


class SecondDimension(Wrong):
    """`dim=1` is where the classes lie in a table of samples and classes. With one dimension less there is none, and
    with one more it is another one. The last dimension is `dim=-1`."""

    read = "foundations/softmax.md#which-dim"

    def logsumexp(z):
        largest = z.amax(dim=1, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=1)) + shift.squeeze(1)


class KeptDimension(Wrong):
    """The last dimension is still there, with a size of 1: you return a column, and a number for each sample was asked
    for. Sum without `keepdim=True`, or take it away with `squeeze(-1)`."""

    read = "losses/log-sum-exp.md#log-sum-exp"

    def logsumexp(z):
        largest = z.amax(dim=-1, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1, keepdim=True)) + shift


class NoKeepdim(Wrong):
    """The largest logits have lost their dimension: without `keepdim=True` they line up with the columns of `z`. That
    raises an error, or, with as many samples as classes, shifts each class by the largest logit of a sample."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def logsumexp(z):
        largest = z.amax(dim=-1)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1)) + shift


class ColumnPlusRow(Wrong):
    """You add a column to a row: the largest logits have kept their dimension of size 1, and the logs of the sums have
    lost theirs. That makes a table of each sample with each other. Add `largest.squeeze(-1)`."""

    read = "clinics/silent-bugs.md#accuracy-of-300-comparing-6-1-with-6"

    def logsumexp(z):
        largest = z.amax(dim=-1, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1)) + shift


class ShiftOfTheWholeTable(Wrong):
    """One shift for all samples: next to a sample with much larger logits, the powers of a sample all become 0, and the
    log of 0 is -inf. Subtract from each sample its own largest logit."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def logsumexp(z):
        largest = z.max()
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1)) + shift


class OneNumberForAll(Wrong):
    """You sum over the samples as well, and one number is left of all. Each sample has a sum of its own: say along
    which dimension its classes lie, `sum(dim=-1)`."""

    read = "foundations/softmax.md#which-dim"

    def logsumexp(z):
        largest = z.max()
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum()) + shift


class AddedInsideTheLog(Wrong):
    """You add the shift to the sum, inside the log. It is the log that became smaller by the shift: close the
    parenthesis first, and add the shift to the log. One sample with a logit of 200 and one of 0 gives 5.3033 with your
    formula, and 200 is right."""

    read = (
        "losses/log-sum-exp.md#subtract-the-largest-logit-the-log-sum-exp-trick"
    )

    def logsumexp(z):
        largest = z.amax(dim=-1, keepdim=True)
        shift = largest.where(largest.isfinite(), torch.zeros_like(largest))
        return torch.log(torch.exp(z - shift).sum(dim=-1) + shift.squeeze(-1))
