"""The promise: an interactive figure shows what PyTorch computes, in every state, to the last digit shown."""

import gzip
import random
import re
from urllib.parse import quote

import pytest
from proof.browser import comes
from proof.figures import FIGURES, PLAY, SHOW, amiss, hands, links, misled, played, unprinted, words, wrong
from proof.places import ROOT
from proof.words import table

pytestmark = pytest.mark.browser
STATES = 200


ids = pytest.mark.parametrize("name", FIGURES)
# What can be taken hold of: who says in a script that it can, says in its module where a hand leads.
HELD = [name for name in FIGURES if "hold(" in (ROOT / f"docs/assets/live/{name}.js").read_text("utf-8")]


@pytest.fixture
def figure(quiet_page):
    """Open a figure's page, with a fragment if given, and return the figure."""

    def figure(name, fragment=""):
        quiet_page.goto(FIGURES[name].PAGE + fragment)
        quiet_page.locator(f"{name} .live").first.wait_for(state="attached")
        return quiet_page.locator(name)

    return figure


def numbers(element, state):
    return element.evaluate(SHOW, [state])[0]["numbers"]


@ids
def test_every_state_shows_what_torch_computes(figure, name):
    element, module, rng = figure(name), FIGURES[name], random.Random(0)
    asked = module.START | getattr(module, "ASKED", {})
    states = [module.START, asked, *module.EXTREMES, *(module.draw(rng) for _ in range(STATES))]
    for state, seen in zip(states, element.evaluate(SHOW, states), strict=True):
        assert not amiss(name, state, seen), state


@ids
def test_it_starts_with_numbers_of_the_transcript(figure, name):
    element, module = figure(name), FIGURES[name]
    assert element.evaluate("figure => figure.state") == module.START
    shown = element.evaluate("figure => figure.numbers")
    assert not wrong(shown, module.truth(module.START, words(name)), module)
    assert not unprinted(shown, module)


@ids
def test_a_wrong_number_is_seen(figure, name):
    element, module = figure(name), FIGURES[name]
    shown, truth = numbers(element, module.START), module.truth(module.START, words(name))
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
def test_it_does_what_its_controls_say_and_keeps_its_limits(figure, name):
    to_do, expected = played(name)
    assert not misled(figure(name).evaluate(PLAY, to_do), expected)


@ids
def test_a_field_shows_what_is_so(figure, name, quiet_page):
    element = figure(name)
    for field in element.locator("input[type=number]:visible").all():
        element.evaluate("(f, state) => { f.state = state; }", FIGURES[name].START)
        start, most, least = field.input_value(), field.get_attribute("max"), field.get_attribute("min")
        for typed, key, shown in (
            ("", "Tab", start),
            ("1e9", "Enter", most),
            ("-1e9", "Tab", least),
            ("", "Tab", least),
        ):
            field.fill(typed)
            field.press(key)
            quiet_page.evaluate("new Promise(requestAnimationFrame)")
            assert field.input_value() == shown


# The chooser asks three questions itself.
@pytest.mark.parametrize("name", sorted(FIGURES.keys() - {"which-loss"}))
def test_it_asks_first_and_answers_in_words(figure, name, quiet_page):
    element = figure(name)
    first = element.locator("button").first
    assert first.evaluate("button => button.closest('fieldset').querySelector('legend').textContent").endswith("?")
    first.press("Enter")
    quiet_page.evaluate("new Promise(requestAnimationFrame)")
    assert first.get_attribute("aria-pressed") == "true"
    # An output is read aloud when its text changes.
    assert element.locator("output.live-told").inner_text()


@pytest.mark.parametrize("name", HELD)
def test_a_hand_moves_the_drawing(figure, name, quiet_page):
    element = figure(name)
    for nth, place, before, after in hands(name):
        element.evaluate("(f, state) => { f.state = state; }", before)
        held = element.locator(".live-held:visible").nth(nth)
        held.scroll_into_view_if_needed()
        box = held.bounding_box()
        quiet_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        x, y = (
            box[corner] + part * box[size] for corner, part, size in zip("xy", place, ("width", "height"), strict=True)
        )
        # A hand comes within the drawing, and may leave it.
        quiet_page.mouse.move(min(x, box["x"] + box["width"] - 1), y)
        quiet_page.mouse.down()
        quiet_page.mouse.move(x + 9, y + 9)
        quiet_page.mouse.move(x, y)
        quiet_page.mouse.up()
        # The hand has let go.
        quiet_page.mouse.move(x + 20, y)
        assert element.evaluate("f => f.state") == after


@ids
def test_a_link_leads_to_a_state(figure, name, quiet_page):
    linked, _ = links(name)
    quiet_page.goto("about:blank")
    assert figure(name, f"#{linked['hash']}").evaluate("f => f.state") == linked["state"]


@ids
def test_a_broken_link_leads_to_the_start(figure, name):
    assert figure(name, f"#{name}={quote('{broken')}").evaluate("f => f.state") == FIGURES[name].START


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
        assert comes(quiet_page, f"getComputedStyle(document.querySelector('{name} .live')).borderTopWidth !== '0px'")


@ids
def test_it_speaks_the_language_around_it(figure, name, quiet_page, monkeypatch):
    def foreign(text):
        return re.sub(r"[a-zA-Z](?!\w*\})", lambda letter: chr(ord(letter[0]) + 0xFEE0), text)

    def translated(texts):
        if isinstance(texts, str):
            return foreign(texts)
        if isinstance(texts, list):
            return [translated(text) for text in texts]
        return {key: translated(text) for key, text in texts.items()}

    figure(name)
    texts = translated(table("en"))
    quiet_page.evaluate(
        """([name, texts]) => {
            live.words.xx = texts;
            const around = document.createElement("div");
            around.lang = "xx";
            around.append(document.createElement(name));
            document.querySelector(name).after(around);
        }""",
        [name, texts],
    )
    element, module, rng = quiet_page.locator(f"[lang=xx] > {name}"), FIGURES[name], random.Random(0)
    monkeypatch.setattr("proof.figures.words", lambda figure, language: texts[figure])
    states = [module.START, *module.EXTREMES[:40], *(module.draw(rng) for _ in range(20))]
    for state, seen in zip(states, element.evaluate(SHOW, states), strict=True):
        assert not amiss(name, state, seen, "xx"), state
    fixed = element.evaluate(
        """figure => {
            const fixed = [...figure.querySelectorAll("[aria-label]")].map((element) => element.ariaLabel);
            const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
            const apart = "[data-number], pre, code, option, .live-status, output";
            while (walker.nextNode()) {
                const {parentElement, data} = walker.currentNode;
                if (!parentElement.closest(apart)) fixed.push(data);
            }
            return fixed;
        }"""
    )
    # The one name of mathematics that a figure writes.
    assert not {word for text in fixed for word in re.findall("[a-zA-Z]{2,}", text)} - {"KL"}


@ids
def test_a_moved_figure_leaves_the_page_alone(figure, name, quiet_page):
    element = figure(name)
    quiet_page.evaluate("new Promise((done) => setTimeout(done, 500))")
    looked = """async (figure, state) => {
        let looks = 0;
        const {querySelectorAll} = document;
        document.querySelectorAll = (selector) => (looks++, querySelectorAll.call(document, selector));
        figure.state = state;
        await new Promise((done) => setTimeout(done));
        const quiet = looks;
        document.body.append(document.createElement("p"));
        await new Promise((done) => setTimeout(done));
        document.body.lastChild.remove();
        delete document.querySelectorAll;
        return [quiet, looks > 0];
    }"""
    assert element.evaluate(looked, FIGURES[name].EXTREMES[0]) == [0, True]


def test_a_page_loads_what_its_figures_need_and_no_more(site):
    there = {
        path.relative_to(ROOT / "docs/assets/live").as_posix() for path in (ROOT / "docs/assets/live").rglob("*.*")
    }
    pages = {path: path.read_text("utf-8") for path in site[0].rglob("*.html")}
    assert sum(f"<{name} " in text for text in pages.values() for name in FIGURES) == len(FIGURES)
    for path, text in pages.items():
        own = [name for name in FIGURES if f"<{name} " in text]
        parts = [f"{part}{kind}" for part in own for kind in (".css", ".js")]
        needed = {"live.css", "core.js", "words/en.js", *parts} & there if own else set()
        needed |= {"predict.css", "predict.js"} if '<details class="predict"' in text else set()
        assert set(re.findall(r'="[./]*assets/live/([\w/-]+\.\w+)"', text)) == needed, path


@ids
def test_without_scripts_the_drawn_figure_stands_there(scriptless_page, name):
    scriptless_page.goto(FIGURES[name].PAGE)
    assert scriptless_page.locator(f"{name} img").is_visible()


@ids
def test_it_is_small(name):
    code = (ROOT / f"docs/assets/live/{name}.js").read_text("utf-8")
    assert code.count("\n") <= 250
    assert sum(len(gzip.compress(p.read_bytes())) for p in (ROOT / "docs/assets/live").rglob("*.js")) < 60_000


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
