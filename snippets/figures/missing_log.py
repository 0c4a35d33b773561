"""What a program prints that forgot the log in front of F.nll_loss, and the true loss of its model."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt
from torch import nn
from training_runs import X, Y, train

UPDATES = 1001


def losses():
    """Return the loss that the program prints and the cross-entropy of its model, before each update and at the end."""

    def see(model):
        z = model(X)
        return [F.nll_loss(torch.softmax(z, dim=1), Y), F.cross_entropy(z, Y).item()]

    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = nn.Linear(4, 3).double()
    return torch.tensor(train(model, UPDATES + 1, 0.1, see), dtype=torch.float64)


def draw():
    printed, true = losses().T
    even = torch.tensor(3.0, dtype=torch.float64).log().item()
    figure, axes = plt.subplots(figsize=(4.8, 3.6))
    axes.axhline(even, color=GRAY, linewidth=1, linestyle=":", label="an even guess")
    axes.axhline(0, color=GRAY, linewidth=0.8, label="0")
    axes.plot(true, color=TEAL, label="true cross-entropy")
    axes.plot(printed, color=RED, label="loss that is printed")
    axes.text(400, true[400] - 0.75, f"true cross-entropy,\nto {true[-1]:.4f}", color=TEAL, va="top")
    axes.text(1000, even + 0.12, f"an even guess: {even:.4f}", color=GRAY, ha="right")
    axes.text(1000, printed[-1] - 0.1, f"loss that is printed, to {printed[-1]:.4f}", color=RED, ha="right", va="top")
    axes.set(xlabel="updates", ylabel="loss", xlim=(0, UPDATES), ylim=(-1.4, 6.4), yticks=[0, 2, 4, 6])
    return figure
