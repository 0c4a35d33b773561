"""Two distributions: entropy, cross-entropy and KL both ways, as PyTorch computes them."""

import math

import torch

PAGE = "foundations/entropy.html"
START = {"p": [7, 2, 1], "q": [5, 3, 2], "unit": "nats"}
EXTREMES = [
    {"p": [7, 2, 1], "q": [7, 3, 0], "unit": "nats"},
    {"p": [7, 3, 0], "q": [7, 2, 1], "unit": "bits"},
    {"p": [10, 0, 0], "q": [0, 0, 10], "unit": "nats"},
    {"p": [0, 0.1, 0], "q": [0, 10, 0], "unit": "bits"},
    {"p": [0.1, 10, 10], "q": [10, 10, 0.1], "unit": "bits"},
    {"p": [0.1, 0, 0], "q": [0.1, 10, 10], "unit": "nats"},
    {"p": [0.7, 0.2, 0.1], "q": [7, 2, 1], "unit": "nats"},
    {"p": [10, 10, 10], "q": [0.1, 0.1, 0.1], "unit": "bits"},
    {"p": [5, 3, 2], "q": [3, 5, 2], "unit": "nats"},
]


def draw(rng):
    """Return a random state, in which about every fourth class has no part."""

    def parts():
        drawn = [rng.choice([0, 1, 1, 1]) * rng.randint(1, 100) / 10 for _ in range(3)]
        return drawn if sum(drawn) else parts()

    return {"p": parts(), "q": parts(), "unit": rng.choice(["nats", "bits"])}


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    seen = zip(("sunny", "rainy", "snowy"), state["p"], state["q"], strict=True)
    ruled_out = [name for name, p, q in seen if p > 0 and q == 0]
    if ruled_out:
        return f"The model rules out {' and '.join(ruled_out)}, and it happens: the loss is infinite."
    if truth(state)["kl"] < 1e-12:
        return f"The model says what happens: the loss is the entropy, {shown['entropy']} {state['unit']}."
    return f"Of {shown['cross']} {state['unit']}, a better model could avoid {shown['kl']}."


def truth(state):
    """Return what each number of the figure must be."""
    p, q = (torch.tensor(state[name], dtype=torch.float64) for name in "pq")
    p, q = p / p.sum(), q / q.sum()
    nats = {
        "entropy": torch.special.entr(p).sum(),
        "cross": -torch.xlogy(p, q).sum(),
        "kl": (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(),
        "reverse": (torch.xlogy(q, q) - torch.xlogy(q, p)).sum(),
    }
    unit = math.log(2) if state["unit"] == "bits" else 1
    numbers = {name: value.item() / unit for name, value in nats.items()}
    for j in range(3):
        numbers |= {f"p{j}": p[j].item(), f"q{j}": q[j].item()}
    return numbers
