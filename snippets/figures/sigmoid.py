"""The sigmoid curve with the six students of the exam data, before training."""

import torch
from exam_data import PASSED, SCORES, untrained
from style import GRAY, RED, TEAL, plt


def draw():
    figure, axes = plt.subplots(figsize=(4.8, 3.4))
    z = torch.linspace(-8, 8, 161)
    axes.plot(z, torch.sigmoid(z), color=GRAY)
    axes.axhline(0.5, color=GRAY, linewidth=0.8, linestyle=":")
    logits = untrained()(SCORES).detach().flatten()
    for passed, color, marker, label in ((1, TEAL, "o", "passed"), (0, RED, "x", "failed")):
        of_kind = logits[PASSED.flatten() == passed]
        axes.scatter(of_kind, torch.sigmoid(of_kind), color=color, marker=marker, zorder=3, label=label)
    axes.set(xticks=range(-8, 9, 4), xlabel="logit z", ylabel="probability of a pass")
    axes.legend(loc="upper left")
    return figure
