"""
---
title: "Exercise: perplexity"
description: Write the perplexity of a padded data set in PyTorch. Shift, leave out -100, and count over all batches.
trains: the shift by one token, what counts, and one mean over batches of different lengths
minutes: 25
needs: [work/language-models.md]
---

# Exercise: perplexity

Write `perplexity(batches)`. Each batch is a pair of logits, of shape (texts, length, vocabulary), and labels, of shape
(texts, length). The label at a place is the token that stands there, or -100 where none is asked for. The logits at
a place guess the next token: those at place 0 are scored by the label at place 1, and those at the last place by none.

Return e to the power of the mean loss of all tokens that are asked for, in all batches together, as one number in
float32. Batches differ in length, and logits may come in bfloat16:

``` pycon
>>> labels = torch.tensor([[1, 4, 2, 0, 3], [2, 2, 1, -100, -100]])
>>> perplexity([(torch.zeros(2, 5, 20), labels)])
tensor(20.)
>>> sure = torch.zeros(1, 5, 20)
>>> for place in range(4):
...     sure[0, place, labels[0, place + 1]] = 3.0
>>> perplexity([(torch.zeros(2, 5, 20), labels), (sure, labels[:1])])
tensor(7.8754)
```
"""

import torch
import torch.nn.functional as F
from grader import Wrong


class Stub:
    def perplexity(batches):
        """Return the perplexity of all tokens that are asked for."""
        raise NotImplementedError


HINTS = [
    "The last logits of a text are about a token that is not there, and its first token is asked for by no logits. "
    "`z[:, :-1]` and `labels[:, 1:]` are what belongs together.",
    "Keep two numbers over all batches: the sum of the losses, and how many labels were asked for. Divide once, after "
    "the last batch. Count the labels that are left after the shift.",
    "`F.cross_entropy(z.flatten(0, 1).float(), y.flatten(), reduction='sum')` leaves out -100 by itself. A sum in "
    "bfloat16 keeps three digits at best, so make the logits float32 first.",
]


def _batch(texts, length, vocabulary=7, scale=1.0):
    """Return logits and labels, drawn at random."""
    return scale * torch.randn(texts, length, vocabulary), torch.randint(
        vocabulary, (texts, length)
    )


def _padded(batch, lengths):
    """Return a batch whose texts end after their lengths."""
    z, labels = batch
    return z, labels.masked_fill(
        torch.arange(labels.shape[1]) >= torch.tensor(lengths)[:, None], -100
    )


def _right(batches):
    """Return the perplexity of all texts, token by token."""
    costs = []
    for z, labels in batches:
        for row, text in zip(
            z.double().log_softmax(dim=-1), labels.tolist(), strict=True
        ):
            costs += [
                -row[place, token]
                for place, token in enumerate(text[1:])
                if token != -100
            ]
    return torch.stack(costs).mean().exp().float()


class Checks:
    def even(mine):
        """A text of five tokens and even logits over 7, as unsure as among 7"""
        batches = [(torch.zeros(1, 5, 7), torch.tensor([[3, 1, 4, 1, 5]]))]
        return mine.perplexity(batches), torch.tensor(7.0)

    def one_text(mine):
        """One text of four tokens"""
        batches = [_batch(1, 4)]
        return mine.perplexity(batches), _right(batches)

    def next_token(mine):
        """A model that knows each next token, close to 1"""
        _, labels = _batch(2, 6)
        batches = [(9 * F.one_hot(labels.roll(-1, dims=1), 7).float(), labels)]
        return mine.perplexity(batches), _right(batches)

    def as_long_as_the_vocabulary(mine):
        """Texts of 8 tokens over a vocabulary of 7, as many places to predict as tokens to choose from"""
        batches = [_batch(2, 8)]
        return mine.perplexity(batches), _right(batches)

    def padded(mine):
        """Two texts in a batch, one of which ends early"""
        batches = [_padded(_batch(2, 6), [6, 3])]
        return mine.perplexity(batches), _right(batches)

    def two_batches(mine):
        """Twelve texts of three tokens that cost much, and two of nine that cost little"""
        z, labels = _batch(2, 9)
        batches = [
            _batch(12, 3, scale=4.0),
            (z + 5 * F.one_hot(labels.roll(-1, dims=1), 7), labels),
        ]
        return mine.perplexity(batches), _right(batches)

    def padded_batches(mine):
        """Three batches of different lengths, padded"""
        batches = [
            _padded(_batch(2, 8), [8, 2]),
            _padded(_batch(3, 4, scale=3.0), [4, 4, 3]),
            _batch(1, 3, scale=5.0),
        ]
        return mine.perplexity(batches), _right(batches)

    def prompt(mine):
        """A prompt of two tokens that is not asked for"""
        z, labels = _batch(2, 6)
        labels[:, :2] = -100
        batches = [(z, labels), _batch(2, 3, scale=3.0)]
        return mine.perplexity(batches), _right(batches)

    def nothing_to_predict(mine):
        """A batch in which no label is asked for changes no sum and no count"""
        z, labels = _batch(2, 4)
        batches = [_batch(2, 5), (z, labels.fill_(-100))]
        return mine.perplexity(batches), _right(batches)

    def far_off(mine):
        """One token of twenty costs 200, and the power of the mean is finite"""
        z, labels = _batch(1, 21)
        z[0, 3] = 200 * F.one_hot((labels[0, 4] + 1) % 7, 7)
        batches = [(z, labels)]
        return mine.perplexity(batches), _right(batches)

    def in_bfloat16(mine):
        """Logits in bfloat16, the answer in float32"""
        z, labels = _batch(8, 40)
        batches = [(z.bfloat16(), labels)] * 2
        return mine.perplexity(batches), _right(batches)


class Solution:
    def perplexity(batches):
        """Return the perplexity of all tokens that are asked for."""
        total, count = 0.0, 0
        for z, labels in batches:
            z, y = z[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten()
            total += F.cross_entropy(z, y, reduction="sum")
            count += (y != -100).sum()
        return torch.exp(total / count)


def _sums(batches):
    """Yield the sum of the losses of each batch, and its labels after the shift."""
    for z, labels in batches:
        y = labels[:, 1:].flatten()
        yield (
            F.cross_entropy(
                z[:, :-1].flatten(0, 1).float(), y, reduction="sum"
            ),
            y,
        )


class MeanOfPerplexities(Wrong):
    """You average perplexities. The exponential comes last, after the mean over all tokens: the mean of powers is
    larger than the power of the mean."""

    read = "work/language-models.md#perplexity-of-a-padded-data-set-average-first-then-exp"

    def perplexity(batches):
        each = [
            F.cross_entropy(
                z[:, :-1].flatten(0, 1).float(), y[:, 1:].flatten()
            ).exp()
            for z, y in batches
        ]
        return torch.stack(each).mean()


class MeanOfTokenPerplexities(Wrong):
    """You raise e to the loss of each token, and average after that: one bad token then outweighs all others. Average
    the losses of all tokens, and take the exponential last."""

    read = "work/language-models.md#perplexity-of-a-padded-data-set-average-first-then-exp"

    def perplexity(batches):
        each = [
            F.cross_entropy(
                z[:, :-1].transpose(1, 2), y[:, 1:], reduction="none"
            ).exp()
            for z, y in batches
        ]
        return torch.cat([of_batch.flatten() for of_batch in each]).mean()


class MeanOfBatchMeans(Wrong):
    """You average the mean losses of the batches, so that a token of a short batch weighs more than one of a long one.
    Add up the losses of all tokens, and divide once."""

    read = "work/averages.md#epoch-loss-is-off-the-mean-of-batch-means-and-a-short-last-batch"

    def perplexity(batches):
        each = [
            F.cross_entropy(z[:, :-1].flatten(0, 1).float(), y[:, 1:].flatten())
            for z, y in batches
        ]
        return torch.stack(each).mean().exp()


class WeightedByTexts(Wrong):
    """You weigh the mean loss of a batch by how many texts it has. A mean over tokens is weighed by the tokens that it
    was divided by."""

    read = "work/language-models.md#mean-per-token-or-per-sequence"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            mean = F.cross_entropy(
                z[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten()
            )
            total, count = total + mean * len(labels), count + len(labels)
        return torch.exp(total / count)


class MeanTimesPlaces(Wrong):
    """You weigh the mean loss of a batch by all of its places, also by those with -100. The mean was divided by the
    labels that are asked for, so that is its weight: `(y != -100).sum()`."""

    read = "work/averages.md#accumulation-with-padding-micro-batches-keep-different-numbers-of-tokens"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, 1:].flatten()
            mean = F.cross_entropy(z[:, :-1].flatten(0, 1).float(), y)
            total += mean * y.numel()
            count += y.numel()
        return torch.exp(total / count)


class MeanTimesCount(Wrong):
    """One batch has no labels that count: its mean is 0 / 0, which is nan, and so is what you make of it, times 0 as
    well. Ask for the sum in the first place: `reduction='sum'`."""

    read = "clinics/silent-bugs.md#loss-is-nan-for-some-batches-every-target-is-ignored-100"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, 1:].flatten()
            asked = (y != -100).sum()
            total += F.cross_entropy(z[:, :-1].flatten(0, 1).float(), y) * asked
            count += asked
        return torch.exp(total / count)


class ClassesInTheMiddle(Wrong):
    """`F.cross_entropy` reads the second dimension as the classes, and yours is the length of the text. Put the
    vocabulary there with `transpose(1, 2)`, or flatten texts and places into one. Where both sizes are the same, no
    error tells you."""

    read = "clinics/silent-bugs.md#sequence-loss-wrong-without-an-error-n-t-c-with-t-equal-to-c"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            total += F.cross_entropy(
                z[:, :-1].float(), labels[:, 1:], reduction="sum"
            )
            count += (labels[:, 1:] != -100).sum()
        return torch.exp(total / count)


class IgnoredCounted(Wrong):
    """You divide by all places, and those with -100 cost 0: the more padding, the better the model looks. Count
    the labels that are asked for."""

    read = "work/language-models.md#masked-loss-too-small-loss-maskmean-counts-the-padding"

    def perplexity(batches):
        total, count = 0.0, 0
        for loss, y in _sums(batches):
            total, count = total + loss, count + y.numel()
        return torch.exp(total / count)


class CountedBeforeTheShift(Wrong):
    """Your sum is right, and your count is too large: it has the first token of each text, for which no logits ask.
    Count the labels after the shift."""

    read = "work/language-models.md#num_items_in_batch-the-mean-over-an-accumulated-batch"

    def perplexity(batches):
        total = sum(loss for loss, _ in _sums(batches))
        return torch.exp(
            total / sum((labels != -100).sum() for _, labels in batches)
        )


class NotShifted(Wrong):
    """You ask the logits at each place for the token that stands there, and the model was given that. Drop the last
    logits and the first labels: `z[:, :-1]` and `labels[:, 1:]`."""

    read = "work/language-models.md#loss-close-to-0-text-is-nonsense-labels-not-shifted"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            total += F.cross_entropy(
                z.flatten(0, 1).float(), labels.flatten(), reduction="sum"
            )
            count += (labels != -100).sum()
        return torch.exp(total / count)


class ShiftedBack(Wrong):
    """You shift in the wrong direction, and ask for the token before. It is the logits that lose their last place, and
    the labels that lose their first."""

    read = "work/language-models.md#loss-close-to-0-text-is-nonsense-labels-not-shifted"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, :-1].flatten()
            total += F.cross_entropy(
                z[:, 1:].flatten(0, 1).float(), y, reduction="sum"
            )
            count += (y != -100).sum()
        return torch.exp(total / count)


class PowerOfTwo(Wrong):
    """You raise 2 to a mean loss in nats. Even logits over 7 then give 3.8528 in place of 7. `F.cross_entropy` takes
    the natural log, so raise e, with `torch.exp`."""

    read = "foundations/entropy.md#surprise-in-nats-or-bits"

    def perplexity(batches):
        pairs = [(loss, (y != -100).sum()) for loss, y in _sums(batches)]
        return torch.exp2(
            sum(loss for loss, _ in pairs) / sum(count for _, count in pairs)
        )


class NoPower(Wrong):
    """That is the mean loss, the log of the perplexity. Even logits over 7 cost 1.9459, and their perplexity is 7."""

    read = "reference/recipes.md#perplexity-and-bits-per-token-from-the-loss"

    def perplexity(batches):
        pairs = [(loss, (y != -100).sum()) for loss, y in _sums(batches)]
        return sum(loss for loss, _ in pairs) / sum(count for _, count in pairs)


class LogOfSoftmax(Wrong):
    """You take the log of a softmax, and a probability that rounds to 0 costs inf. From logits, the loss of such a
    token is 200."""

    read = "clinics/silent-bugs.md#loss-is-inf-the-log-of-a-softmax"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            log_p = torch.softmax(z[:, :-1].float(), dim=-1).log()
            log_p, y = log_p.flatten(0, 1), labels[:, 1:].flatten()
            total += F.nll_loss(log_p, y, reduction="sum")
            count += (y != -100).sum()
        return torch.exp(total / count)


class SumInBfloat16(Wrong):
    """You compute in bfloat16, which keeps two or three digits, and the answer has that dtype. `float()` at the end is
    too late, for the digits are gone. Make the logits float32 before the loss: `z.float()`."""

    read = "reference/precision.md#bfloat16-precision-the-loss-moves-in-coarse-quantized-steps"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, 1:].flatten()
            total += F.cross_entropy(
                z[:, :-1].flatten(0, 1), y, reduction="sum"
            )
            count += (y != -100).sum()
        return torch.exp(total / count)


class FloatAtTheEnd(Wrong):
    """The dtype is right, and the digits are gone: you computed in bfloat16, which keeps two or three of them. Make the
    logits float32 before the loss: `z.float()`."""

    read = "reference/precision.md#bfloat16-precision-the-loss-moves-in-coarse-quantized-steps"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, 1:].flatten()
            total += F.cross_entropy(
                z[:, :-1].flatten(0, 1), y, reduction="sum"
            )
            count += (y != -100).sum()
        return torch.exp(total / count).float()


class FirstBatchAlone(Wrong):
    """You return inside the loop, so that the first batch alone counts. Move `return` to the left, under `for`."""

    read = "work/language-models.md#perplexity-of-a-padded-data-set-average-first-then-exp"

    def perplexity(batches):
        total, count = 0.0, 0
        for loss, y in _sums(batches):
            total, count = total + loss, count + (y != -100).sum()
            return torch.exp(total / count)


class MeansOverACount(Wrong):
    """You divide twice: `F.cross_entropy` returns the mean of a batch, and you divide by the count once more. Even
    logits over 7 then give 1.6266 for four tokens. Ask for the sum: `reduction='sum'`."""

    read = "work/language-models.md#perplexity-of-a-padded-data-set-average-first-then-exp"

    def perplexity(batches):
        total, count = 0.0, 0
        for z, labels in batches:
            y = labels[:, 1:].flatten()
            total += F.cross_entropy(z[:, :-1].flatten(0, 1).float(), y)
            count += (y != -100).sum()
        return torch.exp(total / count)


PROOF = """
>>> mean = torch.tensor(7.0).log()
>>> mean, 2**mean
(tensor(1.9459), tensor(3.8528))
>>> torch.exp(mean / 4)
tensor(1.6266)
"""
