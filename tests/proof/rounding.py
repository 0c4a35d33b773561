"""A processor that rounds otherwise, for the digits that processors at hand agree on by chance.

`pytest -p rounding --rounding SEED` lets PyTorch's inexact functions on the CPU return, in float32 and in half
precision, the other of the two numbers around the true value: each time by the value itself, so that one input has one
result. What a library may return is within an ulp, and most do within three quarters of one, which is what this keeps
to. Additions, products and quotients are exact to the last bit by IEEE 754 on every processor and stay; so do results
at the ends, where no library differs: 0, 1, infinity, and what is almost 0.
"""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

EXACT = """
    add add_ sub sub_ rsub mul mul_ div div_ neg neg_ abs sqrt reciprocal relu relu_ maximum minimum max min
    amax amin clamp clamp_ clamp_min clamp_max copy_ _to_copy clone gather index index_select scatter scatter_
    where masked_fill masked_fill_ fill fill_ zero_ cat stack lift_fresh zeros_like ones_like full_like sort
    topk index_put index_put_ embedding floor round trunc sign constant_pad_nd nextafter _local_scalar_dense
    arange linspace empty empty_like new_empty detach uniform_ random_ bernoulli_ normal_ select_backward
    slice_backward threshold_backward ones zeros full scalar_tensor nan_to_num roll flip masked_select
""".split()  # noqa: SIM905, a list of names reads better so
SHORT = (torch.float32, torch.float16, torch.bfloat16)
# In ulps of float32; half precision is computed in float32 and rounded once more, so it differs near a tie alone.
REACH, HALF_REACH = 0.75, 0.5


def pytest_addoption(parser):
    parser.addoption("--rounding", type=int, required=True, help="the seed of a processor that rounds otherwise")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with Rounding(item.config.option.rounding):
        return (yield)


class Rounding(TorchDispatchMode):
    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        namespace, name = function._schema.name.split("::")
        # A product inside of an addition is rounded or not, as the processor has it.
        fused = kwargs.get("alpha", 1) not in (1, -1)
        # What a profiler counts is the page's own.
        aside = namespace != "aten" or function.is_view or torch.autograd._profiler_enabled()
        if aside or (name in EXACT and not fused):
            return function(*args, **kwargs)
        # An operation may change its arguments, so the wider ones are copied first.
        wide = tree_map(lambda value: _widened(value, function._schema.is_mutable), (args, kwargs))
        result = function(*args, **kwargs)
        short = [leaf for leaf in tree_leaves(result) if _is_short(leaf)]
        if short:
            generator = kwargs.get("generator") or torch.default_generator
            state = generator.get_state()
            try:
                true = tree_leaves(function(*wide[0], **wide[1]))
            except (RuntimeError, NotImplementedError):
                # Some functions know no float64: they stay as they are.
                return result
            finally:
                generator.set_state(state)
            for leaf, truth in zip(tree_leaves(result), true, strict=True):
                if _is_short(leaf):
                    leaf.detach().copy_(self.otherwise(leaf.detach(), truth.detach().double()))
        return result

    def otherwise(self, result, true):
        """Return a result with each number that may be rounded otherwise so rounded where a coin says so."""
        near = true.to(result.dtype)
        side = torch.where(near.double() < true, float("inf"), -float("inf")).to(result.dtype)
        other = torch.nextafter(near, side)
        ulp = (other.double() - near.double()).abs()
        reach = REACH * ulp if result.dtype == torch.float32 else HALF_REACH * ulp + 1e-7 * true.abs()
        steady = (near.double() == true) | ((other.double() - true).abs() > reach)
        steady |= ~near.isfinite() | ~result.isfinite() | (result.abs() < 1e-37) | (result.abs() == 1)
        # What is several ulps off already follows a way of its own, which the true value knows nothing about.
        steady |= (result.double() - true).abs() > 4 * ulp
        bits = near.double().view(torch.int64) >> 13
        coin = ((bits * 2654435761 + self.seed * 40503) >> 15) & 1
        return torch.where(steady, result, torch.where(coin == 0, near, other))


def _is_short(value):
    return isinstance(value, torch.Tensor) and value.dtype in SHORT and value.device.type == "cpu"


def _widened(value, copied):
    if isinstance(value, torch.Tensor):
        return value.double() if value.dtype in SHORT else value.clone() if copied else value
    return torch.float64 if value in SHORT else value
