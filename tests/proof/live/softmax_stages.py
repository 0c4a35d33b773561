"""Three stages of softmax: three logits, their powers and the probabilities, as PyTorch computes them."""

import torch
from proof.charts import Chart, joined

PAGE = "foundations/softmax.html"
START = {"z": [1, 0, 0]}
ASKED = {"z": [1, 0, 1]}
EXTREMES = [
    {"z": [4, -4, 0]},
    {"z": [4, 4, 4]},
    {"z": [-4, -4, -4]},
    # The largest power is 1, and the chart of powers ends there.
    {"z": [0, -2, -0.1]},
    # The least that leaves room for one more, and the most that does not.
    {"z": [3, -3, 0]},
    {"z": [3.1, -3.1, 0]},
]


def draw(rng):
    """Return a random state."""
    return {"z": [round(rng.uniform(-4, 4), 1) for _ in range(3)]}


def presses(words):
    """Return what each button changes."""
    return {words["more"]: {"z": [2, 1, 1]}, words["less"]: {"z": [0, -1, -1]}}


def written(name, value):
    """Return a number as the figure writes it: logits have one decimal."""
    return f"{value:.{1 if name.startswith('z') else 4}f}"


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    return words["says"].format(**shown)


def truth(state, words):
    """Return what each number of the figure must be."""
    z = torch.tensor(state["z"], dtype=torch.float64)
    stages = {"z": z, "power": torch.exp(z), "p": torch.softmax(z, dim=0)}
    numbers = {f"{name}{j}": values[j].item() for name, values in stages.items() for j in range(3)}
    return numbers | {"total": torch.exp(z).sum().item()}


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    numbers = truth(state, words)
    largest = max(numbers[f"power{j}"] for j in range(3))
    top = min(times * 10.0**power for power in range(-3, 3) for times in (1, 2, 5) if times * 10.0**power >= largest)
    ends = {"z": (-4, 4, (-4, -2, 0, 2, 4)), "power": (0, top, (0, top)), "p": (0, 1, (0, 0.5, 1))}
    charts = {name: Chart((0, 3, ()), up, (32, 294, 6, 144)) for name, up in ends.items()}
    boxes = []
    for name, chart in charts.items():
        for j in range(3):
            height = numbers[f"{name}{j}"]
            corners = [(j + 0.2, 0), (j + 0.2, height), (j + 0.8, height), (j + 0.8, 0)]
            boxes.append([[n for x, y in corners for n in (chart.x(x), chart.y(y))]])
    shapes = {
        "viewBox": [["0 0 300 150"]] * 3,
        "range": [[-4, 4, 0.1]] * 3,
        "number": [[value] for value in state["z"]],
        "live-stage-bar": boxes,
        **joined(*(chart.shapes() for chart in charts.values())),
    }
    off = [[words["more"]]] * (max(state["z"]) > 3) + [[words["less"]]] * (min(state["z"]) < -3)
    return shapes | ({"disabled": off} if off else {})


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    # Only the first chart can be held: its box is 138 high, of 150, and 6 from the edge.
    rows = {value: (6 + 138 * (4 - value) / 8) / 150 for value in (-2, 2.5)}
    return [
        (0, (0.25, rows[2.5]), {"z": [2.5, 0, 0]}),
        (0, (0.54, rows[-2]), {"z": [1, -2, 0]}),
        (0, (0.9, 0.01), {"z": [1, 0, 4]}),
        (0, (0.9999, rows[2.5]), {"z": [1, 0, 2.5]}),
        (0, (0.02, rows[-2]), {"z": [-2, 0, 0]}),
    ]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    change = round(after["p0"] - before["p0"], 4)
    return "stays" if change == 0 else "rises" if change > 0 else "falls"
