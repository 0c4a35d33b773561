"""Softmax in three rows of bars: the logits of two pictures, their powers, and their probabilities."""

import torch
from style import GRAY, TEAL, plt


def draw():
    z = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 3.0]], dtype=torch.float64)
    powers = torch.exp(z)
    stages = [("logit z", z, "{:.0f}"), ("power $e^z$", powers, "{:.4f}"), ("p", torch.softmax(z, dim=1), "{:.4f}")]
    figure, table = plt.subplots(3, 2, sharex=True, sharey="row", figsize=(4.8, 4.8), layout="constrained")
    for row, (name, values, written) in zip(table, stages, strict=True):
        row[0].set(ylabel=name, yticks=[], ylim=(0, 1.25 * values.max().item()))
        for axes, of_picture in zip(row, values.tolist(), strict=True):
            bars = axes.bar(["cat", "dog", "parrot"], of_picture, color=[TEAL, GRAY, GRAY], width=0.7)
            axes.bar_label(bars, fmt=written, padding=2, fontsize=10)
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="x", length=0)
    for n, (top, middle, total) in enumerate(zip(table[0], table[1], powers.sum(dim=1), strict=True), 1):
        top.set_title(f"picture {n}", fontsize=11)
        middle.text(-0.35, 17, f"sum {total:.4f}", fontsize=10)
    return figure
