"""How often five models are right against how sure they are, before and after temperature scaling."""

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from style import GRAY, RED, TEAL, plt
from torch import nn


def points():
    """Return for each range of confidence its mean, the share of right answers and the count: before, and after."""
    pixels, digit = map(torch.tensor, load_digits(return_X_y=True))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        splits = [torch.randperm(len(digit)).split([200, 400, 1197]) for _ in range(5)]
        before, after = zip(*(of_split(pixels / 16, digit, *split) for split in splits), strict=True)
    return in_bins(before), in_bins(after)


def of_split(x, y, seen, held, unseen):
    model = nn.Linear(64, 10).double()
    descend(torch.optim.Adam(model.parameters(), lr=1.0), lambda: F.cross_entropy(model(x[seen]), y[seen]))
    z, z_held = model(x[unseen]).detach(), model(x[held]).detach()
    log_t = torch.zeros((), dtype=torch.float64, requires_grad=True)
    descend(torch.optim.Rprop([log_t], lr=0.1), lambda: F.cross_entropy(z_held / log_t.exp(), y[held]))
    return judged(z, y[unseen]), judged(z / log_t.exp().detach(), y[unseen])


def descend(optimizer, loss_of):
    for _ in range(200):
        optimizer.zero_grad()
        loss_of().backward()
        optimizer.step()


def judged(z, y):
    sure, predicted = torch.softmax(z, dim=1).max(dim=1)
    return torch.stack([sure, (predicted == y).double()])


def in_bins(of_each):
    sure, right = torch.cat(of_each, dim=1)
    bins = (10 * sure).long().clamp(max=9)
    return [
        (sure[here].mean().item(), right[here].mean().item(), int(here.sum()))
        for here in (bins == b for b in bins.unique())
    ]


def draw():
    figure, axes = plt.subplots(figsize=(4.6, 4.2))
    axes.plot([0, 1], [0, 1], color=GRAY, linewidth=1, linestyle="--")
    for found, color, label in zip(points(), (RED, TEAL), ("as trained", "divided by T"), strict=True):
        sure, right, count = zip(*found, strict=True)
        axes.plot(sure, right, color=color, linewidth=1)
        axes.scatter(sure, right, s=[6 + 2.5 * n**0.5 for n in count], color=color, zorder=3, label=label)
    axes.set(xlabel="how sure, mean of the range", ylabel="how often right", xlim=(0, 1.03), ylim=(-0.03, 1.03))
    axes.legend(loc="upper left")
    return figure
