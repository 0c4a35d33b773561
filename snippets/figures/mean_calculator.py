"""The state from which the mean calculator starts: each sample's share above and below the fraction bar."""

import torch
import torch.nn.functional as F
from style import GRAY, RED, TEAL, plt


def draw():
    z = torch.rand(5, 3, generator=torch.manual_seed(1))
    y, w = torch.tensor([0, 0, 0, 2, 1]), torch.tensor([1.0, 2.0, 5.0])
    above, below = F.cross_entropy(z, y, weight=w, reduction="none").tolist(), w[y].tolist()
    figure, axes = plt.subplots(figsize=(6.4, 2.2))
    for row, (shares, color) in enumerate(((above, TEAL), (below, RED))):
        left = 0.0
        for i, share in enumerate(shares):
            axes.barh(row, share, left=left, color=color, edgecolor="white", height=0.55)
            axes.text(left + share / 2, row, f"{share:.4g}", ha="center", va="center", color="white", fontsize=8)
            axes.text(left + share / 2, row + 0.38, f"{i}", ha="center", va="center", color=GRAY, fontsize=8)
            left += share
        axes.text(left + 0.15, row, f"{left:.4f}" if row == 0 else f"{left:.0f}", va="center")
    axes.set(
        yticks=[0, 1], yticklabels=["added above", "added below"], xlim=(0, 13), xlabel="sum over the samples 0 to 4"
    )
    axes.set_title(f"mean = {sum(above):.4f} / {sum(below):.0f} = {sum(above) / sum(below):.4f}", fontsize=11)
    axes.invert_yaxis()
    return figure
