"""The promise: every processor prints the same digits, draws the same figures and records the same trainings.

Each test runs other tests again in a process of its own, whose libraries take other ways than they would here. The
weakest way, which differs most from this processor's own, runs always; `pytest -m processors` runs all others, with
one thread and with two.
"""

import os
import platform
import re
import subprocess
import sys

import pytest
import torch
from proof.places import DOCS, ROOT, name, transcript_of

# What each library beneath calls its ways: PyTorch, oneDNN, MKL, OpenBLAS and NumPy.
KERNELS = {
    "default": ("default", "SSE41", "COMPATIBLE", "Nehalem", "X86_V3 X86_V4"),
    "avx2": ("avx2", "AVX2", "AVX2", "Haswell", "X86_V4"),
    "avx512": ("avx512", "AVX512_CORE", "AVX512", "SkylakeX", ""),
}
# Those beneath PyTorch have other ways elsewhere, and warn of these.
NAMES = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_CBWR", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")
NAMES = NAMES if platform.machine().lower() in ("x86_64", "amd64") else NAMES[:1]
HERE = torch.backends.cpu.get_cpu_capability().lower()
PRESENT = list(KERNELS)[: list(KERNELS).index(HERE) + 1] if HERE in KERNELS else ["default"]
WAYS = [(kernel, threads) for kernel in KERNELS for threads in (1, 2)]
SHOWN = {
    "transcripts": ["snippets"],
    "labs": ["tests/test_labs.py", "-m", "not build"],
    "figures": ["tests/test_figures.py"],
}
LIVE = ["tests/test_live.py", "-k", "every_state"]
# The stairs of this figure are the last bit of a probability near 1: it is about them.
ABOUT_THE_LAST_BIT = "tests/test_figures.py::test_every_figure_is_what_its_code_draws[bce_saturation]"
# Whoever looks at each call of PyTorch, as the simulation does, keeps it from being compiled.
NOT_COMPILED = f"{name(transcript_of(DOCS / 'work' / 'compile.md'))}::compile.pycon"
MEND = "print fewer digits, compute in float64, or print a comparison with a bound"
# Seconds for what takes 70 of one core: far from any honest run.
PATIENCE = 800
# Each process may wait so long twice.
pytestmark = pytest.mark.timeout(2 * PATIENCE + 100)


def again(*options, cwd=ROOT, patience=PATIENCE, **environment):
    """Run tests in a process with some environment variables; return the report of what is red, empty if nothing is.

    One such process has hung, for a reason that nobody found, and that says nothing of a digit: a process that does
    not end is started once more, and if it does not end again, the report shows where each of its threads stood.
    """
    quiet = ["-n0", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
    quiet += ["-o", f"faulthandler_timeout={patience / 8}"]
    for _ in range(2):
        try:
            run = subprocess.run(
                [sys.executable, "-m", "pytest", *quiet, "--doctest-continue-on-failure", *options],
                cwd=cwd,
                env=os.environ | environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=patience,
            )
            break
        except subprocess.TimeoutExpired as stopped:
            waited = f"did not end in {patience} s, twice:\n{(stopped.output or b'').decode()}"
    else:
        return waited
    if run.returncode == 0:
        return ""
    return re.sub(r"(?s)\A.*?=+ FAILURES =+\n|\n-+ mend -+\n.*?(?=\n[_=]{3}|\Z)", "", run.stdout)


def under(kernel, threads, *options, cwd=ROOT):
    """Run tests under a kernel and with a number of threads; return the report. Skips where there is no such kernel."""
    if kernel not in PRESENT:
        pytest.skip(f"this processor has no {kernel}: PyTorch finds {HERE}")
    # Threads that wait without turning in circles leave the processor to others.
    threading = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}
    report = again(*options, cwd=cwd, **dict(zip(NAMES, KERNELS[kernel], strict=False)), **threading)
    return report and f"under the kernel {kernel} with {threads} thread(s):\n{report}\n  mend: {MEND}"


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize(
    ("kernel", "threads"), [WAYS[0], *(pytest.param(*way, marks=pytest.mark.processors) for way in WAYS[1:])]
)
def test_every_kernel_shows_the_same(kernel, threads, shown):
    report = under(kernel, threads, *SHOWN[shown])
    assert not report, report


@pytest.mark.processors
@pytest.mark.browser
@pytest.mark.parametrize(("kernel", "threads"), WAYS)
def test_interactive_figures_show_what_every_kernel_computes(kernel, threads, site):
    report = under(kernel, threads, *LIVE, "--site", str(site[0]), site[1])
    assert not report, report


@pytest.mark.processors
@pytest.mark.parametrize("shown", ["transcripts", "figures"])
def test_a_processor_that_rounds_otherwise_shows_the_same(shown):
    left_out = [option for test in (ABOUT_THE_LAST_BIT, NOT_COMPILED) for option in ("--deselect", test)]
    report = again(*SHOWN[shown], "-p", "proof.rounding", "--rounding=1", *left_out)
    assert not report, f"where the last bit is rounded otherwise:\n{report}\n  mend: {MEND}"


FRAGILE = """>>> import torch
>>> torch.backends.cpu.get_cpu_capability()
'NEVER'
"""
SUM = """>>> import torch
>>> z = torch.rand(5, 3, generator=torch.manual_seed(1))
>>> z[0].sum() > 0
tensor(True)
>>> z.exp().sum().item() == {}
True
"""


def test_a_digit_that_depends_on_the_kernel_is_named(run, pytester):
    run({"fragile": FRAGILE})
    report = under("default", 1, "snippets", cwd=pytester.path)
    assert report.startswith("under the kernel default with 1 thread(s):")
    assert re.search(r"Expected:\n\s+'NEVER'\nGot:\n\s+'DEFAULT'\n", report)
    assert "snippets/fragile.pycon:2: DocTestFailure" in report
    assert report.endswith(f"mend: {MEND}")


def test_a_digit_that_hangs_on_the_last_bit_is_named(run, pytester):
    z = torch.rand(5, 3, generator=torch.manual_seed(1))
    run({"sum": SUM.format(z.exp().sum().item())}).assert_outcomes(passed=1)
    rounding = ["-p", "proof.rounding", "--rounding=1", "-o", f"pythonpath={ROOT / 'tests'}"]
    report = again("snippets", *rounding, cwd=pytester.path)
    assert "snippets/sum.pycon:5: DocTestFailure" in report
    assert "sum.pycon:3: DocTestFailure" not in report


@pytest.mark.processors
def test_a_run_that_does_not_end_is_named(run, pytester):
    run({"endless": ">>> import time\n>>> time.sleep(1000)\n"}, "--collect-only")
    report = again("snippets", cwd=pytester.path, patience=16)
    assert report.startswith("did not end in 16 s, twice:\n")
    assert "<doctest endless.pycon[1]>" in report


def test_a_kernel_that_the_processor_lacks_is_skipped_by_name(monkeypatch):
    monkeypatch.setitem(globals(), "PRESENT", ["default"])
    with pytest.raises(pytest.skip.Exception, match="this processor has no avx512: PyTorch finds "):
        under("avx512", 1, "snippets")
