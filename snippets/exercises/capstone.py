"""
---
title: "Capstone: train, calibrate, report"
description: Train a classifier of handwritten digits in PyTorch, calibrate it, and report it, graded on several splits.
trains: most of the path at once, from pixels to probabilities that mean what they say
minutes: 60
needs: [practice/training.md, labs/digits.py, work/calibration.md, work/nan.md]
packages: {scikit-learn: sklearn}
---

# Capstone: train, calibrate, report

Two functions, and how you write them is up to you; begin with the second. `predict` gets 200 pictures of digits with
their targets to train on, 300 held-out ones with theirs to calibrate with, and new pictures without targets. It returns
a probability for each new picture and each of the ten digits. A picture is a row of 64 pixels from 0 to 16, as
scikit-learn has them.

`report(p, y)` judges probabilities by targets: a tuple of the accuracy, the cross-entropy, and the expected calibration
error with ten bins of equal width.

`predict` is graded on three splits of the digits, each with a seed of its own. On each, the accuracy has to be 0.88 or
more, the cross-entropy 0.38 or less, and the mean confidence within 0.05 of the accuracy. New pictures do not influence
each other. And if half of the held-out targets are wrong, `predict` has to become less sure:

``` pycon
>>> seen, held, new = _split(0)
>>> p = predict(x[seen], y[seen], x[held], y[held], x[new])
>>> p.shape
torch.Size([1297, 10])
>>> right = p.argmax(dim=1) == y[new]
>>> right.float().mean() > 0.88
tensor(True)
>>> report(torch.tensor([[0.8, 0.2], [0.3, 0.7]]), torch.tensor([0, 0]))
(tensor(0.5000), tensor(0.7136), tensor(0.4500))
```
"""

import torch
import torch.nn.functional as F
from grader import Amiss, Wrong
from sklearn.datasets import load_digits
from torch import nn

# 1,797 pictures of digits, and which digit each shows.
x, y = map(torch.tensor, load_digits(return_X_y=True))
x = x.float()


class Stub:
    def report(p, y):
        """Return accuracy, cross-entropy and expected calibration error."""
        raise NotImplementedError

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        """Return the probabilities of new pictures.

        The model is trained on some pictures and calibrated on others.
        """
        raise NotImplementedError


HINTS = [
    "Four steps: bring the pixels to a size near 1, train softmax regression on the first set, fit a temperature on "
    "the logits of the second, and return the softmax of the third's logits divided by it.",
    "Divide all pixels by 16. Then 30 full-batch updates of `nn.Linear(64, 10)` by Adam with `lr=0.1` are enough. "
    "First return what you have without a temperature, and see which checks are right.",
    "The temperature and the calibration error are exercises of their own; their solutions fit in here. The "
    "cross-entropy of probabilities is minus the mean log of each target's.",
]


def _split(seed):
    """Return which pictures are for training, which are held out, and which are new."""
    order = torch.randperm(
        len(x), generator=torch.Generator().manual_seed(seed)
    )
    return order.split([200, 300, len(x) - 500])


def _valid(p, pictures):
    """Return probabilities of some pictures, and say what keeps them from being any."""
    if p.shape != (pictures, 10):
        raise Amiss(
            f"asked for shape {(pictures, 10)}, came shape {tuple(p.shape)}",
            "shape",
        )
    p = p.detach()
    if p.isnan().any():
        raise Amiss("there are nan among the probabilities", "nan")
    if p.max() <= 0:
        raise Amiss(
            f"no number is above 0, as with log-probabilities; the lowest is {p.min():.4g}",
            "logs",
        )
    if p.min() < 0 or p.max() > 1.001:
        raise Amiss(
            f"these are no probabilities: they go from {p.min():.4g} to {p.max():.4g}",
            "no probabilities",
        )
    if (p.sum(dim=1) - 1).abs().max() > 1e-3:
        raise Amiss(
            f"each row should sum to 1, and the first sums to {p[0].sum():.4g}",
            "rows",
        )
    return p


def _bounded(mine, seed, half_wrong=False):
    """Return the sums of the rows of probabilities that keep all bounds, and say which bound others break."""
    seen, held, new = _split(seed)
    held_y = y[held]
    if half_wrong:
        held_y = torch.where(
            torch.arange(len(held)) % 2 == 0,
            held_y,
            torch.randint(10, held_y.shape),
        )
    p = mine.predict(x[seen], y[seen], x[held], held_y, x[new])
    p = _valid(p, len(new))
    confidence, predicted = p.max(dim=1)
    sure, right = confidence.mean(), (predicted == y[new]).float().mean()
    loss = -p[torch.arange(len(new)), y[new]].log().mean()
    words = f"accuracy {right:.3f}, cross-entropy {loss:.3f}, mean confidence {sure:.3f}"
    if right < 0.2:
        raise Amiss(f"{words}: this is about chance", "chance")
    if right < (0.8 if half_wrong else 0.88):
        raise Amiss(f"{words}: the accuracy is too low", "accuracy")
    if sure > 0.995:
        raise Amiss(f"{words}: it is certain of all", "certain")
    if half_wrong:
        if sure > 0.7:
            raise Amiss(
                f"{words}: half of the held-out targets say that it cannot be so sure",
                "deaf",
            )
        return p.sum(dim=1)
    if sure > right + 0.05:
        raise Amiss(f"{words}: it is too sure", "too sure")
    if sure < right - 0.05:
        raise Amiss(f"{words}: it is not sure enough", "too unsure")
    if loss > 0.38:
        raise Amiss(f"{words}: the cross-entropy is too high", "loss")
    return p.sum(dim=1)


def _reported(p, y):
    """Return the report, sample by sample."""
    rows, targets = p.double().tolist(), y.tolist()
    right = [
        row.index(max(row)) == target
        for row, target in zip(rows, targets, strict=True)
    ]
    logs = torch.tensor(
        [row[target] for row, target in zip(rows, targets, strict=True)]
    ).log()
    gaps = [0.0] * 10
    for row, is_right in zip(rows, right, strict=True):
        gaps[min(int(10 * max(row)), 9)] += max(row) - is_right
    found = (
        sum(right) / len(right),
        -logs.mean(),
        sum(map(abs, gaps)) / len(right),
    )
    return tuple(torch.as_tensor(number).to(p.dtype) for number in found)


class Checks:
    def report_of_four(mine):
        """The report of four samples"""
        p = torch.tensor(
            [
                [0.9, 0.1, 0.0],
                [0.3, 0.6, 0.1],
                [0.15, 0.25, 0.6],
                [0.3, 0.3, 0.4],
            ]
        )
        y = torch.tensor([0, 1, 1, 2])
        return mine.report(p, y), _reported(p, y)

    def report_of_many(mine):
        """The report of 300 samples in float64"""
        z = torch.randn(300, 10, dtype=torch.float64)
        p, y = (
            torch.softmax(3 * z, dim=1),
            torch.multinomial(torch.softmax(z, dim=1), 1)[:, 0],
        )
        return mine.report(p, y), _reported(p, y)

    def report_of_certain(mine):
        """The report of three samples that are certain, and right"""
        p, y = torch.eye(3), torch.arange(3)
        return mine.report(p, y), _reported(p, y)

    def first_split(mine):
        """The first split: probabilities, accuracy, cross-entropy, confidence"""
        p = _bounded(mine, 0)
        return p, torch.ones(len(p))

    def second_split(mine):
        """The second split"""
        p = _bounded(mine, 1)
        return p, torch.ones(len(p))

    def third_split(mine):
        """The third split"""
        p = _bounded(mine, 2)
        return p, torch.ones(len(p))

    def alone(mine):
        """A new picture gets the same probabilities alone and among others"""
        seen, held, new = _split(0)
        found = []
        for count in (1, 9):
            torch.manual_seed(0)
            found.append(
                _valid(
                    mine.predict(
                        x[seen], y[seen], x[held], y[held], x[new[:count]]
                    ),
                    count,
                )[0]
            )
        if not torch.allclose(*found, atol=1e-4):
            words = f"the digit it takes for {found[1].argmax()} has {found[1].max():.4f} among nine, and alone "
            raise Amiss(f"{words}{found[0][found[1].argmax()]:.4f}", "company")
        return found[0].sum(), torch.tensor(1.0)

    def half_wrong(mine):
        """Half of the held-out targets are drawn at random: the mean confidence has to be 0.7 or less"""
        p = _bounded(mine, 0, half_wrong=True)
        return p, torch.ones(len(p))


class Solution:
    def report(p, y):
        """Return accuracy, cross-entropy and expected calibration error."""
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        loss = -p[torch.arange(len(y)), y].log().mean()
        bins = (10 * confidence).long().clamp(max=9)
        off = torch.bincount(bins, weights=confidence - right)
        return right.mean(), loss, off.abs().sum() / len(y)

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        """Return the probabilities of new pictures.

        The model is trained on some pictures and calibrated on others.
        """
        seen_x, held_x, new_x = (
            pixels / 16 for pixels in (seen_x, held_x, new_x)
        )
        model = nn.Linear(64, 10)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        for _ in range(30):
            loss = F.cross_entropy(model(seen_x), seen_y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        held_z, new_z = model(held_x).detach(), model(new_x).detach()
        log_t = torch.zeros((), requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [log_t], max_iter=50, line_search_fn="strong_wolfe"
        )

        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(held_z / log_t.exp(), held_y)
            loss.backward()
            return loss

        optimizer.step(closure)
        return torch.softmax(new_z / log_t.exp().detach(), dim=1)


UNSEEN = {
    "pixels / 17 for pixels in (seen_x, held_x, new_x)": "the weights grow by as much",
    "optimizer = torch.optim.Adam(model.parameters(), lr=0.2)": "a sound training, too",
    "for _ in range(31):": "a sound training, too",
    "pass  # optimizer.zero_grad()": "in the closure: the line search still ends close to the lowest place",
    '[log_t], max_iter=51, line_search_fn="strong_wolfe"': "LBFGS has arrived before",
}


def _trained(x, y, lr=0.5, epochs=60):
    """Return what makes logits of pictures, after gradient descent with momentum on others, quickly."""
    x, target, w = (
        _with_ones(x),
        F.one_hot(y, 10),
        torch.zeros(x.shape[1] + 1, 10),
    )
    speed = torch.zeros_like(w)
    for _ in range(epochs):
        speed = 0.9 * speed - lr * x.T @ (
            torch.softmax(x @ w, dim=1) - target
        ) / len(x)
        w += speed
    return lambda new: _with_ones(new) @ w


def _with_ones(x):
    return torch.cat([x, x.new_ones(len(x), 1)], dim=1)


def _temperature(z, y):
    """Return the temperature with the lowest cross-entropy, found by halving, between 1 / 150 and 150."""
    low, high, target = -5.0, 5.0, z[torch.arange(len(y)), y].mean()
    for _ in range(20):
        t = torch.tensor((low + high) / 2).exp()
        higher = (torch.softmax(z / t, dim=1) * z).sum(dim=1).mean() > target
        low, high = (t.log().item(), high) if higher else (low, t.log().item())
    return t


class NoTemperature(Wrong):
    """The held-out pictures change no answer: there is no temperature. On the splits a gentle training gets by without
    one, and you would not know whether it does. Fit it on the held-out logits, and divide by it."""

    read = "work/calibration.md#temperature-scaling-fit-t-on-held-out-data"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return torch.softmax(logits(new_x / 16), dim=1)


class TooSure(Wrong):
    """The model is as often right as a good one, and much surer. It was trained long or with large steps, and your
    code has no temperature to undo that. Fit one on the held-out logits."""

    read = "work/calibration.md#model-overconfident-sure-of-everything-wrong-too-often"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y, lr=4.0)
        return torch.softmax(logits(new_x / 16), dim=1)


class FittedOnTheSeen(Wrong):
    """The temperature is fitted on the pictures that the model has learned. It is right about them, so surer is better
    there, and T falls toward 0. Fit it on the held-out ones."""

    read = "work/calibration.md#temperature-below-1-fitted-on-the-training-data"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return torch.softmax(
            logits(new_x / 16) / _temperature(logits(seen_x / 16), seen_y),
            dim=1,
        )


class Multiplied(Wrong):
    """You multiply by the temperature, and the model gets surer where it should get less sure. A T above 1 divides."""

    read = "work/calibration.md#negative-temperature-or-accuracy-changed-by-t"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return torch.softmax(
            logits(new_x / 16) * _temperature(logits(held_x / 16), held_y),
            dim=1,
        )


class ConstantPixels(Wrong):
    """Some pixels are 0 in all pictures, so their standard deviation is 0, and 0 / 0 is nan. Divide by 16, or by the
    deviation plus a small number."""

    read = "work/nan.md#normalizing-a-constant-input-0-divided-by-0"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        mean, deviation = seen_x.mean(dim=0), seen_x.std(dim=0)
        seen_x, held_x, new_x = (
            (part - mean) / deviation for part in (seen_x, held_x, new_x)
        )
        logits = _trained(seen_x, seen_y, epochs=5)
        return torch.softmax(
            logits(new_x) / _temperature(logits(held_x), held_y), dim=1
        )


class ScaledByTheirOwn(Wrong):
    """You scale the new pictures by their own mean and deviation, so what a picture gets depends on who comes with it.
    Keep the mean and the deviation of the training pictures, and use them for all."""

    read = "clinics/silent-bugs.md#test-loss-high-accuracy-fine-test-data-not-scaled-like-training-data"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        def scaled(part):
            deviation = part.std(dim=0, unbiased=False) + 1
            return (part - part.mean(dim=0)) / deviation

        logits = _trained(scaled(seen_x), seen_y, lr=0.1)
        return torch.softmax(
            logits(scaled(new_x))
            / _temperature(logits(scaled(held_x)), held_y),
            dim=1,
        )


class LogitsReturned(Wrong):
    """You return logits. Divided by the temperature they still are; the last step is a softmax over the ten digits."""

    read = "foundations/softmax.md#two-pictures-three-classes"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return logits(new_x / 16) / _temperature(logits(held_x / 16), held_y)


class LogsReturned(Wrong):
    """You return log-probabilities, which are what a loss wants. Probabilities are their exponentials."""

    read = "losses/log-sum-exp.md#log-softmax-without-softmax-softmax-vs-log_softmax"

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return torch.log_softmax(
            logits(new_x / 16) / _temperature(logits(held_x / 16), held_y),
            dim=1,
        )


class AcrossPictures(Wrong):
    """Your softmax runs over the pictures, `dim=0`, and lets them compete for each digit. Each row has to sum to 1:
    `dim=1`."""

    read = (
        "clinics/silent-bugs.md#softmax-rows-do-not-sum-to-1-softmax-over-dim0"
    )

    def predict(seen_x, seen_y, held_x, held_y, new_x):
        logits = _trained(seen_x / 16, seen_y)
        return torch.softmax(
            logits(new_x / 16) / _temperature(logits(held_x / 16), held_y),
            dim=0,
        )


class CrossEntropyOfProbabilities(Wrong):
    """`F.cross_entropy` takes logits, and takes a softmax of the probabilities that you give it. The cross-entropy of
    probabilities is minus the mean log of each target's."""

    read = "losses/four-rungs.md#no-softmax-before-it"

    def report(p, y):
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        bins = (10 * confidence).long().clamp(max=9)
        off = torch.bincount(bins, weights=confidence - right)
        return right.mean(), F.cross_entropy(p, y), off.abs().sum() / len(y)


class NllOfProbabilities(Wrong):
    """`F.nll_loss` takes no log, so of probabilities it returns minus their mean, a negative number. Give it
    `p.log()`."""

    read = "losses/nll.md#the-name-promises-a-log-the-function-takes-none"

    def report(p, y):
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        bins = (10 * confidence).long().clamp(max=9)
        off = torch.bincount(bins, weights=confidence - right)
        return right.mean(), F.nll_loss(p, y), off.abs().sum() / len(y)


class GapOfAll(Wrong):
    """Your calibration error is the gap between mean confidence and accuracy. Too sure in one range and too unsure in
    another cancel out in it: take the gap in each of the ten ranges."""

    read = "work/calibration.md#expected-calibration-error-ece-in-pytorch"

    def report(p, y):
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        loss = -p[torch.arange(len(y)), y].log().mean()
        return right.mean(), loss, (confidence.mean() - right.mean()).abs()


class GapOfEachSample(Wrong):
    """You take the gap between confidence and right or wrong for each sample. First the means of a range, then their
    gap: a sample that is right has a gap too, as long as it is less than certain."""

    read = "work/calibration.md#reliability-diagram"

    def report(p, y):
        confidence, predicted = p.max(dim=1)
        right = (predicted == y).to(p.dtype)
        loss = -p[torch.arange(len(y)), y].log().mean()
        return right.mean(), loss, (confidence - right).abs().mean()


PROOF = """
>>> len(x)
1797
>>> x.shape[1], x.max()
(64, tensor(16.))
>>> [len(part) for part in _split(0)]
[200, 300, 1297]
"""
