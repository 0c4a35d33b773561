"""The look of all figures: black on nothing, one teal, one red; the page turns them over in the dark."""

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt

TEAL, RED, GRAY = "#0b6163", "#a92f41", "#6b6b6b"
plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "logits-to-loss",
        # Whether a point is left out as needless can hang on its last bit, which depends on the processor.
        "path.simplify": False,
        "font.size": 11,
        "lines.linewidth": 2,
        "figure.figsize": (6.4, 3.4),
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
        # A transcript that reads a figure leaves it open; all close with the process.
        "figure.max_open_warning": 0,
    }
)
