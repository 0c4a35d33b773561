"""The promise: what a page says of several ranks is so in two real processes with gloo and DistributedDataParallel.

Not in the transcript, because two processes that import PyTorch take longer than all of its other lines.
"""

import doctest
import json
import os
import re
import subprocess
import sys

import pytest
import torch
from proof.places import SNIPPETS
from transcripts import sections

pytestmark = pytest.mark.skipif(
    not (torch.distributed.is_available() and torch.distributed.is_gloo_available()),
    reason="this build of PyTorch has no gloo, the backend that lets processes of one CPU talk",
)
SHOWN = ("data", "steps", "ignored", "ranks", "on-rank", "nan-rank")
# What each of the two processes runs after the lines that the page shows.
ON_EACH = """
import json, sys
from torch.nn.parallel import DistributedDataParallel

class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(w.detach().clone())

    def forward(self, inputs):
        return inputs @ self.w

def trained(loss_of, targets):
    model = DistributedDataParallel(Model())
    loss_of(model(inputs), targets).backward()
    return model.module.w.grad

rank = int(sys.argv[1])
dist.init_process_group("gloo", init_method=sys.argv[2], rank=rank, world_size=2)
inputs, targets = ranks[rank]
few = empty if rank else targets
mine = F.cross_entropy(inputs @ w.detach(), few)
dist.all_reduce(mine)
first = gradient(F.cross_entropy(ranks[0][0] @ w, ranks[0][1]))
print(json.dumps({
    "mean of means": off(trained(F.cross_entropy, targets), gradient(whole)),
    "mended": torch.allclose(trained(loss_on_rank, targets), gradient(whole), rtol=1e-10),
    "logged": torch.isclose(loss_to_log(inputs @ w, targets), whole, rtol=1e-12).item(),
    "a rank without targets": [str(mine.item()), off(trained(F.cross_entropy, few), first)],
    "mended too": torch.allclose(trained(loss_on_rank, few), first, rtol=1e-10),
}))
dist.destroy_process_group()
"""


def test_two_processes_do_what_the_page_says(tmp_path):
    transcript = SNIPPETS / "work/averages.pycon"
    known = sections(transcript, transcript.name)
    examples = {name: doctest.DocTestParser().get_examples(known[name].text) for name in SHOWN}
    program = tmp_path / "ranks.py"
    program.write_text("".join(e.source for name in SHOWN for e in examples[name]) + ON_EACH, "utf-8")
    meet = (tmp_path / "meet").as_uri()
    started = [
        subprocess.Popen(
            [sys.executable, program, str(rank), meet],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        for rank in (0, 1)
    ]
    try:
        printed = [process.communicate(timeout=600)[0] for process in started]
    finally:
        for process in started:
            process.kill()
    written = [re.search(r"off by \d+%", examples[name][-1].want)[0] for name in ("ranks", "nan-rank")]
    for out in printed:
        assert json.loads(out.splitlines()[-1]) == {
            "mean of means": written[0],
            "mended": True,
            "logged": True,
            "a rank without targets": ["nan", written[1]],
            "mended too": True,
        }
