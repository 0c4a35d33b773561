"""Log-sum-exp of the logits z and 0 between its bounds, their maximum and log 2 above it."""

import torch
from style import GRAY, TEAL, plt


def draw():
    z = torch.linspace(-4, 4, 161)
    largest = torch.clamp(z, min=0)
    figure, axes = plt.subplots(figsize=(4.8, 3.4))
    axes.plot(
        z, torch.logsumexp(torch.stack([z, torch.zeros_like(z)]), dim=0), color=TEAL, label="log-sum-exp of z and 0"
    )
    axes.plot(z, largest, color=GRAY, linestyle="--", linewidth=1.2, label="largest of z and 0")
    axes.plot(z, largest + torch.log(torch.tensor(2.0)), color=GRAY, linestyle=":", label="largest + log 2")
    axes.set(xlabel="z")
    axes.legend(loc="upper left")
    return figure
