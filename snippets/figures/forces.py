"""The gradient of one sample's loss, turned round, as forces on its logits; and the same forces laid end to end."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    # The first of the page's five samples: a cat.
    z = torch.rand(5, 3, generator=torch.Generator().manual_seed(1))[:1].double().requires_grad_()
    (slopes,) = torch.autograd.grad(F.cross_entropy(z, torch.tensor([0])), z)
    figure, (logits, chain) = plt.subplots(
        1, 2, figsize=(4.8, 3.4), width_ratios=(6, 5), sharey=True, layout="constrained"
    )
    reached = 0
    for j, (logit, force) in enumerate(zip(z[0].tolist(), (-slopes[0]).tolist(), strict=True)):
        color = TEAL if force > 0 else RED
        logits.plot([j], [logit], "o", color=GRAY)
        for axes, start in ((logits, logit), (chain, reached)):
            arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (j, start + force), (j, start), arrowprops=arrow)
        up = 6 if force > 0 else -14
        logits.annotate(
            f"{force:+.4f}", (j, logit + force), (0, up), textcoords="offset points", ha="center", color=color
        )
        reached += force
        chain.plot([j, j + 1] if j < 2 else [0, j], [reached, reached], color=GRAY, linewidth=0.8, linestyle=":")
    for axes, name in ((logits, "forces on the logits"), (chain, "end to end")):
        axes.set(xticks=range(3), xticklabels=["cat", "dog", "parrot"], xlim=(-0.6, 2.6), ylim=(-0.3, 1.6))
        axes.set_title(name, fontsize=11)
    logits.set_ylabel("logit")
    return figure
