"""The state from which the interactive figure starts: three logits, their probabilities, and the gradient."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    z = torch.tensor([[2.0, 1.0, 0.1]], requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor([0]))
    loss.backward()
    p, slopes = torch.softmax(z.detach(), dim=1)[0].tolist(), z.grad[0].tolist()
    figure, axes = plt.subplots(figsize=(6.4, 2.6))
    axes.barh([j - 0.18 for j in range(3)], p, height=0.32, color=TEAL, label="probability")
    axes.barh([j + 0.18 for j in range(3)], slopes, height=0.32, color=RED, label="gradient")
    for j in range(3):
        axes.text(p[j] + 0.02, j - 0.18, f"{p[j]:.4f}", va="center", fontsize=9)
        shift, side = (0.02, "left") if slopes[j] > 0 else (-0.02, "right")
        axes.text(slopes[j] + shift, j + 0.18, f"{slopes[j]:.4f}", va="center", ha=side, fontsize=9)
    axes.axvline(0, color=GRAY, linewidth=1)
    axes.set(yticks=range(3), yticklabels=[f"class {j}, logit {z[0, j]:.1f}" for j in range(3)], xlim=(-0.6, 1))
    axes.set_title(f"target: class 0, loss {loss:.4f}", fontsize=11)
    axes.invert_yaxis()
    axes.legend(loc="lower right")
    return figure
