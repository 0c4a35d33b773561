"""Loss and gradient of a no against the logit, in float32, from the probability and from the logit."""

import torch
import torch.nn.functional as F
from style import RED, TEAL, plt


def draw():
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.8))
    no = torch.zeros(241)
    for name, color, width, loss_of in (
        ("BCELoss(sigmoid(z))", RED, 4, lambda z: F.binary_cross_entropy(torch.sigmoid(z), no, reduction="none")),
        ("BCEWithLogitsLoss(z)", TEAL, 1.5, lambda z: F.binary_cross_entropy_with_logits(z, no, reduction="none")),
    ):
        z = torch.linspace(-60, 60, 241, requires_grad=True)
        loss = loss_of(z)
        loss.sum().backward()
        at = z.tolist().index(17.0)
        for axes, values in ((left, loss.tolist()), (right, z.grad.tolist())):
            axes.plot(z.tolist(), values, color=color, linewidth=width, alpha=0.7 if width > 2 else 1, label=name)
            axes.plot(17, values[at], "o", color=color)
    left.set(xlabel="logit", title="loss of a no")
    right.set(xlabel="logit", title="gradient")
    left.legend(fontsize=8)
    figure.tight_layout()
    return figure
