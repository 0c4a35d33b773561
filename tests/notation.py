"""What every symbol of the site means: one table for all pages, filled with random numbers.

A key is a symbol's TeX and the number of its subscripts: `z_{ij}` is ("z", 2). Values are
float64 tensors made by PyTorch, never by a formula of ours. Formulas count from 1.
"""

import math
import random

import torch
import torch.nn.functional as F

# The letter of an index and what it counts up to, where no sum says otherwise.
RANGES = {"i": "N", "j": "C", "k": "C"}


def draw(seed: int) -> dict[tuple[str, int], torch.Tensor]:
    """Return the symbols of a random batch of N samples and C classes, with N and C different.

    Logits are leaves that require gradients, so that a formula may differentiate by them.
    """
    generator = torch.Generator().manual_seed(seed)
    n, c = random.Random(seed).sample(range(2, 6), 2)
    z = torch.randn(n, c, generator=generator, dtype=torch.float64).mul(2).requires_grad_()
    y = torch.randint(0, c, (n,), generator=generator)
    return {
        ("N", 0): torch.tensor(float(n), dtype=torch.float64),
        ("C", 0): torch.tensor(float(c), dtype=torch.float64),
        ("e", 0): torch.tensor(math.e, dtype=torch.float64),
        ("z", 2): z,
        ("p", 2): torch.softmax(z, dim=1),
        ("y", 1): y + 1,
        ("y", 2): F.one_hot(y, c).double(),
        ("m", 1): z.max(dim=1).values,
        ("w", 1): torch.rand(c, generator=generator, dtype=torch.float64) + 0.5,
        (r"\ell", 1): F.cross_entropy(z, y, reduction="none"),
        ("L", 0): F.cross_entropy(z, y),
    }


def _targets(symbols):
    return symbols["y", 1] - 1


# What a symbol means in one equation only, by the equation's label.
MEANINGS = {
    "double-softmax-floor": lambda s: {
        (r"\ell_{\text{floor}}", 0): F.cross_entropy(
            torch.eye(int(s["C", 0]), dtype=torch.float64)[0], torch.tensor(0)
        ),
    },
    "weighted-mean": lambda s: {
        (r"L_{\text{weighted}}", 0): F.cross_entropy(s["z", 2], _targets(s), weight=s["w", 1]),
    },
}


def symbols_of(label: str | None, seed: int) -> dict[tuple[str, int], torch.Tensor]:
    """Return the symbols of one draw as the equation with this label reads them."""
    symbols = draw(seed)
    return symbols | MEANINGS.get(label, lambda _: {})(symbols)
