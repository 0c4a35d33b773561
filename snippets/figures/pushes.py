"""How far each of six students lies from the target, which is how hard the loss pushes the logit."""

import torch
from exam_data import PASSED, SCORES, untrained
from style import GRAY, RED, TEAL, plt


def draw():
    with torch.no_grad():
        p = torch.sigmoid(untrained()(SCORES)).flatten().tolist()
    figure, axes = plt.subplots(figsize=(4.8, 3))
    for row, (at, target) in enumerate(zip(p, PASSED.flatten().tolist(), strict=True), 1):
        push = target - at
        color = TEAL if push > 0 else RED
        arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (target, row), (at, row), arrowprops=arrow)
        axes.plot([at], [row], "o", color=GRAY, markersize=6)
        # Beside a short arrow, above a long one.
        place, ha = ((0.5, row - 0.2), "center") if push > 0 else ((at + 0.05, row + 0.15), "left")
        axes.text(*place, f"{push:+.4f}", color=color, ha=ha)
    axes.set(xlabel="probability of a pass", xticks=[0, 0.5, 1], xlim=(-0.03, 1.03), ylim=(6.6, 0.4))
    axes.set(yticks=range(1, 7), ylabel="student")
    return figure
