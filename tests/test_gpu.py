"""The promise: what pages quote from a GPU, a GPU says; and what a sentence says to be quoted from one is asked here.

Without a GPU the words are found on their pages, and what would ask for them is skipped. A page names the card, the
driver and the day it was asked; who asks another card writes its own there.
"""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
import torch
import torch.nn.functional as F
from proof.labs import execute, outputs
from proof.places import DOCS, LABS, ORIGINALS, SNIPPETS, name, read
from proof.spans import is_quote, spans
from torch import nn
from transcripts import sections

FINDS_NONE = pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no CUDA device here")
CARD = "NVIDIA H100 (torch 2.11.0+cu130, driver `580.159.04`, 2026-11-28)"
# A Mac's GPU is no CUDA device.
FROM_A_GPU = re.compile(r"(?=.*\bquoted\b).*(?:(?<!Mac's )\bGPU|\bH100)\b", re.IGNORECASE | re.DOTALL)
TABLE = 8192 * 50257 * 4


class Quote(NamedTuple):
    """Words that stand on pages, and what on a GPU ends up saying them."""

    pages: tuple[str, ...]
    words: str
    said: Callable[[], str]

    def __str__(self):
        return self.words[:40]


def gpu(test):
    """Mark a test that asks a GPU. The compiler warns of PyTorch's own parts, and of what it leaves undone."""
    quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
    return pytest.mark.gpu(FINDS_NONE(quiet(test)))


def message(f, *arguments, **options) -> str:
    """Return what an error says, its class first."""
    try:
        f(*arguments, **options)
    except Exception as error:
        kind = type(error)
        name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        return f"{name}: {error}"
    return "no error"


def alone(program: str, **environment: str) -> str:
    """Return what a program says in a process of its own: after an assertion of a GPU nothing runs there any more."""
    head = "import torch\nimport torch.nn.functional as F\nz = torch.zeros(2, 3)\ny = torch.tensor([0, 3])\n"
    run = subprocess.run(
        [sys.executable, "-c", head + program],
        capture_output=True,
        text=True,
        env=os.environ | {"CUDA_LAUNCH_BLOCKING": "0"} | environment,
    )
    return run.stdout + run.stderr


def logits(**options) -> torch.Tensor:
    return torch.zeros(2, 3, device="cuda", **options)


def targets() -> torch.Tensor:
    return torch.tensor([0, 2], device="cuda")


def out_of_range() -> str:
    return alone("F.cross_entropy(z.cuda(), y.cuda()).item()")


def probabilities_out_of_range() -> str:
    return alone("F.binary_cross_entropy(torch.tensor([2.0]).cuda(), torch.ones(1).cuda()).item()")


def token_out_of_range(tokens: int, table: int) -> str:
    """Return what an embedding says to one token too large among others: small and large calls run other code."""
    asked = f"torch.tensor([0] * {tokens - 1} + [{table}]).cuda()"
    return alone(f"F.embedding({asked}, torch.zeros({table}, 64).cuda()).sum().item()")


def asserted(call: str) -> str:
    """Return what an expression says in a process of its own, of logits `z` and targets out of range `y`."""
    return alone(f"z, y = z.cuda(), y.cuda()\n({call}).sum().item()")


def weight_on_the_cpu() -> str:
    return message(F.cross_entropy, logits(), targets(), weight=torch.ones(3))


def mask(*size: int) -> torch.Tensor:
    return torch.zeros(size, dtype=torch.long, device="cuda")


def compiled_weight_on_the_cpu() -> str:
    loss = torch.compile(lambda z, y, weight: F.cross_entropy(z, y, weight=weight))
    return message(loss, logits(), targets(), torch.ones(3))


def bce_under_autocast() -> str:
    with torch.autocast("cuda", torch.float16):
        return message(nn.BCELoss(), torch.full((2,), 0.5, device="cuda"), torch.ones(2, device="cuda"))


def deterministic(loss: Callable[[], torch.Tensor]) -> str:
    """Return what deterministic algorithms say to a loss and its backward pass."""
    torch.use_deterministic_algorithms(True)
    try:
        return message(lambda: loss().backward())
    finally:
        torch.use_deterministic_algorithms(False)


def pictures(reduction: str, **options) -> str:
    """Return what deterministic algorithms say to the loss of pictures."""
    z = torch.zeros(1, 3, 2, 2, device="cuda", requires_grad=True)
    return deterministic(lambda: F.cross_entropy(z, mask(1, 2, 2), reduction=reduction, **options).sum())


def letters() -> str:
    """Return what deterministic algorithms say to CTC."""
    z = torch.zeros(10, 2, 5, device="cuda", requires_grad=True)
    lengths = torch.tensor([10, 10]), torch.tensor([3, 3])
    return deterministic(lambda: F.ctc_loss(z.log_softmax(dim=2), mask(2, 3) + 1, *lengths))


def kept_from_a_graph() -> str:
    """Return what losses say that a compiled function has written over since."""
    step = torch.compile(F.cross_entropy, mode="reduce-overhead")
    with torch.no_grad():
        kept = [step(logits(), targets()) for _ in range(5)]
    return message(lambda: [loss.item() for loss in kept])


def out_of_memory() -> str:
    """Return what the backward pass says where two tables of logits have room, and no third."""
    torch.cuda.empty_cache()
    whole = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(2.5 * TABLE / whole)
    try:
        z = torch.zeros(8192, 50257, device="cuda", requires_grad=True)
        return message(lambda: F.cross_entropy(z, torch.zeros(8192, dtype=torch.long, device="cuda")).backward())
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


def without_a_gpu() -> str:
    """Return what a machine without a GPU says to a tensor saved on one."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/saved.pt"
        torch.save(logits(), path)
        return alone(f"torch.load({path!r})", CUDA_VISIBLE_DEVICES="")


def one_loss_a_gpu() -> str:
    """Return the warning of DataParallel, which gathers one number from each GPU; here both come from one."""
    from torch.nn.parallel.scatter_gather import gather

    with pytest.warns(UserWarning, match="gather") as warned:
        gather([torch.ones((), device="cuda")] * 2, 0)
    return str(warned[0].message)


ERRORS, NAN, COMPILE, PRECISION = "clinics/errors.md", "work/nan.md", "work/compile.md", "reference/precision.md"
IN_RANGE = "Assertion `input_val >= zero && input_val <= one`"
INDEX = "idx_dim >= 0 && idx_dim < index_size"
QUOTES = [
    Quote(
        (COMPILE,),
        "accessing tensor output of CUDAGraphs that has been overwritten by a subsequent run",
        kept_from_a_graph,
    ),
    Quote(
        (ERRORS, COMPILE),
        "NotImplementedError: \"nll_loss_forward_reduce_cuda_kernel_2d_index\" not implemented for 'Int'",
        lambda: message(F.cross_entropy, logits(), targets().int()),
    ),
    Quote(
        (ERRORS, NAN),
        "Loss.cu:245: nll_loss_forward_reduce_cuda_kernel_2d: block: [0,0,0], thread: [1,0,0] "
        "Assertion `t >= 0 && t < n_classes` failed.",
        out_of_range,
    ),
    Quote((ERRORS,), "Assertion `t >= 0 && t < n_classes` failed", out_of_range),
    Quote((ERRORS, NAN), "torch.AcceleratorError: CUDA error: device-side assert triggered", out_of_range),
    Quote((ERRORS,), "CUDA error: device-side assert triggered", out_of_range),
    Quote(
        (ERRORS,),
        "\"nll_loss_forward_reduce_cuda_kernel_2d_index\" not implemented for 'Float'",
        lambda: message(F.cross_entropy, logits(), targets().float()),
    ),
    Quote(
        (ERRORS,),
        "but got targets of size: : [2, 1, 4, 4]",
        lambda: message(F.cross_entropy, torch.zeros(2, 3, 4, 4).cuda(), mask(2, 1, 4, 4)),
    ),
    Quote(
        (ERRORS,),
        "input and target batch or spatial sizes don't match: target [2, 8, 8], input [2, 3, 4, 4]",
        lambda: message(F.cross_entropy, torch.zeros(2, 3, 4, 4).cuda(), mask(2, 8, 8)),
    ),
    *(
        Quote((ERRORS,), words, partial(asserted, call))
        for words, call in {
            "t < n_classes": "F.cross_entropy(z, y.byte())",
            "target_val >= zero && target_val <= one": "F.binary_cross_entropy(z[:, 0], 2 + z[:, 0])",
            f'{INDEX} && "index out of bounds"': "F.one_hot(y, 3)",
            f'{INDEX} && "scatter gather kernel index out of bounds"': "z.gather(1, y[:, None])",
            '-sizes[i] <= index && index < sizes[i] && "index out of bounds"': "z[[0, 1], y]",
            "probability tensor contains either `inf`, `nan` or element < 0": "torch.multinomial(z - 1, 1)",
            'target_k >= 0 && target_k < dim && "target index is out of bounds"': "F.multi_margin_loss(z, y)",
        }.items()
    ),
    Quote(
        (ERRORS, COMPILE),
        "index out of bounds: 0 <= tmp40 < 3",
        lambda: asserted("torch.compile(F.cross_entropy)(z, y)"),
    ),
    Quote(
        (ERRORS,),
        "\"log_sigmoid_forward_cuda\" not implemented for 'Long'",
        lambda: message(F.binary_cross_entropy_with_logits, targets(), targets().float()),
    ),
    Quote(
        (ERRORS,),
        "\"binary_cross_entropy_out_cuda\" not implemented for 'Long'",
        lambda: message(F.binary_cross_entropy, targets(), targets()),
    ),
    Quote(
        (ERRORS,), "\"host_softmax\" not implemented for 'Long'", lambda: message(F.cross_entropy, targets(), logits())
    ),
    Quote((ERRORS,), "\"host_softmax\" not implemented for 'Long'", lambda: message(torch.softmax, targets(), 0)),
    Quote((ERRORS,), "got target is on cpu", lambda: message(F.cross_entropy, logits(), targets().cpu())),
    Quote(
        (ERRORS,),
        "got mat1 is on cuda:0, different from other tensors on cpu",
        lambda: message(nn.Linear(3, 2), logits()),
    ),
    *(
        Quote(
            (ERRORS,),
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
            partial(lambda loss: message(loss, logits(), logits().cpu()), loss),
        )
        for loss in (F.binary_cross_entropy_with_logits, F.cross_entropy, partial(F.kl_div, reduction="sum"))
    ),
    Quote(
        (COMPILE,),
        "Unhandled FakeTensor Device Propagation for aten.mul.Tensor, found two different devices cuda:0, cpu",
        compiled_weight_on_the_cpu,
    ),
    Quote((NAN,), "Loss.cu:90", probabilities_out_of_range),
    Quote((NAN,), IN_RANGE, probabilities_out_of_range),
    Quote((ERRORS,), "input_val >= zero && input_val <= one", probabilities_out_of_range),
    Quote((ERRORS,), "Assertion `srcIndex < srcSelectDimSize` failed", lambda: token_out_of_range(2, 3)),
    Quote((ERRORS,), "vectorized gather kernel index out of bounds", lambda: token_out_of_range(3001, 2000)),
    Quote(
        (ERRORS, COMPILE),
        "Expected all tensors to be on the same device, but got weight is on cpu, different from other tensors on "
        "cuda:0 (when checking argument in method wrapper_CUDA_nll_loss_forward)",
        weight_on_the_cpu,
    ),
    Quote(
        (ERRORS,),
        "can't convert cuda:0 device type tensor to numpy",
        lambda: message(logits().numpy),
    ),
    Quote(
        (ERRORS,),
        "legacy constructor expects device type: cpu but device type: cuda was passed",
        lambda: message(torch.FloatTensor, [1.0, 5.0], device="cuda"),
    ),
    Quote(
        (ERRORS, PRECISION),
        "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast",
        bce_under_autocast,
    ),
    Quote(
        (ERRORS,),
        "nll_loss2d_forward_out_cuda_template does not have a deterministic implementation, but you set "
        "'torch.use_deterministic_algorithms(True)'",
        lambda: pictures("mean"),
    ),
    Quote(
        (PRECISION,),
        "nll_loss2d_forward_out_cuda_template does not have a deterministic implementation",
        lambda: pictures("sum", label_smoothing=0.1),
    ),
    Quote((ERRORS,), "ctc_loss_backward_gpu does not have a deterministic implementation", letters),
    Quote(
        ("work/vocabularies.md",),
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.54 GiB",
        out_of_memory,
    ),
    Quote(
        (COMPILE,),
        "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.",
        without_a_gpu,
    ),
    Quote(
        ("work/averages.md",),
        "Was asked to gather along dimension 0, but all input tensors were scalars; will instead unsqueeze and return "
        "a vector.",
        one_loss_a_gpu,
    ),
]


def same(words: str) -> str:
    """Return words as they compare: a page in Markdown writes the message's accents as quotes."""
    return words.replace("`", "'")


@pytest.mark.parametrize("quote", QUOTES, ids=str)
def test_a_quote_stands_on_its_pages(quote):
    for page in quote.pages:
        assert same(quote.words) in same(read(DOCS / page)), (
            f"docs/{page}: {quote.words} is not on it\n  mend: quote it there, or take the page out of QUOTES"
        )


@pytest.mark.parametrize("path", sorted({page for quote in QUOTES for page in quote.pages}))
def test_a_page_names_the_card_that_it_quotes(path):
    assert CARD in read(DOCS / path), f"docs/{path} quotes from a GPU\n  mend: name it: {CARD}"


def unasked(page: str, markdown: str) -> list[str]:
    """Return one message for each output or message that a sentence quotes from a GPU, and that nothing here asks."""
    known = [same(quote.words) for quote in QUOTES]
    return [
        f"{page}:{span.line}: nothing asks a GPU for: {span.code}\n  mend: add it to QUOTES"
        for span in spans(markdown)
        if FROM_A_GPU.match(span.sentence) and is_quote(span.code) and same(span.code.strip()) not in known
    ]


@pytest.mark.parametrize("path", ORIGINALS, ids=name)
def test_what_is_quoted_from_a_gpu_is_asked(path):
    messages = unasked(name(path), read(path))
    assert not messages, "\n" + "\n".join(messages)


def test_a_quote_that_nothing_asks_is_named():
    said = "Text.\n\nQuoted from a GPU: `CUDA error: {}`, on the CPU `no`. Elsewhere: `CUDA error: other`."
    assert not unasked("a.md", said.format("device-side assert triggered"))
    (only,) = unasked("a.md", said.format("device-side assert tripped"))
    assert only.startswith("a.md:3: nothing asks a GPU for: CUDA error: device-side assert tripped")


@gpu
@pytest.mark.parametrize("quote", QUOTES, ids=str)
def test_a_gpu_says_it(quote):
    assert quote.words in quote.said()


@gpu
def test_after_an_assertion_every_call_fails():
    again = "try:\n    F.cross_entropy(z.cuda(), y.cuda()).item()\nexcept RuntimeError:\n    torch.ones(1).cuda()\n"
    said = alone(again)
    assert "line 8, in <module>" in said.partition("During handling")[2]
    assert said.rstrip().count("device-side assert triggered") == 2


@gpu
def test_the_traceback_is_late_unless_launches_block():
    late = "loss = F.cross_entropy(z.cuda(), y.cuda())\ntorch.cuda.synchronize()\n"
    assert "line 6, in <module>" in alone(late)
    assert "line 5, in <module>" in alone(late, CUDA_LAUNCH_BLOCKING="1")


@gpu
def test_pictures_pass_where_nothing_is_summed():
    assert pictures("none") == "no error"


@gpu
def test_only_pictures_add_up_in_a_changing_order():
    torch.manual_seed(0)
    z, y = torch.randn(8, 21, 512, 512, device="cuda"), torch.randint(0, 21, (8, 512, 512), device="cuda")
    rows = z.movedim(1, -1).flatten(0, -2)

    def different(loss: Callable[[], torch.Tensor]) -> int:
        return len({loss().item() for _ in range(20)})

    assert different(lambda: F.cross_entropy(z, y)) > 1
    assert different(lambda: F.cross_entropy(z, y, reduction="none").mean()) == 1
    assert different(lambda: F.cross_entropy(rows, y.flatten())) == 1


def peak(step: Callable[[], object]) -> float:
    """Return how many tables of `TABLE` bytes a step adds to the memory at its highest."""
    torch.cuda.empty_cache()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    step()
    return round((torch.cuda.max_memory_allocated() - before) / TABLE, 2)


def milliseconds(step: Callable[[], object]) -> float:
    """Return what ten calls of a step take on the GPU, after three that warm it up."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    for i in range(13):
        if i == 3:
            start.record()
        step()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end)


@gpu
@pytest.mark.parametrize(
    ("dtype", "options", "eager", "compiled"),
    [
        (torch.float32, {}, (1, 3), (0, 1)),
        (torch.bfloat16, {}, (2, 3), (0, 0.5)),
        (torch.float32, {"label_smoothing": 0.1}, (1, 3), (0, 2)),
    ],
)
def test_the_memory_of_a_large_vocabulary(dtype, options, eager, compiled):
    z = torch.randn(8192, 50257, device="cuda").to(dtype).requires_grad_()
    y = mask(8192)

    def loss():
        return F.cross_entropy(z.float(), y, **options)

    def step(f):
        torch.autograd.grad(f(), z)

    fused = torch.compile(loss)
    step(fused)
    assert fused().item() == pytest.approx(loss().item(), rel=1e-6)
    for f, tables in ((loss, eager), (fused, compiled)):
        assert (peak(f), peak(partial(step, f))) == tables
    if not options:
        share = milliseconds(partial(step, fused)) / milliseconds(partial(step, loss))
        assert share == pytest.approx({torch.float32: 0.57, torch.bfloat16: 0.22}[dtype], abs=0.06)


@gpu
def test_the_peaks_of_a_trained_temperature():
    states = torch.randn(8192, 768, device="cuda")
    head = torch.zeros(50257, 768, device="cuda", requires_grad=True)
    T, y = torch.tensor(2.0, device="cuda", requires_grad=True), mask(8192)
    (states @ head.T).sum().backward()
    losses = (
        lambda: F.cross_entropy(states @ head.T / T, y),
        lambda: F.cross_entropy(states @ head.T * T, y),
        lambda: F.cross_entropy(states / T @ head.T, y),
    )
    assert [round(peak(lambda loss=loss: loss().backward()), 1) for loss in losses] == [6, 4, 3]


@gpu
def test_more_logits_than_an_index_of_four_bytes_counts():
    z = torch.zeros(42_731, 50_257, device="cuda", requires_grad=True)
    F.cross_entropy(z, mask(42_731)).backward()
    assert z.numel() > 2**31 - 1
    assert z.grad[-1, 0].item() == pytest.approx((1 / 50_257 - 1) / 42_731)


@gpu
def test_compiled_bfloat16_rounds_once():
    torch.manual_seed(0)
    x = torch.randn(4096, device="cuda").bfloat16()

    def chain(x):
        return ((x * 3.1 + 0.7) * x).sigmoid() * 8

    def differs(emulate: bool) -> int:
        torch.compiler.reset()
        return int((torch.compile(chain, options={"emulate_precision_casts": emulate})(x) != chain(x)).sum())

    assert 0.04 < differs(False) / len(x) < 0.06
    assert differs(True) == 0


@gpu
@pytest.mark.parametrize("loss", [F.binary_cross_entropy, F.binary_cross_entropy_with_logits])
def test_compiled_bce_of_a_float32_weight_is_float32(loss):
    p, weight = torch.full((2,), 0.5, device="cuda").bfloat16(), torch.ones(2, device="cuda")

    def weighted(p):
        return loss(p, torch.ones_like(p), weight=weight)

    assert (weighted(p).dtype, torch.compile(weighted)(p).dtype) == (torch.bfloat16, torch.float32)


@gpu
def test_autocast_chooses_as_the_page_says():
    transcript = SNIPPETS / "work/compile.pycon"
    examples = doctest.DocTestParser().get_examples(sections(transcript, transcript.name)["autocast-table"].text)
    names = {"torch": torch, "F": F}
    exec(examples[0].source, names)
    shown = dict(zip(names["functions"], (line.split()[-2] for line in examples[-1].want.splitlines()), strict=True))
    h, t = logits(dtype=torch.float16), targets()
    for function, f in names["functions"].items():
        with torch.autocast("cuda", torch.float16):
            try:
                dtype = str(f(h, t).dtype).removeprefix("torch.")
            except RuntimeError:
                dtype = "refused"
        assert dtype == shown[function], function


@gpu
@pytest.mark.parametrize("lab", LABS, ids=lambda path: path.name)
def test_a_lab_prints_on_a_gpu_what_it_prints_on_a_cpu(lab, monkeypatch):
    on_gpu = outputs(execute(lab).cells)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert on_gpu == outputs(execute(lab).cells)


@pytest.mark.skipif(torch.backends.cuda.is_built(), reason="this build of PyTorch knows a GPU")
def test_a_build_without_cuda_says_so():
    assert "`Torch not compiled with CUDA enabled`" in read(DOCS / ERRORS)
    assert message(torch.ones, 1, device="cuda") == "AssertionError: Torch not compiled with CUDA enabled"
