"""The proof of the proof: mistakes made on purpose, all over the site, and how many of them the tests see.

`pytest -m mutation -rP` lists the mistakes that nobody would see, and `--redraw` writes the scores into the page
`docs/checked.md`. It takes up to ten minutes, so it runs only where it is asked for; `-k interactive` runs one kind.

In the interactive figures arithmetic is mistaken: every sign, number, comparison and rounding of `core.js` and of what
the figures compute. Only comments, texts and patterns are left out.
"""

import functools
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
from proof.figures import CODE, FIGURES, FOLDER, PLAY, SHOW, amiss, drawn, misled, mistyped, played, unprinted
from proof.labs import computed_by, execute
from proof.mistakes import changes, mutants, results, slips, survives
from proof.places import LABS, PAGES, ROOT, TRANSCRIPTS, read
from tables import table

CHECKED = ROOT / "docs/checked.md"
SHARED = "shared by all figures"
# Numbers of one section may stand for each other, and of a figure's arithmetic a few slips change nothing that is
# shown: a bound that no state meets, a pause.
ENOUGH = {
    "outputs": 0.98,
    "numbers": 0.98,
    "exchanged numbers": 0.82,
    "equations": 0.98,
    "figures": 0.98,
    "interactive figures": 0.97,
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


def mistaken_outputs(request):
    """Judge every mutant by what the examples led to when they ran once, and some of them by running them, too."""
    rng, again, survived = random.Random(0), {}, set()
    for path in TRANSCRIPTS:
        text, page = path.read_text("utf-8"), path.relative_to(ROOT / "snippets").with_suffix(".md").as_posix()
        found, every = results(path, request), list(mutants(text))
        sample = set(rng.sample(range(len(every)), min(REALLY_RUN, len(every))))
        for number, mutant in enumerate(every):
            seen = not survives(mutant, found)
            if number in sample or not seen:
                name = f"mutant{len(again)}"
                again[name] = mutant.of(text)
                survived |= set() if seen else {name}
            yield Mistake(page, mutant.slip, f"{path.name}:{mutant.line}", seen)
    # Not before: pytester forgets what is imported after it came, and compiled modules can be imported only once.
    ran = request.getfixturevalue("run")(again, "-rp")
    ran.assert_outcomes(failed=len(again) - len(survived), passed=len(survived))
    assert set(re.findall(r"^PASSED .*::(\w+)\.pycon$", ran.stdout.str(), re.MULTILINE)) == survived


@functools.cache
def bound():
    """Return each page and each lab with what a line of it may claim."""
    return {page: computed_for(page) for page in PAGES} | {lab: computed_by(lab, execute(lab)) for lab in LABS}


def mistaken_numbers(request):
    for page, near in bound().items():
        for was, changed in changes(read(page), range(1, 10)):
            seen = not any(proves(number, changed) for number in near(changed.line))
            yield Mistake(name(page), "a digit changed", f"{page.name}:{changed.line}: {was} -> {changed.text}", seen)


def exchanged_numbers(request):
    for page, near in bound().items():
        found = [claim.number for claim in claims(read(page))]
        for number, other in itertools.permutations(found, 2):
            if number.value != other.value:
                there = other._replace(line=number.line)
                seen = not any(proves(computed, there) for computed in near(number.line))
                where = f"{page.name}:{number.line}: {number.text} -> {other.text}"
                yield Mistake(name(page), "a number of the page instead", where, seen)


def mistaken_equations(request):
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


def mistaken_figures(request):
    shown = {
        figure: name(page)
        for page in PAGES
        for figure in re.findall(r"assets/figures/(\w+)\.svg", page.read_text("utf-8"))
    }
    for path in CODE:
        new = drawn(path)
        kept, places = (FOLDER / f"{path.stem}.svg").read_text("utf-8"), []
        assert not differences(kept, new)
        for slip, pattern in VISIBLE.items():
            places += [(slip, m.start()) for m in re.compile(pattern).finditer(kept, kept.index('id="figure_1"'))]
        for slip, at in random.Random(0).sample(places, min(OF_A_DRAWING, len(places))):
            changed = kept[:at] + chr(ord(kept[at]) ^ 1) + kept[at + 1 :]
            seen = bool(differences(changed, new))
            yield Mistake(shown[path.stem], slip, f"{path.stem}.svg:{line_of(kept, changed)}", seen)


ARITHMETIC = {
    "minus for plus": (r"(?<= )\+(?= )", "-"),
    "plus for minus": (r"(?<= )-(?= )", "+"),
    "sign dropped": (r"(?<![\w)\]] )-(?=[\w(])", ""),
    "quotient for product": (r"(?<= )\*(?= )", "/"),
    "product for quotient": (r"(?<= )/(?= )", "*"),
    "product for power": (r"(?<= )\*\*(?= )", "*"),
    "log1p for log": (r"Math\.log\(", "Math.log1p("),
    "log for log1p": (r"Math\.log1p\(", "Math.log("),
    "expm1 for exp": (r"Math\.exp\(", "Math.expm1("),
    "max for min": (r"Math\.min\(", "Math.max("),
    "min for max": (r"Math\.max\(", "Math.min("),
    "ceiling for floor": (r"Math\.floor\(", "Math.ceil("),
    "magnitude dropped": (r"Math\.abs\(", "("),
    "rounding dropped": (r"(?<![.\w])(?:f|fround|inner|store)\(", "("),
    "or equal added": (r"(?<= )([<>])(?= )", r"\1="),
    "or equal dropped": (r"(?<= )([<>])=(?= )", r"\1"),
    "unequal for equal": (r"(?<= )===(?= )", "!=="),
    "equal for unequal": (r"(?<= )!==(?= )", "==="),
    "a digit changed": (r"(?<![\w.$])(?:\d[\d_]*\.)?[\d_]*\d(?=e-?\d|\b(?!\.\d))", None),
}
# What is no arithmetic: comments, texts, and patterns. A quotient has spaces around its sign.
UNSPOKEN = re.compile(r"""//.*|/\*[\s\S]*?\*/|"[^"\n]*"|/(?![ /*])(?:\\.|\[[^\]\n]*\]|[^/\\\n])+/""")


def spoken(source):
    """Return a script with all that is no arithmetic blanked, and the fields of its templates left."""
    kept, at, open_templates = list(source), 0, []
    while at < len(source):
        inside = open_templates and open_templates[-1] == "text"
        match = None if inside else UNSPOKEN.match(source, at)
        end = match.end() if match else at + 1
        if source[at] == "`":
            open_templates.pop() if inside else open_templates.append("text")
        elif inside and source.startswith("${", at):
            open_templates.append("field")
            end = at + 2
        elif not inside and source[at] == "{":
            open_templates.append("block")
        elif not inside and source[at] == "}":
            open_templates.pop()
        elif match or inside:
            kept[at:end] = re.sub(r"[^\n]", "\0", source[at:end])
        at = end
    assert not open_templates
    return "".join(kept)


def another(number):
    """Return a number with its last digit changed."""
    return number[:-1] + ("8" if number[-1] == "9" else str(int(number[-1]) + 1))


def mistaken_scripts(source):
    """Yield what is wrong in each mutant of a script's arithmetic, and the mutant.

    All of `core.js` counts, and of a figure all that computes: `compute`, and what stands before the element.
    """
    places = [(0, len(source))]
    if "  define(" in source:
        compute = re.search(r"^    compute\(.*?^    \}$", source, re.MULTILINE | re.DOTALL)
        places = [(0, source.index("  define(")), compute.span()]
    text = spoken(source)
    for slip, (pattern, replacement) in ARITHMETIC.items():
        for start, end in places:
            for match in re.compile(pattern).finditer(text, start, end):
                new = match.expand(replacement) if replacement is not None else another(match[0])
                yield slip, source[: match.start()] + new + source[match.end() :]


def is_right(context, figure, states, script, code):
    """Tell whether a figure shows and does what it must, with a script of its page replaced."""
    module, (to_do, expected) = FIGURES[figure], played(figure)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.route(f"**/live/{script}.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
    try:
        page.goto(module.PAGE)
        page.locator(f"{figure} .live").first.wait_for(state="attached")
        shown = page.locator(figure).evaluate(SHOW, states)
        if script == figure and mistyped(module, code):
            return False
        if any(amiss(figure, state, seen) for state, seen in zip(states, shown, strict=True)):
            return False
        if unprinted(shown[0]["numbers"], module):
            return False
        page.goto("about:blank")
        page.goto(module.PAGE)
        page.locator(f"{figure} .live").first.wait_for(state="attached")
        return not (misled(page.locator(figure).evaluate(PLAY, to_do), expected) or errors)
    except (Error, AssertionError, ValueError, TypeError):
        return False
    finally:
        page.close()


def mistaken_widgets(request):
    base_url, browser = request.getfixturevalue("base_url"), request.getfixturevalue("browser")
    context = browser.new_context(base_url=base_url)
    # A mutant that never starts is waited for in vain.
    context.set_default_timeout(PATIENCE / 3)
    rng, cases = random.Random(0), {}
    for figure, module in FIGURES.items():
        cases[figure] = [module.START, *module.EXTREMES, *(module.draw(rng) for _ in range(STATES))]
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
    context.close()


def score(mistakes):
    """Return the percentage of mistakes seen, rounded down, so that only what is complete is called so."""
    return f"{1000 * sum(m.seen for m in mistakes) // len(mistakes) / 10:g}" if mistakes else ""


def by_kind(made):
    rows = [
        [
            kind,
            f"{len(mistakes):,}",
            f"{sum(m.seen for m in mistakes):,}",
            f"{score(mistakes)} %",
        ]
        for kind, mistakes in made.items()
    ]
    return table("lrrr", ["kind", "mistakes made", "seen", "score"], rows)


def report(made):
    """Return the scores as Markdown: of each kind, of each page, and what the mistakes are that nobody sees."""
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
        f"\n{by_kind(made)}\n"
        f"Of each page, the score in percent:\n\n{table('l' + 'r' * len(made), head, by_page)}\n"
        f"Not seen, by what was done; `pytest -m mutation -rP` lists them one by one:\n\n{''.join(unseen)}\n"
    )


KINDS = {
    "outputs": mistaken_outputs,
    "numbers": mistaken_numbers,
    "exchanged numbers": exchanged_numbers,
    "equations": mistaken_equations,
    "figures": mistaken_figures,
    "interactive figures": mistaken_widgets,
}


@pytest.fixture(scope="module")
def made(request):
    """The mistakes of each kind, which are written into the page where it is asked for and all kinds ran."""
    made = {}
    yield made
    if request.config.getoption("--redraw") and made.keys() == KINDS.keys():
        written.write(CHECKED, "mutation", report({kind: made[kind] for kind in KINDS}))


@pytest.mark.mutation
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_mistakes_made_on_purpose_are_seen(request, made, kind):
    mistakes = made[kind] = list(KINDS[kind](request))
    print(f"{kind}: {sum(m.seen for m in mistakes)} of {len(mistakes)}")
    print("".join(f"  {m.page}: {m.slip}: {m.where}\n" for m in mistakes if not m.seen))
    assert sum(m.seen for m in mistakes) / len(mistakes) >= ENOUGH[kind]
    if not request.config.getoption("--redraw"):
        shown = [line for line in written.blocks(CHECKED)["mutation"].splitlines() if line.startswith(f"| {kind} |")]
        moved = written.moved("\n".join(shown), by_kind({kind: mistakes}))
        assert not moved, f"docs/checked.md shows other scores: {moved}\n  mend: pytest -m mutation --redraw"
