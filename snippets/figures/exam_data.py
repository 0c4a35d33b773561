"""The six students and the untrained exam-scores model, shared by several figures.

In float64: of what is drawn and recorded, every processor computes the same digits.
"""

import torch
from torch import nn

SCORES = torch.tensor([[1, 2, 2], [2, 3, 1], [3, 1, 1], [4, 3, 5], [5, 3, 6], [6, 2, 4]], dtype=torch.float64)
PASSED = torch.tensor([[0], [0], [0], [1], [1], [1]], dtype=torch.float64)


def untrained():
    """Return the model with the weights that the tutorial started from."""
    model = nn.Linear(3, 1, dtype=torch.float64)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[-0.5276, -0.5293, -0.2994]], dtype=torch.float64))
        model.bias.fill_(0.0481)
    return model
