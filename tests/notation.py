r"""What every symbol of the site means: one table for all pages, filled with random numbers.

A key is a symbol's TeX and its subscripts: their number, or, where there is one, what it
counts: `z_{ij}` is ("z", 2), `\ell_i` is (r"\ell", "N"), `w_j` is ("w", "C"). Values are
float64 tensors made by PyTorch, never by a formula of ours. Formulas count from 1.
"""

import math
import random

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Categorical, Normal, kl_divergence

# The letter of an index and what it counts up to, where no sum says otherwise.
RANGES = {"i": "N", "j": "C", "k": "C", "d": "D"}

Symbols = dict[tuple[str, int | str], torch.Tensor]


def draw(seed: int) -> Symbols:
    """Return the symbols of a random batch of N samples, C classes and D features, all three different.

    With no sample index, `z_j` and `p_j` belong to one sample of C classes, and `z`, `p` and `y`
    to one sample of a yes-or-no question. Logits are leaves that require gradients, so that a
    formula may differentiate by them.
    """
    generator = torch.Generator().manual_seed(seed)
    n, c, d = random.Random(seed).sample(range(2, 6), 3)

    def normal(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64) * 2

    z, z_one, z_binary = (normal(*shape).requires_grad_() for shape in ((n, c), (c,), ()))
    y = torch.randint(0, c, (n,), generator=generator)
    p, q = torch.softmax(z_one, dim=0), torch.softmax(normal(c), dim=0)
    shift, largest = normal(), z_one.max()
    return {
        ("N", 0): torch.tensor(float(n), dtype=torch.float64),
        ("C", 0): torch.tensor(float(c), dtype=torch.float64),
        ("D", 0): torch.tensor(float(d), dtype=torch.float64),
        ("e", 0): torch.tensor(math.e, dtype=torch.float64),
        ("x", 2): normal(n, d),
        ("z", 2): z,
        ("p", 2): torch.softmax(z, dim=1),
        ("y", "N"): y + 1,
        ("y", 2): F.one_hot(y, c).double(),
        ("m", "N"): z.max(dim=1).values,
        ("w", "C"): torch.rand(c, generator=generator, dtype=torch.float64) + 0.5,
        (r"\ell", "N"): F.cross_entropy(z, y, reduction="none"),
        ("L", 0): F.cross_entropy(z, y),
        ("z", "C"): z_one,
        ("p", "C"): p,
        ("q", "C"): q,
        (r"\delta", 2): torch.eye(c, dtype=torch.float64),
        (r"\operatorname{H}(p)", 0): Categorical(p).entropy(),
        (r"\operatorname{H}(p,q)", 0): F.cross_entropy(q.log(), p),
        (r"\operatorname{KL}(p\parallelq)", 0): kl_divergence(Categorical(p), Categorical(q)),
        ("z", 0): z_binary,
        ("p", 0): torch.sigmoid(z_binary),
        ("y", 0): torch.tensor(float(seed % 2), dtype=torch.float64),
        ("c", 0): shift,
        ("m", 0): largest,
        (r"\operatorname{LSE}(z)", 0): torch.logsumexp(z_one, dim=0),
        (r"\operatorname{LSE}(z+c)", 0): torch.logsumexp(z_one + shift, dim=0),
        (r"\operatorname{LSE}(m,\dots,m)", 0): torch.logsumexp(largest.expand(c), dim=0),
        (r"\operatorname{LSE}(0,-z)", 0): torch.logsumexp(torch.stack([z_binary * 0, -z_binary]), dim=0),
    }


def coin(s: Symbols) -> Symbols:
    """Return h heads in N tosses of a coin with probability p and logit z, its losses, and a prior of width s."""
    n = int(s["N", 0])
    tosses = (torch.arange(n) % 3 == 0).double()
    loss = F.binary_cross_entropy(s["p", 0].expand(n), tosses)
    width = torch.tensor(1.7, dtype=torch.float64)
    prior = Normal(torch.zeros_like(width), width)
    return {
        ("h", 0): tosses.sum(),
        ("s", 0): width,
        (r"L_{\text{coin}}", 0): loss,
        (r"L_{\text{MAP}}", 0): loss - prior.log_prob(s["z", 0]) / n,
    }


def shares(s: Symbols) -> Symbols:
    """Return the share of each class among the targets as p, and what H and KL are with it."""
    p, q = torch.bincount(s["y", "N"] - 1, minlength=int(s["C", 0])).double() / s["N", 0], s["q", "C"]
    return {
        ("p", "C"): p,
        (r"\operatorname{H}(p)", 0): Categorical(p).entropy(),
        (r"\operatorname{H}(p,q)", 0): F.cross_entropy(q.log(), p),
        (r"\operatorname{KL}(p\parallelq)", 0): kl_divergence(Categorical(p), Categorical(q)),
    }


# What a symbol means in one equation only, by the equation's label.
MEANINGS = {
    "bernoulli": lambda s: {(r"\operatorname{P}(y)", 0): Bernoulli(s["p", 0]).log_prob(s["y", 0]).exp()},
    "bce-from-bernoulli": lambda s: {(r"\ell", 0): F.binary_cross_entropy(s["p", 0], s["y", 0])},
    "coin-loss": coin,
    "coin-slope": coin,
    "map-slope": coin,
    "nll-of-shares": shares,
    "double-softmax-floor": lambda s: {
        (r"\ell_{\text{floor}}", 0): F.cross_entropy(
            F.one_hot(s["y", "N"] - 1, int(s["C", 0])).double(), s["y", "N"] - 1
        ),
    },
    "weighted-mean": lambda s: {
        (r"L_{\text{weighted}}", 0): F.cross_entropy(s["z", 2], s["y", "N"] - 1, weight=s["w", "C"]),
    },
}


def symbols_of(label: str | None, seed: int) -> Symbols:
    """Return the symbols of one draw as the equation with this label reads them."""
    symbols = draw(seed)
    return symbols | MEANINGS.get(label, lambda _: {})(symbols)
