"""The line at which the exam-scores model says one half, at three epochs of its training, among the six students."""

from exam_data import PASSED, SCORES
from style import GRAY, RED, TEAL, plt
from training_runs import logistic

EPOCHS = {5: GRAY, 20: RED, 100: TEAL}


def draw():
    figure, axes = plt.subplots(figsize=(5, 4))
    passed = PASSED.flatten().bool()
    for kept, marker, name in ((passed, "o", "passed"), (~passed, "x", "failed")):
        axes.scatter(SCORES[kept, 1], SCORES[kept, 2], marker=marker, color="black", s=60, label=name, zorder=3)
    for epoch, color in EPOCHS.items():
        first, second, third, bias = logistic()[epoch][-4:]
        # Of a student with the mean of all first exams.
        heights = [-(first * 3.5 + second * x + bias) / third for x in (0, 5)]
        axes.plot((0, 5), heights, color=color, label=f"epoch {epoch}")
    axes.set(xlabel="exam 2", ylabel="exam 3", xlim=(0, 5), ylim=(0, 7))
    axes.legend(fontsize=9, loc="lower right")
    return figure
