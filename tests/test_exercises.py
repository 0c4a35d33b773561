"""The promise: an exercise passes what is right, and names what is wrong with a try, in words that help.

Its solution passes, its stub fails clearly, and each of its wrong solutions gets its own hint and no other. Its checks
notice mistakes that are made in the solution on purpose. What is downloaded is run as a reader runs it.
"""

import ast
import doctest
import io
import json
import os
import re
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from types import SimpleNamespace

import nbclient
import nbformat
import numpy
import pytest
import torch
from errors import PageError
from exercises import LINE, Exercise, in_order, notebook, program, read
from proof.claims import computed, unbound
from proof.exercises import EXERCISES, MODULES, grader, is_right, judged, mutants, names_with, wrong
from proof.nav import settings
from proof.places import ROOT
from proof.quotes import sentences, universal

ids = pytest.mark.parametrize("name", EXERCISES)
SITE = "https://example.org/"
CONFIG = SimpleNamespace(site_url=SITE, extra={"torch": "2.0"}, copyright="Free.")
ENOUGH = 0.95


@ids
def test_the_solution_passes(name):
    assert [verdict for verdict in judged(name, EXERCISES[name].solution) if verdict.said] == []


@ids
def test_the_stub_fails_clearly(name):
    verdicts = judged(name, EXERCISES[name].stub)
    if stub := getattr(MODULES[name].Stub, "read", ""):
        assert {verdict.mistake for verdict in verdicts if verdict.said} == {MODULES[name].Stub}, stub
    else:
        assert all(" is not written; begin in line " in verdict.said for verdict in verdicts)


WRONG = [(name, mistake.name) for name, exercise in EXERCISES.items() for mistake in exercise.mistakes]


@pytest.mark.parametrize(("name", "mistake"), WRONG)
def test_a_wrong_solution_gets_its_hint_and_no_other(name, mistake):
    verdicts = judged(name, wrong(EXERCISES[name], mistake))
    told = {verdict.mistake and verdict.mistake.__name__ for verdict in verdicts if verdict.said}
    assert told == {mistake}, "\n".join(f"{v.said} {v.mistake}" for v in verdicts if v.said)
    assert not any(" of torch in " in verdict.said for verdict in verdicts), "it borrows what is to be written"


@ids
def test_mistakes_in_the_solution_are_noticed(name, monkeypatch):
    assert is_right(name, EXERCISES[name].solution)
    # Several times what the longest solution takes, so that none is called endless on a slow processor.
    monkeypatch.setattr(grader, "SECONDS", 3)
    made = list(mutants(EXERCISES[name].solution))
    unseen = [line for line, code in made if is_right(name, code)]
    explained = getattr(MODULES[name], "UNSEEN", {})
    assert sorted(explained) == sorted(unseen), "explain in UNSEEN why no check can see it, or add a check"
    assert all(explained.values())
    print(f"{name}: {len(made) - len(unseen)} of {len(made)} mistakes are seen")
    assert len(made) - len(unseen) >= ENOUGH * (len(made) - len(explained)) > 0


def texts(exercise):
    """Yield each text of an exercise that a reader reads."""
    about = exercise.about
    yield from (about["title"], about["description"], about["trains"], exercise.statement, *exercise.hints)
    yield from (mistake.tells for mistake in exercise.mistakes)
    yield from (check.__doc__ for check in grader._checks(vars(MODULES[exercise.name])))


def examples(name):
    """Return what an exercise shows and what its file runs unshown, as a transcript."""
    return EXERCISES[name].statement.replace("```", "\n") + getattr(MODULES[name], "PROOF", "")


@ids
def test_the_examples_of_a_statement_are_what_the_solution_prints(name):
    names = names_with(name, EXERCISES[name].solution)
    test = doctest.DocTestParser().get_doctest(examples(name), names, name, None, 0)
    out = io.StringIO()
    assert doctest.DocTestRunner().run(test, out=out.write).failed == 0, out.getvalue()


def uncommented(code):
    """Return code as a transcript without outputs, in which no text stands."""
    lines = ast.unparse(ast.parse(code)).splitlines()
    return "\n".join(f">>> {line}" for line in lines if not line.strip().startswith(('"', "'")))


@ids
def test_a_text_of_an_exercise_claims_nothing_that_nobody_runs(name):
    exercise = EXERCISES[name]
    code = "\n".join([exercise.given, exercise.stub, exercise.solution, exercise.checks])
    known = computed(f"{examples(name)}\n\n{uncommented(code)}")
    for text in texts(exercise):
        assert "$" not in text, "a program shows no TeX"
        assert text.isascii(), "a terminal may not know it"
        assert not [found for _, sentence in sentences(text) for found in universal(sentence)], f"say less: {text}"
        assert not unbound(f"{name}.py", text, "the file", lambda line: known)


def read_source(name):
    return (ROOT / f"snippets/exercises/{name}.py").read_text("utf-8")


def played(text, tmp_path):
    """Run a program as `python name.py` does, and return what it prints and the status that it ends with."""
    path = tmp_path / "try.py"
    path.write_text(text, "utf-8")
    with redirect_stdout(out := io.StringIO()), pytest.raises(SystemExit) as end:
        runpy.run_path(str(path), run_name="__main__")
    return out.getvalue(), end.value.code


def filled(name, code):
    """Return the program of an exercise in which a reader wrote some code."""
    exercise = EXERCISES[name]
    top, line, below = program(exercise, CONFIG).partition(LINE)
    assert top.count(exercise.stub) == 1
    return top.replace(exercise.stub, code) + line + below


@ids
def test_a_program_grades_itself_and_needs_nothing_but_torch(name, tmp_path):
    exercise = EXERCISES[name]
    text = program(exercise, CONFIG)
    tree = ast.parse(text, feature_version=(3, 10))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    used |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    more = exercise.about["packages"].values()
    assert {module.partition(".")[0] for module in used} - sys.stdlib_module_names == {"torch", *more}
    assert exercise.solution not in text
    assert text.index("def ") > text.index("Write below.")
    out, status = played(text, tmp_path)
    assert status == 1
    line = text[: text.index(exercise.stub)].count("\n") + 1
    begun = text.splitlines()[line - 1 :]
    assert ".md" not in out
    if out.startswith("Nothing to check yet"):
        number = line + next(n for n, code in enumerate(begun) if "raise NotImplementedError" in code)
        assert f"is not written; begin in line {number}, raise NotImplementedError." in out
    else:
        assert f"Read {SITE}" in out
        assert f"Hints: {SITE}course/{name}.html#hints\n" in out
    out, status = played(filled(name, exercise.solution), tmp_path)
    assert status == 0
    assert out.endswith(f"All {out.count('. right: ')} checks are right.\n")


@ids
def test_the_cells_of_a_notebook_grade_it(name):
    exercise, made = EXERCISES[name], notebook(EXERCISES[name], CONFIG)
    nbformat.validate(made)
    for code, passes in ((exercise.stub, False), (exercise.solution, True)):
        names = {}
        with redirect_stdout(out := io.StringIO()):
            for cell in made.cells:
                if cell.cell_type == "code":
                    exec(code if cell.source == exercise.stub else cell.source, names)
        assert names["_"] is passes
        assert ("checks are right.\n" in out.getvalue() and "WRONG" not in out.getvalue()) is passes


FIRST = "softmax"


def test_a_notebook_runs_in_jupyter():
    made = notebook(EXERCISES[FIRST], CONFIG)
    (stub,) = (cell for cell in made.cells if cell.source == EXERCISES[FIRST].stub)
    stub.source = EXERCISES[FIRST].solution
    nbclient.NotebookClient(made, timeout=None, startup_timeout=600, kernel_name="python3").execute()
    assert made.cells[-3].outputs[0].text.endswith("checks are right.\n")


# What a reader writes in place of softmax, and what is said of it in the first check.
BAD = {
    "a float": ("return z.sum().item()", "softmax returns a float, and not a tensor: leave out"),
    "a NumPy array": ("return z.detach().numpy()", "softmax returns a NumPy array: stay with functions of torch"),
    "None": ("z.exp()", "softmax returns None: let it end with return"),
    "a list": ("return [z]", "softmax returns a list: make one tensor of it, with"),
    "a set": ("return {z}", "softmax returns set, and not a tensor"),
    "several": ("return z, z", "asked for [["),
    "another shape": ("return z.exp().sum(dim=1)", "asked for shape (2, 3), came shape (2,)"),
    "a mean of integers": (
        "return z.long().mean()",
        "softmax stops in line 2, return z.long().mean(): RuntimeError: mean(): could not infer output dtype.",
    ),
    "nothing where a number belongs": (
        "return z + print(end='')",
        "softmax stops in line 2, return z + print(end=''): TypeError: unsupported operand type(s) for +: 'Tensor' and "
        "'NoneType' (a function returned nothing: ",
    ),
    "another dtype": ("return z.double()", "asked for torch.float32, came torch.float64"),
    "a gradient that nobody asked for": (
        "return z.clone().requires_grad_()",
        "softmax returns a tensor that requires a gradient, and no input does: return it with .detach()",
    ),
    "a changed input": (
        "z.exp_()\n    return z",
        "softmax changes its input from [[1, 0, 0], [1, 0, 3]] to [[2.7183, 1, 1], [2.7183, 1, 20.086]]: -=, z",
    ),
    "an error": ("return z.sum(dim=5)", "softmax stops in line 2, return z.sum(dim=5): IndexError: Dimension out of"),
    "an error of a function that is called": (
        "return help(z)\n\n\ndef help(z):\n    return z[9]",
        "softmax stops in line 6, return z[9]: IndexError: index 9 is out of bounds",
    ),
    "an if of many entries": (
        "return z if z > 0 else -z",
        "softmax stops in line 2, return z if z > 0 else -z: RuntimeError: Boolean value of Tensor with more than one "
        "value is ambiguous (`if` needs a single yes or no: choose for each entry, with torch.where)",
    ),
    "max with its indices": (
        "return z - z.max(dim=1)",
        "softmax stops in line 2, return z - z.max(dim=1): TypeError: unsupported operand type(s) for -: 'Tensor' and "
        "'torch.return_types.max' (with a dim, max and min return two tensors: take .values",
    ),
    "NumPy in the way of a gradient": (
        "return z.clone().requires_grad_().numpy()",
        "softmax stops in line 2, return z.clone().requires_grad_().numpy(): RuntimeError: Can't call numpy() on "
        "Tensor that requires grad. Use tensor.detach().numpy() instead. (do not detach, which cuts off the gradient",
    ),
    "a row of indices": (
        "return z.gather(1, z[0].long())",
        "softmax stops in line 2, return z.gather(1, z[0].long()): RuntimeError: Index tensor must have the same "
        "number of dimensions as input tensor (gather wants a column of indices, y[:, None])",
    ),
    "an end of Python": ("exit()", "softmax ends Python in line 2, exit(): let it return"),
    "an endless loop": (
        "while True:\n        z + 1",
        "softmax still ran after 0.1 seconds, in line {2,3}: does its loop end?",
    ),
    "an endless loop that catches": (
        "while True:\n        try:\n            z + 1\n        except Exception:\n            pass",
        "softmax still ran after 0.1 seconds, in line {2,3,4}: does its loop end?",
    ),
    "an endless recursion": ("z + 1\n    return softmax(z)", "softmax stops in line {1,2,3}RecursionError: "),
}


def lines_of(names, code):
    """Let what a reader's function stops in be read: it stands in no file."""
    file = names["softmax"].__code__.co_filename
    grader.linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)


@pytest.mark.parametrize("bad", BAD)
def test_what_none_may_return_or_do_is_said(bad, monkeypatch):
    monkeypatch.setattr(grader, "SECONDS", 0.1)
    body, says = BAD[bad]
    names = names_with(FIRST, code := f"def softmax(z):\n    {body}\n")
    lines_of(names, code)
    said = grader.judged(names)[0].said
    if "{" in says:
        before, _, after = says.partition("{")
        assert said.startswith(before)
        assert said[len(before)] in after.partition("}")[0]
        assert after.partition("}")[2] in said
    else:
        assert said.startswith(says)


def printed(names):
    with redirect_stdout(out := io.StringIO()):
        right = grader.grade(names, "the hints")
    assert not right
    return out.getvalue()


def test_a_function_that_is_gone_is_missed():
    names = names_with(FIRST, "softmin = torch.exp")
    assert printed(names).startswith(
        "1. WRONG: The probabilities of two pictures with three classes: there is no function softmax: let it keep its "
        "name\n2 to 9. WRONG, as in 1\n0 of 9 checks are right. Hints: the hints\n"
    )


def test_what_is_no_function_of_python_may_pass():
    called = f"{EXERCISES[FIRST].solution}\n\n\nclass Called:\n    def __call__(self, z): return of(z)\n\n\n"
    assert not any(verdict.said for verdict in judged(FIRST, f"{called}of, softmax = softmax, Called()"))


# What a reader borrows in place of writing it, and the name by which it is refused.
BORROWED = {
    "softmax": [
        ("torch.softmax(z, dim=-1)", "softmax"),
        ("z.softmax(-1)", "softmax"),
        ("torch.special.softmax(z, -1)", "softmax"),
        ("torch.nn.functional.softmax(z, dim=-1)", "softmax"),
        ("torch.nn.Softmax(dim=-1)(z)", "softmax"),
        ("__import__('torch.nn.functional', fromlist=['softmax']).softmax(z, dim=-1)", "softmax"),
        ("torch.nn.functional.softmin(-z, dim=-1)", "softmin"),
        ("torch.log_softmax(z, dim=-1).exp()", "log_softmax"),
        ("(z - z.logsumexp(-1, keepdim=True)).exp()", "logsumexp"),
    ],
    "logsumexp": [("torch.logsumexp(z, dim=-1)", "logsumexp"), ("z.logcumsumexp(-1)[..., -1]", "logcumsumexp")],
    "log_softmax": [("z.log_softmax(-1)", "log_softmax"), ("torch.nn.LogSoftmax(dim=-1)(z)", "log_softmax")],
    "nll_loss": [
        ("F.nll_loss(log_p, y, weight, ignore_index=ignore_index)", "nll_loss"),
        ("torch.nn.NLLLoss(weight, ignore_index=ignore_index)(log_p, y)", "nll_loss"),
        ("F.cross_entropy(log_p, y, weight, ignore_index=ignore_index)", "cross_entropy"),
    ],
    "cross_entropy": [
        ("F.cross_entropy(z, y, weight, None, ignore_index)", "cross_entropy"),
        ("F.nll_loss(torch.log_softmax(z, dim=1), y)", "nll_loss"),
    ],
    "soft_targets": [
        ("F.cross_entropy(z, q)", "cross_entropy"),
        ("F.kl_div(torch.log_softmax(z, dim=1), q, reduction='batchmean')", "kl_div"),
    ],
    "backward": [
        ("torch.autograd.grad(F.cross_entropy(z.requires_grad_(), y), z)[0]", "grad"),
        ("F.cross_entropy(z.requires_grad_(), y).backward()", "backward"),
    ],
    "bce_with_logits": [
        ("F.binary_cross_entropy_with_logits(z, y)", "binary_cross_entropy_with_logits"),
        ("torch.nn.BCEWithLogitsLoss(pos_weight=pos_weight)(z, y)", "binary_cross_entropy_with_logits"),
        ("(F.softplus(z) - z * y).mean()", "softplus"),
        ("-F.logsigmoid(z)", "log_sigmoid"),
    ],
}
PROMISES = re.compile(r"what you\s+rebuild|losses of `torch` are not|Use no loss|without autograd")


@ids
def test_what_a_statement_asks_to_write_may_not_be_borrowed(name):
    exercise, refused = EXERCISES[name], hasattr(MODULES[name], "_REBUILT")
    assert bool(PROMISES.search(exercise.statement)) == refused == (name in BORROWED)
    for code, own in BORROWED.get(name, []):
        stub = exercise.stub.replace("raise NotImplementedError", f"return {code}")
        verdicts = judged(name, stub)
        function = stub.removeprefix("def ").partition("(")[0]
        line = stub.partition("return ")[0].count("\n") + 1
        assert verdicts[0].said.startswith(f"{function} calls {own} of torch in line {line}, ")
        assert verdicts[0].said.endswith(": this exercise asks you to write that yourself")
        assert all(verdict.said and not verdict.mistake for verdict in verdicts)


def test_a_number_of_the_reader_is_tried_in_a_mistake():
    code = EXERCISES["bce_with_logits"].stub.replace(
        "raise NotImplementedError",
        "p = z.sigmoid().clamp(1e-4, 0.9999)\n    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()",
    )
    told = told_in("bce_with_logits", code)
    assert [told[number] for number in (8, 9, 11)] == ["ClampedProbability"] * 3


def test_an_old_torch_is_said(monkeypatch):
    monkeypatch.setattr(torch, "__version__", "2.0.1+cpu")
    names = names_with(FIRST, EXERCISES[FIRST].solution)
    assert printed(names) == "These checks need PyTorch 2.1 or newer, and this is 2.0.1+cpu.\n"


def test_who_stops_the_checks_sees_no_traceback():
    assert printed(names_with(FIRST, "def softmax(z): raise KeyboardInterrupt")) == "Stopped before the last check.\n"


def test_after_an_endless_loop_no_check_is_made(monkeypatch):
    monkeypatch.setattr(grader, "SECONDS", 0.1)
    out = printed(names_with(FIRST, "def softmax(z):\n    while True: pass"))
    assert [out.count("\n"), out.splitlines()[1]] == [2, "0 of 9 checks are right. Hints: the hints"]


def test_a_debugger_is_left_in_peace(monkeypatch):
    monkeypatch.setattr(grader, "SECONDS", -1)
    names, before = names_with(FIRST, EXERCISES[FIRST].solution), sys.gettrace()
    try:
        sys.settrace(lambda *_: None)
        assert not any(verdict.said for verdict in grader.judged(names))
    finally:
        sys.settrace(before)
    assert all("still ran" in verdict.said for verdict in grader.judged(names))


def test_a_mistake_is_told_once_and_one_among_others_where_it_shows():
    both = "def softmax(z):\n    powers = z.exp()\n    return powers / powers.sum(dim=1, keepdim=True)"
    out = printed(names_with(FIRST, both))
    assert out.count("As without a shift: e to the power of 200") == 1
    assert out.count("\n8. WRONG: Logits of 10,000 in float16: asked for ") == 1
    assert out.count("   The mistake of 5 again.\n") == 2
    assert out.count("`dim=1` is where the classes lie") == 1
    assert out.endswith("4 of 9 checks are right. Hints: the hints\n")


def test_a_program_names_the_line_of_its_reader_and_none_of_the_checks(tmp_path):
    for line, says in (
        ("return z.sum(dim=5)", "IndexError: Dimension out of range"),
        ("return torch.softmax(z, -1)", "this exercise asks you to write that yourself"),
    ):
        path = tmp_path / "softmax.py"
        path.write_text(text := filled(FIRST, f"def softmax(z):\n    {line}"), "utf-8")
        names = runpy.run_path(str(path))
        said = names["_outcome"](names["_checks"](names)[0], names)[1]
        number = text[: text.index(line)].count("\n") + 1
        assert f" in line {number}, {line}: {says}" in said


def test_checks_in_a_row_with_one_mistake_are_one_line():
    out = printed(names_with(FIRST, wrong(EXERCISES[FIRST], "NoPowers")))
    again = [line for line in out.splitlines() if "again" in line]
    assert again == [f"{several}. WRONG, the mistake of 1 again" for several in ("2 to 4", "6 to 7")] + [
        "   The mistake of 1 again."
    ]


def test_an_error_is_told_once_with_its_mistake():
    out = printed(names_with(FIRST, "def softmax(z):\n    e = z.exp()\n    return e / e.sum(dim=1)"))
    stops, again, told = (out.count(part) for part in ("The size of tensor a", "as in 1\n", "line up with the columns"))
    assert [stops, again, told] == [1, 2, 1]


def test_a_mistake_in_one_function_explains_no_check_of_another():
    told = judged("soft_targets", "def soft_cross_entropy(z, q): return z.sum()\n\n\ndef kl_divergence(z, q): return z")
    assert {verdict.mistake for verdict in told if verdict.said} == {None}


def told_in(exercise, code):
    """Return the mistake that each wrong check of a try names."""
    return {number: v.mistake and v.mistake.__name__ for number, v in enumerate(judged(exercise, code), 1) if v.said}


BY_MEANS = """
def perplexity(batches):
    each = [F.cross_entropy(z[:, :-1].flatten(0, 1), y[:, 1:].flatten()) for z, y in batches]
    return 2 * torch.stack(each).mean().exp()
"""


def test_a_nan_alone_is_no_sign_of_a_mistake_that_shows_in_numbers():
    # The mean of perplexities is nan there, too, and in two other checks it is a number.
    assert [told_in("perplexity", BY_MEANS)[number] for number in (6, 9)] == [None, "MeanTimesCount"]


def test_a_nan_is_that_of_the_mistake_which_shows_in_nothing_else():
    both = "def logsumexp(z):\n    m = z.amax(dim=-1)\n    return (z - m).exp().sum(dim=-1).log() + m"
    assert [told_in("logsumexp", both)[number] for number in (1, 2, 9)] == ["NoKeepdim", "NoKeepdim", "ShiftByInfinity"]


# What newcomers wrote, and the mistake that each wrong check names; None where nothing is known of it.
PLAYED = {
    "one number of many is the same by chance": (
        "log_softmax",
        "def log_softmax(z): return torch.log(z) - torch.logsumexp(z, dim=-1, keepdim=True)",
        {None},
    ),
    "one sample says nothing about the direction of the softmax": (
        "backward",
        "def backward(z, y, ignore_index=-100):\n    p = torch.softmax(z, dim=1)\n    return (p - y[:, None]) / len(y)",
        {None, "NumbersOfClasses"},
    ),
    "an error alone, where a number is right that the mistake makes wrong": (
        "backward",
        "def backward(z, y, ignore_index=-100):\n    p = torch.softmax(z, dim=1)\n"
        "    p[torch.arange(len(y)), y.clamp(min=0)] -= 1\n    return p * (y >= 0) / len(y)",
        {None},
    ),
    "nan alone, in some checks of those in which the mistake makes it": (
        "log_softmax",
        "def log_softmax(z):\n    z = z - z.amax(dim=-1, keepdim=True)\n"
        "    return z - torch.log(z.sum(dim=-1, keepdim=True))",
        {None},
    ),
    "an error of one mistake among the numbers of another": (
        "cross_entropy",
        "def cross_entropy(z, y, weight=None, ignore_index=-100, label_smoothing=0.0):\n"
        "    return -torch.log_softmax(z, dim=0)[torch.arange(len(y)), y].mean()",
        {None, "AcrossSamples", "NothingIgnored"},
    ),
    "two mistakes, and each is named": (
        "mean_across_ranks",
        "def loss_on_rank(z, y, counts): return F.cross_entropy(z, y, reduction='sum') / counts.sum()",
        {"RanksForgotten", "NotClamped"},
    ),
}


@pytest.mark.parametrize("what", PLAYED)
def test_a_try_of_a_newcomer_is_told_what_is_so(what):
    exercise, code, names = PLAYED[what]
    assert set(told_in(exercise, code).values()) == names


def test_where_nan_comes_from_is_said_unless_a_mistake_says_it():
    said = "nan is what 0 / 0, inf / inf, inf - inf, 0 * inf or the log of a negative number give: print them.\n"
    assert said in printed(names_with(FIRST, "def softmax(z): return z.log() - z.log()"))
    assert said not in printed(names_with(FIRST, wrong(EXERCISES[FIRST], "NoShift")))


def test_checks_that_say_the_same_are_one_line():
    double = f"{EXERCISES[FIRST].solution}\n\n\ndef mine(z): return of(z).double()\n\n\nof, softmax = softmax, mine"
    out = printed(names_with(FIRST, double))
    assert "\n2 to 7. WRONG, as in 1\n" in out


def test_an_error_alone_is_no_sign_of_a_mistake_that_shows_in_numbers():
    assert set(told_in(FIRST, "def softmax(z): return z.exp() / torch.ones(7)").values()) == {None}


def test_a_program_that_was_changed_is_not_called_unchanged():
    stub, asks = EXERCISES["softmax_twice"].stub, "Which of its lines turns logits into probabilities, and "
    for code, begins in (
        (stub, "All results are those of the program as it came. "),
        (
            stub.replace("model(x).detach(),", "model(x).detach() ** 2,"),
            "Here, all is still as it was in the program that ",
        ),
    ):
        told = [verdict.tells for verdict in judged("softmax_twice", code) if verdict.tells]
        assert told
        assert all(text.startswith(begins) and asks in text for text in told)


def test_an_argument_that_is_not_used_is_named():
    out = printed(
        names_with("cross_entropy", "def cross_entropy(z, y, weight=1, *, o=0): return [weight for _ in z][0]")
    )
    unused = [line for line in out.splitlines() if "changes nothing" in line]
    assert unused == [f"`{name}` changes nothing in what came: cross_entropy does not use it." for name in ("y", "o")]


@ids
def test_a_solution_uses_its_arguments(name):
    assert list(grader._unused(names_with(name, EXERCISES[name].solution))) == []


def test_what_no_mistake_explains_is_compared():
    out = printed(names_with(FIRST, "def softmax(z): return z * 0 + 0.3"))
    assert "5. WRONG: Logits of 0 and 200: asked for [[0, 1]], came [[0.3, 0.3]]\n6. WRONG: " in out
    assert "Read" not in out


def test_a_value_is_compared_as_what_it_is():
    same, between, difference = grader._same, grader.Between(0, 1), grader._difference
    half, nan = torch.tensor(0.5), torch.tensor(float("nan"))
    assert same(half, between)
    assert same(half + 1e-7, half)
    assert same(nan, nan)
    assert same((half, nan), (half, nan))
    assert same(True, True)
    assert not same(half + 1, between)
    assert not same(nan, between)
    assert not same(half + 1e-3, half)
    assert not same(half.double() + 1e-6, half.double())
    assert not same((half, half), half)
    assert not same((half, half), (half,))
    assert not same((half, nan), (half, half))
    assert not same(True, False)
    assert difference(half + 1, between) == "asked for something from 0 to 1, came 1.5"
    assert difference(torch.zeros(4, 5), torch.eye(4, 5)) == "at [0, 0] asked for 1, came 0"
    assert difference((half, half), (half, nan)) == "asked for (0.5, nan), came (0.5, 0.5)"
    assert difference(half[None], half) == "asked for shape (), came shape (1,): take the number out, with .squeeze()"
    digits = "asked for 1, came the same up to the fifth digit"
    eye = torch.eye(4, 5).double()
    assert difference(eye + 1e-6 * eye, eye) == f"at [0, 0] {digits}"
    assert difference((eye, eye + 1e-6 * eye), (eye, eye)) == f"at [0, 0] {digits}"
    assert difference(eye[0, 0] + 1e-6, eye[0, 0]) == digits
    assert grader._shown(torch.tensor([-0.0, -1e-5, 1e4])) == "[0, -1e-05, 10000]"
    assert grader._shown(numpy.float64(2).item()) == "2"


def test_a_gradient_that_is_cut_off_is_said():
    z = torch.zeros(2, requires_grad=True)
    with pytest.raises(grader.Amiss, match="no gradient comes back"):
        grader.gradient_of(z.detach(), z)
    assert grader._same(grader.gradient_of(z * 2, z), torch.tensor([2.0, 2.0]))
    assert grader._same(grader.gradient_of(z * 2, z, torch.zeros(1, requires_grad=True))[1], torch.zeros(1))


def run(tmp_path, text, **env):
    path = tmp_path / "try.py"
    path.write_text(text, "utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | env
    found = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=environment)
    assert "Traceback" not in found.stdout + found.stderr
    return found.returncode, found.stdout, found.stderr


def test_a_reader_runs_the_program(tmp_path):
    text = filled(FIRST, EXERCISES[FIRST].solution)
    status, out, err = run(tmp_path, text)
    assert [status, out.splitlines()[-1], err] == [0, "All 9 checks are right.", ""]


def test_a_folder_of_tries_is_graded_by_the_checks_of_the_original(tmp_path):
    name = "softmax"
    (original := tmp_path / "softmax.py").write_text(program(EXERCISES[name], CONFIG), "utf-8")
    (folder := tmp_path / "tries").mkdir()
    helped = (
        "def softmax(z):\n    powers = help_me(z)\n    return powers / powers.sum(-1, keepdim=True)\n\n\n"
        "def help_me(z):\n    return torch.exp(z - z.amax(-1, keepdim=True))\n"
    )
    tries = {
        "cut": "import sys\n\nsys.exit(0)\n",
        "helped": f"import torch\n\n\n{helped}",
        "named": "def soft_max(z):\n    return z\n",
        "passes": filled(name, EXERCISES[name].solution),
        "stub": program(EXERCISES[name], CONFIG),
        "tampered": filled(name, "def softmax(z):\n    return z").replace("return False", "return True"),
    }
    for one, text in tries.items():
        (folder / f"{one}.py").write_text(text, "utf-8")
    command = [sys.executable, str(ROOT / "docs/course/grade.py"), str(original), str(folder)]
    found = subprocess.run(command, capture_output=True, text=True)
    verdicts = dict(line.split(".py: ") for line in found.stdout.splitlines() if ".py: " in line)
    assert {one: said.split(".")[0] for one, said in verdicts.items()} == {
        one: "right" if one in {"helped", "passes"} else "wrong" for one in tries
    }, found.stdout + found.stderr


def test_a_reader_whose_loop_does_not_end_is_told_so(tmp_path):
    loop = "def softmax(z):\n    n = 0\n    while n < 1:\n        z = z + n\n    return z"
    text = filled(FIRST, loop).replace("SECONDS = (1, 13), 20", "SECONDS = (1, 13), 0.1")
    status, out, err = run(tmp_path, text)
    line = text[: text.index("    while")].count("\n") + 1
    assert out.splitlines()[0].rpartition(", in line ")[2] in (
        f"{line}, while n < 1: does its loop end?",
        f"{line + 1}, z = z + n: does its loop end?",
    )
    assert [status, err] == [1, ""]


def test_a_reader_without_torch_is_told_so(tmp_path):
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('torch')", "utf-8")
    status, out, err = run(tmp_path, program(EXERCISES[FIRST], CONFIG))
    assert [status, out] == [1, ""]
    assert err == "This exercise needs PyTorch, which Python does not find here: pip install torch\n"


def test_a_reader_without_another_package_is_told_so(tmp_path):
    (tmp_path / "sklearn.py").write_text("raise ModuleNotFoundError('sklearn')", "utf-8")
    (name,) = (name for name, exercise in EXERCISES.items() if exercise.about["packages"])
    status, out, err = run(tmp_path, program(EXERCISES[name], CONFIG))
    assert [status, out] == [1, ""]
    assert err == (
        "This exercise needs PyTorch and scikit-learn, and Python does not find all of it here: "
        "pip install torch scikit-learn\n"
    )


SOUND = read_source(FIRST)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes: 15", "minutes: soon", "1: the front matter has no minutes"),
        ("trains: ", "train: ", "1: the front matter has no trains"),
        ("minutes: 15", "minutes: [", "1: the front matter cannot be read"),
        ("minutes: 15", "minutes: 15\npackages: [sklearn]", "1: packages in the front matter is no table"),
        ("---\ntitle", "title", "1: no front matter can be read"),
        ("class Stub:", "class Stubs:", "1: there is no class Stub"),
        ("class Checks:", "class Check:", "1: there is no class Checks"),
        ("class Solution:", "class Solved:", "1: there is no class Solution"),
        ("HINTS = [", "_HINTS = [", "1: there are no HINTS"),
        ("raise NotImplementedError", f"return '{69 * 'o'}'", ": this line is 82 columns wide, and a page shows 76"),
        (">>> ", f">>> {66 * '('}", "columns wide, and a page shows 76"),
        ("(Wrong):", ":", "1: there is no wrong solution"),
        ("import torch\n", "import torch import\n", "30: not a program"),
        (
            'read = "foundations/softmax.md#which-dim"',
            "",
            "the mistake AcrossSamples does not say what",
        ),
    ],
)
def test_what_a_file_lacks_is_named(old, new, says, tmp_path):
    assert old in SOUND
    path = tmp_path / "softmax.py"
    path.write_text(SOUND.replace(old, new), "utf-8")
    with pytest.raises(PageError) as refused:
        read(path)
    assert str(refused.value).startswith("snippets/exercises/softmax.py:")
    assert says in str(refused.value)
    assert "\n  mend: " in str(refused.value)


def test_exercises_come_when_their_pages_have_and_the_short_ones_first():
    def exercise(name, minutes, *needs):
        return Exercise(name, {"minutes": minutes, "needs": needs}, "", "", "", [], "", "", [])

    config = SimpleNamespace(nav=["a.md", {"G": ["b.md", {"C": "c.md"}]}])
    found = [
        exercise("u", 9, "b.md"),
        exercise("v", 5, "b.md", "a.md"),
        exercise("w", 1, "c.md", "a.md"),
        exercise("x", 30, "a.md"),
        exercise("a", 9, "b.md"),
    ]
    assert "".join(e.name for e in in_order(found, config)) == "xvauw"
    with pytest.raises(PageError, match=r"exercises/y\.py:1: it needs d\.md, which is not in the nav\n  mend: "):
        in_order([exercise("y", 1, "d.md")], config)


@pytest.mark.build
@ids
def test_the_site_holds_the_exercise_and_leads_to_it(name, site):
    folder, address = site
    config = SimpleNamespace(
        site_url=address, extra={"torch": torch.__version__.partition("+")[0]}, copyright=settings(ROOT)["copyright"]
    )
    course = folder / "course"
    assert (course / f"{name}.py").read_text("utf-8") == program(EXERCISES[name], config)
    kept = json.loads((course / f"{name}.ipynb").read_text("utf-8"))
    assert kept == json.loads(nbformat.writes(notebook(EXERCISES[name], config)))
    page, index = ((course / file).read_text("utf-8") for file in (f"{name}.html", "index.html"))
    assert f'<a download href="{name}.py">' in page
    assert f'<a download href="{name}.ipynb">' in page
    assert f'<a href="{name}.html">' in index
    assert f"course/{name}.md): " in (folder / "llms.txt").read_text("utf-8")
    for mistake in EXERCISES[name].mistakes:
        # A build in which such a link leads nowhere has failed.
        assert mistake.read.replace(".md", ".html").replace(".py", ".html") in page


@pytest.mark.build
@pytest.mark.browser
def test_ticks_stay_in_this_browser_until_they_are_forgotten(fresh_page):
    page, boxes = fresh_page, ".course-list input"
    page.goto("course/index.html")
    count = page.locator(boxes).count()
    assert count == len(EXERCISES)
    assert page.locator(".course-count").text_content() == f"0 / {count}"
    assert page.get_by_role("checkbox", name="Exercise: softmax").count() == 1
    page.locator(boxes).first.focus()
    page.keyboard.press("Space")
    assert page.locator(".course-count").text_content() == f"1 / {count}"
    page.reload()
    assert page.locator(f"{boxes}:checked").count() == 1
    page.get_by_role("button", name="Forget my ticks").press("Enter")
    assert page.locator(f"{boxes}:checked").count() == 0
    page.reload()
    assert page.locator(f"{boxes}:checked").count() == 0
    page.evaluate("localStorage.setItem('course', '{nonsense')")
    page.reload()
    assert page.locator(f"{boxes}:checked").count() == 0


@pytest.mark.build
@pytest.mark.browser
def test_without_scripts_the_exercises_are_a_list(scriptless_page):
    scriptless_page.goto("course/index.html")
    assert scriptless_page.locator(".course-list li > a").count() >= len(EXERCISES)
    assert not scriptless_page.get_by_text("Forget my ticks", exact=True).is_visible()
