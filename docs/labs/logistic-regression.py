# ---
# title: "Lab: logistic regression"
# description: Train logistic regression in PyTorch on a CPU or GPU, with a progress bar, and plot the loss and accuracy of every epoch.
# ---

# %% [markdown]
# # Lab: logistic regression
#
# In this lab you train logistic regression in PyTorch, with one function that serves CPU and GPU and keeps the loss and the accuracy of every epoch. You will find what a log of every tenth epoch leaves out, and the students it is about.
#
# The data are the [six students](../practice/training.md#six-students-again) with three exam scores each. A target of 1 means that the student passed. They are float64, as is the model: in float32 the last digits of a loss depend on the processor, and a hundred updates carry them along.

# %%
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

scores = [[1, 2, 2], [2, 3, 1], [3, 1, 1], [4, 3, 5], [5, 3, 6], [6, 2, 4]]
x = torch.tensor(scores, dtype=torch.float64)
y = torch.tensor([[0], [0], [0], [1], [1], [1]], dtype=torch.float64)
print(x.shape, y.shape)

# %% tags=["fold"]
import matplotlib.pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg", metadata={"Date": None})
plt.rcParams.update(
    {
        "svg.hashsalt": "logistic-regression",
        "svg.fonttype": "none",
        "figure.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "lines.linewidth": 2,
        "legend.frameon": False,
    }
)


def plot(losses, accuracies):
    figure, axes = plt.subplots(2, 1, sharex=True, figsize=(6.4, 4.4))
    for axis, values in zip(axes, (losses, accuracies), strict=True):
        axis.plot(values, label="every epoch")
        axis.plot(range(0, 101, 10), values[::10], "o", label="in the log")
    axes[0].set(ylabel="loss (nats)", ylim=0)
    axes[1].set(ylabel="accuracy", xlabel="epoch", ylim=(0.25, 1.05))
    axes[1].yaxis.set_major_formatter("{x:.0%}")
    axes[0].legend()
    figure.tight_layout()


# %% [markdown]
# ## One function for CPU and GPU
#
# `train` moves the model and the data to `device`, and brings the records back. `tqdm` draws a progress bar around the loop. With `disable=None` the bar appears in a terminal only, which is why this page has none.


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


def log(losses, accuracies, epochs):
    for n in epochs:
        print(f"epoch {n:3}  loss {losses[n]:.3f}", end="  ")
        print(f"accuracy {accuracies[n]:7.2%}")


device = "cuda" if torch.cuda.is_available() else "cpu"

# %% [markdown]
# ## The model, written twice
#
# Logistic regression is a linear layer and a sigmoid. `nn.Sequential` needs no class; a class lets you name the parts. The starting weights are set by hand, so that your numbers match ours.


# %%
class BinaryClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid(self.linear(x))


def run(model, linear, weight, bias):
    model.double()
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([weight], dtype=torch.float64))
        linear.bias.copy_(torch.tensor([bias], dtype=torch.float64))
    bce = F.binary_cross_entropy
    return train(model, x, y, bce, lambda p: p >= 0.5, 0.05, 101, device)


model = nn.Sequential(nn.Linear(3, 1), nn.Sigmoid())
losses, accuracies, outputs = run(
    model, model[0], [-0.5276, -0.5293, -0.2994], 0.0481
)
log(losses, accuracies, range(0, 101, 10))

# %%
model = BinaryClassifier()
losses_2, accuracies_2, outputs_2 = run(
    model, model.linear, [0.1236, 0.1227, -0.2454], -0.4398
)
log(losses_2, accuracies_2, range(0, 101, 10))

# %% [markdown]
# The logs differ because the starting weights do. Give the class those of the first run, and every loss comes out the same:

# %%
again, _, _ = run(model, model.linear, [-0.5276, -0.5293, -0.2994], 0.0481)
print(torch.equal(again, losses))

# %% [markdown]
# ## Every epoch of the first run

# %% alt="Two panels over 101 epochs, with a dot at every tenth. The loss falls without a rise, from 2.794 to 0.274. The accuracy leaps to 100% at epoch 5, drops to 66.67%, and climbs back to 100% by epoch 58. No dot lies on the leap."
plot(losses, accuracies)

# %% tags=["unshown"]
# proves: "Two panels over 101 epochs, with a dot at every tenth"
assert len(losses) == len(accuracies) == len(range(0, 101, 10)) * 10 - 9
# proves: "The loss falls without a rise, from 2.794 to 0.274"
assert (losses.diff() < 0).all()
assert f"{losses[0]:.3f} {losses[-1]:.3f}" == "2.794 0.274"
# proves: "The accuracy leaps to 100% at epoch 5, drops to 66.67%, and climbs back to 100% by epoch 58"
of_six = (6 * accuracies).round()
assert of_six[:7].tolist() == [3, 3, 3, 3, 3, 6, 4]
assert (of_six[6:].diff() >= 0).all()
assert (of_six[6:58] < 6).all()
assert (of_six[58:] == 6).all()
# proves: "No dot lies on the leap"
assert (of_six[:51:10] < 6).all()

# %% [markdown]
# The dots are the log, the line is what happened. Between the first two dots the accuracy reaches 100% and loses it again. A log of the first epoch and of the changes is short, and misses no accuracy:

# %%
changed = (accuracies[1:] != accuracies[:-1]).nonzero().flatten() + 1
log(losses, accuracies, [0, *changed.tolist()])

# %% tags=["unshown"]
# proves: "A log of the first epoch and of the changes is short, and misses no accuracy"
kept = [0, *changed.tolist(), 101]
told = accuracies[kept[:-1]].repeat_interleave(torch.tensor(kept).diff())
assert told.equal(accuracies)
assert not accuracies[::10].repeat_interleave(10)[:101].equal(accuracies)

# %% [markdown]
# Epoch 5 alone has all six right; epoch 6 and the log's epoch 10 have 66.67%. From epoch 58 on, all six stay right. To stop at the first 100% would be to stop at a loss of 0.591, more than twice the last one.
#
# ## Every epoch of the second run

# %% alt="The same two panels for the second run. The loss falls from 0.847 to 0.265. The accuracy starts at one half, dips to 33.33% at epoch 1, goes up and down until epoch 9, and reaches 100% at epoch 58. No dot lies on the dip."
plot(losses_2, accuracies_2)

# %% tags=["unshown"]
# proves: "The same two panels for the second run"
assert losses_2.shape == losses.shape
assert not losses_2.equal(losses)
# proves: "The loss falls from 0.847 to 0.265"
assert (losses_2.diff() < 0).all()
assert f"{losses_2[0]:.3f} {losses_2[-1]:.3f}" == "0.847 0.265"
# proves: "The accuracy starts at one half, dips to 33.33% at epoch 1, goes up and down until epoch 9"
of_six_2 = (6 * accuracies_2).round()
assert of_six_2[:10].tolist() == [3, 2, 4, 4, 4, 4, 4, 3, 3, 4]
assert (of_six_2[9:].diff() >= 0).all()
# proves: "and reaches 100% at epoch 58"
assert of_six_2[57] < 6
assert (of_six_2[58:] == 6).all()
# proves: "No dot lies on the dip"
assert (of_six_2[::10] >= 3).all()

# %%
changed = (accuracies_2[1:] != accuracies_2[:-1]).nonzero().flatten() + 1
log(losses_2, accuracies_2, [0, *changed.tolist()])

# %% [markdown]
# After one update the accuracy dips to 33.33%, worse than a coin, while the loss falls from 0.847 to 0.695. The log jumps over ten epochs and shows neither the dip nor the climb after it.
#
# ## Six students, six curves
#
# `train` kept the output of every epoch, so we can ask who was wrong, and when:


# %%
def crossings(outputs):
    right = (outputs[:, :, 0] >= 0.5) == y.T.bool()
    for n in range(6):
        changed = (right[1:, n] != right[:-1, n]).nonzero().flatten() + 1
        first = "right" if right[0, n] else "wrong"
        print(f"student {n + 1}: {first} at epoch 0", end=", ")
        print(f"changes at {changed.tolist()}")


crossings(outputs)
print()
crossings(outputs_2)

# %% alt="Two panels, one a run, with the probability of a pass for six students. In both, all six curves first rise. The three who passed keep rising. The three who failed turn around; in the first run students 1 and 3 are above one half for a while, in the second students 1, 2, and 3."
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.4))
runs = {"first run": outputs, "second run": outputs_2}
beside = {"textcoords": "offset points", "va": "center"}
for axis, (title, p) in zip(axes, runs.items(), strict=True):
    for n in range(6):
        axis.plot(p[:, n], "C0" if y[n] else "C3--", linewidth=1.5)
        end = 100, p[100, n, 0]
        axis.annotate(f"{n + 1}", end, (3, 0), **beside)
    axis.axhline(0.5, color="gray", linewidth=0.8)
    axis.set(title=title, xlabel="epoch", xlim=(0, 108), ylim=(0, 1))
axes[0].set_ylabel("probability of a pass")
figure.tight_layout()

# %% tags=["unshown"]
# proves: "Two panels, one a run, with the probability of a pass for six students"
assert outputs.shape == outputs_2.shape == (101, 6, 1)
assert all(((p > 0) & (p < 1)).all() for p in (outputs, outputs_2))
rising = [p[:, :, 0].diff(dim=0) > 0 for p in (outputs, outputs_2)]
# proves: "In both, all six curves first rise"
assert all(up[:4].all() for up in rising)
# proves: "The three who passed keep rising"
assert all(up[:, y[:, 0] == 1].all() for up in rising)
# proves: "The three who failed turn around"
assert all(
    (up[:, y[:, 0] == 0].int().diff(dim=0) != 0).sum(dim=0).tolist()
    == [1, 1, 1]
    for up in rising
)
# proves: "only two of six are right, the 33.33%"
assert f"{accuracies_2[1]:.2%}" == "33.33%"
assert of_six_2[1] == 2
# proves: "in the first run students 1 and 3 are above one half for a while, in the second students 1, 2, and 3"
above = [p[:, :3, 0] > 0.5 for p in (outputs, outputs_2)]
assert [
    (up.any(dim=0).nonzero().flatten() + 1).tolist() for up in above
] == [[1, 3], [1, 2, 3]]
assert not any(up[end].any() for up in above for end in (0, -1))

# %% [markdown]
# Solid curves are the students who passed, dashed ones those who failed. The first updates lift them all. The passes are the costly mistakes, so they pull the weights up, and since no score is negative, higher weights lift everybody.
#
# In the first run students 1 and 3 are lifted past one half at epoch 6, and come back at 38 and 58. In the second run students 2 and 3 are past it at epoch 1, one epoch before students 4 and 5: only two of six are right, the 33.33%. Student 3 returns last in both runs, at epoch 58.
#
# ## In one breath
#
# Write `train` once, with the device as an argument, and keep every epoch: a log of every tenth hides a lost 100% and a dip to 33.33%. Plot the outputs too, and you see who is wrong.
#
# Next: [softmax regression](softmax-regression.py).
