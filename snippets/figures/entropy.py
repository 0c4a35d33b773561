"""Cross-entropy of a coin that shows heads seven times in ten, scored by every other coin."""

import torch
from style import GRAY, RED, TEAL, plt
from torch.distributions import Bernoulli


def draw():
    figure, axes = plt.subplots(figsize=(4.8, 3.4))
    p, q = torch.tensor(0.7), torch.linspace(0.02, 0.98, 193)
    cross_entropy = -(p * q.log() + (1 - p) * (1 - q).log())
    floor = Bernoulli(p).entropy()
    axes.plot(q, cross_entropy, color=TEAL, label="cross-entropy H(p, q)")
    axes.axhline(floor, color=GRAY, linestyle="--", linewidth=1.2, label="entropy H(p)")
    axes.fill_between(q, floor, cross_entropy, color=RED, alpha=0.15, linewidth=0, label="KL(p || q)")
    axes.plot(p, floor, "o", color=TEAL)
    axes.set(xlabel="q, the model's probability of heads", ylabel="nats", ylim=(0, 3))
    axes.legend(loc="upper center")
    return figure
