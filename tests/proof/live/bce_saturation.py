"""BCE saturation: what float32 leaves of loss and gradient, from the probability and from the logit."""

import torch
import torch.nn.functional as F

PAGE = "losses/bce.html"
START = {"z": 17, "y": 0}
# Every stop of the slider: where rounding decides, a sample would not do.
EXTREMES = [{"z": half / 2, "y": y} for half in range(-120, 121) for y in (0, 1)]


def draw(rng):
    """Return a random state."""
    return {"z": rng.randint(-120, 120) / 2, "y": rng.randint(0, 1)}


def written(name, value):
    """Return a number as the figure writes it: what is tiny, in scientific notation."""
    tiny = not name.startswith("loss") and 0 < abs(value) < 1e-4
    return f"{value:.4e}" if tiny else f"{value:.4f}"


def says(state, shown):
    """Return the sentence of the figure, with the numbers that it shows."""
    return (
        f"From the probability the loss is {shown['loss0']} with gradient {shown['gradient0']}; "
        f"from the logit {shown['loss1']} with gradient {shown['gradient1']}."
    )


def truth(state):
    """Return what each number of the figure must be."""
    y, numbers = torch.tensor([float(state["y"])]), {}
    for k, loss_of in enumerate((lambda z: F.binary_cross_entropy(torch.sigmoid(z), y), None)):
        z = torch.tensor([float(state["z"])], requires_grad=True)
        loss = loss_of(z) if loss_of else F.binary_cross_entropy_with_logits(z, y)
        loss.backward()
        numbers |= {f"loss{k}": loss.item(), f"gradient{k}": z.grad.item()}
    return numbers | {"p": torch.sigmoid(z).item()}
