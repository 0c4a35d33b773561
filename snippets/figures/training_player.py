"""Loss and accuracy of the exam-scores model at every epoch, with the epochs that the tutorial's log shows."""

from style import RED, TEAL, plt
from training_runs import logistic


def draw():
    losses, accuracies, *_ = zip(*logistic(), strict=True)
    figure, (top, bottom) = plt.subplots(2, sharex=True, figsize=(6.4, 4.2))
    top.plot(losses, color=TEAL)
    top.set(ylabel="loss", ylim=(0, 3))
    bottom.plot([100 * accuracy for accuracy in accuracies], color=TEAL, drawstyle="steps-mid")
    bottom.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 109))
    for axes, values in ((top, losses), (bottom, [100 * accuracy for accuracy in accuracies])):
        axes.plot(range(0, 101, 10), values[::10], "o", color=RED, markersize=4)
    return figure
