"""Softmax regression as a network: four inputs, three logits, three probabilities that sum to 1."""

from style import TEAL, plt


def draw():
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    inputs = [(0, y) for y in (3, 2, 1, 0)]
    logits = [(3, y) for y in (2.7, 1.5, 0.3)]
    for d, (x, y) in enumerate(inputs, 1):
        axes.text(x, y, f"$x_{d}$", ha="center", va="center", fontsize=14)
        for to in logits:
            axes.plot((x + 0.3, to[0] - 0.35), (y, to[1]), color="black", linewidth=0.7)
    axes.add_patch(plt.Rectangle((4.3, 0), 1.7, 3, fill=False, color=TEAL, linewidth=2))
    axes.text(5.15, 1.5, "softmax", ha="center", va="center", fontsize=13)
    for j, (x, y) in enumerate(logits, 1):
        axes.add_patch(plt.Circle((x, y), 0.35, fill=False, color=TEAL, linewidth=2))
        axes.text(x, y, f"$z_{j}$", ha="center", va="center", fontsize=13)
        axes.annotate("", (4.25, y), (x + 0.4, y), arrowprops={"arrowstyle": "->"})
        axes.annotate("", (6.9, y), (6.05, y), arrowprops={"arrowstyle": "->"})
        axes.text(7.05, y, f"$p_{j}$", va="center", fontsize=13)
    axes.set(xlim=(-0.4, 7.7), ylim=(-0.3, 3.3), aspect="equal")
    axes.axis("off")
    return figure
