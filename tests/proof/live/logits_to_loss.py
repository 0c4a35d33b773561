"""Logits to loss: probabilities, loss and gradient of one sample, as PyTorch computes them."""

import torch
import torch.nn.functional as F

PAGE = "foundations/softmax.html"
START = {"z": [2, 1, 0.1], "target": 0, "T": 1, "c": 0}
EXTREMES = [
    {"z": [10, -10, 10], "target": 1, "T": 0.1, "c": 100},
    {"z": [-10, -10, -10, -10, -10], "target": 2, "T": 10, "c": -100},
]


def draw(rng):
    """Return a random state."""
    z = [round(rng.uniform(-10, 10), 1) for _ in range(rng.randint(3, 5))]
    return {"z": z, "target": rng.randrange(len(z)), "T": round(rng.uniform(0.1, 10), 1), "c": rng.randint(-100, 100)}


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    target = state["target"]
    return f"Class {target} has probability {shown[f'p{target}']}, and the loss is {shown['loss']}."


def truth(state):
    """Return what each number of the figure must be."""
    z = torch.tensor([state["z"]], dtype=torch.float64, requires_grad=True)
    loss = F.cross_entropy((z + state["c"]) / state["T"], torch.tensor([state["target"]]))
    loss.backward()
    p = torch.softmax((z + state["c"]) / state["T"], dim=1)[0]
    numbers = {"loss": loss.item()}
    for j in range(len(state["z"])):
        numbers |= {f"p{j}": p[j].item(), f"gradient{j}": z.grad[0, j].item()}
    return numbers
