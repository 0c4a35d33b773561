"""The promise: an equation of a page is red unless its own TeX agrees with PyTorch on random inputs."""

import pytest
from proof.equations import EQUATIONS, Equation, equations, prove
from proof.mistakes import slips
from proof.places import PAGES
from proof.places import name as page_name


def name(equation):
    return f"{equation.page}:{equation.line}:{equation.label or 'no label'}"


@pytest.mark.parametrize("equation", EQUATIONS, ids=name)
def test_every_equation_holds(equation):
    prove(equation)


def test_no_equation_is_overlooked():
    for page in PAGES:
        text, read = page.read_text("utf-8"), [e for e in EQUATIONS if e.label and e.page == page_name(page)]
        assert text.count(r"\label{") == len(read), (
            f"{page_name(page)}:1: of {text.count(chr(92) + 'label{')} labels, formulas have {len(read)}\n"
            "  mend: a label stands in a formula between two $$, and in no code"
        )
    assert EQUATIONS


@pytest.mark.parametrize("equation", EQUATIONS, ids=name)
def test_each_slip_of_the_pen_is_seen(equation):
    tried = list(slips(equation))
    survivors = []
    for slip, tex in tried:
        try:
            prove(equation._replace(tex=tex))
        except AssertionError:
            continue
        survivors.append(f"{slip}: {tex}")
    assert tried
    assert not survivors, f"{name(equation)}: nothing is red after {survivors}"


def hold(tex, label=None):
    prove(Equation("docs/page.md", 1, label, tex))


@pytest.mark.parametrize(
    "tex",
    [
        r"\log p_{ij} = z_{ij} - \log \sum_{k=1}^{C} e^{z_{ik}}",
        r"\sum_{j=1}^{C} p_{ij} = 1",
        r"\max_{j} z_{ij} \le \log \sum_{j=1}^{C} e^{z_{ij}} \le \max_{j} z_{ij} + \log C",
        r"\ell_i = -\log_2 p_{i y_i} \cdot \log 2",
        r"\exp(z_{i1}) / \exp(z_{i2}) = p_{i1} / p_{i2}",
        r"\frac{\partial \ell_i}{\partial z_{ij}} = p_{ij} - y_{ij}",
        r"\begin{aligned} L &= \frac{1}{N} \sum_{i=1}^{N} \ell_i \\ &= -\sum_i \log p_{i y_i} / N \end{aligned}",
        r"\lvert p_{ij} - y_{ij} \rvert < 1, \quad \prod_{i=1}^{N} p_{i y_i} = e^{-N L}",
        r"\left( z_{ij} \right)^2 = z_{ij} z_{ij} \ge 0",
        r"0 < p_{ij} < 1, \quad \ell_i > 0, \quad \operatorname{KL}(p \parallel q) \ge 0, \quad C \ge 2",
        r"p = \sigma(z), \quad \sigma(-z) = 1 - \sigma(z)",
        r"\max(z, 0) + \log(1 + e^{-\lvert z \rvert}) = \log(1 + e^z)",
        r"\operatorname{H}(p, q) = \operatorname{H}(p) + \operatorname{KL}(p \parallel q)",
        r"\operatorname{KL}(p \parallel q) = \sum_{j=1}^{C} p_j \log \frac{p_j}{q_j}",
        r"\frac{\partial p_j}{\partial z_k} = p_j (\delta_{jk} - p_k)",
        r"\frac{\partial^2 \log \sum_{j=1}^{C} e^{z_j}}{\partial z_j \partial z_k} = p_j (\delta_{jk} - p_k)",
    ],
)
def test_true_equations_hold(tex):
    hold(tex)


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\ell_i = \log p_{i y_i}", "does not hold"),
        (r"\ell_i = -\log p_{i y_i} garbage", "means nothing|two readings"),
        (r"\ell_i = -\log p_{i y_i} )", "nothing may follow"),
        (r"\ell_i = -\log (p_{i y_i}", "expected \\)"),
        (r"\ell_i = -\log p_{i y_i} y_{i1}", "two readings"),
        (r"\ell_i = 1/2 N", "two readings"),
        (r"\ell_i = \sum_{j=0}^{C} p_{ij}", "no element 0"),
        (r"\ell_i = \foo", "means nothing"),
        (r"\ell_i", "expected a relation"),
        (r"\ell_i =", "at the end|unexpected"),
        (r"\frac{\partial L}{\partial w_j} = 1", "no derivative"),
        (r"\frac{\partial z}{\partial p} = 1", "does not depend on p"),
        (r"\operatorname{H}(q) = 1", "means nothing"),
        (r"p_{ji} = p_{ij}", "no element|does not hold"),
        (r"2{z_{ij} + 1} = 2 z_{ij} + 2", "braces do not show"),
        (r"\log{z_{ij} + 1} = 1", "braces do not show"),
        (r"\log_10 C = 1", "script into braces"),
        (r"1 2 = 2", "two readings"),
        (r"\sqrt[3]{C} = 1", "expected {"),
        (r"\frac{1}{0} = \frac{2}{0}", "not finite"),
        (r"\frac{\partial y_{ij}}{\partial z_{ij}} = 0", "cannot be read"),
    ],
)
def test_what_is_false_or_has_no_reading_is_red(tex, reason):
    with pytest.raises(AssertionError, match=reason) as failure:
        hold(tex)
    assert str(failure.value).startswith("docs/page.md:1: equation")
    assert tex in str(failure.value)
    assert "mend:" in str(failure.value)


@pytest.mark.parametrize(
    "text",
    [
        "$L =\n0$",
        r"$\ell_i \leq 0$",
        r"$p_{ij} \approx 1$",
        r"$p_{ij} \in y$",
        *(
            rf"$L \{relation} 7$"
            for relation in ("ll", "gg", "to", "leqslant", "simeq", "cong", "Rightarrow", "notin", "lesssim", "iff")
        ),
        "$L \N{LESS-THAN OR EQUAL TO} 7$",
        "It costs $5, but $L = 5$ holds.",
    ],
)
def test_a_false_inline_formula_is_found(text):
    (equation,) = equations("docs/page.md", text)
    with pytest.raises(AssertionError, match=r"docs/page\.md:"):
        prove(equation)


def test_a_display_equation_needs_a_label():
    bare, labeled = equations("docs/page.md", "text\n\n$$ L = L $$\n\n$$\nL = L \\label{same}\n$$\n")
    assert name(bare) == "docs/page.md:3:no label"
    with pytest.raises(AssertionError, match=r"docs/page\.md:3: this equation has no label(.|\n)*mend: write .label"):
        prove(bare)
    assert name(labeled) == "docs/page.md:6:same"
    prove(labeled)


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\ell_i < C + 7", "does not hold"),
        (r"L \le \log C + 4", "does not hold"),
        (r"L \le \log C + 4000", "is loose"),
        (r"p_{ij} < 1.01", "is loose"),
        (r"p_{ij} \ge -0.5", "is loose"),
        (r"\lvert p_{ij} - y_{ij} \rvert \le 2", "is loose"),
        (r"\operatorname{KL}(p \parallel q) > 0", "does not hold"),
        (r"C \ge 1", "is loose"),
        (r"0 \le \ell_i \le C + 4000", "is loose"),
    ],
)
def test_a_bound_that_inputs_only_happen_to_keep_is_red(tex, reason):
    with pytest.raises(AssertionError, match=rf"^docs/page\.md:1: equation in the line {reason}(.|\n)*\n  mend: "):
        hold(tex)


@pytest.mark.parametrize(
    "text",
    [
        "$$ L = L $$",
        "$$ L = `L` $$",
        "$$ L = <!-- nearly --> 2 L $$",
        "$$ L = L \\label{} $$",
        "$$ $$",
        "$$ L = L \\label{unclosed}\n\nThen $$ L = L \\label{other} $$",
        "$$ L = q_{ \\label{cut} $$",
        "$L = q_{$",
    ],
)
def test_a_slip_is_red_in_its_own_test_and_stops_no_other(text):
    (slip, *others) = equations("docs/page.md", f"{text}\n\n$L = 0$\n")
    with pytest.raises(AssertionError, match=r"^docs/page\.md:1: (.|\n)*mend: "):
        prove(slip)
    assert [name(other) for other in others] == [f"docs/page.md:{text.count(chr(10)) + 3}:no label"]
