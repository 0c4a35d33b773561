"""The students' line: weights, loss and who is right at an epoch of the exam-scores model, trained anew."""

import functools
import math
import re

import torch
import torch.nn.functional as F
from exam_data import PASSED, SCORES
from proof.charts import VIEW, Chart, joined

PAGE = "start/exam-scores.html"
BAD = [-0.5276, -0.5293, -0.2994, 0.0481]
START = {"w": BAD, "epoch": 0, "loss": "bce"}
ASKED = {"epoch": 6}
EXTREMES = [{"w": BAD, "epoch": n, "loss": loss} for loss in ("bce", "mse") for n in (5, 6, 57, 58, 100, 300)]
EXTREMES += [
    {"w": [3, 3, 3, 20], "epoch": 300, "loss": "bce"},
    {"w": [-3, -3, -3, -20], "epoch": 40, "loss": "mse"},
    {"w": [0, 1, 0, -2], "epoch": 0, "loss": "bce"},
    {"w": [0, 0, 0, 0], "epoch": 0, "loss": "mse"},
    {"w": [0, 0, 0, 1], "epoch": 2, "loss": "bce"},
    {"w": [0, -1, 1, 0.5], "epoch": 0, "loss": "mse"},
    {"w": [0.5, -1, 1, 0], "epoch": 0, "loss": "bce"},
]


def draw(rng):
    """Return a random state."""
    w = [round(rng.uniform(-size, size), 2) for size in (1, 3, 3, 9)]
    return {"w": rng.choice([BAD, w]), "epoch": rng.randint(0, 300), "loss": rng.choice(["bce", "mse"])}


@functools.cache
def trained(w, epoch, loss):
    """Return weights, logits, and loss at each epoch up to one."""
    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    optimizer, seen = torch.optim.SGD([weights], lr=0.05), []
    for _ in range(epoch + 1):
        z = SCORES @ weights[:3] + weights[3]
        y = PASSED.flatten()
        lost = F.binary_cross_entropy_with_logits(z, y) if loss == "bce" else F.mse_loss(torch.sigmoid(z), y)
        seen.append((weights.tolist(), z.tolist(), lost.item()))
        optimizer.zero_grad()
        lost.backward()
        optimizer.step()
    return seen


def now(state):
    """Return what a state has come to."""
    return trained(tuple(state["w"]), state["epoch"], state["loss"])


def missed(state):
    """Return the numbers of the students about whom the model is wrong."""
    _, z, _ = now(state)[-1]
    return [i + 1 for i, logit in enumerate(z) if (logit >= 0) != (i > 2)]


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    wrong = missed(state)
    return words["says_wrong" if wrong else "says"].format(**shown, wrong=", ".join(map(str, wrong)))


def truth(state, words):
    """Return what each number of the figure must be."""
    w, _, loss = now(state)[-1]
    numbers = {"epoch": str(state["epoch"]), "loss": loss, "right": str(6 - len(missed(state)))}
    return numbers if crossings(w, 3.5)[0] else numbers | {"outside": words["outside"]}


BOX = (32, 294, 6, 218)
PLANE = Chart((0, 5, range(6)), (0, 7, range(8)), BOX)
EDGE = [((0, 0), (5, 0)), ((5, 0), (5, 7)), ((5, 7), (0, 7)), ((0, 7), (0, 0))]


def height(w, exam, x, y):
    """Return the logit of a place of the plane, for a first exam."""
    return w[0] * exam + w[1] * x + w[2] * y + w[3]


def crossings(w, exam):
    """Return where the line of a first exam crosses the edge of the plane, in its order, and what it leaves above 0."""
    cuts, kept = [], []
    for start, end in EDGE:
        a, b = height(w, exam, *start), height(w, exam, *end)
        kept += [start] * (a >= 0)
        if (a < 0) != (b < 0):
            cuts.append(tuple(s + (e - s) * a / (a - b) for s, e in zip(start, end, strict=True)))
            kept.append(cuts[-1])
    return cuts, kept


def placed(corners):
    """Return the coordinates of places of the plane."""
    return [n for x, y in corners for n in (PLANE.x(x), PLANE.y(y))]


def drawn(state, words):
    """Return what the figure must draw, and how its controls must stand."""
    seen, epoch = now(state), state["epoch"]
    w, _, loss = seen[-1]
    cuts, kept = crossings(w, 3.5)
    top = next(bound for bound in (0.5, 1, 3, 10, 30, 100) if bound >= max(lost for *_, lost in seen))
    chart = Chart((0, 300, (0, 100, 200, 300)), (0, top, (0, top / 2, top)))
    shown = [[2, 2], [3, 1], [1, 1], [3, 5], [3, 6], [2, 4]]
    numbers = [[PLANE.x(x), PLANE.y(y) + 3.5, f"{i + 1}"] for i, (x, y) in enumerate(shown)]
    plane, curve = PLANE.shapes(), chart.shapes()
    shapes = joined(plane, {"tick": numbers}, curve) | {
        "range": [[0, 300, 1, epoch, words["epoch_now"].format(epoch=epoch)]]
        + [[-limit, limit, 0.01] for limit in (3, 3, 3, 20)],
        "number": [[round(value, 4)] for value in w],
        "radio": [[state["loss"] == loss] for loss in ("bce", "mse")],
        "viewBox": [["0 0 300 236"], [VIEW]],
        "live-line": [[placed(cuts)], [[n for e, (*_, lost) in enumerate(seen) for n in (chart.x(e), chart.y(lost))]]],
        "live-passes": [[placed(kept)]],
        "live-band": [[placed(band(w))]],
        "live-dot": [[chart.x(epoch), chart.y(loss)]],
    }
    if cuts:
        (a, b), (c, d) = cuts
        shapes["live-grip"] = [placed([(a + part * (c - a), b + part * (d - b))]) for part in (0.2, 0.8)]
    for i, (x, y) in enumerate(shown):
        kind = "live-missed live-student" if i + 1 in missed(state) else "live-student"
        shapes.setdefault(kind, []).append([PLANE.x(x), PLANE.y(y)])
    return shapes


def band(w):
    """Return the corners of the plane's part in which the first exam, from 1 to 6, decides."""
    low, high = (6, 1) if w[0] < 0 else (1, 6)
    corners = [(0, 0), (5, 0), (5, 7), (0, 7)]
    for sign, exam in ((1, high), (-1, low)):
        inside = []
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            a, b = (sign * height(w, exam, *place) for place in (start, end))
            inside += [start] * (a >= 0)
            if (a < 0) != (b < 0):
                inside.append(tuple(s + (e - s) * a / (a - b) for s, e in zip(start, end, strict=True)))
        corners = inside
    return corners


def at(x, y):
    """Return where a place of the plane lies, in parts of the drawing."""
    return PLANE.x(x) / 300, PLANE.y(y) / 236


def drags(words):
    """Return what a hand does on a drawing, in parts of its size, and the state that this leads to."""
    first, second, third, _ = BAD
    size = math.hypot(1, 2) / math.hypot(3, 1.9)
    through = round(-(second * 2 + third * 3 + first * 3.5), 4)
    return [
        (0, at(2, 3), {"w": [first, second, third, through]}),
        # This line is taken near (1, 1.5) and turned about (4, 3), as steep as it was.
        (0, at(1, 1.1), {"w": [0, *(round(size * part, 4) for part in (-1.9, 3, -1.4))]}, {"w": [0, -1, 2, -2]}),
        (1, (Chart((0, 300, ()), (0, 1, ())).x(100.3) / 300, 0.5), {"epoch": 100}),
    ]


def typed(script):
    """Return the constants that a script of the figure has, beside what they must be."""
    rows = re.search(r"STUDENTS = \[(.*)\];", script)[1]
    scores = [float(n) for n in re.findall(r"\d+", rows)]
    true = [n for row in SCORES.tolist() for n in (*row, 1.0)]
    start = [float(n) for n in re.search(r"w: \[(-.*?)\]", script)[1].split(",")]
    return [*zip(scores, true, strict=True), *zip(start, BAD, strict=True)]


def outcome(before, after):
    """Return the choice that is right, given the numbers of the start and those of what is asked about."""
    return "six" if after["right"] == "6" else "fewer"
