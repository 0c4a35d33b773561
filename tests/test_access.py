"""The promise: every page is whole and within reach, light and dark, wide and narrow, by keyboard, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from proof.browser import ADDRESSES, LOST_MATH, RUNGS, VIEWS, comes, turn
from transcripts import WIDTH

pytestmark = pytest.mark.browser


AXE = Axe()
COLORS = ["color-contrast", "link-in-text-block"]

# Of the texts that look the same, down from the whole page, leave one for axe to measure, and none of a look that it
# has measured on this page or another. Returns the looks that are left to measure.
NEW_LOOKS = """(measured) => {
    const looks = new Map([[null, ""]]), briefs = new Map(), seen = new Set(measured), left = new Map();
    // Two remainders stand for a look: a site has some thousands of them.
    const brief = (text) => [4294967291, 4294967279].map(modulus => {
        let rest = 7;
        for (let at = 0; at < text.length; at++) rest = (rest * 31 + text.charCodeAt(at)) % modulus;
        return rest.toString(36);
    }).join(" ");
    const look = (element) => {
        if (!looks.has(element)) {
            const {color, background, opacity, filter, font, position, border, textDecoration, textShadow}
                = getComputedStyle(element);
            const own = [color, background, opacity, filter, font, position, border, textDecoration, textShadow].join();
            const whole = look(element.parentElement) + own;
            if (!briefs.has(whole)) briefs.set(whole, brief(whole));
            looks.set(element, briefs.get(whole));
        }
        return looks.get(element);
    };
    const texts = [...document.querySelectorAll("body *")].filter(element =>
        [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
        && element.checkVisibility({visibilityProperty: true}));
    for (const text of texts)
        if (!seen.has(look(text))) {
            seen.add(look(text));
            left.set(text, look(text));
        }
    // A link is measured against the text that it stands in.
    const around = (text) => text.closest(".md-typeset :has(> a:not(.headerlink))") ?? text;
    const whole = new Set([...left.keys()].map(around));
    texts.forEach(text => text.style.visibility = whole.has(around(text)) ? "visible" : "hidden");
    window.shown = () => texts.forEach(text => text.style.visibility = "");
    return [...left.values()];
}"""


def told(page, **rules):
    """Ask axe about the view that a page shows. `rules` are its options."""
    return AXE.run(page, options={"resultTypes": ["violations", "incomplete"], **rules}).response


# Looks of views of which axe could tell that nothing is at fault.
MEASURED = set()


def faults(page, scheme, width):
    """Return what is wrong with the view that a page shows: what is lost, too wide, or out of somebody's reach."""
    found = []
    if lost := page.evaluate(LOST_MATH):
        found.append(f"{lost} formulas are lost")
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{wide} px wide")
    if page.evaluate("document.body.dataset.mdColorScheme") != {"dark": "slate"}.get(scheme, "default"):
        found.append("another color scheme")
    # In other colors nothing else is another one, says the test of pages that are turned.
    rules = told(page, rules={rule: {"enabled": False} for rule in COLORS})["violations"] if scheme == "light" else []
    unsure = []
    if looks := page.evaluate(NEW_LOOKS, list(MEASURED)):
        colors = told(page, runOnly={"type": "rule", "values": COLORS})
        rules += colors["violations"]
        # What axe cannot tell of one word, it might tell of another.
        unsure = [node for rule in colors["incomplete"] for node in rule["nodes"]]
        unsure = [node for node in unsure if ".highlight" in str(node["target"])]
        if not colors["violations"] + colors["incomplete"]:
            MEASURED.update(looks)
    page.evaluate("shown()")
    found += [f"{rule['help']}: {node['html']}" for rule in rules for node in rule["nodes"]]
    return found + [f"axe cannot tell: {node['html']}" for node in unsure]


# Exercises come out of one mold: one to write, and one to mend.
EXERCISES = ["course/softmax.html", "course/softmax_twice.html"]


@pytest.mark.parametrize("path", [*ADDRESSES, *EXERCISES])
def test_every_view_is_accessible_and_whole(view, subtests, path):
    page = view(path)
    for scheme, width in VIEWS:
        with subtests.test(scheme=scheme, width=width):
            turn(page, scheme, width)
            assert not faults(page, scheme, width)


@pytest.mark.parametrize("path", [RUNGS, "index.html", "start/notation.html"])
def test_a_page_that_is_turned_is_what_is_opened_there(view, path):
    looks = """() => [...document.querySelectorAll("body, body *")].map(element => {
        if (!element.checkVisibility({visibilityProperty: true})) return ["", ""];
        const {x, y, width, height} = element.getBoundingClientRect(), {color, background} = getComputedStyle(element);
        return [[element.localName, x, y, width, height, element.tabIndex].join(" "), [color, background].join(" ")];
    })"""
    opened = {}
    for seen in VIEWS:
        turn(page := view(path, *seen), *seen)
        opened[seen] = page.evaluate(looks)
    for width in {width for _, width in VIEWS}:
        (light, colors), (dark, others) = (zip(*opened[scheme, width], strict=True) for scheme in ("light", "dark"))
        assert light == dark
        assert colors != others
    page = view(path)
    for seen in VIEWS:
        turn(page, *seen)
        assert page.evaluate(looks) == opened[seen], seen


# What is done to a page, a view in which that is wrong, another in which it is not, and what is said.
PLANTS = {
    "image": ("article.append(new Image(9, 9))", ("light", 1280), None, "Images must have alternative text"),
    "words": ("style('.highlight .nb { color: #555 }')", ("dark", 1280), ("light", 1280), "Elements must meet min"),
    "word": ("words[5].style.color = '#666'", ("dark", 390), ("light", 390), "Elements must meet minimum color"),
    "link": (
        "style('p a { color: #333 !important; text-decoration: none !important }')",
        ("light", 1280),
        None,
        "Links must be distinguishable",
    ),
    "light": ("style('.highlight .mf { color: #ddd }')", ("light", 390), ("dark", 390), "Elements must meet minimum"),
    "width": ("style('h1 { width: 500px }')", ("light", 390), ("light", 1280), "px wide"),
    "glyphs": ("document.querySelector('.tex-glyphs').remove()", ("dark", 1280), None, "formulas are lost"),
    "scheme": ("document.body.dataset.mdColorScheme = 'slate'", ("light", 390), ("dark", 390), "another color scheme"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_wrong_in_one_view_is_seen(view, plant):
    change, wrong, right, says = PLANTS[plant]
    known = (
        "const article = document.querySelector('article');"
        "const words = [...article.querySelectorAll('.highlight code .n')];"
        "const style = (text) => article.append(Object.assign(document.createElement('style'), {textContent: text}));"
    )
    for seen in filter(None, (wrong, right)):
        page = view(RUNGS, *seen)
        page.evaluate(f"() => {{ {known} {change}; }}")
        found = faults(page, *seen)
        assert bool(found) == (seen == wrong)
        assert all(says in fault for fault in found)


# What the keyboard is to reach, and whether a reader can see that it is there.
STOPS = """() => {
    const each = "a[href], button, input, select, summary, [tabindex='0']";
    window.stops = () => [...document.querySelectorAll(each)]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
        .filter(e => !e.matches("[type=radio]:not(:checked), .md-toggle"));
    window.sees = (stop) => {
        const ringed = stop.matches(".md-option") ? stop.nextElementSibling : stop;
        const style = getComputedStyle(ringed), box = ringed.getBoundingClientRect();
        const seen = ringed.checkVisibility({opacityProperty: true, visibilityProperty: true});
        const inView = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return seen && inView && ring;
    };
    const still = new CSSStyleSheet();
    still.replaceSync("* { transition: none !important }");
    document.adoptedStyleSheets.push(still);
    window.told = (all) => all.map(element => element.outerHTML.slice(0, 120));
}"""
# Notes where the keyboard is when Tab is let go, and after a round what was not reached. Keys that come after it
# lead nowhere: in the search box, which opens over the page, they would leave it open.
WALK = """() => {
    const reached = new Map();
    addEventListener("keyup", () => {
        const stop = document.activeElement;
        if (stop !== document.body && !reached.has(stop)) return reached.set(stop, sees(stop));
        window.round ??= {
            unseen: told([...reached.keys()].filter(e => e.closest(".md-container") && !reached.get(e))),
            unreached: told(stops().filter(e => !reached.has(e))),
        };
    }, true);
    addEventListener("keydown", (event) => window.round && event.preventDefault(), true);
}"""
# Goes where Tab would go, without the frame that each key draws.
LEAP = """() => {
    const unreached = [], unseen = [];
    for (const stop of stops().filter(e => e.closest(".md-container"))) {
        stop.focus();
        if (document.activeElement !== stop) unreached.push(stop);
        else if (!sees(stop)) unseen.push(stop);
    }
    return {unseen: told(unseen), unreached: told(unreached)};
}"""


def walk(page):
    """Go through a page with Tab, once around, and return what was not reached, or was but not seen."""
    page.evaluate(STOPS)
    page.evaluate(WALK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    while not page.evaluate("window.round"):
        in_page = page.evaluate("document.activeElement.closest('.md-container') !== null")
        # Above the page, the search box of a phone opens a frame after it was reached.
        assert in_page or comes(page, "sees(document.activeElement)"), page.evaluate("document.activeElement.outerHTML")
        for _ in range(10 if in_page else 1):
            page.keyboard.press("Tab")
    return page.evaluate("round")


def leap(page):
    """Return what `walk` would, of a page where no script keeps the keyboard in, with the focus moved by a script."""
    page.evaluate(STOPS)
    page.keyboard.press("Tab")
    return page.evaluate(LEAP)


# The blocks of code, folded ones too, of which a reader has to scroll sideways to read a line.
SCROLLED = """() => {
    document.querySelectorAll("details").forEach(details => { details.open = true; });
    const blocks = [...document.querySelectorAll("article pre > code")];
    return blocks.filter(code => code.scrollWidth > code.clientWidth).map(code => code.innerText);
}"""


@pytest.mark.parametrize("path", [*ADDRESSES, *EXERCISES])
def test_no_line_of_code_has_to_be_scrolled_to_beside_both_menus(view, path):
    assert view(path).evaluate(SCROLLED) == []


def test_a_line_that_has_to_be_scrolled_to_is_seen(view):
    for typed, scrolled in ((WIDTH, 0), (WIDTH + 1, 1)):
        page = view(RUNGS)
        page.evaluate(f"document.querySelector('article pre > code').append('\\n' + 'x'.repeat({typed}))")
        assert len(page.evaluate(SCROLLED)) == scrolled
    # A message, of any length, wraps.
    page.evaluate("document.querySelectorAll('article .go').forEach(line => line.append('x'.repeat(99)))")
    assert len(page.evaluate(SCROLLED)) > 1
    page.evaluate("document.querySelectorAll('article .go').forEach(line => line.classList.add('message'))")
    assert len(page.evaluate(SCROLLED)) == 1


# Whose scripts take keys, and could keep the keyboard in.
TAKES_KEYS = "article :is(.live, .predict, input)"


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(view, subtests, path):
    page = view(path)
    takes_keys = page.locator(TAKES_KEYS).count()
    # A window of 1280 px has 320 left at 400 percent.
    for width, around in ((1280, walk if takes_keys else leap), (320, leap)):
        with subtests.test(width=width):
            turn(page, "light", width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert around(page) == {"unseen": [], "unreached": []}


def test_the_keyboard_goes_around_a_narrow_page(view):
    page = view(RUNGS, width=320)
    assert page.locator(TAKES_KEYS).count()
    assert walk(page) == {"unseen": [], "unreached": []}


@pytest.mark.parametrize("around", [walk, leap])
@pytest.mark.parametrize(
    ("change", "what"),
    [("inert = true", "unreached"), ("style.outline = 'none'", "unseen"), ("style.opacity = 0", "unseen")],
)
def test_what_the_keyboard_misses_is_seen(view, change, what, around):
    page = view("ko.html")
    page.evaluate(f"() => {{ document.querySelector('.md-footer__link').{change}; }}")
    found = around(page)
    assert [len(found.pop(what)), *found.values()] == [1, []]


def test_the_skip_link_leads_to_the_text(view):
    page = view(RUNGS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#cross-entropy-in-four-rungs")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_menu_of_a_phone_opens_from_the_keyboard(view, key):
    page = view(RUNGS, width=390)
    here = page.locator(".md-nav--primary").get_by_role("link", name="Softmax, properly")
    assert not here.is_visible()
    page.get_by_title("Menu").press(key)
    here.wait_for()
    page.locator("label.md-nav__title", has_text="Learn").press(key)
    page.locator(".md-nav--primary label.md-nav__link", has_text="Look up").press(key)
    page.locator(".md-nav--primary").get_by_role("link", name="Glossary").press("Enter")
    page.wait_for_url("**/glossary.html")


def test_math_is_shown_without_scripts(scriptless_page):
    scriptless_page.goto(RUNGS)
    assert scriptless_page.locator("tex-math.display > svg").first.is_visible()
    assert scriptless_page.locator("tex-math.display > math mfrac").count() >= 3


def test_a_missing_glyph_would_be_seen(view):
    page = view(RUNGS)
    page.evaluate("document.querySelector('.tex-glyphs').remove()")
    assert page.evaluate(LOST_MATH) == page.locator("tex-math > svg").count() > 10


def test_the_reader_can_choose_the_colors(fresh_page):
    page = fresh_page
    page.emulate_media(color_scheme="dark")
    page.goto(RUNGS)
    for scheme in ("default", "slate"):
        page.locator("form[data-md-component=palette] label:visible").click()
        assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == scheme
    page.reload()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "slate"
