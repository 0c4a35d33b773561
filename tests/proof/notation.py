r"""What every symbol of the site means: one table for all pages, filled with random numbers.

A key is a symbol's TeX and its subscripts: their number, or, where there is one, what it
counts: `z_{ij}` is ("z", 2), `\ell_i` is (r"\ell", "N"), `w_j` is ("w", "C"). Values are
float64 tensors made by PyTorch, never by a formula of ours. Formulas count from 1.
"""

import math
import random

import torch
import torch.nn.functional as F
from sklearn.metrics import fbeta_score
from sklearn.utils.class_weight import compute_class_weight
from torch.distributions import Bernoulli, Categorical, Normal, kl_divergence

# The letter of an index and what it counts up to, where no sum says otherwise.
RANGES = {"i": "N", "j": "C", "k": "C", "d": "D"}

Symbols = dict[tuple[str, int | str], torch.Tensor]


def draw(seed: int, scale: float = 2.0) -> Symbols:
    """Return the symbols of a random batch of N samples, C classes and D features, all three different.

    With no sample index, `z_j` and `p_j` belong to one sample of C classes, and `z`, `p` and `y`
    to one sample of a yes-or-no question. Logits are leaves that require gradients, so that a
    formula may differentiate by them. `scale` says how far from 0 they lie.
    """
    generator = torch.Generator().manual_seed(seed)
    n, c, d = random.Random(seed).sample(range(2, 6), 3)

    def normal(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64) * scale

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
        ("w", 2): normal(c, d),
        ("b", "C"): normal(c),
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


def one_output(s: Symbols) -> Symbols:
    """Return the logit z of the first sample, whose model has one output: weights w_d and a bias b."""
    x, w, b = s["x", 2][0], s["w", 2][0], s["b", "C"][0]
    return {("x", "D"): x, ("w", "D"): w, ("b", 0): b, ("z", 0): F.linear(x, w, b)}


def first_two_classes(s: Symbols) -> Symbols:
    """Return a sample of two classes."""
    z = s["z", "C"][:2]
    return {("z", "C"): z, ("p", "C"): torch.softmax(z, dim=0)}


def tempered(s: Symbols) -> Symbols:
    """Return a temperature T and the probabilities q that softmax makes at it."""
    temperature = torch.tensor(1.7, dtype=torch.float64)
    return {("T", 0): temperature, ("q", "C"): torch.softmax(s["z", "C"] / temperature, dim=0)}


def focal(s: Symbols) -> Symbols:
    """Return the focusing exponent and the focal losses of the samples, from their plain losses."""
    gamma = torch.tensor(2.3, dtype=torch.float64)
    loss = s[r"\ell", "N"]
    return {(r"\gamma", 0): gamma, ("f", "N"): (-torch.expm1(-loss)).pow(gamma) * loss}


def capped(s: Symbols) -> Symbols:
    """Return a cap M and the logits a that it squeezes between -M and M."""
    cap = torch.tensor(2.3, dtype=torch.float64)
    return {("M", 0): cap, ("a", "C"): cap * torch.tanh(s["z", "C"] / cap)}


def distilled(s: Symbols) -> Symbols:
    """Return what a teacher says as p, what a student says as q, both at temperature T, and their cross-entropy."""
    temperature = torch.tensor(1.7, dtype=torch.float64)
    p = torch.softmax(s["b", "C"] / temperature, dim=0)
    loss = F.cross_entropy(s["z", "C"] / temperature, p)
    q = torch.softmax(s["z", "C"] / temperature, dim=0)
    return {("T", 0): temperature, ("p", "C"): p, ("q", "C"): q, (r"\operatorname{H}(p,q)", 0): loss}


def soft_targets(s: Symbols) -> Symbols:
    """Return targets t that are probabilities, with the loss of a batch under class weights."""
    t = torch.softmax(s["z", 2].detach().flip(0) + s["w", "C"], dim=1)
    return {("t", 2): t, (r"L_{\text{soft}}", 0): F.cross_entropy(s["z", 2], t, weight=s["w", "C"])}


def smoothed_targets(s: Symbols) -> Symbols:
    """Return the strength of a smoothing, what it makes of the targets, and the loss of a batch under class weights.

    Without weights, no predictions do better than the smoothed targets themselves.
    """
    strength, y = torch.tensor(0.13, dtype=torch.float64), s["y", "N"] - 1
    t = torch.lerp(s["y", 2], torch.full_like(s["y", 2], 1 / float(s["C", 0])), strength)
    return {
        (r"\varepsilon", 0): strength,
        ("t", 2): t,
        (r"L_{\text{smooth}}", 0): F.cross_entropy(s["z", 2], y, weight=s["w", "C"], label_smoothing=float(strength)),
        (r"\ell_{\text{floor}}", 0): F.cross_entropy(t.log(), y, label_smoothing=float(strength)),
    }


def positive_weight(s: Symbols) -> Symbols:
    """Return the weight r of the positive class, the loss under it, and the best answer for a share of positives.

    That answer is found as people find it: by Newton's method on PyTorch's own loss.
    """
    r, share = torch.tensor(2.7, dtype=torch.float64), torch.tensor(0.3, dtype=torch.float64)
    loss = F.binary_cross_entropy_with_logits(s["z", 0], s["y", 0], pos_weight=r)
    z, (no, yes) = torch.zeros((), dtype=torch.float64, requires_grad=True), torch.eye(2, dtype=torch.float64)[1]
    for _ in range(30):
        mean = torch.lerp(
            *(F.binary_cross_entropy_with_logits(z, y, pos_weight=r) for y in (no, yes)), weight=float(share)
        )
        (slope,) = torch.autograd.grad(mean, z, create_graph=True)
        (bend,) = torch.autograd.grad(slope, z)
        z = (z - slope / bend).detach().requires_grad_()
    return {
        ("r", 0): r,
        (r"\pi", 0): share,
        (r"\ell", 0): loss,
        (r"p_{\text{best}}", 0): torch.sigmoid(z.detach()),
        (r"z_{\text{best}}", 0): z.detach(),
    }


def binary_loss(s: Symbols) -> Symbols:
    """Return the loss of one sample of a yes-or-no question."""
    return {(r"\ell", 0): F.binary_cross_entropy(s["p", 0], s["y", 0])}


def binary_batch(s: Symbols) -> Symbols:
    """Return N samples of a yes-or-no question, whose logits come from weights w_d and a bias b."""
    n, d = int(s["N", 0]), int(s["D", 0])
    w = torch.linspace(-1, 1, d, dtype=torch.float64).requires_grad_()
    b = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    z = F.linear(s["x", 2], w.unsqueeze(0), b.unsqueeze(0)).squeeze(1)
    p, y = torch.sigmoid(z), (torch.arange(n) % 3 == 0).double()
    return {
        ("w", "D"): w,
        ("b", 0): b,
        ("z", "N"): z,
        ("p", "N"): p,
        ("y", "N"): y,
        (r"\ell", "N"): F.binary_cross_entropy(p, y, reduction="none"),
        ("L", 0): F.binary_cross_entropy(p, y),
    }


def balanced_weights(s: Symbols) -> Symbols:
    """Return what scikit-learn calls balanced weights, for N samples of which each class has n_j."""
    y = torch.cat([torch.arange(int(s["C", 0])), s["y", "N"] - 1])
    w = compute_class_weight("balanced", classes=y.unique().numpy(), y=y.numpy())
    return {
        ("N", 0): torch.tensor(float(len(y)), dtype=torch.float64),
        ("n", "C"): torch.bincount(y).double(),
        ("w", "C"): torch.from_numpy(w),
    }


def weighted_shares(s: Symbols) -> Symbols:
    """Return the weighted mean L of N samples that all get the logits z_j, their shares p, and the answer q."""
    y, z = s["y", "N"] - 1, s["z", "C"]
    return {
        ("p", "C"): torch.bincount(y, minlength=len(z)).double() / len(y),
        ("q", "C"): torch.softmax(z, dim=0),
        ("L", 0): F.cross_entropy(z.expand(len(y), -1), y, weight=s["w", "C"]),
    }


def sgd_step(s: Symbols, weight_decay: float = 0.0) -> Symbols:
    """Return a weight before and after one step of torch.optim.SGD, which lowers the loss L."""
    old, new = (torch.tensor(0.4, dtype=torch.float64, requires_grad=True) for _ in range(2))
    x, y = s["x", 2][:, 0], s["y", "N"].double().remainder(2)
    loss, moved = (F.binary_cross_entropy_with_logits(x * w, y) for w in (old, new))
    moved.backward()
    torch.optim.SGD([new], lr=0.3, weight_decay=weight_decay).step()
    return {
        (r"w_{\text{old}}", 0): old,
        (r"w_{\text{new}}", 0): new,
        (r"\eta", 0): torch.tensor(0.3, dtype=torch.float64),
        (r"\lambda", 0): torch.tensor(weight_decay, dtype=torch.float64),
        ("L", 0): loss,
    }


def weighted_mean(s: Symbols) -> Symbols:
    """Return the loss of a batch under class weights."""
    return {(r"L_{\text{weighted}}", 0): F.cross_entropy(s["z", 2], s["y", "N"] - 1, weight=s["w", "C"])}


def parts(s: Symbols) -> Symbols:
    """Return the loss of a batch in K parts: how many samples each of them has, and its own mean loss."""
    y, sizes = s["y", "N"] - 1, [1, int(s["N", 0]) - 1]
    means = [F.cross_entropy(z, t) for z, t in zip(s["z", 2].split(sizes), y.split(sizes), strict=True)]
    return {
        ("K", 0): torch.tensor(2.0, dtype=torch.float64),
        ("n", "C"): torch.tensor(sizes, dtype=torch.float64),
        ("L", "C"): torch.stack(means),
    }


def preferred(s: Symbols) -> Symbols:
    """Return what a model and its reference say of two answers, and the loss that has the first chosen of the two."""
    strength, answers = torch.tensor(0.37, dtype=torch.float64), torch.tensor([0, 1])
    (a, b), (a_ref, b_ref) = (Categorical(logits=s[logits, "C"]).log_prob(answers) for logits in ("z", "b"))
    rewards = torch.stack([a - a_ref, b - b_ref]) * strength
    return {
        (r"\beta", 0): strength,
        ("a", 0): a,
        ("b", 0): b,
        (r"a_{\text{ref}}", 0): a_ref,
        (r"b_{\text{ref}}", 0): b_ref,
        (r"\ell_{\text{DPO}}", 0): F.cross_entropy(rewards, answers[0]),
    }


def double_softmax(s: Symbols) -> Symbols:
    """Return the loss of a sure model whose probabilities are taken for logits: sure of the target, or of another."""
    y, c = s["y", "N"] - 1, int(s["C", 0])
    right, wrong = (F.cross_entropy(F.one_hot(said % c, c).double(), y) for said in (y, y + 1))
    return {(r"\ell_{\text{floor}}", 0): right, (r"\ell_{\text{best}}", 0): right, (r"\ell_{\text{worst}}", 0): wrong}


def costs_of_errors(s: Symbols) -> Symbols:
    """Return what a false alarm and a miss cost, and the probability and the logit at which yes and no cost alike.

    They are found by halving an interval of logits, as long as one answer is cheaper.
    """
    alarm, miss = torch.tensor(1.3, dtype=torch.float64), torch.tensor(7.1, dtype=torch.float64)
    low, high = torch.tensor([-50.0, 50.0], dtype=torch.float64)
    for _ in range(80):
        z = torch.lerp(low, high, 0.5)
        no_is_cheaper = torch.sigmoid(z) * miss < torch.sigmoid(-z) * alarm
        low, high = (z, high) if no_is_cheaper else (low, z)
    return {
        (r"c_{\text{FP}}", 0): alarm,
        (r"c_{\text{FN}}", 0): miss,
        (r"z_{\text{best}}", 0): low,
        (r"t_{\text{best}}", 0): torch.sigmoid(low),
    }


def adjusted(s: Symbols) -> Symbols:
    """Return shares of the classes, and what softmax makes of logits with the logs of the shares added."""
    share = s["q", "C"]
    return {(r"\pi", "C"): share, ("q", "C"): torch.softmax(s["z", "C"] + share.log(), dim=0)}


def binned(s: Symbols) -> Symbols:
    """Return K ranges of confidence with counts n, shares of right answers a, confidences c, and the error of all."""
    a, c = s["q", "C"], s["p", "C"]
    n = torch.arange(len(a)) + 1
    gap = F.l1_loss(a.repeat_interleave(n), c.repeat_interleave(n))
    return {
        ("K", 0): s["C", 0],
        ("N", 0): n.sum().double(),
        ("n", "C"): n.double(),
        ("a", "C"): a,
        ("c", "C"): c,
        (r"E_{\text{cal}}", 0): gap,
    }


def brier_score(s: Symbols) -> Symbols:
    """Return the Brier score of a batch: the squared error, a mean over samples and a sum over classes."""
    return {("B", 0): F.mse_loss(s["p", 2], s["y", 2]) * s["C", 0]}


def contrasted(s: Symbols) -> Symbols:
    """Return the cosines of N pairs at a temperature T, their loss, and that of pairs as far apart as they can be."""
    n, temperature = int(s["N", 0]), torch.tensor(0.7, dtype=torch.float64)
    cosines = F.cosine_similarity(s["x", 2].unsqueeze(1), s["x", 2].cumsum(0).unsqueeze(0), dim=2)
    corners = F.normalize(torch.eye(n, dtype=torch.float64) - 1 / n, dim=1)
    return {
        ("T", 0): temperature,
        ("s", 2): cosines,
        ("L", 0): F.cross_entropy(cosines / temperature, torch.arange(n)),
        (r"L_{\text{floor}}", 0): F.cross_entropy(corners @ corners.T / temperature, torch.arange(n)),
    }


def areas(s: Symbols) -> Symbols:
    """Return soft Dice and Tversky losses by class: 1 less an F-score of pixels that count for yes as far as p says."""
    p, y = torch.softmax(s["z", 2].detach(), dim=1), torch.eye(int(s["C", 0]), dtype=torch.float64)
    y = y[torch.arange(len(p)) % len(y)]
    said = torch.tensor([1] * len(p) + [0] * len(p))

    def score(j, beta):
        shares = torch.cat([p[:, j], 1 - p[:, j]])
        return fbeta_score(y[:, j].repeat(2), said, beta=beta, sample_weight=shares, zero_division=0)

    losses = [1 - torch.tensor([score(j, b) for j in range(len(y[0]))], dtype=torch.float64) for b in (1, 2)]
    alpha, beta = torch.tensor([1 / 5, 4 / 5], dtype=torch.float64)
    return {("p", 2): p, ("y", 2): y, ("D", "C"): losses[0], ("V", "C"): losses[1]} | {
        (r"\alpha", 0): alpha,
        (r"\beta", 0): beta,
    }


# What a symbol means in one equation only, by the equation's label.
MEANINGS = {
    "bernoulli": lambda s: {(r"\operatorname{P}(y)", 0): Bernoulli(s["p", 0]).log_prob(s["y", 0]).exp()},
    "bce-from-bernoulli": binary_loss,
    "coin-loss": coin,
    "coin-slope": coin,
    "map-slope": coin,
    "nll-of-shares": shares,
    "score": one_output,
    "linear": lambda s: {("z", 2): F.linear(s["x", 2], s["w", 2], s["b", "C"])},
    "two-classes": first_two_classes,
    "temperature": tempered,
    "loss-by-p": binary_loss,
    "loss-by-logit": binary_loss,
    "loss-by-weight": binary_batch,
    "loss-by-bias": binary_batch,
    "step": sgd_step,
    "curvature": lambda s: {("v", "C"): torch.linspace(-1, 2, int(s["C", 0]), dtype=torch.float64)},
    "double-softmax-floor": double_softmax,
    "weighted-indices": weighted_mean,
    "weighted-probabilities": soft_targets,
    "smoothed-target": smoothed_targets,
    "smoothing-floor": smoothed_targets,
    "smoothing-and-weights": smoothed_targets,
    "pos-weight": positive_weight,
    "pos-weight-optimum": positive_weight,
    "pos-weight-shift": positive_weight,
    "focal": focal,
    "distillation-slope": distilled,
    "bce": binary_loss,
    "bce-by-softplus": binary_loss,
    "stable-bce": binary_loss,
    "double-sigmoid": lambda s: {
        (r"\ell_{\text{yes}}", 0): F.binary_cross_entropy_with_logits(s["y", 0] * 0 + 1, s["y", 0] * 0 + 1),
        (r"\ell_{\text{no}}", 0): F.binary_cross_entropy_with_logits(s["y", 0] * 0, s["y", 0] * 0),
    },
    "no-log": lambda s: {
        (r"L_{\text{unlogged}}", 0): F.nll_loss(torch.softmax(s["z", 2], dim=1), s["y", "N"] - 1),
    },
    "loss-at-zero": lambda s: {
        (r"L_{\text{zero}}", 0): F.cross_entropy(F.linear(s["x", 2], s["w", 2] * 0), s["y", "N"] - 1),
    },
    "weight-decay-step": lambda s: sgd_step(s, weight_decay=0.2),
    "double-softmax-range": double_softmax,
    "balanced-weights": balanced_weights,
    "cost-threshold": costs_of_errors,
    "calibration-error": binned,
    "brier": brier_score,
    "logit-adjustment": adjusted,
    "weighted-slope": weighted_shares,
    "dpo": preferred,
    "mean-of-parts": parts,
    "info-nce": contrasted,
    "contrastive-floor": contrasted,
    "dice": areas,
    "tversky": areas,
    "soft-cap-slope": capped,
}


def symbols_of(label: str | None, seed: int, scale: float = 2.0) -> Symbols:
    """Return the symbols of one draw as the equation with this label reads them."""
    symbols = draw(seed, scale)
    return symbols | MEANINGS.get(label, lambda _: {})(symbols)
