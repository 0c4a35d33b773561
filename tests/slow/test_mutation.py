"""The proof of the proof: mistakes made on purpose, all over the site, and how many of them the tests see.

`pytest -m mutation -rP` lists the mistakes that nobody would see, and `--redraw` writes the scores into the page
`docs/checked.md`. It takes up to ten minutes, so it runs only where it is asked for.

In the interactive figures only arithmetic is mistaken: what stands before the element (in `core.js`, before the
element that all share) or in its `draw`, outside of texts, on a line that makes no element, sets no style, and names
no words and no size of a drawing.
"""

import itertools
import random
import re
from collections import Counter
from typing import NamedTuple

import pytest
from drawings import differences
from playwright.sync_api import Error
from proof import written
from proof.browser import PATIENCE
from proof.claims import claims, computed_for, proves
from proof.equations import EQUATIONS, equations, prove
from proof.figures import CODE, FIGURES, FOLDER, SHOW, drawn, unprinted, wrong
from proof.labs import computed_by, execute
from proof.mistakes import changes, mutants, results, slips, survives
from proof.places import LABS, PAGES, ROOT, TRANSCRIPTS, read
from tables import table

CHECKED = ROOT / "docs/checked.md"
SHARED = "shared by all figures"
# Of a figure's arithmetic some slips change nothing that is shown.
ENOUGH = {
    "outputs": 0.98,
    "numbers": 0.98,
    "exchanged numbers": 0.85,
    "equations": 0.98,
    "figures": 0.98,
    "interactive figures": 0.9,
}
OF_A_DRAWING, OF_A_FIGURE, STATES, REALLY_RUN = 200, 20, 60, 2


class Mistake(NamedTuple):
    page: str
    slip: str
    where: str
    seen: bool


def name(path):
    return path.relative_to(ROOT / "docs").as_posix()


def line_of(text, mutant):
    """Return the number of the first line in which two texts differ."""
    pairs = zip(text.splitlines(), mutant.splitlines(), strict=False)
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), len(text.splitlines()))


def mistaken_outputs(request, run, monkeypatch):
    """Judge every mutant by what the examples led to when they ran once, and some of them by running them, too."""
    rng, again, survived = random.Random(0), {}, set()
    for path in TRANSCRIPTS:
        text, page = path.read_text("utf-8"), path.relative_to(ROOT / "snippets").with_suffix(".md").as_posix()
        found, every = results(path, request, monkeypatch), list(mutants(text))
        sample = set(rng.sample(range(len(every)), min(REALLY_RUN, len(every))))
        for number, mutant in enumerate(every):
            seen = not survives(mutant, found)
            if number in sample or not seen:
                name = f"mutant{len(again)}"
                again[name] = mutant.of(text)
                survived |= set() if seen else {name}
            yield Mistake(page, mutant.slip, f"{path.name}:{mutant.line}", seen)
    ran = run(again, "-rp")
    ran.assert_outcomes(failed=len(again) - len(survived), passed=len(survived))
    assert set(re.findall(r"^PASSED .*::(\w+)\.pycon$", ran.stdout.str(), re.MULTILINE)) == survived


def mistaken_numbers(bound):
    for page, near in bound.items():
        for was, changed in changes(read(page), range(1, 10)):
            seen = not any(proves(number, changed) for number in near(changed.line))
            yield Mistake(name(page), "a digit changed", f"{page.name}:{changed.line}: {was} -> {changed.text}", seen)


def exchanged_numbers(bound):
    for page, near in bound.items():
        found = [claim.number for claim in claims(read(page))]
        for number, other in itertools.permutations(found, 2):
            if number.value != other.value:
                there = other._replace(line=number.line)
                seen = not any(proves(computed, there) for computed in near(number.line))
                where = f"{page.name}:{number.line}: {number.text} -> {other.text}"
                yield Mistake(name(page), "a number of the page instead", where, seen)


def mistaken_equations():
    of_labs = [e for lab in LABS for e in equations(f"docs/labs/{lab.name}", read(lab))]
    for equation in [*EQUATIONS, *of_labs]:
        for slip, tex in slips(equation):
            try:
                prove(equation._replace(tex=tex))
                seen = False
            except AssertionError:
                seen = True
            yield Mistake(equation.page.removeprefix("docs/"), slip, f"{equation.line}: {tex}", seen)


# A thousandth of a point is below what anybody can see.
VISIBLE = {
    "a coordinate": r'(?:(?<![\w#.])\d(?=\d*\.\d)|(?<=\d\.)\d|(?<=\d\.\d)\d)(?=[\d.]*["\s)])',
    "a color": r"(?<=[ \"]#)[0-9a-f](?=[0-9a-f]{5})",
    "a letter or digit of a text": r"\w(?=[^<>\n]*</text>)",
}


def mistaken_figures(monkeypatch):
    shown = {
        figure: name(page)
        for page in PAGES
        for figure in re.findall(r"assets/figures/(\w+)\.svg", page.read_text("utf-8"))
    }
    for path in CODE:
        with monkeypatch.context() as patch:
            new = drawn(path, patch)
        kept, places = (FOLDER / f"{path.stem}.svg").read_text("utf-8"), []
        assert not differences(kept, new)
        for slip, pattern in VISIBLE.items():
            places += [(slip, m.start()) for m in re.compile(pattern).finditer(kept, kept.index('id="figure_1"'))]
        for slip, at in random.Random(0).sample(places, min(OF_A_DRAWING, len(places))):
            changed = kept[:at] + chr(ord(kept[at]) ^ 1) + kept[at + 1 :]
            seen = bool(differences(changed, new))
            yield Mistake(shown[path.stem], slip, f"{path.stem}.svg:{line_of(kept, changed)}", seen)


SILENT = re.compile(
    r"""^.*\b(?:html|svg|setAttribute|style|classList|hidden|checked|disabled|range|left|top|last\s=\sepochs|const\slength
    |WIDTH|HEIGHT|LEAST|MOST|LIMIT|SIZES|examples|label|truth|right|why|index|addEventListener)\b.*$
    |\b(?:from|to):\s-?[\d.]+
    |//.*|/\*[\s\S]*?\*/|"[^"\n]*"|/\S+/\w*
    |[`}][^`${}\n]*(?=\$\{|`)""",
    re.VERBOSE | re.MULTILINE,
)
ARITHMETIC = {
    "minus for plus": (r"(?<= )\+(?= )", "-"),
    "plus for minus": (r"(?<= )-(?= )", "+"),
    "sign dropped": (r"(?<![\w)\]] )-(?=[\w(])", ""),
    "quotient for product": (r"(?<= )\*(?= )", "/"),
    "product for quotient": (r"(?<= )/(?= )", "*"),
    "log1p for log": (r"Math\.log\(", "Math.log1p("),
    "log for log1p": (r"Math\.log1p\(", "Math.log("),
    "expm1 for exp": (r"Math\.exp\(", "Math.expm1("),
    "max for min": (r"Math\.min\(", "Math.max("),
    "min for max": (r"Math\.max\(", "Math.min("),
    "magnitude dropped": (r"Math\.abs\(", "("),
    "rounding dropped": (r"(?<![.\w])(?:inner|store)\(", "("),
    "or equal added": (r"(?<= )([<>])(?= )", r"\1="),
    "or equal dropped": (r"(?<= )([<>])=(?= )", r"\1"),
    "unequal for equal": (r"===", "!=="),
    "one more": (r"(?<![\w.$-])\d+\b(?!\.)|(?<=\d\.)\d", None),
}


def mistaken_scripts(source):
    """Yield what is wrong in each mutant of a script's arithmetic, and the mutant."""
    head = source.index("  class Figure") if "  class Figure" in source else source.index("  define(")
    places = [(0, head), *(m.span() for m in re.finditer(r"^    draw\(.*?^    \}$", source, re.MULTILINE | re.DOTALL))]
    spoken = SILENT.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), source)
    for slip, (pattern, replacement) in ARITHMETIC.items():
        for start, end in places:
            for match in re.compile(pattern).finditer(spoken, start, end):
                new = match.expand(replacement) if replacement is not None else str(int(match[0]) + 1)
                yield slip, source[: match.start()] + new + source[match.end() :]


def is_right(context, figure, cases, script, code):
    """Tell whether a figure shows what it must in every case, with a script of its page replaced."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.route(f"**/live/{script}.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
    try:
        page.goto(FIGURES[figure].PAGE)
        page.locator(f"{figure} .live").first.wait_for(state="attached")
        found = page.locator(figure).evaluate(SHOW, [state for state, _ in cases])
    except Error:
        return False
    finally:
        page.close()
    try:
        return not (
            errors
            or any(
                wrong(shown, truth, FIGURES[figure]) or said != FIGURES[figure].says(state, shown)
                for (shown, said, _), (state, truth) in zip(found, cases, strict=True)
            )
            or unprinted(found[0][0], FIGURES[figure])
        )
    except (AssertionError, ValueError):
        return False


def mistaken_widgets(context):
    rng, cases = random.Random(0), {}
    for figure, module in FIGURES.items():
        states = [module.START, *module.EXTREMES, *(module.draw(rng) for _ in range(STATES))]
        cases[figure] = [(state, module.truth(state)) for state in states]
    for script in [*FIGURES, "core"]:
        source = (ROOT / f"docs/assets/live/{script}.js").read_text("utf-8")
        page = FIGURES[script].PAGE.replace(".html", ".md") if script in FIGURES else SHARED
        judges = [script] if script in FIGURES else list(FIGURES)
        assert all(is_right(context, figure, cases[figure], script, source) for figure in judges)
        every = list(mistaken_scripts(source))
        for slip, changed in rng.sample(every, min(OF_A_FIGURE, len(every))):
            line = line_of(source, changed)
            seen = not all(is_right(context, figure, cases[figure], script, changed) for figure in judges)
            yield Mistake(page, slip, f"{script}.js:{line}: {changed.splitlines()[line - 1].strip()}", seen)


def score(mistakes):
    """Return the percentage of mistakes seen, rounded down, so that only what is complete is called so."""
    return f"{1000 * sum(m.seen for m in mistakes) // len(mistakes) / 10:g}" if mistakes else ""


def report(made):
    """Return the scores as Markdown: of each kind, of each page, and what the mistakes are that nobody sees."""
    rows = [
        [
            kind,
            f"{len(mistakes):,}",
            f"{sum(m.seen for m in mistakes):,}",
            f"{score(mistakes)} %",
        ]
        for kind, mistakes in made.items()
    ]
    pages = sorted({m.page for mistakes in made.values() for m in mistakes}, key=lambda page: (page == SHARED, page))
    by_page = [
        [page.rpartition(".")[0] or page]
        + [score([m for m in mistakes if m.page == page]) for mistakes in made.values()]
        for page in pages
    ]
    unseen = []
    for kind, mistakes in made.items():
        slips_unseen = Counter(m.slip for m in mistakes if not m.seen)
        kinds = ", ".join(f"{slip} ({count})" for slip, count in sorted(slips_unseen.items()))
        unseen.append(f"- {kind}: {kinds or 'none'}\n")
    head = ["page", *(kind.split()[0] for kind in made)]
    return (
        f"\n{table('lrrr', ['kind', 'mistakes made', 'seen', 'score'], rows)}\n"
        f"Of each page, the score in percent:\n\n{table('l' + 'r' * len(made), head, by_page)}\n"
        f"Not seen, by what was done; `pytest -m mutation -rP` lists them one by one:\n\n{''.join(unseen)}\n"
    )


@pytest.mark.mutation
@pytest.mark.timeout(3600)
def test_mistakes_made_on_purpose_are_seen(request, run, browser, base_url, monkeypatch):
    context = browser.new_context(base_url=base_url)
    # A mutant that never starts is waited for in vain.
    context.set_default_timeout(PATIENCE / 3)
    bound = {page: computed_for(page) for page in PAGES} | {lab: computed_by(lab, execute(lab)) for lab in LABS}
    made = {
        "outputs": list(mistaken_outputs(request, run, monkeypatch)),
        "numbers": list(mistaken_numbers(bound)),
        "exchanged numbers": list(exchanged_numbers(bound)),
        "equations": list(mistaken_equations()),
        "figures": list(mistaken_figures(monkeypatch)),
        "interactive figures": list(mistaken_widgets(context)),
    }
    context.close()
    for kind, mistakes in made.items():
        print(f"{kind}: {sum(m.seen for m in mistakes)} of {len(mistakes)}")
        print("".join(f"  {m.page}: {m.slip}: {m.where}\n" for m in mistakes if not m.seen))
    scores = {kind: sum(m.seen for m in mistakes) / len(mistakes) for kind, mistakes in made.items()}
    assert all(score >= ENOUGH[kind] for kind, score in scores.items()), scores
    if request.config.getoption("--redraw"):
        written.write(CHECKED, "mutation", report(made))
    moved = written.moved(written.blocks(CHECKED)["mutation"], report(made))
    assert not moved, f"docs/checked.md shows other scores: {moved}\n  mend: pytest -m mutation --redraw"
