"""The areas of three classes while softmax regression trains on two of the four features of eight samples."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt
from torch import nn
from training_runs import X, Y

EPOCHS = (0, 10, 100, 1000)
LOOK = ((RED, "x"), (GRAY, "s"), (TEAL, "o"))
LAST_TWO = X[:, 2:]


def models():
    """Return for each of the epochs the model that is trained on standardized features, for features as they are."""
    mean, std = LAST_TWO.mean(dim=0), LAST_TWO.std(dim=0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Linear(2, 3, dtype=torch.float64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = {}
    for epoch in range(EPOCHS[-1] + 1):
        if epoch in EPOCHS:
            weight = model.weight.detach() / std
            seen[epoch] = weight, model.bias.detach() - weight @ mean
        optimizer.zero_grad()
        F.cross_entropy(model((LAST_TWO - mean) / std), Y).backward()
        optimizer.step()
    return seen


def draw():
    across = torch.linspace(0, 8, 41, dtype=torch.float64)
    points = torch.stack(torch.meshgrid(across, across, indexing="xy"), dim=-1)
    figure, panels = plt.subplots(2, 2, figsize=(4.8, 5), sharex=True, sharey=True, layout="constrained")
    for axes, (epoch, model) in zip(panels.flat, models().items(), strict=True):
        z = F.linear(points, *model)
        for j, (color, marker) in enumerate(LOOK):
            lead = z[..., j] - z[..., [k for k in range(3) if k != j]].amax(dim=-1)
            axes.contourf(across, across, lead, levels=[0, lead.abs().max() + 1], colors=[color], alpha=0.25)
            axes.plot(*LAST_TWO[j == Y].T, marker, color=color, linestyle="none", label=f"class {j}")
        right = (F.linear(LAST_TWO, *model).argmax(dim=1) == Y).sum()
        axes.set_title(f"epoch {epoch:,}: {right} of 8", fontsize=11)
        axes.set(xticks=[0, 4, 8], yticks=[0, 4, 8])
    figure.supxlabel("third feature", fontsize=11)
    figure.supylabel("fourth feature", fontsize=11)
    panels[1, 1].legend(loc="lower right", fontsize=10, handlelength=1)
    return figure
