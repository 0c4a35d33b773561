"""Entropy and cross-entropy of ten days as areas: of boxes as high as a probability, and as wide as a surprise."""

import torch
from style import GRAY, RED, TEAL, plt


def draw():
    p = torch.tensor([0.7, 0.2, 0.1], dtype=torch.float64)
    q = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
    figure, (own, other) = plt.subplots(2, sharex=True, figsize=(4.8, 5.6), layout="constrained")
    entropy, cross_entropy = (-(p * widths.log()).sum().item() for widths in (p, q))
    bottom = 1.0
    for height, short, given in zip(p.tolist(), (-p.log()).tolist(), (-q.log()).tolist(), strict=True):
        bottom -= height
        box(own, bottom, 0, short, height, facecolor=TEAL, alpha=0.45)
        box(other, bottom, 0, min(short, given), height, facecolor=TEAL, alpha=0.45)
        if given > short:
            box(other, bottom, short, given, height, facecolor=RED, alpha=0.6)
        else:
            box(other, bottom, given, short, height, fill=False, edgecolor=GRAY, linestyle="--")
        for axes, width in ((own, short), (other, given)):
            words = f"{height:.1f} · {width:.4f} = {height * width:.4f}"
            axes.text(max(short, given) + 0.04, bottom + height / 2, words, va="center", fontsize=10)
    own.set_title(f"H(p) = {entropy:.4f}", fontsize=11)
    other.set_title(f"H(p, q) = {cross_entropy:.4f}, more by KL = {cross_entropy - entropy:.4f}", fontsize=11)
    other.set_xlabel("surprise (nats)")
    for axes in (own, other):
        axes.set(
            xlim=(0, 3.9),
            ylim=(0, 1),
            xticks=[0, 1, 2],
            yticks=[0.65, 0.2, 0.05],
            yticklabels=["sunny", "rainy", "snowy"],
        )
        axes.tick_params(axis="y", length=0)
    return figure


def box(axes, bottom, left, right, height, **look):
    axes.add_patch(plt.Rectangle((left, bottom), right - left, height, **look))
