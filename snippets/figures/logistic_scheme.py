"""Logistic regression as a network: three inputs, one weighted sum, one sigmoid."""

from style import TEAL, plt


def draw():
    figure, axes = plt.subplots(figsize=(6.4, 2.6))
    for d, y in enumerate((2, 1, 0), 1):
        axes.text(0, y, f"$x_{d}$", ha="center", va="center", fontsize=14)
        axes.annotate("", (2.55, 1 + 0.25 * (y - 1)), (0.25, y), arrowprops={"arrowstyle": "->"})
        axes.text(1.15, 1 + 0.62 * (y - 1) + 0.14, f"$w_{d}$", ha="center", fontsize=12)
    for x, label in ((3, r"$\Sigma + b$"), (5.4, r"$\sigma$")):
        axes.add_patch(plt.Circle((x, 1), 0.45, fill=False, color=TEAL, linewidth=2))
        axes.text(x, 1, label, ha="center", va="center", fontsize=13)
    for start, end, label in ((3.5, 4.9, "$z$"), (5.9, 7.1, "$p$")):
        axes.annotate("", (end, 1), (start, 1), arrowprops={"arrowstyle": "->"})
        axes.text((start + end) / 2, 1.12, label, ha="center", fontsize=13)
    axes.text(7.3, 1, "0 < p < 1", va="center", fontsize=12)
    axes.set(xlim=(-0.4, 8.6), ylim=(-0.4, 2.4), aspect="equal")
    axes.axis("off")
    return figure
