"""The promise: a figure is what its code draws from computed data, and says in words what is seen.

`pytest tests/test_figures.py --redraw` writes the figures anew.
"""

import re

import pytest
from drawings import differences
from proof.figures import CODE, FOLDER, drawn
from proof.places import ORIGINALS, ROOT


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.stem)
def test_every_figure_is_what_its_code_draws(path, request):
    kept, new = FOLDER / f"{path.stem}.svg", drawn(path)
    if request.config.getoption("--redraw"):
        kept.write_text(new, "utf-8")
    assert kept.exists(), f"{kept.relative_to(ROOT)} is missing\n  mend: pytest tests/test_figures.py --redraw"
    wrong = differences(kept.read_text("utf-8"), new)
    assert not wrong, (
        f"docs/assets/figures/{kept.name} is not what snippets/figures/{path.name} draws: {wrong[:3]}\n"
        "  mend: pytest tests/test_figures.py --redraw, and look at the figure"
    )


def test_every_figure_is_drawn_and_shown_once():
    text = "".join(page.read_text("utf-8") for page in ORIGINALS)
    shown = re.findall(r"!\[([^\]]*)\]\([./]*assets/figures/(\w+)\.svg\)\{ \.figure(?: \.live)? \}", text)
    drawn, kept = {path.stem for path in CODE}, {path.stem for path in FOLDER.glob("*.svg")}
    for figure in kept - drawn:
        pytest.fail(
            f"docs/assets/figures/{figure}.svg:1: no code draws this\n  mend: write snippets/figures/{figure}.py"
        )
    for figure in drawn:
        times = [name for _, name in shown].count(figure)
        assert times == 1, (
            f"snippets/figures/{figure}.py:1: shown {times} times\n"
            f"  mend: show it on one page, as ![what is seen](…/assets/figures/{figure}.svg){{ .figure }}"
        )
        assert figure in kept, (
            f"snippets/figures/{figure}.py:1: never drawn\n  mend: pytest tests/test_figures.py --redraw"
        )
    for alt, figure in shown:
        assert len(alt) > 40, f"snippets/figures/{figure}.py:1: its alt text is {alt!r}\n  mend: say what is seen"


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r">3<", ">3.5<"),
        (r"L (\d\d\d)\.", r"L 1\1."),
        (r"L (\d+\.\d)4(\d) ", r"L \g<1>5\2 "),
        (r"(?<=z\n)\" style", 'L 1 1\n" style'),
        (r"log-sum-exp of z", "log-sum-exp of x"),
        (r"#0b6163", "#0b6164"),
    ],
)
def test_a_changed_figure_is_seen(pattern, replacement):
    kept = (FOLDER / "log_sum_exp.svg").read_text("utf-8")
    changed, count = re.subn(pattern, replacement, kept, count=1)
    assert count == 1
    assert differences(changed, kept)
