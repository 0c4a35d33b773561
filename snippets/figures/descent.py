"""The loss of a model with one weight and one bias, and the path of gradient descent across it."""

import torch
import torch.nn.functional as F
from exam_data import PASSED, SCORES
from style import RED, plt


def draw():
    x = SCORES.mean(dim=1) - SCORES.mean()
    w, b = torch.meshgrid(*(torch.linspace(low, low + 6, 121, dtype=torch.float64) for low in (-2, -3)), indexing="ij")
    z = w[..., None] * x + b[..., None]
    loss = F.binary_cross_entropy_with_logits(z, PASSED.flatten().expand_as(z), reduction="none").mean(dim=-1)
    parameters = torch.tensor([-1.5, 2.0], dtype=torch.float64, requires_grad=True)
    path = []
    for _ in range(101):
        path.append(parameters.detach().clone())
        F.binary_cross_entropy_with_logits(parameters[0] * x + parameters[1], PASSED.flatten()).backward()
        with torch.no_grad():
            parameters -= 0.5 * parameters.grad
            parameters.grad = None
    figure, axes = plt.subplots(figsize=(4.8, 4.2))
    lines = axes.contour(w, b, loss, levels=[0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.4], colors="black", linewidths=0.8)
    axes.clabel(lines, fontsize=10)
    axes.plot(*torch.stack(path).T, ".-", color=RED, markersize=6, linewidth=1)
    axes.set(xlabel="weight", ylabel="bias")
    return figure
