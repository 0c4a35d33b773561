"""What an answer costs against the probability that it gave to the target: minus the log."""

import torch
from style import GRAY, RED, TEAL, plt

# An answer, the probability that it gave to the target, and where the words about it stand.
ANSWERS = [
    ("sure and right", 0.99, (1.0, 1.0), "right"),
    ("a coin", 0.5, (0.42, 2.1), "left"),
    ("sure and wrong", 0.01, (0.06, 4.25), "left"),
]


def draw():
    figure, axes = plt.subplots(figsize=(4.8, 3.4))
    p = torch.linspace(0.005, 1, 200, dtype=torch.float64)
    axes.plot(p, -p.log(), color=GRAY)
    for name, at, words, side in ANSWERS:
        cost = -torch.tensor(at, dtype=torch.float64).log().item()
        color = TEAL if at >= 0.5 else RED
        axes.plot([at], [cost], "o", color=color, markersize=8, clip_on=False, label=name)
        axes.text(*words, f"{name}\np = {at}, cost {cost:.4f}", color=color, ha=side)
        if words[1] > cost:
            axes.plot([at, at], [cost, words[1] - 0.1], color=color, linewidth=0.8)
    axes.set(xlabel="p, the probability of the target", ylabel="-log p (nats)", xlim=(0, 1), ylim=(0, 5.4))
    return figure
