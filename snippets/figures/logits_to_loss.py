"""The state from which the interactive figure starts: three logits, their probabilities, and the pushes."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    z = torch.tensor([[2.0, 1.0, 0.1]], requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor([0]))
    loss.backward()
    p, slopes = torch.softmax(z.detach(), dim=1)[0].tolist(), z.grad[0].tolist()
    figure, axes = plt.subplots(figsize=(6.4, 2.6))
    axes.barh([j - 0.18 for j in range(3)], p, height=0.32, color=TEAL)
    for j in range(3):
        axes.text(p[j] + 0.02, j - 0.18, f"{p[j]:.4f}", va="center", fontsize=9)
        push = -slopes[j]
        color = TEAL if push > 0 else RED
        arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (push, j + 0.2), (0, j + 0.2), arrowprops=arrow)
        shift, side = (0.02, "left") if push > 0 else (-0.02, "right")
        axes.text(push + shift, j + 0.2, f"push {push:+.4f}", va="center", ha=side, fontsize=9, color=color)
    axes.axvline(0, color=GRAY, linewidth=1)
    axes.set(yticks=range(3), yticklabels=[f"class {j}, logit {z[0, j]:.1f}" for j in range(3)])
    axes.set(xlim=(-0.6, 1), xlabel="probability, and push on the logit")
    axes.set_title(f"target: class 0, loss {loss:.4f}", fontsize=11)
    axes.set_ylim(2.5, -0.45)
    return figure
