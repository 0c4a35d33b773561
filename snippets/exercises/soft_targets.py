"""
---
title: "Exercise: soft targets"
description: Write cross-entropy with probabilities as targets in PyTorch yourself, and KL in the right direction.
trains: what cross-entropy and KL share, their direction, and the mean over samples
minutes: 25
needs: [foundations/entropy.md, reference/cross-entropy.md, work/other-losses.md]
---

# Exercise: soft targets

Write `soft_cross_entropy(z, q)` and `kl_divergence(z, q)`. Both take logits `z` with a row for each of N samples and a
column for each of C classes, and target probabilities `q` in the same shape. The first returns the mean cross-entropy,
as `F.cross_entropy(z, q)` does. The second returns the mean of KL(q || p), the price of using the model's probabilities
`p` where `q` is true, as `F.kl_div` does with `reduction="batchmean"`:

``` pycon
>>> z = torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
>>> q = torch.tensor([[0.5, 0.3, 0.2], [0.0, 1.0, 0.0]])
>>> soft_cross_entropy(z, q)
tensor(0.6455)
>>> kl_divergence(z, q)
tensor(0.1307)
```

Probabilities of targets may be 0, and logits 200. `torch.log_softmax` is yours to use; the losses of `torch` are not.
"""

import torch
import torch.nn.functional as F
from grader import LOSSES, Wrong, gradient_of


class Stub:
    def soft_cross_entropy(z, q):
        """Return the mean cross-entropy of logits and target probabilities."""
        raise NotImplementedError

    def kl_divergence(z, q):
        """Return the mean of KL(q || p), where the model says p."""
        raise NotImplementedError


HINTS = [
    "The surprise of the model at a class is minus its log-probability, `-torch.log_softmax(z, dim=1)`. The targets "
    "say how often each class occurs: multiply, sum over the classes, and take the mean over the samples.",
    "KL is what of the cross-entropy could be avoided: take the entropy of the targets away. That is minus the sum of "
    "`q * q.log()`.",
    "A target of 0 gives 0 times -inf, which is nan. On paper it is 0, as in `torch.xlogy(q, q)`.",
]

PROOF = """
>>> F.cross_entropy(torch.tensor([[0.0, 200.0]]), torch.tensor([[0.25, 0.75]]))
tensor(50.)
>>> torch.zeros(1) * torch.zeros(1).log(), torch.xlogy(torch.zeros(1), torch.zeros(1))
(tensor([nan]), tensor([0.]))
"""


def _samples(dtype=torch.float32):
    """Return logits of five samples with four classes, and target probabilities that are all above 0."""
    return 2 * torch.randn(5, 4, dtype=dtype), torch.softmax(
        torch.randn(5, 4, dtype=dtype), dim=1
    )


def _one_hot():
    """Return logits of five samples with four classes, and one-hot targets."""
    return 2 * torch.randn(5, 4), torch.eye(4)[[3, 1, 0, 2, 1]]


def _kl(z, q):
    return F.kl_div(torch.log_softmax(z, dim=1), q, reduction="batchmean")


# Functions of torch that the reader is asked to rebuild.
_REBUILT = LOSSES


class Checks:
    def cross_entropy(mine):
        """The cross-entropy of five samples with four classes"""
        z, q = _samples()
        return mine.soft_cross_entropy(z, q), F.cross_entropy(z, q)

    def cross_entropy_of_one_hot(mine):
        """The cross-entropy where the targets are one-hot"""
        z, q = _one_hot()
        right = F.cross_entropy(z, q.argmax(dim=1))
        return mine.soft_cross_entropy(z, q), right

    def cross_entropy_of_itself(mine):
        """The cross-entropy where the targets are what the model says: their entropy"""
        z, _ = _samples()
        q = torch.softmax(z, dim=1)
        right = torch.special.entr(q).sum() / len(q)
        return mine.soft_cross_entropy(z, q), right

    def cross_entropy_of_large(mine):
        """The cross-entropy of logits of 0 and 200, and targets of 0.25 and 0.75"""
        z, q = torch.tensor([[0.0, 200.0]]), torch.tensor([[0.25, 0.75]])
        return mine.soft_cross_entropy(z, q), F.cross_entropy(z, q)

    def kl(mine):
        """The KL divergence of five samples with four classes"""
        z, q = _samples()
        return mine.kl_divergence(z, q), _kl(z, q)

    def kl_of_itself(mine):
        """The KL divergence where the targets are what the model says: 0"""
        z, _ = _samples()
        return mine.kl_divergence(z, torch.softmax(z, dim=1)), torch.tensor(0.0)

    def kl_of_one_hot(mine):
        """The KL divergence where the targets are one-hot: the cross-entropy, as their entropy is 0"""
        z, q = _one_hot()
        return mine.kl_divergence(z, q), _kl(z, q)

    def kl_of_large(mine):
        """The KL divergence of logits of 0 and 200, and targets of 0.25 and 0.75"""
        z, q = torch.tensor([[0.0, 200.0]]), torch.tensor([[0.25, 0.75]])
        return mine.kl_divergence(z, q), _kl(z, q)

    def gradient(mine):
        """The gradient of the cross-entropy in float64: p minus q, over the number of samples"""
        z, q = _samples(torch.float64)
        z = z.requires_grad_()
        right = (torch.softmax(z, dim=1) - q) / len(q)
        return gradient_of(mine.soft_cross_entropy(z, q), z), right

    def gradient_of_kl(mine):
        """The gradient of the KL divergence in float64, which is the same"""
        z, q = _samples(torch.float64)
        z = z.requires_grad_()
        right = (torch.softmax(z, dim=1) - q) / len(q)
        return gradient_of(mine.kl_divergence(z, q), z), right


class Solution:
    def soft_cross_entropy(z, q):
        """Return the mean cross-entropy of logits and target probabilities."""
        return -(q * torch.log_softmax(z, dim=1)).sum(dim=1).mean()

    def kl_divergence(z, q):
        """Return the mean of KL(q || p), where the model says p."""
        terms = torch.xlogy(q, q) - q * torch.log_softmax(z, dim=1)
        return terms.sum(dim=1).mean()


class MeanOverTheEntries(Wrong):
    """You divide by all entries of the table. The classes of a sample are summed, because their terms are already
    weighted by `q`; with four classes your loss is a quarter of it. In PyTorch this is the difference of "mean" and
    "batchmean" in `F.kl_div`."""

    read = "reference/shapes.md#kl_div-kldivloss"

    def soft_cross_entropy(z, q):
        return -(q * torch.log_softmax(z, dim=1)).mean()

    def kl_divergence(z, q):
        return (torch.xlogy(q, q) - q * torch.log_softmax(z, dim=1)).mean()


class SumOverTheSamples(Wrong):
    """You sum over the samples. The mean divides by their number, so that a larger batch has no larger loss."""

    read = "foundations/entropy.md#a-target-is-a-distribution-too"

    def soft_cross_entropy(z, q):
        return -(q * torch.log_softmax(z, dim=1)).sum()

    def kl_divergence(z, q):
        return (torch.xlogy(q, q) - q * torch.log_softmax(z, dim=1)).sum()


class TheOtherDirection(Wrong):
    """You have the two exchanged. What occurs with `q` is scored by the model: `q` stands in front, and the log of the
    model behind it. The other direction, KL(p || q), is a divergence as well, and another number."""

    read = "clinics/silent-bugs.md#kl-divergence-is-negative-kl_div-without-the-log-or-in-the-wrong-order"

    def soft_cross_entropy(z, q):
        return -(torch.softmax(z, dim=1) * q.log()).sum(dim=1).mean()

    def kl_divergence(z, q):
        log_p = torch.log_softmax(z, dim=1)
        return (log_p.exp() * (log_p - q.log())).sum(dim=1).mean()


class EntropyLeftIn(Wrong):
    """You return the cross-entropy. KL is what remains when the entropy of the targets is taken away: it is 0 where the
    model says what the targets say. The gradients of the two are the same."""

    read = "foundations/entropy.md#cross-entropy-vs-kl-divergence-the-avoidable-part"

    def kl_divergence(z, q):
        return -(q * torch.log_softmax(z, dim=1)).sum(dim=1).mean()


class EntropyAdded(Wrong):
    """You add the entropy of the targets, and it has to be taken away: it is what remains even for a perfect model.
    `q * q.log()` is negative or 0, and is added; minus its sum is the entropy."""

    read = "foundations/entropy.md#cross-entropy-vs-kl-divergence-the-avoidable-part"

    def kl_divergence(z, q):
        each = torch.xlogy(q, q) + q * torch.log_softmax(z, dim=1)
        return -each.sum(dim=1).mean()


class ZeroTimesInfinity(Wrong):
    """Where a target is 0, you compute 0 times -inf, which is nan. A class that does not occur costs 0. Take
    `torch.xlogy(q, q)` in place of `q * q.log()`."""

    read = "work/nan.md#entropy-bonus-softmax-times-log-is-nan-in-the-backward-pass"

    def kl_divergence(z, q):
        return (q * (q.log() - torch.log_softmax(z, dim=1))).sum(dim=1).mean()


class NoLog(Wrong):
    """The log is missing: you multiply the targets by probabilities of the model, and not by their logs. That is no
    cross-entropy, and as KL it may be negative."""

    read = "clinics/silent-bugs.md#kl-divergence-is-negative-kl_div-without-the-log-or-in-the-wrong-order"

    def soft_cross_entropy(z, q):
        return -(q * torch.softmax(z, dim=1)).sum(dim=1).mean()

    def kl_divergence(z, q):
        each = torch.xlogy(q, q) - q * torch.softmax(z, dim=1)
        return each.sum(dim=1).mean()


class NoSoftmax(Wrong):
    """You multiply the targets by logits. Logits are no log-probabilities: the log-sum-exp of their row is still to be
    subtracted. Take `torch.log_softmax`."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def soft_cross_entropy(z, q):
        return -(q * z).sum(dim=1).mean()

    def kl_divergence(z, q):
        return (torch.xlogy(q, q) - q * z).sum(dim=1).mean()


class LogOfSoftmax(Wrong):
    """The log of a softmax: next to a logit of 200, the probability of 0 rounds to 0, and its log is -inf. The
    cross-entropy should be 50. Take `torch.log_softmax`."""

    read = "clinics/silent-bugs.md#loss-is-inf-the-log-of-a-softmax"

    def soft_cross_entropy(z, q):
        return -(q * torch.softmax(z, dim=1).log()).sum(dim=1).mean()

    def kl_divergence(z, q):
        each = torch.xlogy(q, q) - q * torch.softmax(z, dim=1).log()
        return each.sum(dim=1).mean()


class NoMinus(Wrong):
    """The sign is missing: log-probabilities are negative, and a cross-entropy is not."""

    read = "foundations/entropy.md#cross-entropy"

    def soft_cross_entropy(z, q):
        return (q * torch.log_softmax(z, dim=1)).sum(dim=1).mean()


class TermsOfTheOthers(Wrong):
    """You add a term for each class that did not occur, as binary cross-entropy does. There each output is a question
    of its own. Here one answer is shared out among the classes, and the log of its probability is all that counts."""

    read = "reference/bce-with-logits.md#two-outputs-with-one-hot-targets-bce-and-cross-entropy-differ"

    def soft_cross_entropy(z, q):
        p = torch.softmax(z, dim=1)
        return -(q * p.log() + (1 - q) * (1 - p).log()).sum(dim=1).mean()


class OnlyTheLikeliest(Wrong):
    """You make a class of each row of targets, the likeliest. Soft targets say more: each class has its share of the
    loss."""

    read = "reference/cross-entropy.md#soft-labels-mixup-and-knowledge-distillation"

    def soft_cross_entropy(z, q):
        return -torch.log_softmax(z, dim=1)[
            torch.arange(len(z)), q.argmax(dim=1)
        ].mean()


class AcrossSamples(Wrong):
    """The softmax runs in the wrong direction: with `dim=0` the samples share a probability of 1 in each class. The
    classes of a sample lie along `dim=1`."""

    read = "foundations/softmax.md#which-dim"

    def soft_cross_entropy(z, q):
        return -(q * torch.log_softmax(z, dim=0)).sum(dim=1).mean()

    def kl_divergence(z, q):
        each = torch.xlogy(q, q) - q * torch.log_softmax(z, dim=0)
        return each.sum(dim=1).mean()
