"""Which loss: what every combination of answers shows, and what its call must return."""

import warnings

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


def says(state, shown, words):
    """Return the sentence of the figure, with the numbers that it shows."""
    return words["advises" if "verdict" in shown else "says"].format(**shown)


def advice(state):
    """Return what kind of advice an answer needs, if any."""
    task, output = state["task"], state["output"]
    if output == "probabilities":
        return "remove"
    if output == "log-probabilities" and task != "class":
        return "written" if task == "soft" else "senseless"
    return None


def truth(state, words):
    """Return what the figure must say."""
    key, output = (state["task"], state["layout"]), state["output"]
    shown = dict(zip(("call", "last", "shape", "dtype"), LOGITS[key], strict=True))
    binary = key not in OTHERS
    if output == "log-probabilities" and not binary:
        shown |= {"call": OTHERS[key][1], "last": f"nn.LogSoftmax(dim={AXIS[state['layout']]})"}
    fields = {"activation": "sigmoid" if binary else "softmax", "loss": shown["call"].partition("(")[0]}
    if output == "probabilities":
        shown["keep"] = words["keep"].format(**fields)
        shown["kept"] = "F.binary_cross_entropy(p, y)" if binary else OTHERS[key][0]
    if kind := advice(state):
        shown["verdict"] = words["verdicts"][kind].format(**fields)
        shown["why"] = words["reasons"][kind].format(**fields)
    return shown


def drawn(state, words):
    """Return how the controls of the figure must stand, and whether its advice is a warning."""
    answers = zip((TASKS, LAYOUTS, OUTPUTS), state.values(), strict=True)
    shapes = {"radio": [[value == chosen] for values, chosen in answers for value in values]}
    return shapes | ({"marked": [["live-advice live-unwise"]]} if advice(state) in ("remove", "senseless") else {})


SIZES = {"N": 4, "T": 6, "H": 16, "W": 24, "D": 8, "C": 3}


def also(state, seen, words):
    """Run the code that the figure offers. Raises AssertionError if it does not do what the figure says."""
    made, shown, code = {}, seen["numbers"], seen["code"]
    # The code draws its data; soft targets near 1/C would leave a second softmax little to spoil.
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(code, str(state), "exec"), made)
    letters = [letter for letter in SIZES if letter in made]
    assert all(made[letter] == SIZES[letter] for letter in letters)
    assert f"# {', '.join(words['axes'][letter] for letter in letters)}\n{', '.join(letters)} = " in code
    assert made["loss"].shape == ()
    assert made["loss"].isfinite()
    assert made["y"].shape == eval(shown["shape"], made)
    assert made["y"].dtype == getattr(torch, shown["dtype"])
    assert (f"  # {words['which_class']}\n" in code) == (state["task"] == "class")
    assert f"loss = {shown['call']}\n" in code + "\n"
    assert f" = {shown['last']}\n" in code
    scores = made.get("z", made.get("log_p"))
    torch.testing.assert_close(made["loss"], loss(state, scores, made["y"]))
    if state["output"] == "probabilities":
        activation = "sigmoid" if (state["task"], state["layout"]) not in OTHERS else "softmax"
        assert f"\n\n# {words['less_exact'].format(activation=activation)}\n" in code
        assert f"\nsame = {shown['kept']}" in code
        torch.testing.assert_close(made["same"], made["loss"])
        # With two activations, perfect answers still have a high loss.
        p = probabilities(state, made["y"])
        perfect = p.logit(1e-6) if activation == "sigmoid" else p.log().clamp_min(-20)
        assert loss(state, p, made["y"]) > loss(state, perfect, made["y"]) + 0.05


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
