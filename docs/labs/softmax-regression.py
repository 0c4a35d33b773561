# ---
# title: "Lab: softmax regression"
# description: Train softmax regression in PyTorch with cross-entropy, find the zigzag in its loss, measure why the learning rate is too high, and cure it by standardizing.
# ---

# %% [markdown]
# # Lab: softmax regression
#
# In this lab you train a softmax classifier with three classes in PyTorch, and plot every epoch of it. You will find a zigzag that the log hides, measure which learning rate the data can bear, and then make a rate ten times as high work.
#
# Eight samples have four features each. The targets are class indices. The features are float64, and the model becomes so, for the reason given in [the lab before](logistic-regression.py).

# %%
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

rows = [[1, 2, 1, 1], [2, 1, 3, 2], [3, 1, 3, 4], [4, 1, 5, 5]]
rows += [[1, 7, 5, 5], [1, 2, 5, 6], [1, 6, 6, 6], [1, 7, 7, 7]]
x = torch.tensor(rows, dtype=torch.float64)
y = torch.tensor([2, 2, 2, 1, 1, 1, 0, 0])
print(x.shape, y.shape)

# %% tags=["fold"]
import matplotlib.pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg", metadata={"Date": None})
plt.rcParams.update(
    {
        "svg.hashsalt": "softmax-regression",
        "svg.fonttype": "none",
        "figure.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "lines.linewidth": 1.5,
        "legend.frameon": False,
    }
)

# %% [markdown]
# ## Train, and keep every epoch
#
# This is the function of [the lab on logistic regression](logistic-regression.py). The model is one linear layer without a softmax, because `F.cross_entropy` contains it.


# %%
def train(model, x, y, loss_fn, predict, lr, epochs, device):
    """Train with SGD; return what each epoch saw before its update."""
    model, x, y = model.to(device), x.to(device), y.to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses, accuracies, outputs = [], [], []
    bar = tqdm(range(epochs), desc="training", disable=None)
    for _ in bar:
        output = model(x)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        accuracies.append((predict(output) == y).float().mean().item())
        outputs.append(output.detach().cpu())
        bar.set_postfix(loss=losses[-1], refresh=False)
    losses, accuracies = torch.tensor(losses), torch.tensor(accuracies)
    return losses, accuracies, torch.stack(outputs)


def run(x, lr):
    torch.manual_seed(1)
    model = nn.Linear(4, 3).double()

    def likeliest(z):
        return z.argmax(dim=1)

    records = train(
        model, x, y, F.cross_entropy, likeliest, lr, 1001, device
    )
    return model.cpu(), *records


device = "cuda" if torch.cuda.is_available() else "cpu"
_, losses, accuracies, outputs = run(x, lr=0.1)
for n in range(0, 1001, 100):
    print(f"epoch {n:4}  loss {losses[n]:.4f}", end="  ")
    print(f"accuracy {accuracies[n]:7.2%}")

# %% [markdown]
# Judged by this log, the loss falls smoothly from 1.6168 to 0.2541. Now with every epoch, the odd ones apart from the even ones:

# %% alt="Two panels over 1001 epochs. From epoch 12 on, the loss of the even epochs, on which all dots of the log lie, falls smoothly to 0.2541. The loss of the odd epochs runs above it until the two meet at the end. Below, the accuracy of even and odd epochs differs in three long stretches; in the last, from epoch 902 to 983, it is 100% at even epochs and 87.5% at odd ones."
figure, axes = plt.subplots(2, 1, sharex=True, figsize=(6.4, 4.8))
epochs = torch.arange(1001)
for axis, values in zip(axes, (losses, accuracies), strict=True):
    axis.plot(epochs[1::2], values[1::2], "C3--", label="odd epochs")
    axis.plot(epochs[::2], values[::2], "C0", label="even epochs")
    axis.plot(epochs[::100], values[::100], "ko", label="in the log")
axes[0].set(ylabel="loss (nats)", ylim=(0.2, 1.2))
axes[1].set(ylabel="accuracy", xlabel="epoch")
axes[1].yaxis.set_major_formatter("{x:.0%}")
axes[0].legend()
figure.tight_layout()

# %% tags=["unshown"]
even, odd, ahead = losses[::2], losses[1::2], losses[1::2] - losses[:-1:2]
# proves: "Two panels over 1001 epochs"
assert len(losses) == len(accuracies) == 1001
# proves: "From epoch 12 on, the loss of the even epochs, on which all dots of the log lie, falls smoothly to 0.2541"
assert (epochs[::100] % 2 == 0).all()
assert (losses[12::2].diff() < 0).all()
assert f"{even[-1]:.4f}" == "0.2541"
# proves: "The loss of the odd epochs runs above it until the two meet at the end"
assert (ahead[6:] > 0).all()
assert (ahead[6:450] > 0.005).all()
assert ahead[-1] < 0.0005
# proves: "Below, the accuracy of even and odd epochs differs in three long stretches"
differs = (accuracies[1::2] != accuracies[:-1:2]).int()
turns = (
    torch.cat([differs.new_zeros(1), differs, differs.new_zeros(1)])
    .diff()
    .nonzero()
    .flatten()
    .reshape(-1, 2)
)
assert (turns.diff(dim=1) > 20).sum() == 3
# proves: "in the last, from epoch 902 to 983, it is 100% at even epochs and 87.5% at odd ones"
assert (2 * turns[-1]).tolist() == [902, 983 + 1]
assert (accuracies[902:984:2] == 1).all()
assert (accuracies[903:984:2] == 0.875).all()

# %% [markdown]
# ## The zigzag, counted

# %%
rises = losses[1:] > losses[:-1]
right = outputs.argmax(dim=2) == y
print(rises.sum().item(), "of 1000 updates raised the loss")
print("out of rhythm:", epochs[1:][rises != (epochs[1:] % 2 == 1)].tolist())
even, odd = losses[12::2].mean(), losses[13::2].mean()
print(f"mean loss from epoch 12 on: even {even:.4f}, odd {odd:.4f}")
first = (accuracies == 1).nonzero()[0].item()
last_below = (accuracies < 1).nonzero()[-1].item()
print("first 100%:", first, " last below:", last_below)
at_even, at_odd = ~right[902:984:2], ~right[903:984:2]
print("wrong from 902 to 983, at even epochs:", at_even.sum(dim=0).tolist())
print("wrong from 902 to 983, at odd epochs: ", at_odd.sum(dim=0).tolist())

# %% tags=["unshown"]
# proves: "From epoch 12 on there is no exception: each odd epoch costs more than the one before, each even epoch less"
assert (losses[13::2] > losses[12:-1:2]).all()
assert (losses[14::2] < losses[13:-1:2]).all()
# proves: "All eight are right for the first time at epoch 902, and from there at each even epoch"
assert right.all(dim=1).nonzero()[0] == 902
assert right[902::2].all()
# proves: "But at all 41 odd ones up to 983 a sample is wrong again, and always the same: sample 5"
assert [
    wrong.nonzero().flatten().tolist() for wrong in ~right[903:984:2]
] == [[4]] * 41
assert right[985::2].all()

# %% [markdown]
# From epoch 12 on there is no exception: each odd epoch costs more than the one before, each even epoch less. The odd ones cost 0.4914 on average, the even ones 0.4546. A log of every hundredth epoch sees even ones only.
#
# The accuracy keeps the same rhythm. All eight are right for the first time at epoch 902, and from there at each even epoch. But at all 41 odd ones up to 983 a sample is wrong again, and always the same: sample 5.
#
# ## Eight samples, eight probabilities

# %% alt="Eight small panels, one a sample, with the probability of its target over the epochs. Two curves each, for odd and even epochs: in sample 7 the odd one is far above the even one, in sample 5 far below. They come closer toward the end."
p = outputs.softmax(dim=2)[:, torch.arange(8), y]
figure, axes = plt.subplots(
    2, 4, sharex=True, sharey=True, figsize=(6.4, 3.8)
)
for n, axis in enumerate(axes.flat):
    axis.plot(epochs[1::2], p[1::2, n], "C3--")
    axis.plot(epochs[::2], p[::2, n], "C0")
    axis.axhline(0.5, color="gray", linewidth=0.8)
    axis.set(
        title=f"sample {n + 1}\nclass {y[n]}", ylim=(0, 1), xticks=(0, 1000)
    )
figure.tight_layout()
for n in (901, 902, 903):
    print(f"epoch {n}  sample 5 {p[n, 4]:.4f}  sample 7 {p[n, 6]:.4f}")

# %% tags=["unshown"]
lead = p[1::2] - p[:-1:2]
# proves: "Eight small panels, one a sample, with the probability of its target over the epochs"
assert p.shape == (1001, 8)
assert torch.allclose(-p.log().mean(dim=1), losses.double(), atol=1e-6)
# proves: "in sample 7 the odd one is far above the even one, in sample 5 far below"
assert (lead[:, 6] > 0.16).all()
assert (lead[:, 4] < -0.16).all()
assert lead[:400, 6].mean() > 0.5
assert lead[:400, 4].mean() < -0.5
# proves: "They come closer toward the end"
assert (lead[350:].abs().diff(dim=0) < 0).all()
assert (lead[-1].abs() < 0.4 * lead[350].abs()).all()

# %% [markdown]
# Samples 5 and 7 take turns. At epoch 902 sample 7 just makes it, with 0.5001. One epoch before and one after, sample 5 fails, with 0.3818 and 0.3840, while sample 7 has 0.8294 or more. Their features are close, (1, 7, 5, 5) and (1, 6, 6, 6), but their classes differ. Each update moves the border between them too far, and the next one moves it back.
#
# ## How long may a step be?
#
# Near its floor a valley is almost a parabola. How sharply it bends there in the direction in which it bends most, its curvature, is called the largest **eigenvalue** of the [Hessian](../foundations/gradient.md#why-there-is-one-valley) in the weights and biases. On a parabola, a step lands higher on the other side as soon as learning rate times curvature exceeds 2. With a learning rate of 0.08 the loss never rises, so that model stays near the floor. Measure there, and where our own run ended:


# %%
def curvature(model, x):
    """Return the largest eigenvalue of the Hessian in all parameters."""

    def loss(w):
        return F.cross_entropy(F.linear(x, w[:12].reshape(3, 4), w[12:]), y)

    w = nn.utils.parameters_to_vector(model.parameters()).detach()
    hessian = torch.autograd.functional.hessian(loss, w)
    return torch.linalg.eigvalsh(hessian)[-1].item()


def report(x, lr):
    model, losses, accuracies, _ = run(x, lr)
    rises = (losses[1:] > losses[:-1]).sum()
    first = (accuracies == 1).nonzero()[0].item()
    bend = curvature(model, x)
    print(f"lr {lr}: loss {losses[0]:.4f} to {losses[-1]:.4f}", end=", ")
    print(f"{rises} rises, first 100% at {first}")
    print(f"  curvature at its end {bend:.4f}", end=", ")
    print(f"learning rates there up to {2 / bend:.4f}")
    return losses


report(x, lr=0.08)
raw = report(x, lr=0.1)

# %% tags=["unshown"]
# proves: "With a learning rate of 0.08 the loss never rises"
assert (run(x, lr=0.08)[1].diff() < 0).all()
assert (raw.diff() > 0).any()

# %% [markdown]
# Where the calm run ended, the valley bends with 21.8511, and no learning rate above 0.0915 can settle. Ours was a little larger, so each update overshoots. Our own run got further down, to where the valley bends less and allows 0.1089. That is why the two curves meet at the end.
#
# ## The cure is in the data
#
# Subtract each feature's mean and divide by its standard deviation, and train again with the same learning rate, then with ten times as much:

# %%
standardized = (x - x.mean(dim=0)) / x.std(dim=0)
same = report(standardized, lr=0.1)
faster = report(standardized, lr=1.0)

# %% alt="Three curves of the loss on a logarithmic scale over 1001 epochs. The raw features give a thick band that ends highest, at 0.2541. Standardized features give thin curves below it: one ends at 0.1196, and with ten times the learning rate one ends at 0.0160."
figure, axis = plt.subplots(figsize=(6.4, 3.4))
axis.plot(raw, "C3", linewidth=0.8, label="raw, 0.1")
axis.plot(same, "C0--", label="standardized, 0.1")
axis.plot(faster, "C0", label="standardized, 1.0")
axis.legend()
axis.set(xlabel="epoch", ylabel="loss (nats)", yscale="log")
figure.tight_layout()

# %% tags=["unshown"]
# proves: "Three curves of the loss on a logarithmic scale over 1001 epochs"
assert [len(curve) for curve in (raw, same, faster)] == [1001] * 3
# proves: "The raw features give a thick band that ends highest, at 0.2541"
assert (raw[12:].diff().sign().diff() != 0).all()
assert f"{raw[-1]:.4f}" == "0.2541"
# proves: "Standardized features give thin curves below it"
assert (torch.maximum(same, faster) < raw).all()
# proves: "one ends at 0.1196, and with ten times the learning rate one ends at 0.0160"
assert f"{same[-1]:.4f} {faster[-1]:.4f}" == "0.1196 0.0160"
# proves: "The same learning rate now never raises the loss, which falls from 1.3525 to 0.1196"
assert (same.diff() < 0).all()
assert f"{same[0]:.4f}" == "1.3525"
# proves: "Ten times as much ends at 0.0160, again without a single rise"
assert (faster.diff() < 0).all()
# proves: "has all eight right by epoch 24 instead of 902"
assert (accuracies == 1).nonzero()[0] == 902

# %% [markdown]
# The same learning rate now never raises the loss, which falls from 1.3525 to 0.1196. Ten times as much ends at 0.0160, again without a single rise, and has all eight right by epoch 24 instead of 902.
#
# The limits 5.5266 and 30.1150 are not what standardizing gives. They were measured at the end, where the loss is near 0, and there every valley is flat. So compare raw and standardized features at one place, with all weights 0, where every class has the same probability; then at the start of our own runs:

# %%
for name, features in (("raw", x), ("standardized", standardized)):
    torch.manual_seed(1)
    start, zero = nn.Linear(4, 3).double(), nn.Linear(4, 3).double()
    zeros = torch.zeros(15, dtype=torch.float64)
    nn.utils.vector_to_parameters(zeros, zero.parameters())
    places = {"at zero weights": zero, "at our start": start}
    for place, model in places.items():
        bend = curvature(model, features)
        print(f"{name:12}  {place:15}  curvature {bend:5.2f}", end=", ")
        print(f"learning rates up to {2 / bend:.3f}")
for lr in (5.0, 30.0):
    _, losses, _, _ = run(standardized, lr)
    rises = (losses[1:] > losses[:-1]).sum()
    print(f"standardized, lr {lr}: {rises} rises", end=", ")
    print(f"highest loss {losses.max():.2f}")

# %% [markdown]
# At zero weights, standardizing takes the curvature from 21.41 to 0.77, and the limit from 0.093 to 2.606. That is the rounder valley. From our start a rate of 5, below the smaller of the two limits above, raises the loss 4 times, and a rate of 30 drives it to 5.07.
#
# ## In one breath
#
# Keep every epoch, and a smooth log turns out to be a zigzag. Where the learning rate times the curvature exceeds 2, a step lands higher than it began. Standardizing features as large as these makes the curvature small, so that you may take longer steps.
#
# Next: [handwritten digits](digits.py).
