"""Grades a try at an exercise: says of each check what was asked and what came, and names the mistake that explains it.

The text of this file is part of every download, below what the reader writes. It needs nothing but PyTorch, and most
of its names begin with an underscore, so that they take no name from the reader.
"""

import contextlib
import dis
import io
import itertools
import linecache
import re
import sys
import time
import types
from typing import NamedTuple

import torch
from torch.overrides import TorchFunctionMode

# What the checks need of PyTorch, and how many seconds of the processor one call of a reader's function may take.
OLDEST, SECONDS = (2, 1), 20
# How far a number may be off: relative to its size, and in any case.
_TOLERANCES = {
    torch.float64: (1e-7, 1e-10),
    torch.float16: (1e-2, 1e-3),
    torch.bfloat16: (5e-2, 1e-2),
}
_USUAL = (1e-4, 1e-6)
# A tensor with more entries is not printed whole.
_FEW = 12
# The losses of torch, for an exercise that asks to rebuild one.
LOSSES = (
    "nll_loss",
    "cross_entropy",
    "kl_div",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
)
# What the words of an error contain, and what is said after them.
_ADVICE = {
    "more than one value is ambiguous": "`if` needs a single yes or no: choose for each entry, with torch.where",
    "torch.return_types": "with a dim, max and min return two tensors: take .values, or use amax and amin",
    "detach().numpy()": "do not detach, which cuts off the gradient; stay with functions of torch",
    "Index tensor must have the same number of dim": "gather wants a column of indices, y[:, None]",
    "must match the size of tensor b": "what belongs to the rows has to be a column: keepdim=True, or v[:, None]",
    "Class values must be non-negative": "-100 is no class: put another number there, and leave its row out after",
    "could not infer output dtype": "a mean of integers is no integer: take .float() first",
    "NoneType": "a function returned nothing: does each of yours end with return, a closure too?",
    "not implemented for 'Long'": "integers came where logits belong: a loss takes logits first, and targets second",
    "in-place operation": "-=, z[...] = and functions that end in _ write into it: make a new tensor, z = z - ...",
}


class Wrong:
    """A solution that people really write. Its text says what is wrong, and `read` is where to read about it.

    It is what finds the mistake: whose function returns what this one would return has made it. The number that an
    argument behind a * holds, such as `*, eps=1e-7`, is one of many that people write: the reader's own are tried, too.
    """

    read = ""


class Between(NamedTuple):
    """What a check may ask for in place of a value: any number from `low` to `high`."""

    low: float
    high: float


class Amiss(Exception):
    """What came is nothing to compare. Two that are of one kind are the same failure, whatever line they name."""

    def __init__(self, words, kind):
        super().__init__(words)
        self.kind = kind


class Verdict(NamedTuple):
    """What a check asked for, what came, what is said of it if it is wrong, the mistake that explains it, its words."""

    asked: str
    came: object
    said: str
    mistake: type = None
    tells: str = ""


def grade(names, help_at):
    """Print what each check says to a try, and return whether all is right.

    `names` is all that the reader's program has defined, and `help_at` is where there are hints.
    """
    if tuple(map(int, re.findall(r"\d+", torch.__version__)[:2])) < OLDEST:
        _say(
            f"These checks need PyTorch {'.'.join(map(str, OLDEST))} or newer, and this is {torch.__version__}."
        )
        return False
    try:
        verdicts = judged(names)
    except KeyboardInterrupt:
        print("Stopped before the last check.")
        return False
    if all(_kind(verdict.came) == "not written" for verdict in verdicts):
        _say(f"Nothing to check yet: {verdicts[0].said}.")
        return False
    # What is wrong in one check is often wrong in the next.
    told, again = {}, []
    for number, verdict in enumerate(verdicts, 1):
        reasons = _kind(verdict.came), verdict.mistake, verdict.said
        before = [
            told.setdefault(reason, number) if reason else number
            for reason in reasons
        ]
        words = "as in {}", "the mistake of {} again", "as in {}"
        again.append(
            next(
                (
                    w.format(place)
                    for w, place in zip(words, before, strict=True)
                    if place < number
                ),
                "",
            )
        )
    for words, group in itertools.groupby(
        range(len(verdicts)), key=again.__getitem__
    ):
        start, *others = group
        if words and others:
            _say(f"{start + 1} to {others[-1] + 1}. WRONG, {words}")
            continue
        for place in (start, *others):
            asked, _, said, mistake, tells = verdicts[place]
            said = words if words.startswith("as") else said
            _say(
                f"{place + 1}. WRONG: {asked}: {said}"
                if said
                else f"{place + 1}. right: {asked}"
            )
            if words.startswith("the"):
                _say(f"   {words.capitalize()}.")
            elif mistake and told[mistake] == place + 1:
                _say(f"   {tells}\n   Read {mistake.read}")
    right, all_of_them = (
        sum(not verdict.said for verdict in verdicts),
        len(_checks(names)),
    )
    if right < all_of_them:
        if any(_is_nan(verdict) for verdict in verdicts if not verdict.mistake):
            _say(
                "nan is what 0 / 0, inf / inf, inf - inf, 0 * inf or the log of a negative number give: print them."
            )
        for name, unused in (
            ()
            if {"not written", "endless"} & {_kind(v.came) for v in verdicts}
            else _unused(names)
        ):
            _say(
                f"`{unused}` changes nothing in what came: {name} does not use it."
            )
        _say(f"{right} of {all_of_them} checks are right. Hints: {help_at}")
        return False
    _say(f"All {right} checks are right.")
    return True


def _is_nan(verdict):
    """Tell whether nan came and was not asked for."""
    asked, _, came = verdict.said.partition(", came ")
    return "nan" in came and "nan" not in asked


def judged(names):
    """Return the verdict of each check on a try."""
    _prepare(names)
    asked, verdicts = {}, []
    for check in _checks(names):
        came, said, asked[check] = _outcome(check, names)
        verdicts.append(Verdict(" ".join(check.__doc__.split()), came, said))
        if _kind(verdicts[-1].came) == "endless":
            # The other checks would not end either.
            return verdicts
    wrong = [verdict for verdict in verdicts if verdict.said]
    if all(_kind(verdict.came) == "not written" for verdict in wrong):
        return verdicts
    explains, shares, numberless = {}, {}, set()
    for mistake in _mistakes(names):
        tries = [
            _tried(mistake, names, asked, constant)
            for constant in _constants(mistake, names)
        ]
        likes = [
            [
                _alike(v.came, came)
                for v, (came, _) in zip(verdicts, got, strict=True)
            ]
            for got in tries
        ]
        got, alike = max(
            zip(tries, likes, strict=True), key=lambda pair: sum(pair[1])
        )
        # An error, a nan or an inf has many causes. It is no sign of a mistake that shows in numbers, if none is there,
        # unless the same error comes in the same checks, and in several, and no number that it makes wrong is right.
        shows = [
            n for n, (came, said) in enumerate(got) if said and _finite(came)
        ]
        numbers = [alike[n] for n in shows]
        kinds = {_kind(came) for came, _ in got} - {None}
        errors = [
            alike[n]
            for n, verdict in enumerate(verdicts)
            if kinds & {_kind(verdict.came), _kind(got[n][0])}
        ]
        stopped = (
            len(errors) > 1
            and all(errors)
            and all(verdicts[n].said for n in shows)
        )
        # One result of many may be the same by chance: the first that is wrong is, or enough of what it makes wrong.
        made = [alike[n] for n, (_, said) in enumerate(got) if said]
        shares[mistake] = sum(made) / max(len(made), 1)
        first = next(n for n, verdict in enumerate(verdicts) if verdict.said)
        enough = alike[first] or shares[mistake] >= (
            1 / 3 if numbers else 1 / 2
        )
        if enough and (any(numbers) or not numbers or stopped):
            explains[mistake] = alike
        if not numbers:
            numberless.add(mistake)

    def likely(number):
        """Return the mistake that explains a check and most of the others, and what it tells, or nothing."""

        def much(mistake):
            # What is wrong says more than what is right, of which a mistake in one function of two explains less.
            alike = explains[mistake]
            wrongs = sum(
                same
                for same, verdict in zip(alike, verdicts, strict=True)
                if verdict.said
            )
            special = mistake in numberless and not _finite(
                verdicts[number].came
            )
            return (
                wrongs == len(wrong),
                special,
                wrongs,
                shares[mistake],
                sum(alike),
            )

        mistake = max(
            (m for m in explains if explains[m][number]), key=much, default=None
        )
        if not mistake or not verdicts[number].said:
            return None, ""
        first, _, rest = " ".join(mistake.__doc__.split()).partition(". ")
        if mistake.__name__ == "Stub" and not all(explains[mistake]):
            first = "Here, all is still as it was in the program that you got"
        return mistake, f"{first}. {rest}"

    return [
        Verdict(*verdict[:3], *likely(number))
        for number, verdict in enumerate(verdicts)
    ]


def _prepare(names):
    """Import what an optimizer imports at its first step: that takes seconds, and they are not the reader's."""
    if any(
        "optim" in getattr(getattr(value, "__code__", None), "co_names", ())
        for value in names.values()
    ):
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1).step()


def _mistakes(names):
    return [
        m
        for m in names.values()
        if isinstance(m, type) and issubclass(m, Wrong) and m is not Wrong
    ]


def _tried(mistake, names, asked, constant):
    """Return what comes in each check if a wrong solution is tried, and what is said of it if it is wrong.

    `asked` holds the names of the functions that each check calls.
    """
    functions, elsewhere = (
        _functions(mistake, constant),
        (Amiss("", "another function"), ""),
    )
    # What it leaves out is the reader's own, and a check of that alone is not explained by it. Only the reader's code
    # prints.
    with contextlib.redirect_stdout(io.StringIO()):
        return [
            _outcome(check, {**names, **functions})[:2]
            if called & functions.keys()
            else elsewhere
            for check, called in asked.items()
        ]


def _constants(mistake, names):
    """Return the numbers to try in a wrong solution: None for its own, and those in the reader's code if it has one."""
    found, functions = [None], _functions(mistake)
    if any(
        function.__kwdefaults__
        for function in functions.values()
        if isinstance(function, types.FunctionType)
    ):
        for mine in map(names.get, functions):
            if code := getattr(mine, "__code__", None):
                found += [
                    *code.co_consts,
                    *(mine.__defaults__ or ()),
                    *map(names.get, code.co_names),
                ]
    return list(
        dict.fromkeys(
            value
            for value in found
            if value is None or (type(value) in (int, float) and value > 0)
        )
    )


def _unused(names):
    """Yield the name of each function of the reader with each argument that its code does not use."""
    for name in dict.fromkeys(
        name for mistake in _mistakes(names) for name in _functions(mistake)
    ):
        code = getattr(names.get(name), "__code__", None)
        if code:
            # What an inner function uses is a cell of the outer one.
            used = set(code.co_cellvars)
            for step in dis.get_instructions(code):
                if "LOAD_FAST" in step.opname:
                    used.update(
                        step.argval
                        if isinstance(step.argval, tuple)
                        else [step.argval]
                    )
            arguments = code.co_varnames[
                : code.co_argcount + code.co_kwonlyargcount
            ]
            yield from (
                (name, argument)
                for argument in arguments
                if argument not in used
            )


def _checks(names):
    return [
        check
        for check in vars(names["Checks"]).values()
        if isinstance(check, types.FunctionType)
    ]


def _say(text):
    # A terminal may not know all letters of the reader's line.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def gradient_of(value, *inputs):
    """Return the gradient of the sum of a value with respect to its input, or a tuple of those to several."""
    if not value.requires_grad:
        cut = "no gradient comes back: .item(), .detach(), torch.tensor(...) and NumPy cut it off"
        raise Amiss(cut, "no gradient")
    found = torch.autograd.grad(value.sum(), inputs, allow_unused=True)
    found = tuple(
        torch.zeros_like(z) if slope is None else slope
        for z, slope in zip(inputs, found, strict=True)
    )
    return found[0] if len(found) == 1 else found


def _functions(part, constant=None):
    """Return the functions of a class as if they stood in a file, where each sees the others.

    A constant takes the place of what their arguments behind a * hold.
    """
    names = {
        name: value
        for name, value in vars(part).items()
        if not name.startswith("__")
    }
    for name, value in names.items():
        if isinstance(value, types.FunctionType):
            around = {**value.__globals__, **names}
            names[name] = types.FunctionType(
                value.__code__,
                around,
                name,
                value.__defaults__,
                value.__closure__,
            )
            kept = value.__kwdefaults__ or {}
            names[name].__kwdefaults__ = {
                key: kept[key] if constant is None else constant for key in kept
            }
    return names


class _Try:
    """The functions of a try, which a check calls as `mine.softmax(z)`, and the names of those that it has called."""

    def __init__(self, names):
        self._names, self._called = names, set()

    def __getattr__(self, name):
        self._called.add(name)
        if not callable(self._names.get(name)):
            raise Amiss(
                f"there is no function {name}: let it keep its name",
                "no function",
            )
        return _guarded(
            name, self._names[name], self._names.get("_REBUILT", ())
        )


def _outcome(check, names):
    """Return what came in a check, a value or what is amiss, what is said of it if it is wrong, and what it called."""
    torch.manual_seed(0)
    mine = _Try(names)
    try:
        came, want = check(mine)
        said = _difference(came, want)
    except Amiss as amiss:
        came, said = amiss, str(amiss)
    except Exception as error:
        # A check could do nothing with what the try returned.
        said = f"what came is of no use here: {type(error).__name__}: {error}"
        came = Amiss(said, said)
    return came, said, mine._called


def _guarded(name, function, rebuilt):
    """Return a function that does the same, and raises `Amiss` where it does what none may.

    `rebuilt` has the names of the functions of torch that it may not call, as they are what it is to do itself.
    """
    file = getattr(getattr(function, "__code__", None), "co_filename", None)

    def call(*given, **named):
        inputs = [
            value
            for value in [*given, *named.values()]
            if isinstance(value, torch.Tensor)
        ]
        before = [value.detach().clone() for value in inputs]
        try:
            with (
                _limited(file),
                _Rebuilt(name, rebuilt, file)
                if rebuilt
                else contextlib.nullcontext(),
            ):
                came = function(*given, **named)
        except Amiss:
            raise
        except (Exception, SystemExit, _TooSlow) as error:
            raise _stopped(name, error, file) from None
        for value, old in zip(inputs, before, strict=True):
            if not _same(value.detach(), old):
                change = f"from {_shown(old)} to {_shown(value)}"
                raise Amiss(
                    f"{name} changes its input {change}: {_ADVICE['in-place operation']}",
                    "changes its input",
                )
        for value in came if isinstance(came, tuple) else [came]:
            _check_kind(name, value)
            if value.requires_grad and not any(
                tensor.requires_grad for tensor in inputs
            ):
                words = f"{name} returns a tensor that requires a gradient, and no input does: return it with .detach()"
                raise Amiss(words, "requires a gradient")
        return came

    return call


def _check_kind(name, value):
    if not isinstance(value, torch.Tensor):
        kind = type(value)
        mend = {
            "NoneType": "None: let it end with return",
            "float": "a float, and not a tensor: leave out .item() and float(), and start a sum with a tensor",
            "int": "an int, and not a tensor: leave out .item() and len(), or make a tensor of it",
            "list": "a list: make one tensor of it, with torch.stack or torch.tensor",
            "ndarray": "a NumPy array: stay with functions of torch, from the first line to the last",
        }
        raise Amiss(
            f"{name} returns {mend.get(kind.__name__, f'{kind.__name__}, and not a tensor')}",
            kind.__name__,
        )


class _Rebuilt(TorchFunctionMode):
    """Refuses functions of torch, however a reader's function comes by them."""

    def __init__(self, name, refused, file):
        super().__init__()
        self._name, self._refused, self._file = name, refused, file

    def __torch_function__(self, function, _, given=(), named=None):
        own = getattr(function, "__name__", "").removeprefix("special_")
        if own not in self._refused:
            return function(*given, **(named or {}))
        frame = sys._getframe(1)
        while frame and not _is_of(self._file, frame):
            frame = frame.f_back
        where = _place(self._name, self._file, frame and frame.f_lineno)
        words = f"{self._name} calls {own} of torch in {where}: this exercise asks you to write that yourself"
        raise Amiss(words, "borrowed")


class _TooSlow(BaseException):
    """A reader's function ran for too long; no `except Exception` of theirs catches this."""


@contextlib.contextmanager
def _limited(file):
    """Stop the code of a file when it has run for too long. A debugger, which follows lines too, is left in peace."""
    end, watched = time.thread_time() + SECONDS, sys.gettrace()

    def watch(frame, *_):
        if not _is_of(file, frame):
            return None
        # `while True: pass` never comes to another line.
        frame.f_trace_opcodes = True
        if time.thread_time() > end:
            raise _TooSlow(frame.f_lineno)
        return watch

    if not watched:
        sys.settrace(watch)
    try:
        yield
    finally:
        if not watched:
            sys.settrace(None)


def _stopped(name, error, file):
    """Return what ended a reader's function, and in which line of theirs."""
    frame, line = error.__traceback__.tb_next, None
    while frame:
        line = frame.tb_lineno if _is_of(file, frame.tb_frame) else line
        frame = frame.tb_next
    if isinstance(error, _TooSlow):
        line = error.args[0]
    where = _place(name, file, line)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, _TooSlow):
        return Amiss(
            f"{name} still ran after {SECONDS} seconds, in {where}: does its loop end?",
            "endless",
        )
    if isinstance(error, NotImplementedError) and not error.args:
        return Amiss(f"{name} is not written; begin in {where}", "not written")
    if isinstance(error, SystemExit):
        return Amiss(
            f"{name} ends Python in {where}: let it return", "ends Python"
        )
    advice = "".join(
        f" ({advice})" for words, advice in _ADVICE.items() if words in what
    )
    # The same error with other sizes is the same failure.
    return Amiss(
        f"{name} stops in {where}: {what}{advice}", re.sub(r"\d+", "0", what)
    )


def _is_of(file, frame):
    """Tell whether a frame runs a reader's code, which stands in one file with that of these checks."""
    return (
        frame.f_code.co_filename == file
        and frame.f_code is not _Rebuilt.__torch_function__.__code__
    )


def _place(name, file, line):
    return (
        f"line {line}, {linecache.getline(file, line).strip().rstrip(':')}"
        if line
        else name
    )


def _kind(came):
    return came.kind if isinstance(came, Amiss) else None


def _alike(one, other):
    """Tell whether two tries got the same in a check: the same value, or the same failure."""
    if isinstance(one, Amiss) or isinstance(other, Amiss):
        return _kind(one) == _kind(other)
    return _same(one, other)


def _finite(came):
    """Tell whether what came is all numbers: no error, and no entry that is nan or infinite."""
    if isinstance(came, tuple):
        return all(map(_finite, came))
    return not isinstance(came, Amiss) and bool(
        torch.as_tensor(came).isfinite().all()
    )


def _same(came, want):
    """Tell whether what came is what was wanted, but for rounding; `nan` is what `nan` is."""
    if isinstance(want, Between):
        came = torch.as_tensor(came)
        return bool(((came >= want.low) & (came <= want.high)).all())
    if isinstance(came, tuple) or isinstance(want, tuple):
        pairs = (
            isinstance(came, tuple)
            and isinstance(want, tuple)
            and len(came) == len(want)
        )
        return pairs and all(map(_same, came, want))
    came, want = torch.as_tensor(came), torch.as_tensor(want)
    return (
        came.shape == want.shape
        and came.dtype == want.dtype
        and bool(_close(came, want).all())
    )


def _close(came, want):
    """Tell of each entry whether it is the same but for rounding."""
    relative, least = _TOLERANCES.get(want.dtype, _USUAL)
    return torch.isclose(
        came.detach().double(),
        want.detach().double(),
        rtol=relative,
        atol=least,
        equal_nan=True,
    )


def _difference(came, want):
    """Return in words how what came differs from what was asked for, or nothing."""
    if _same(came, want):
        return ""
    where = ""
    if isinstance(came, torch.Tensor) and isinstance(want, torch.Tensor):
        if came.shape != want.shape:
            mend = (
                ": take the number out, with .squeeze()"
                if came.numel() == 1 and not want.shape
                else ""
            )
            return f"asked for shape {tuple(want.shape)}, came shape {tuple(came.shape)}{mend}"
        if came.dtype != want.dtype:
            return f"asked for {want.dtype}, came {came.dtype}"
        if want.numel() > _FEW:
            place = (~_close(came, want)).nonzero()[0].tolist()
            where, want, came = (
                f"at {place} ",
                want[tuple(place)],
                came[tuple(place)],
            )
    if _shown(came) != _shown(want):
        return f"{where}asked for {_shown(want)}, came {_shown(came)}"
    if isinstance(want, tuple):
        return next(filter(None, map(_difference, came, want)))
    return (
        f"{where}asked for {_shown(want)}, came the same up to the fifth digit"
    )


def _shown(value):
    """Return a value in few words, its numbers with five digits."""
    if isinstance(value, Between):
        return f"something from {value.low:g} to {value.high:g}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    if isinstance(value, torch.Tensor) and value.numel() > _FEW:
        return f"a tensor of shape {tuple(value.shape)}"
    text = repr(value.tolist() if isinstance(value, torch.Tensor) else value)
    # A zero added takes the sign of a zero away.
    return re.sub(
        r"-?\d+\.\d+(?:e[+-]?\d+)?",
        lambda number: f"{float(number[0]) + 0:.5g}",
        text,
    )
