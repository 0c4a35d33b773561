"""Which loss: what every combination of answers shows, and what its call must return."""

import torch
import torch.nn.functional as F

PAGE = "index.html"
TASKS, LAYOUTS = ("class", "yes-no", "labels", "soft"), ("sample", "pixel", "step")
OUTPUTS = ("logits", "probabilities", "log-probabilities")
STATES = [{"task": t, "layout": n, "output": o} for t in TASKS for n in LAYOUTS for o in OUTPUTS]
START, *EXTREMES = STATES

BCE = "F.binary_cross_entropy_with_logits(z, y)"
# Of each task and layout: the loss of logits, the last layer, and the shape and type of the targets.
LOGITS = {
    ("class", "sample"): ("F.cross_entropy(z, y)", "nn.Linear(D, C)", "(N,)", "int64"),
    ("class", "pixel"): ("F.cross_entropy(z, y)", "nn.Conv2d(D, C, 1)", "(N, H, W)", "int64"),
    ("class", "step"): ("F.cross_entropy(z.flatten(0, 1), y.flatten())", "nn.Linear(D, C)", "(N, T)", "int64"),
    ("yes-no", "sample"): (BCE, "nn.Linear(D, 1)", "(N,)", "float"),
    ("yes-no", "pixel"): (BCE, "nn.Conv2d(D, 1, 1)", "(N, H, W)", "float"),
    ("yes-no", "step"): (BCE, "nn.Linear(D, 1)", "(N, T)", "float"),
    ("labels", "sample"): (BCE, "nn.Linear(D, C)", "(N, C)", "float"),
    ("labels", "pixel"): (BCE, "nn.Conv2d(D, C, 1)", "(N, C, H, W)", "float"),
    ("labels", "step"): (BCE, "nn.Linear(D, C)", "(N, T, C)", "float"),
    ("soft", "sample"): ("F.cross_entropy(z, y)", "nn.Linear(D, C)", "(N, C)", "float"),
    ("soft", "pixel"): ("F.cross_entropy(z, y)", "nn.Conv2d(D, C, 1)", "(N, C, H, W)", "float"),
    ("soft", "step"): ("F.cross_entropy(z.flatten(0, 1), y.flatten(0, 1))", "nn.Linear(D, C)", "(N, T, C)", "float"),
}
# Of each task with classes and layout: the loss of probabilities, and that of log-probabilities.
OTHERS = {
    ("class", "sample"): ("F.nll_loss(torch.log(p), y)", "F.nll_loss(log_p, y)"),
    ("class", "pixel"): ("F.nll_loss(torch.log(p), y)", "F.nll_loss(log_p, y)"),
    ("class", "step"): (
        "F.nll_loss(torch.log(p).flatten(0, 1), y.flatten())",
        "F.nll_loss(log_p.flatten(0, 1), y.flatten())",
    ),
    ("soft", "sample"): ("-torch.xlogy(y, p).sum(dim=1).mean()", "-(y * log_p).sum(dim=1).mean()"),
    ("soft", "pixel"): ("-torch.xlogy(y, p).sum(dim=1).mean()", "-(y * log_p).sum(dim=1).mean()"),
    ("soft", "step"): ("-torch.xlogy(y, p).sum(dim=2).mean()", "-(y * log_p).sum(dim=2).mean()"),
}
AXIS = {"sample": 1, "pixel": 1, "step": 2}


def draw(rng):
    """Return a random state."""
    return rng.choice(STATES)


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    call, verdict = shown["call"], shown.get("verdict", "")
    why = {
        "": "",
        "Remove": f": {call.partition('(')[0]} contains one, and with two the loss stays high even where every answer "
        "is right. ",
        "This": ": the loss of a yes or a no needs the logs of p and of 1 \u2212 p, and a log-probability is only the "
        "first. Return logits. ",
        "Written": ": F.nll_loss takes only classes as targets, no probabilities. ",
    }[verdict.partition(" ")[0]]
    return f"{verdict}{why}Use {call} after {shown['last']}, with targets {shown['shape']} {shown['dtype']}."


def truth(state):
    """Return what the figure must say."""
    key, output = (state["task"], state["layout"]), state["output"]
    shown = dict(zip(("call", "last", "shape", "dtype"), LOGITS[key], strict=True))
    binary = key not in OTHERS
    if output == "probabilities":
        shown["verdict"] = "Remove the sigmoid" if binary else "Remove the softmax"
        shown["kept"] = "F.binary_cross_entropy(p, y)" if binary else OTHERS[key][0]
    elif output == "log-probabilities" and binary:
        shown["verdict"] = "This makes no sense"
    elif output == "log-probabilities":
        shown |= {"call": OTHERS[key][1], "last": f"nn.LogSoftmax(dim={AXIS[state['layout']]})"}
        if state["task"] == "soft":
            shown["verdict"] = "Written out"
    return shown


def loss(state, scores, y):
    """Return the loss by its definition; log-probabilities are logits too."""
    if (state["task"], state["layout"]) not in OTHERS:
        return -(y * F.logsigmoid(scores) + (1 - y) * F.logsigmoid(-scores)).mean()
    axis = AXIS[state["layout"]]
    return -(probabilities(state, y) * torch.log_softmax(scores, axis)).sum(axis).mean()


def probabilities(state, y):
    """Return the probabilities of a perfect answer."""
    if state["task"] != "class":
        return y
    return F.one_hot(y, 3).movedim(-1, AXIS[state["layout"]]).float()
