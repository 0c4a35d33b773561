"""The promise: an interactive figure shows what PyTorch computes, in every state, to the last digit shown."""

import gzip
import json
import random
import re
import warnings
from urllib.parse import quote

import pytest
import torch
from proof.figures import FIGURES, SHOW, unprinted, wrong
from proof.places import ROOT

pytestmark = pytest.mark.browser
STATES = 200


ids = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture
def figure(quiet_page):
    """Open a figure's page, with a fragment if given, and return the figure."""

    def figure(name, fragment=""):
        quiet_page.goto(FIGURES[name].PAGE + fragment)
        quiet_page.locator(f"{name} .live").first.wait_for(state="attached")
        return quiet_page.locator(name)

    return figure


def numbers(element, state):
    return element.evaluate(SHOW, [state])[0][0]


@ids
def test_every_state_shows_what_torch_computes(figure, name):
    element, module, rng = figure(name), FIGURES[name], random.Random(0)
    states = [module.START, *module.EXTREMES, *(module.draw(rng) for _ in range(STATES))]
    for state, (shown, said, _) in zip(states, element.evaluate(SHOW, states), strict=True):
        assert not wrong(shown, module.truth(state), module), state
        assert said == module.says(state, shown), state


@ids
def test_it_starts_with_numbers_of_the_transcript(figure, name):
    element, module = figure(name), FIGURES[name]
    assert element.evaluate("figure => figure.state") == module.START
    shown = element.evaluate("figure => figure.numbers")
    assert not wrong(shown, module.truth(module.START), module)
    assert not unprinted(shown, module)


@ids
def test_a_wrong_number_is_seen(figure, name):
    element, module = figure(name), FIGURES[name]
    shown, truth = numbers(element, module.START), module.truth(module.START)
    for key in shown:
        last = re.search(r"\w(?=\W*$)", shown[key])
        if last:
            other = str((int(last[0]) + 1) % 10) if last[0].isdigit() else last[0].swapcase()
            changed = shown | {key: shown[key][: last.start()] + other + shown[key][last.end() :]}
            assert wrong(changed, truth, module)


@ids
def test_the_keyboard_reaches_every_control(figure, name, quiet_page):
    element = figure(name)
    controls = element.locator(":is(input, select, button):visible:enabled").all()
    reached = set()
    controls[0].focus()
    for _ in range(len(controls) + 3):
        index = element.evaluate(
            "f => [...f.querySelectorAll('input, select, button')].filter(e => e.checkVisibility() && !e.disabled)"
            ".indexOf(document.activeElement)"
        )
        reached.add(index)
        quiet_page.keyboard.press("Tab")
    radios = element.evaluate(
        "f => [...f.querySelectorAll('input, select, button')].filter(e => e.checkVisibility() && !e.disabled)"
        ".flatMap((e, i) => e.type === 'radio' && !e.checked ? [i] : [])"
    )
    assert set(range(len(controls))) - set(radios) <= reached
    for control in element.locator("input[type=range]:visible").all():
        before = element.evaluate("f => JSON.stringify(f.state)")
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
            control.press(key)
            quiet_page.evaluate("new Promise(requestAnimationFrame)")
            if element.evaluate("f => JSON.stringify(f.state)") != before:
                break
        assert element.evaluate("f => JSON.stringify(f.state)") != before


@ids
def test_a_link_leads_to_a_state(figure, name, quiet_page):
    state = FIGURES[name].EXTREMES[0]
    element = figure(name)
    fragment = element.evaluate("(f, s) => `#${f.localName}=${encodeURIComponent(JSON.stringify(s))}`", state)
    quiet_page.goto("about:blank")
    assert figure(name, fragment).evaluate("f => f.state") == state


@ids
def test_a_broken_link_leads_to_the_start(figure, name):
    start = FIGURES[name].START
    states = [{key: None} for key in start] + [{"other": 1}, {next(iter(start)): "no such answer"}, 1]
    element = figure(name, f"#{name}={quote('{broken')}")
    assert element.evaluate("f => f.state") == start
    anew = """(figure, hash) => {
        location.hash = hash;
        const other = document.createElement(figure.localName);
        figure.after(other);
        const {state} = other;
        other.remove();
        return state;
    }"""
    assert element.evaluate(anew, f"{name}={quote(json.dumps(FIGURES[name].EXTREMES[0]))}") != start
    for text in map(json.dumps, states):
        assert element.evaluate(anew, f"{name}={quote(text)}") == start, text


@ids
def test_instant_navigation_leaves_one_live_figure(figure, name, quiet_page):
    figure(name)
    for _ in range(2):
        quiet_page.evaluate("window.sameDocument = true")
        quiet_page.locator(".md-footer__link").last.click()
        quiet_page.locator(f"{name} .live").first.wait_for(state="detached")
        quiet_page.go_back()
        quiet_page.wait_for_selector(f"{name} .live")
        assert quiet_page.evaluate("window.sameDocument")
        assert quiet_page.locator(f"{name} .live").count() == 1


def test_the_recorded_trainings_are_what_training_gives(request):
    kept, new = ROOT / "docs/assets/live/training-player-data.js", FIGURES["training-player"].runs()["script"]()
    if request.config.getoption("--redraw"):
        kept.write_text(new, "utf-8")
    old = kept.read_text("utf-8")
    number = re.compile(r"-?\d+")
    assert number.sub("#", old) == number.sub("#", new), "mend: pytest tests/test_live.py --redraw"
    pairs = zip(number.findall(old), number.findall(new), strict=True)
    assert not [pair for pair in pairs if abs(int(pair[0]) - int(pair[1])) > 1]


@ids
def test_without_scripts_the_drawn_figure_stands_there(scriptless_page, name):
    scriptless_page.goto(FIGURES[name].PAGE)
    assert scriptless_page.locator(f"{name} img").is_visible()


@ids
def test_it_is_small(name):
    code = (ROOT / f"docs/assets/live/{name}.js").read_text("utf-8")
    assert code.count("\n") <= 250
    assert sum(len(gzip.compress(p.read_bytes())) for p in (ROOT / "docs/assets/live").glob("*.js")) < 40_000


def test_the_code_of_every_choice_runs(figure):
    element, module = figure("which-loss"), FIGURES["which-loss"]
    assert len(module.STATES) == 36
    for state, (shown, _, code) in zip(module.STATES, element.evaluate(SHOW, module.STATES), strict=True):
        made = {}
        # The code draws its data; soft targets near 1/C would leave a second softmax little to spoil.
        torch.manual_seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(compile(code, str(state), "exec"), made)
        assert made["loss"].shape == ()
        assert made["loss"].isfinite()
        assert made["y"].shape == eval(shown["shape"], made)
        assert made["y"].dtype == getattr(torch, shown["dtype"])
        assert f"loss = {shown['call']}\n" in code + "\n"
        assert f" = {shown['last']}\n" in code
        scores = made.get("z", made.get("log_p"))
        torch.testing.assert_close(made["loss"], module.loss(state, scores, made["y"]))
        if state["output"] == "probabilities":
            assert f"\nsame = {shown['kept']}" in code
            torch.testing.assert_close(made["same"], made["loss"])
            # With two activations, perfect answers still have a high loss.
            p = module.probabilities(state, made["y"])
            perfect = p.logit(1e-6) if "sigmoid" in shown["verdict"] else p.log().clamp_min(-20)
            assert module.loss(state, p, made["y"]) > module.loss(state, perfect, made["y"]) + 0.05


def test_the_code_can_be_copied(figure, quiet_page):
    element = figure("which-loss")
    copy = element.get_by_role("button", name="Copy")
    copy.click()
    element.get_by_role("button", name="Copied").wait_for()
    code = element.locator("pre").text_content()
    assert quiet_page.evaluate("navigator.clipboard.readText()") == code
    numbers(element, FIGURES["which-loss"].EXTREMES[0])
    quiet_page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    copy.click()
    assert quiet_page.evaluate("String(getSelection())").strip() == element.locator("pre").text_content() != code


def test_the_arrow_keys_choose_an_answer(figure, quiet_page):
    element = figure("which-loss")
    element.locator("input:checked").first.press("ArrowDown")
    quiet_page.evaluate("new Promise(requestAnimationFrame)")
    assert element.evaluate("f => f.state.task") == "yes-no"
