"""
---
title: "Mend: the token after the next"
description: Mend a PyTorch language model whose labels are shifted twice and whose texts do not end, without a message.
trains: which label belongs to which logits, and a mask of padding that spares the end of a text
minutes: 20
needs: [work/language-models.md]
---

# Mend: the token after the next

`train` learns to continue texts that count up to 5 and end in 0. A table holds a row of logits for each token. It runs,
its loss falls, and no message appears. Yet the model expects 3 after 1, and no text ends.

Mend it, and leave the model, the optimizer and the number of epochs as they are. `train` has to return the loss of each
epoch, a mean over the tokens that are asked for, and for each token the one that the trained model expects next. After
1 comes 2, and after 5 comes 0, which ends the text:

``` pycon
>>> losses, following = train(tokens, lengths)
>>> following[1:]
tensor([2, 3, 4, 5, 0])
```

Short texts are filled up with 0, which is a real token, too. `lengths` says how many tokens of each text are its own,
the 0 at its end among them. The others are not to be learned.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Three texts, filled up with 0, and how many tokens of each are its own.
tokens = torch.tensor(
    [[1, 2, 3, 4, 5, 0], [3, 4, 5, 0, 0, 0], [2, 3, 4, 5, 0, 0]]
)
lengths = torch.tensor([6, 4, 5])


# What a library does with labels, as models of Transformers do.
def library_loss(z, labels):
    """Return the mean loss of logits (N, T, V).

    Place t is asked for the label at place t + 1; -100 is left out.
    """
    labels = F.pad(labels, (0, 1), value=-100)[:, 1:]
    return F.cross_entropy(z.flatten(0, 1), labels.flatten())


class Stub(Wrong):
    """This is the program as it came. Follow the label of the first token: which row of logits is it compared with,
    after `train` and `library_loss` have both moved it? And which labels become -100 here, besides the padding?"""

    read = "work/language-models.md#the-model-predicts-the-token-after-the-next-labels-shifted-twice"

    def train(tokens, lengths, epochs=4):
        """Return each epoch's loss, and for each token the expected next."""
        model = nn.Embedding(6, 6)
        optimizer = torch.optim.SGD(model.parameters(), lr=20)
        # The padding is not to be learned.
        labels = tokens.masked_fill(tokens == 0, -100)
        losses = []
        for _ in range(epochs):
            # The logits at a place are about the next token.
            loss = library_loss(model(tokens)[:, :-1], labels[:, 1:])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses), model.weight.argmax(dim=1)


HINTS = [
    "Read what `library_loss` does with its labels. How often are they shifted in all?",
    "`tokens == 0` is true for the padding, and for one token more in each text. What does the model learn about "
    "that one?",
    "`torch.arange(6) >= lengths.unsqueeze(1)` is true where a text is over, for any tokens. Give `library_loss` "
    "all logits, and labels that are -100 there.",
]


def _by_hand(tokens, lengths):
    """Return the losses of three epochs, from the pairs of a token and the one that follows it."""
    torch.manual_seed(0)
    table, losses, given, asked = nn.Embedding(6, 6).weight, [], [], []
    for text, n in zip(tokens, lengths, strict=True):
        given.append(text[: n - 1])
        asked.append(text[1:n])
    for _ in range(3):
        losses.append(
            -table.log_softmax(dim=1)[torch.cat(given), torch.cat(asked)].mean()
        )
        table = table - 20 * torch.autograd.grad(losses[-1], table)[0]
    return torch.stack(losses).detach()


class Checks:
    def full(mine):
        """The losses of the first three epochs, for two texts without padding"""
        texts, ends = (
            torch.tensor([[1, 2, 3, 4], [3, 4, 5, 0]]),
            torch.tensor([4, 4]),
        )
        return mine.train(texts, ends, epochs=3)[0], _by_hand(texts, ends)

    def padded(mine):
        """The losses of the first three epochs, for the three texts"""
        losses, _ = mine.train(tokens, lengths, epochs=3)
        return losses, _by_hand(tokens, lengths)

    def following(mine):
        """What the trained model expects after 1, 2, 3, 4 and 5"""
        right = torch.tensor([2, 3, 4, 5, 0])
        return mine.train(tokens, lengths, epochs=3)[1][1:], right

    def learned(mine):
        """The number of losses, and the last of them"""
        losses, _ = mine.train(tokens, lengths)
        right = (torch.tensor(4), Between(0, 0.1))
        return (torch.tensor(len(losses)), losses[-1]), right

    def the_end_alone(mine):
        """The loss of a text of two tokens, 5 and 0"""
        text, end = torch.tensor([[5, 0]]), torch.tensor([2])
        return mine.train(text, end, epochs=1)[0], _by_hand(text, end)[:1]

    def zero_inside(mine):
        """The losses of a text with a 0 in its middle, too"""
        text, end = torch.tensor([[4, 5, 0, 4, 5, 0, 0]]), torch.tensor([6])
        return mine.train(text, end, epochs=3)[0], _by_hand(text, end)


class Solution:
    def train(tokens, lengths, epochs=4):
        """Return each epoch's loss, and for each token the expected next."""
        model = nn.Embedding(6, 6)
        optimizer = torch.optim.SGD(model.parameters(), lr=20)
        is_padding = torch.arange(tokens.shape[1]) >= lengths.unsqueeze(1)
        labels = tokens.masked_fill(is_padding, -100)
        losses = []
        for _ in range(epochs):
            loss = library_loss(model(tokens), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses), model.weight.argmax(dim=1)


def _fitted(loss_of, tokens, epochs):
    """Return the losses and what is expected next, with a loss of one's own."""
    model, losses = nn.Embedding(6, 6), []
    optimizer = torch.optim.SGD(model.parameters(), lr=20)
    for _ in range(epochs):
        loss = loss_of(model(tokens))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), model.weight.argmax(dim=1)


def _labels(tokens, lengths):
    """Return the tokens, with -100 in place of the padding."""
    return tokens.masked_fill(
        torch.arange(tokens.shape[1]) >= lengths.unsqueeze(1), -100
    )


def _asked(z, labels, **how):
    """Return the loss of labels that are moved to their logits already."""
    return F.cross_entropy(z.flatten(0, 1), labels.flatten(), **how)


class ShiftedTwice(Wrong):
    """The mask is right now, and the labels are still shifted twice, by you and by `library_loss`: each token is asked
    for the one after the next. Give it labels that lie under their tokens."""

    read = "work/language-models.md#the-model-predicts-the-token-after-the-next-labels-shifted-twice"

    def train(tokens, lengths, epochs=4):
        labels = _labels(tokens, lengths)
        return _fitted(
            lambda z: library_loss(z[:, :-1], labels[:, 1:]), tokens, epochs
        )


class EndsMasked(Wrong):
    """The shift is right now, and no text learns to end: 0 pads, and 0 ends, and you mask both by their number. Mask by
    place, from `lengths` on."""

    read = "work/language-models.md#generation-does-not-stop-pad_token-is-eos_token"

    def train(tokens, lengths, epochs=4):
        labels = tokens.masked_fill(tokens == 0, -100)
        return _fitted(lambda z: library_loss(z, labels), tokens, epochs)


class NotShifted(Wrong):
    """No shift is left: each token is asked for itself, so the loss falls to 0 and the model repeats what it is given.
    One shift has to stay."""

    read = "work/language-models.md#loss-close-to-0-text-is-nonsense-labels-not-shifted"

    def train(tokens, lengths, epochs=4):
        return _fitted(
            lambda z: _asked(z, _labels(tokens, lengths)), tokens, epochs
        )


class PaddingLearned(Wrong):
    """No label is -100: the model also learns that 0 follows 0, and this counts in the mean. Mask what lies behind the
    end of a text."""

    read = "work/language-models.md#train-on-the-answer-only-mask-the-prompt-with-100"

    def train(tokens, lengths, epochs=4):
        return _fitted(lambda z: library_loss(z, tokens), tokens, epochs)


class WrongWay(Wrong):
    """You shift the wrong way: each token is asked for the one before it. Drop the last logits and the first labels."""

    read = "work/language-models.md"

    def train(tokens, lengths, epochs=4):
        return _fitted(
            lambda z: _asked(z[:, 1:], _labels(tokens, lengths)[:, :-1]),
            tokens,
            epochs,
        )


class Rolled(Wrong):
    """`roll` moves the first token to the end of its row, where the last place is asked for it. Nobody knows what
    follows there: drop the last logits, or give them the label -100."""

    read = "work/language-models.md"

    def train(tokens, lengths, epochs=4):
        return _fitted(
            lambda z: _asked(z, _labels(tokens, lengths).roll(-1, dims=1)),
            tokens,
            epochs,
        )


class AcrossTexts(Wrong):
    """You flatten before you shift, so the last place of a text is asked for the first token of the next text. Shift
    each row, and flatten then."""

    read = "work/language-models.md#packed-sequences-the-last-token-of-a-document-predicts-the-next-document"

    def train(tokens, lengths, epochs=4):
        labels = _labels(tokens, lengths)
        return _fitted(
            lambda z: F.cross_entropy(
                z.flatten(0, 1)[:-1], labels.flatten()[1:]
            ),
            tokens,
            epochs,
        )


class MaskTooLate(Wrong):
    """Your mask begins one place too far right, and one label of padding is left in each short text. The first place to
    mask is `lengths`, in labels that are not shifted yet."""

    read = "work/language-models.md#the-first-token-of-the-answer-is-not-learned-masked-after-the-shift"

    def train(tokens, lengths, epochs=4):
        labels = _labels(tokens[:, 1:], lengths)
        return _fitted(lambda z: _asked(z[:, :-1], labels), tokens, epochs)


class MeanOfAllPlaces(Wrong):
    """The padding costs 0 now and still counts in your mean, so the loss and the steps are too small. Divide by the
    labels that are not -100, as the mean of `F.cross_entropy` does."""

    read = "work/language-models.md#masked-loss-too-small-loss-maskmean-counts-the-padding"

    def train(tokens, lengths, epochs=4):
        labels = _labels(tokens, lengths)
        return _fitted(
            lambda z: _asked(z[:, :-1], labels[:, 1:], reduction="none").mean(),
            tokens,
            epochs,
        )
