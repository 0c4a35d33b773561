"""The state from which the interactive figure starts: three logits in float64, as they are and shifted."""

import torch
from style import GRAY, RED, TEAL, plt


def draw():
    high = torch.tensor([600.0, 700.0, 800.0], dtype=torch.float64)
    top = torch.log(torch.tensor(torch.finfo(torch.float64).max, dtype=torch.float64)).item()
    bottom = torch.log(torch.tensor(5e-324, dtype=torch.float64)).item()
    figure, axes = plt.subplots(figsize=(6.4, 2.4))
    for row, z in enumerate([high, high - high.max()]):
        axes.barh(row, top - bottom, left=bottom, height=0.36, color=TEAL, alpha=0.18)
        powers = torch.exp(z)
        log_p = torch.log(powers / powers.sum())
        for at, power, value in zip(z.tolist(), powers.tolist(), log_p.tolist(), strict=True):
            axes.plot([at], [row], "o", color=TEAL if 0 < power < float("inf") else RED, markersize=7)
            color = RED if value != value or abs(value) == float("inf") else GRAY
            axes.text(at, row - 0.3, f"{value:.0f}", ha="center", color=color, fontsize=8)
    axes.set(yticks=[0, 1], yticklabels=["naive", "shifted"], xlim=(-900, 900), xlabel="into the exponential")
    axes.text((bottom + top) / 2, 0, "exp is a number", ha="center", va="center", color=TEAL, fontsize=9)
    axes.text(top + 20, 1, "inf", va="center", color=RED, fontsize=9)
    axes.text(bottom - 20, 1, "0", va="center", ha="right", color=RED, fontsize=9)
    axes.set_title("float64: three logits, and the log-probability above each", fontsize=11)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(1.5, -0.5)
    return figure
