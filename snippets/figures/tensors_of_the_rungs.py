"""The tensors on the way from logits to the loss, with their numbers; what counts for the loss is lit."""

import torch
import torch.nn.functional as F
from style import GRAY, TEAL, plt

# A cell of a table; and where the tables on the right, and those below, begin.
WIDE, HIGH = 0.62, 0.32
RIGHT, BELOW = 2.84, 2.75


def draw():
    generator = torch.Generator().manual_seed(1)
    z = torch.rand(5, 3, generator=generator).double()
    y = torch.randint(0, 3, size=(5,), generator=generator)
    target = F.one_hot(y, num_classes=3).bool()
    log_p = F.log_softmax(z, dim=1)
    costs = F.nll_loss(log_p, y, reduction="none")
    figure, axes = plt.subplots(figsize=(4.8, 5))
    figure.subplots_adjust(0, 0, 1, 1)
    # Of the logits all count: each is in the sum of its row.
    table(axes, (0, 0), "logits z", z, 0.08 + 0.22 * target)
    table(axes, (RIGHT, 0), "p", torch.softmax(z, dim=1), 0.3 * target)
    table(axes, (RIGHT, BELOW), "log p", log_p, 0.3 * target)
    table(axes, (WIDE, BELOW), "costs", costs[:, None], torch.full((5, 1), 0.3))
    arrow(axes, (3 * WIDE, 1.1), (RIGHT, 1.1), "softmax")
    arrow(axes, (RIGHT + 1.5 * WIDE, 0.3 + 5 * HIGH), (RIGHT + 1.5 * WIDE, BELOW), "log", (0.2, 0.1))
    arrow(axes, (RIGHT, BELOW + 1.1), (2 * WIDE, BELOW + 1.1), "pick,\nflip the sign")
    arrow(axes, (1.5 * WIDE, BELOW + 0.3 + 5 * HIGH), (1.5 * WIDE, BELOW + 2.5), "mean", (0.3, 0.1))
    axes.text(1.5 * WIDE, BELOW + 2.65, f"{costs.mean():.4f}", ha="center", va="center", color=TEAL, fontweight="bold")
    axes.set(xlim=(-0.05, RIGHT + 3 * WIDE + 0.05), ylim=(BELOW + 2.85, -0.1))
    axes.axis("off")
    return figure


def table(axes, corner, name, values, light):
    (left, top), (rows, columns) = corner, values.shape
    axes.text(left + columns * WIDE / 2, top + 0.1, name, ha="center", va="center", color=TEAL, fontweight="bold")
    for i in range(rows):
        for j in range(columns):
            x, y, alpha = left + j * WIDE, top + 0.3 + i * HIGH, light[i, j].item()
            axes.add_patch(plt.Rectangle((x, y), WIDE, HIGH, facecolor=TEAL, alpha=alpha, linewidth=0))
            axes.add_patch(plt.Rectangle((x, y), WIDE, HIGH, fill=False, edgecolor=GRAY, linewidth=0.6))
            words, color = f"{values[i, j]:.4f}", "black" if alpha else GRAY
            axes.text(x + WIDE / 2, y + HIGH / 2, words, ha="center", va="center", fontsize=10, color=color)


def arrow(axes, start, end, words, shift=(0, -0.08)):
    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": GRAY, "shrinkA": 4, "shrinkB": 4})
    x, y = ((a + b) / 2 + c for a, b, c in zip(start, end, shift, strict=True))
    axes.text(x, y, words, ha="center", va="bottom", fontsize=10)
