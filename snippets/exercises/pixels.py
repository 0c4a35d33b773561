"""
---
title: "Mend: pixels that are mixed"
description: Mend a PyTorch segmentation program that flattens its logits with view, runs, and guesses.
trains: where the classes lie in memory, and how to flatten logits of shape (N, C, H, W)
minutes: 15
needs: [work/segmentation.md]
---

# Mend: pixels that are mixed

`train` learns the class of each pixel from two colors. It runs, and no message appears. Yet its loss stays close to
1.0986, the log of three classes, which is what guessing costs, and about two of three pixels get the wrong class.

Mend it, and leave the model, the optimizer and the number of epochs as they are. `train` has to return the loss of each
epoch, a mean over the labeled pixels, and for each pixel the class that the trained model finds most likely, in the
shape of `y`. A target of 255 is void: nobody said what is there.
"""

import torch
import torch.nn.functional as F
from grader import Between, Wrong
from torch import nn

# Two pictures of two colors and 4 by 6 pixels, of shape (N, 2, H, W),
# and the class of each pixel, of shape (N, H, W).
y = torch.tensor(
    [
        [0, 0, 1, 1, 2, 2],
        [0, 0, 0, 1, 1, 2],
        [0, 2, 2, 1, 1, 1],
        [255, 2, 2, 2, 1, 255],
    ]
)
y = torch.stack([y, y.flip(1)])
x = torch.stack([(y == 1) * 2.0 - 1, (y == 2) * 2.0 - 1], dim=1)


class Stub(Wrong):
    """All results are those of the program as it came. `view(-1, 3)` makes rows of three numbers that lie side by side
    in memory, and so does `reshape`. Memory holds all pixels of class 0 first, so what is in the first row of three?"""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        """Return the loss of each epoch, and each pixel's predicted class."""
        model = nn.Conv2d(2, 3, kernel_size=1)
        optimizer = torch.optim.SGD(model.parameters(), lr=2)
        losses = []
        for _ in range(epochs):
            # A row for each pixel.
            loss = F.cross_entropy(
                model(x).view(-1, 3), y.view(-1), ignore_index=255
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        predicted = model(x).view(-1, 3).argmax(dim=1)
        return torch.stack(losses), predicted.view(y.shape)


HINTS = [
    "`z = torch.arange(12).view(1, 3, 2, 2)` has three classes and four pixels. The logits of its first pixel are "
    "`z[0, :, 0, 0]`, which is 0, 4, 8. What is the first row of `z.view(-1, 3)`?",
    "A row for each pixel needs the classes in the last dimension first: which order of the four dimensions is "
    "that? `view` refuses what was permuted, and `reshape` copies it.",
    "`F.cross_entropy` takes logits of shape (N, C, H, W) and targets of shape (N, H, W) as they are. The classes "
    "are `dim=1` there, for `argmax` as well.",
]


def _by_hand(x, y, epochs=2):
    """Return the loss of each epoch, and the classes that are most likely after them."""
    torch.manual_seed(0)
    layer = nn.Conv2d(2, 3, kernel_size=1)
    w, b = layer.weight[:, :, 0, 0], layer.bias
    features, targets = x.movedim(1, -1)[y != 255], y[y != 255]
    losses = []
    for _ in range(epochs):
        losses.append(F.cross_entropy(features @ w.T + b, targets))
        slopes = torch.autograd.grad(losses[-1], (w, b))
        w, b = w - 2 * slopes[0], b - 2 * slopes[1]
    return torch.stack(losses).detach(), (x.movedim(1, -1) @ w.T + b).argmax(
        dim=-1
    )


class Checks:
    def first_losses(mine):
        """The losses of the first three epochs"""
        return mine.train(x, y, epochs=3)[0], _by_hand(x, y, epochs=3)[0]

    def first_predictions(mine):
        """The predicted classes after a single epoch"""
        return mine.train(x, y, epochs=1)[1], _by_hand(x, y, epochs=1)[1]

    def learned(mine):
        """The number of losses, and the last of them"""
        losses, _ = mine.train(x, y)
        right = (torch.tensor(10), Between(0, 0.1))
        return (torch.tensor(len(losses)), losses[-1]), right

    def labeled(mine):
        """The predicted classes of the labeled pixels after six epochs, all of them right"""
        return mine.train(x, y, epochs=6)[1].where(y != 255, y), y

    def square(mine):
        """The losses of one picture of three by three pixels, as many as there are classes"""
        few, targets = (
            x[:1, :, 1:, 1:4].contiguous(),
            y[:1, 1:, 1:4].contiguous(),
        )
        return mine.train(few, targets, epochs=2)[0], _by_hand(few, targets)[0]

    def much_void(mine):
        """The losses where half of each picture is void"""
        targets = y.clone()
        targets[:, :2] = 255
        return mine.train(x, targets, epochs=2)[0], _by_hand(x, targets)[0]


class Solution:
    def train(x, y, epochs=10):
        """Return the loss of each epoch, and each pixel's predicted class."""
        model = nn.Conv2d(2, 3, kernel_size=1)
        optimizer = torch.optim.SGD(model.parameters(), lr=2)
        losses = []
        for _ in range(epochs):
            loss = F.cross_entropy(model(x), y, ignore_index=255)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses), model(x).argmax(dim=1)


def _fitted(loss_of, decide, x, y, epochs, lr=2):
    """Return the loss of each epoch and a prediction, with a loss and a decision of one's own."""
    model, losses = nn.Conv2d(2, 3, kernel_size=1), []
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(epochs):
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), decide(model(x))


def _right(z, y):
    return F.cross_entropy(z, y, ignore_index=255)


def _flat(z, y):
    return F.cross_entropy(z.reshape(-1, 3), y.reshape(-1), ignore_index=255)


PROOF = """
>>> torch.tensor(3.0).log()
tensor(1.0986)
"""


class ColumnByColumn(Wrong):
    """`transpose(1, 3)` puts the classes last, and swaps height and width: shape (N, W, H, C). Your rows are pixels
    now, in another order than those of `y`. `permute(0, 2, 3, 1)` keeps the order."""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        def turned(z):
            return z.transpose(1, 3)

        return _fitted(
            lambda z, y: _flat(turned(z), y),
            lambda z: turned(z).argmax(dim=-1).reshape(y.shape),
            x,
            y,
            epochs,
        )


class PicturesInTheRows(Wrong):
    """`view(3, -1)` cuts all of memory into three parts, one for each class. That is right for one picture; of two, the
    first part also holds numbers of the first picture's class 1. Move the classes before you flatten: `permute(0, 2, 3,
    1)`."""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        def rows(z):
            return z.reshape(3, -1).T

        return _fitted(
            lambda z, y: _flat(rows(z), y),
            lambda z: rows(z).argmax(dim=1).view(y.shape),
            x,
            y,
            epochs,
        )


class ClassesLastAndKept(Wrong):
    """Classes last is the order for rows of pixels. Where `F.cross_entropy` gets four dimensions, it looks for the
    classes in the second: flatten what you permuted, or leave the logits as they are."""

    read = "reference/shapes.md#semantic-segmentation-n-c-h-w-and-a-long-mask"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: _right(z.permute(0, 2, 3, 1), y),
            lambda z: z.argmax(dim=1),
            x,
            y,
            epochs,
        )


class PredictionsMixed(Wrong):
    """The loss is right now, and the predictions are not: they still come from rows of `view`, each with numbers of
    several pixels. Of logits of shape (N, C, H, W), the classes are `argmax(dim=1)`."""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        return _fitted(
            _right,
            lambda z: z.reshape(-1, 3).argmax(dim=1).view(y.shape),
            x,
            y,
            epochs,
        )


class ArgmaxOfTheWidth(Wrong):
    """`argmax(dim=-1)` looks along the width, and returns for each class and row the column with the largest logit. The
    classes lie along `dim=1`."""

    read = "reference/shapes.md#semantic-segmentation-n-c-h-w-and-a-long-mask"

    def train(x, y, epochs=10):
        return _fitted(_right, lambda z: z.argmax(dim=-1), x, y, epochs)


class VoidInTheMean(Wrong):
    """A void pixel costs 0 and still counts in your mean, which makes the loss too small. Divide by the labeled pixels,
    as `F.cross_entropy` does with `ignore_index=255`."""

    read = "work/segmentation.md#void-pixels-marked-255-ignore_index"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: F.cross_entropy(
                z, y, ignore_index=255, reduction="none"
            ).mean(),
            lambda z: z.argmax(dim=1),
            x,
            y,
            epochs,
        )


class VoidAsAClass(Wrong):
    """You made class 0 of the void pixels, and the model learns class 0 where nobody said so. Leave them out with
    `ignore_index=255`."""

    read = "work/segmentation.md#check-yourself"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: _right(z, y % 255),
            lambda z: z.argmax(dim=1),
            x,
            y,
            epochs,
        )


class VoidAsTheLastClass(Wrong):
    """You made class 2 of the void pixels, and the model learns class 2 where nobody said so. Leave them out with
    `ignore_index=255`."""

    read = "work/segmentation.md#check-yourself"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: _right(z, y.clamp(max=2)),
            lambda z: z.argmax(dim=1),
            x,
            y,
            epochs,
        )


class SoftmaxBeforeTheLoss(Wrong):
    """The pixels are in order now, and a softmax stands before the loss. `F.cross_entropy` has one inside: give it the
    logits."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: _right(z.softmax(dim=1), y),
            lambda z: z.argmax(dim=1),
            x,
            y,
            epochs,
        )


class PicturesAndClassesSwapped(Wrong):
    """`transpose(0, 1)` swaps pictures and classes, and the pixels still lie side by side in memory: a row of three
    holds three pixels of one class. The classes have to come last, `permute(0, 2, 3, 1)`."""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        return _fitted(
            lambda z, y: _flat(z.transpose(0, 1), y),
            lambda z: (
                z.transpose(0, 1).reshape(-1, 3).argmax(dim=1).view(y.shape)
            ),
            x,
            y,
            epochs,
        )


class LowerRate(Wrong):
    """A lower learning rate does not help, and the optimizer was to stay as it is. The rows of three are still cut from
    memory, and hold several pixels: look at what the loss gets."""

    read = "work/segmentation.md#segmentation-loss-does-not-decrease-n-c-h-w-flattened-with-view-1-c-not-permute"

    def train(x, y, epochs=10):
        return _fitted(
            _flat,
            lambda z: z.reshape(-1, 3).argmax(dim=1).view(y.shape),
            x,
            y,
            epochs,
            lr=0.1,
        )
