"""Squared error and binary cross-entropy of a student who passed, over the logit, and the slope of each."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    figure, (above, below) = plt.subplots(2, sharex=True, figsize=(4.8, 5), layout="constrained")
    below.axhline(0, color=GRAY, linewidth=0.8)
    for name, loss_of, color, up in (
        ("BCE", F.binary_cross_entropy, TEAL, 8),
        ("squared error", F.mse_loss, RED, -18),
    ):
        z = torch.linspace(-8, 4, 121, dtype=torch.float64, requires_grad=True)
        losses = loss_of(torch.sigmoid(z), torch.ones_like(z), reduction="none")
        (slopes,) = torch.autograd.grad(losses.sum(), z)
        for axes, values in ((above, losses.tolist()), (below, slopes.tolist())):
            axes.plot(z.tolist(), values, color=color, label=name)
            axes.plot(z[0].item(), values[0], "o", color=color)
        at = (z[0].item(), slopes[0].item())
        below.annotate(f"{at[1]:.5f}", at, (-4, up), textcoords="offset points", color=color)
    above.set(ylabel="loss", ylim=(0, 8.5))
    above.legend(loc="upper right")
    below.set(ylabel="slope of the loss", xlabel="wrong  ←  logit of a student who passed  →  right")
    return figure
