"""The state from which the interactive figure starts: two distributions, and their cross-entropy in two parts."""

import torch
from style import GRAY, RED, TEAL, plt


def cross(p, q):
    return -torch.xlogy(p, q).sum().item()


def draw():
    p, q = torch.tensor([0.7, 0.2, 0.1]), torch.tensor([0.5, 0.3, 0.2])
    entropy, total = cross(p, p), cross(p, q)
    kl, reverse = total - entropy, cross(q, p) - cross(q, q)
    figure, (above, below) = plt.subplots(2, figsize=(6.4, 4.6), layout="constrained")
    for distribution, shift, color, label in (
        (p, -0.2, TEAL, "p, what happens"),
        (q, 0.2, GRAY, "q, what the model says"),
    ):
        places = [j + shift for j in range(3)]
        above.barh(places, distribution.tolist(), height=0.34, color=color, label=label)
        for place, value in zip(places, distribution.tolist(), strict=True):
            above.text(value + 0.01, place, f"{value:.4f}", va="center", fontsize=9)
    above.set(yticks=range(3), yticklabels=["sunny", "rainy", "snowy"], xlim=(0, 1), xlabel="probability")
    above.legend(loc="lower right")
    below.barh([0, 2], [entropy, entropy], height=0.6, color=TEAL)
    below.barh([1, 2], [kl, kl], left=entropy, height=0.6, color=RED)
    below.barh([3], [reverse], left=entropy, height=0.6, color=RED, alpha=0.55)
    for place, end, value in (
        (0, entropy, entropy),
        (1, total, kl),
        (2, total, total),
        (3, entropy + reverse, reverse),
    ):
        below.text(end + 0.02, place, f"{value:.4f}", va="center", fontsize=9)
    names = ["H(p)", "+ KL(p ‖ q)", "= H(p, q)", "KL(q ‖ p)"]
    below.set(yticks=range(4), yticklabels=names, xlim=(0, 2), xticks=[0, 1, 2], xlabel="nats")
    for axes in (above, below):
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
    return figure
