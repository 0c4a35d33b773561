"""Drawn figures, and what every number of an interactive one must be."""

import functools
import importlib.util
import io
import json
import math
import re
import runpy
from urllib.parse import quote

from drawings import steady

# Who imports it has the look of all figures.
from style import plt

from proof.places import ROOT
from proof.words import table

CODE = sorted(p for p in (ROOT / "snippets/figures").glob("*.py") if "def draw()" in p.read_text("utf-8"))

FOLDER = ROOT / "docs/assets/figures"


def drawn(path):
    """Return the SVG that a figure's code draws."""
    figure = runpy.run_path(str(path))["draw"]()
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return steady(re.sub(r" +$", "", out.getvalue(), flags=re.MULTILINE))


def load(path):
    """Return the module that tells what an interactive figure must show."""
    spec = importlib.util.spec_from_file_location(f"live_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FIGURES = {path.stem.replace("_", "-"): load(path) for path in sorted((ROOT / "tests/proof/live").glob("*.py"))}


def four_decimals(name, value):
    return f"{value:.4f}"


def shape(text):
    """Return how a number is written: its digits and its exponent, whatever they are."""
    return re.sub(r"\d", "0", text.removeprefix("-"))


def wrong(shown, truth, module):
    """Return the numbers that are not the true ones within half a unit of the last digit, or not written as they must.

    A figure writes four decimals, unless its module says in `written` how a number of it is written.
    """
    written = getattr(module, "written", four_decimals)
    assert shown.keys() == truth.keys()
    bad = {}
    for name, text in shown.items():
        if isinstance(truth[name], str) or not math.isfinite(truth[name]):
            right = text == str(truth[name])
        else:
            mantissa, _, power = text.partition("e")
            step = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
            alike = shape(text) == shape(written(name, truth[name])) and not re.fullmatch(r"-[0.]+", text)
            right = alike and abs(float(text) - truth[name]) <= 0.5 * step + 1e-9 * min(1, step)
        if not right:
            bad[name] = (text, truth[name])
    return bad


def unprinted(shown, module):
    """Return the decimal numbers that a figure shows but its page's transcript does not."""
    transcript = (ROOT / "snippets" / module.PAGE).with_suffix(".pycon").read_text("utf-8")
    printed = {float(n) for n in re.findall(r"-?\d+\.\d*(?:e[-+]\d+)?", transcript)}
    return {float(text) for text in shown.values() if re.fullmatch(r"-?\d+\.\d+(e[-+]\d+)?", text)} - printed


# A figure shows a state at once: in each, its numbers, its sentence, its code, and what is drawn and set, by the class
# of what bears it. A place or a size is a number of a style, or a coordinate.
SHOW = """(figure, states) => {
    const named = (element) => [...element.classList].sort().join(" ");
    const read = (element, note) => {
        const {type, style, tagName} = element, name = named(element) || named(element.parentElement);
        const at = (...names) => names.map((name) => Number(element.getAttribute(name)));
        const sizes = [style?.left, style?.width].filter(Boolean).map(parseFloat);
        if (sizes.length) note(name, ...sizes, ...(element.textContent ? [element.textContent] : []));
        if (tagName === "svg") note("viewBox", element.getAttribute("viewBox"));
        if (["polyline", "polygon"].includes(tagName)) note(name, element.getAttribute("points"));
        if (tagName === "circle") note(name, ...at("cx", "cy"));
        if (tagName === "line") note(name, ...at("x1", "y1", "x2", "y2"));
        if (tagName === "text") note("tick", ...at("x", "y"), element.textContent);
        if (tagName === "path") note(name, ...element.getAttribute("d").match(/-?[\\d.]+(e-?\\d+)?/g).map(Number));
        // A slider without a field for its number says what it stands for.
        const spoken = element.ariaValueText ? [Number(element.value), element.ariaValueText] : [];
        if (type === "range") note(type, ...at("min", "max", "step"), ...spoken);
        if (type === "number") note(type, Number(element.value));
        if (type === "radio") note(type, element.checked);
        if (type === "select-one") note("select", element.value);
        if (element.disabled) note("disabled", element.textContent);
        const marked = element.matches("[data-number].live-bad, .live-two-ruled-out, .live-unwise");
        if (marked) note("marked", element.dataset.number ?? name);
    };
    return states.map((state) => {
        const drawn = {}, note = (name, ...values) => (drawn[name] ??= []).push(values);
        figure.state = state;
        for (const element of figure.querySelectorAll(".live :not([hidden], [hidden] *)")) read(element, note);
        drawn.marked?.sort();
        const code = figure.querySelector("pre")?.textContent;
        return {numbers: figure.numbers, says: figure.sentence.textContent, code, drawn};
    });
}"""


# What becomes of a figure in a reader's hands, one thing after the other, each from the start.
PLAY = """async (figure, [linked, broken, presses, drags, choices]) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const start = figure.state, found = {start, quiet: location.hash};
    const anew = async () => {
        figure.state = start;
        await frame();
    };
    const other = (text) => {
        location.hash = text;
        const twin = document.createElement(figure.localName);
        figure.after(twin);
        const {state} = twin;
        twin.remove();
        return state;
    };
    const type = async (field, value) => {
        field.focus();
        field.value = value;
        field.dispatchEvent(new Event("input"));
        field.dispatchEvent(new Event("change"));
        await frame();
        return field.value;
    };
    const fields = [...figure.querySelectorAll("input[type=number]")].filter((field) => field.checkVisibility());
    found.fields = [];
    for (const field of fields) {
        await anew();
        const before = field.value;
        const tried = [await type(field, 1e9) === field.max, await type(field, -1e9) === field.min];
        await anew();
        tried.push(await type(field, "") === before);
        // Who is typing is not interrupted, and who leaves sees what is so.
        field.focus();
        field.value = 1;
        field.dispatchEvent(new Event("input"));
        figure.state = linked.state;
        tried.push(field.value === "1");
        field.blur();
        const left = field.value;
        figure.state = linked.state;
        tried.push(field.value === left);
        found.fields.push(tried);
    }
    found.presses = [];
    for (const text of presses) {
        await anew();
        [...figure.querySelectorAll("button")].find((button) => button.textContent === text).click();
        await frame();
        found.presses.push(figure.state);
    }
    found.asked = [];
    for (const text of choices) {
        await anew();
        const before = figure.numbers;
        const choice = [...figure.querySelectorAll("button")].find((button) => button.textContent === text);
        choice.click();
        await frame();
        const told = figure.querySelector(".live-told").textContent;
        found.asked.push([figure.state, choice.ariaPressed, told, before, figure.numbers]);
    }
    // A hand that no device has moves nothing that it could capture.
    const {setPointerCapture} = Element.prototype;
    Element.prototype.setPointerCapture = () => {};
    found.dragged = [];
    for (const [nth, [across, down], from] of drags) {
        await anew();
        figure.state = from;
        await frame();
        const held = [...figure.querySelectorAll(".live-held")].filter((element) => element.checkVisibility())[nth];
        const {left, top, width, height} = held.getBoundingClientRect();
        const place = {clientX: left + across * width, clientY: top + down * height};
        held.dispatchEvent(new PointerEvent("pointerdown", place));
        await frame();
        found.dragged.push(figure.state);
    }
    Object.assign(Element.prototype, {setPointerCapture});
    await anew();
    // One tick of the clock, however fast it goes.
    const play = [...figure.querySelectorAll("button")].find((button) => button.textContent === figure.words.play);
    if (play) {
        const {setInterval} = window;
        let tick;
        window.setInterval = (step) => {
            tick = step;
            return setInterval(() => {}, 1e9);
        };
        play.click();
        window.setInterval = setInterval;
        tick?.();
        await frame();
        found.ticked = figure.state;
        figure.stop();
        await anew();
    }
    const chosen = figure.querySelector("input[type=radio]:not(:checked)");
    if (chosen?.checkVisibility()) {
        chosen.click();
        await frame();
        found.chosen = chosen.checked && JSON.stringify(figure.state) !== JSON.stringify(start);
    }
    figure.querySelector(".live-reset").click();
    await frame();
    found.reset = figure.state;
    found.told = figure.querySelector(".live-told")?.textContent ?? "";
    found.linked = other(linked.hash);
    found.broken = broken.map(other);
    history.replaceState(null, "", location.pathname);
    figure.change(found.linked);
    const told = () => location.hash && figure.status.textContent === figure.sentence.textContent;
    for (let tries = 0; tries < 100 && !told(); tries++) await new Promise((done) => setTimeout(done, 20));
    found.address = location.hash && JSON.parse(decodeURIComponent(location.hash.split("=")[1]));
    found.announced = figure.status.textContent === figure.sentence.textContent;
    await anew();
    return found;
}"""


def links(name):
    """Return a link to a state, and links that lead nowhere."""
    module = FIGURES[name]
    states = [{key: None} for key in module.START] + [{"other": 1}, {next(iter(module.START)): "no such answer"}, 1]
    lists = [key for key, value in module.START.items() if isinstance(value, list)]
    states += [{key: value} for key in lists for value in (["a"], 1)]
    broken = [f"{name}={quote(json.dumps(state))}" for state in states] + [f"{name}={quote('{broken')}"]
    state = module.EXTREMES[0]
    return {"hash": f"{name}={quote(json.dumps(state))}", "state": state}, broken


def hands(name, language="en"):
    """Return what a hand does: to which drawing, where, in parts of its size, from which state, and where this leads.

    A module says what changes, and, where a hand does not come at the start, what is other than there.
    """
    module = FIGURES[name]
    drags = module.drags(words(name, language)) if hasattr(module, "drags") else []
    found = []
    for nth, place, change, *before in drags:
        state = module.START | (before[0] if before else {})
        found.append((nth, place, state, state | change))
    return found


def played(name, language="en"):
    """Return what PLAY needs, and what it must find; of what it tried at the fields and choices, all must be so."""
    module, (linked, broken) = FIGURES[name], links(name)
    presses = module.presses(words(name, language)) if hasattr(module, "presses") else {}
    asks, core = words(name, language).get("ask"), words("core", language)
    choices = asks["choices"] if asks else {}
    found = {
        "start": module.START,
        "quiet": "",
        "presses": [module.START | state for state in presses.values()],
        "dragged": [state for *_, state in hands(name, language)],
        **({"ticked": module.START | {"epoch": module.START["epoch"] + 1}} if "epoch" in module.START else {}),
        "asked": [foretold(module, words(name, language), choice, core) for choice in choices],
        "told": "",
        "reset": module.START,
        "linked": module.EXTREMES[0],
        "broken": [module.START] * len(broken),
        "address": linked["state"],
        "announced": True,
    }
    return [linked, broken, list(presses), [hand[:3] for hand in hands(name, language)], [*choices.values()]], found


@functools.lru_cache(1000)
def coordinates(points):
    """Return the numbers of the points of a line, one after the other."""
    return tuple(map(float, re.findall("[^ ,]+", points)))


def near(one, other):
    """Tell whether two things drawn are alike: numbers within a thousandth of what they are measured in."""
    if isinstance(other, (list, tuple)):
        one = coordinates(one) if isinstance(one, str) else one
        return len(one) == len(other) and all(map(near, one, other))
    if isinstance(other, (bool, str)):
        return one == other
    return abs(one - other) <= 1e-3


@functools.cache
def must(name, state, language):
    """Return the numbers that a figure must show of a state, which is JSON here, and what it must draw."""
    module, texts = FIGURES[name], words(name, language)
    return module.truth(json.loads(state), texts), module.drawn(json.loads(state), texts)


def amiss(name, state, seen, language="en"):
    """Return what is wrong in what a figure shows of a state."""
    module, texts, found = FIGURES[name], words(name, language), seen["drawn"]
    truth, drawn = must(name, json.dumps(state), language)
    bad = wrong(seen["numbers"], truth, module)
    if seen["says"] != module.says(state, seen["numbers"], texts):
        bad["says"] = seen["says"]
    if found.keys() != drawn.keys():
        bad["drawn"] = (sorted(found), sorted(drawn))
    else:
        bad |= {name: (found[name], drawn[name]) for name in drawn if not near(found[name], drawn[name])}
    if also := getattr(module, "also", None):
        try:
            also(state, seen, texts)
        # Code that a figure offers may raise whatever Python can.
        except Exception as error:
            bad["code"] = error
    return bad


def foretold(module, texts, choice, core):
    """Return the state that a question leads to, and what a figure says of a choice there, numbers left out."""
    state = module.START | module.ASKED
    right = choice == module.outcome(*(module.truth(one, texts) for one in (module.START, state)))
    return [state, "true", f"{core['right' if right else 'wrong']} {texts['ask']['because']}"]


def answered(template, before, after):
    """Return what a figure must say, with the numbers that it shows before and after it is asked."""
    numbers = after | {f"{name}_before": text for name, text in before.items()}
    return re.sub(r"\{([\w-]+)\}", lambda field: numbers[field[1]], template)


def misled(found, expected):
    """Return what went wrong while a figure was played with."""
    asked = expected["asked"]
    found["asked"] = [
        [state, pressed, template if told == answered(template, before, after) else told]
        for (state, pressed, told, before, after), (*_, template) in zip(found["asked"], asked, strict=True)
    ]
    tried = [*(one for field in found.pop("fields") for one in field), found.pop("chosen", True)]
    return {} if found == expected and all(tried) else {"tried": tried, "found": found}


def mistyped(module, script):
    """Return the constants typed into a figure's script that are not what they must be."""
    pairs = module.typed(script) if hasattr(module, "typed") else []
    return [pair for pair in pairs if pair[0] != pair[1]]


@functools.cache
def words(figure, language="en"):
    """Return what a figure says in a language."""
    return table(language)[figure]
