"""The likelihood of a coin that shows heads in seven of ten tosses, for ten tosses, a hundred, and a thousand."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    figure, axes = plt.subplots(figsize=(4.8, 3.4))
    p = torch.linspace(0.005, 0.995, 199, dtype=torch.float64)
    share = torch.tensor(0.7, dtype=torch.float64)
    for tosses, color in ((10, GRAY), (100, TEAL), (1000, RED)):
        # The log of the likelihood, because the product of a thousand factors is too small for any number type.
        logs = -tosses * F.binary_cross_entropy(p, share.expand_as(p), reduction="none")
        likelihood = (logs - logs.max()).exp()
        axes.fill_between(p, likelihood, color=color, alpha=0.12, linewidth=0)
        axes.plot(p, likelihood, color=color, label=f"{tosses:,} tosses")
    axes.set(xlabel="p, the probability of heads", ylabel="likelihood (1 is its largest)", xlim=(0, 1), ylim=(0, 1.05))
    axes.set_yticks([0, 0.5, 1])
    axes.legend(loc="upper left")
    return figure
