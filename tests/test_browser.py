"""The promise, as a reader meets it: math is there, code can be pasted, search finds, nothing calls home."""

import doctest
import gzip
import json
import re
import unicodedata
import zipfile
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, ROOT
from transcripts import pages, sections

pytestmark = pytest.mark.browser
PAGES = [page.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for page in pages(ROOT / "docs")]
LABS = [f"labs/{lab.stem}.html" for lab in sorted((ROOT / "docs/labs").glob("*.py"))]
PAGE = "losses/four-rungs.html"
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
FIRST_VIEW_BYTES = 150_000
LAYOUT_SHIFT = 0.01
AXE = Axe()
# Formulas that have no size, or that are wider than the column that holds them.
LOST_MATH = """() => [...document.querySelectorAll("tex-math > svg")].filter(svg => {
    const {width, height} = svg.getBoundingClientRect();
    const uses = [...svg.querySelectorAll("use")].filter(use => use.getBBox().width > 0);
    return width < 3 || height < 3 || uses.length === 0;
}).length"""


# Of the words of the code that look the same, down from the whole page, leave one for axe to measure.
ONE_OF_A_KIND = """() => {
    const looks = new Map([[null, ""]]), seen = new Set();
    const look = (element) => {
        if (!looks.has(element)) {
            const {color, background, opacity, filter, font, textShadow} = getComputedStyle(element);
            const own = [color, background, opacity, filter, font, textShadow].join();
            looks.set(element, look(element.parentElement) + own);
        }
        return looks.get(element);
    };
    const words = document.querySelectorAll(".highlight code span:not(:has(*))");
    for (const word of words) word.style.visibility = "";
    for (const word of words) {
        if (seen.has(look(word))) word.style.visibility = "hidden";
        seen.add(look(word));
    }
}"""


def turn(page, scheme, width):
    """Show a page in a color scheme and a width; what watches its size has done its part when this returns."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")


@pytest.fixture
def view(quiet_page):
    """Open a page of the site in a color scheme and a width."""

    def view(path, scheme="light", width=1280):
        turn(quiet_page, scheme, width)
        quiet_page.goto(path)
        return quiet_page

    return view


def comes(page, condition):
    """Wait for what a page comes to, and tell whether it did; its policy forbids Playwright's own way."""
    return page.evaluate(
        "() => new Promise(resolve => {"
        f"  const look = () => ({condition}) ? resolve(true) : performance.now() < end ? setTimeout(look, 20)"
        "    : resolve(false);"
        f"  const end = performance.now() + {PATIENCE};"
        "  look();"
        "})"
    )


def faults(page, scheme, width):
    """Return what is wrong with the view that a page shows: what is lost, too wide, or out of somebody's reach."""
    found = []
    if lost := page.evaluate(LOST_MATH):
        found.append(f"{lost} formulas are lost")
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{wide} px wide")
    if page.evaluate("document.body.dataset.mdColorScheme") != {"dark": "slate"}.get(scheme, "default"):
        found.append("another color scheme")
    page.evaluate(ONE_OF_A_KIND)
    told = AXE.run(page, options={"resultTypes": ["violations", "incomplete"]}).response
    found += [f"{rule['help']}: {node['html']}" for rule in told["violations"] for node in rule["nodes"]]
    # What axe cannot tell of one word, it might tell of another.
    unsure = [node for rule in told["incomplete"] for node in rule["nodes"] if ".highlight" in str(node["target"])]
    return found + [f"axe cannot tell: {node['html']}" for node in unsure]


@pytest.mark.parametrize("path", PAGES + LABS)
def test_every_view_is_accessible_and_whole(view, subtests, path):
    page = view(path)
    for scheme, width in VIEWS:
        with subtests.test(scheme=scheme, width=width):
            turn(page, scheme, width)
            assert not faults(page, scheme, width)


@pytest.mark.parametrize("path", [PAGE, "index.html", "start/notation.html"])
def test_a_page_that_is_turned_is_what_is_opened_there(view, path):
    looks = """() => [...document.querySelectorAll("body, body *")].map(element => {
        if (!element.checkVisibility({visibilityProperty: true})) return "";
        const {x, y, width, height} = element.getBoundingClientRect(), {color, background} = getComputedStyle(element);
        return [element.localName, x, y, width, height, color, background, element.tabIndex].join(" ");
    })"""
    opened = {}
    for seen in VIEWS:
        turn(page := view(path, *seen), *seen)
        opened[seen] = page.evaluate(looks)
    page = view(path)
    for seen in VIEWS:
        turn(page, *seen)
        assert page.evaluate(looks) == opened[seen], seen


# What is done to a page, a view in which that is wrong, another in which it is not, and what is said.
PLANTS = {
    "image": ("article.append(new Image(9, 9))", ("light", 1280), None, "Images must have alternative text"),
    "words": ("style('.highlight .nb { color: #555 }')", ("dark", 1280), ("light", 1280), "Elements must meet min"),
    "word": ("words[5].style.color = '#666'", ("dark", 390), ("light", 390), "Elements must meet minimum color"),
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
        page = view(PAGE, *seen)
        page.evaluate(f"() => {{ {known} {change}; }}")
        found = faults(page, *seen)
        assert bool(found) == (seen == wrong)
        assert all(says in fault for fault in found)


# Notes where the keyboard is when Tab is let go, and whether a reader can see that it is there, and after a round what
# was not reached.
WALK = """() => {
    const stops = new Map(), told = (all) => all.map(element => element.outerHTML.slice(0, 120));
    window.sees = (stop) => {
        const ringed = stop.matches(".md-option") ? stop.nextElementSibling : stop;
        const style = getComputedStyle(ringed), box = ringed.getBoundingClientRect();
        const seen = ringed.checkVisibility({opacityProperty: true, visibilityProperty: true});
        const inView = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return seen && inView && ring;
    };
    addEventListener("keyup", () => {
        const stop = document.activeElement;
        if (stop !== document.body && !stops.has(stop)) return stops.set(stop, sees(stop));
        window.round ??= {
            unseen: told([...stops.keys()].filter(e => e.closest(".md-container") && !stops.get(e))),
            unreached: told([...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
                .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
                .filter(e => !e.matches("[type=radio]:not(:checked), .md-toggle") && !stops.has(e))),
        };
    }, true);
}"""


def walk(page):
    """Go through a page with Tab, once around, and return what was not reached, or was but not seen."""
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


# A window of 1280 px has 320 left at 400 percent.
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES + LABS)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(view, path, width):
    page = view(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert walk(page) == {"unseen": [], "unreached": []}


@pytest.mark.parametrize(
    ("change", "what"),
    [("inert = true", "unreached"), ("style.outline = 'none'", "unseen"), ("style.opacity = 0", "unseen")],
)
def test_what_the_keyboard_misses_is_seen(view, change, what):
    page = view("ko.html")
    page.evaluate(f"() => {{ document.querySelector('.md-footer__link').{change}; }}")
    found = walk(page)
    assert [len(found.pop(what)), *found.values()] == [1, []]


def test_the_skip_link_leads_to_the_text(view):
    page = view(PAGE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#cross-entropy-in-four-rungs")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("first", ["index.html", PAGE])
def test_a_step_within_a_page_leaves_it_as_it_is(view, first):
    page = view(first)
    if first != PAGE:
        page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    page.wait_for_selector("#rung-1-one-hot-times-log-of-softmax")
    page.evaluate("document.querySelector('.md-container').same = true")
    page.locator(".md-sidebar--secondary").get_by_role("link", name="Rung 3").click()
    page.wait_for_url("**#rung-3-fnll_loss")
    # The theme remembers a place a tenth of a second after it was reached.
    assert comes(page, "history.state?.y > 1000 && scrollY > 1000")
    page.go_back()
    assert comes(page, "history.state?.y < 100 && scrollY < 100")
    page.go_forward()
    assert comes(page, "history.state?.y > 1000 && scrollY > 1000")
    assert page.evaluate("document.querySelector('.md-container').same")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_menu_of_a_phone_opens_from_the_keyboard(view, key):
    page = view(PAGE, width=390)
    here = page.locator(".md-nav--primary").get_by_role("link", name="NLL loss")
    assert not here.is_visible()
    page.get_by_title("Menu").press(key)
    here.wait_for()
    page.locator("label.md-nav__title", has_text="Building the loss").press(key)
    page.locator(".md-nav--primary label.md-nav__link", has_text="Look up").press(key)
    page.locator(".md-nav--primary").get_by_role("link", name="Glossary").press("Enter")
    page.wait_for_url("**/glossary.html")


def test_math_is_shown_without_scripts(scriptless_page):
    scriptless_page.goto(PAGE)
    assert scriptless_page.locator("tex-math.display > svg").first.is_visible()
    assert scriptless_page.locator("tex-math.display > math mfrac").count() >= 3


def test_a_missing_glyph_would_be_seen(view):
    page = view(PAGE)
    page.evaluate("document.querySelector('.tex-glyphs').remove()")
    assert page.evaluate(LOST_MATH) == page.locator("tex-math > svg").count() > 10


@pytest.mark.parametrize("path", PAGES + LABS)
def test_a_first_view_is_light_and_holds_still(browser, browser_context_args, path):
    # On a busy machine a page may be seen before its script has run: what moves at every first view is the page's own.
    for _ in range(3):
        context = browser.new_context(**browser_context_args)
        context.set_default_timeout(PATIENCE)
        sizes, shifts = first_view(context.new_page(), path)
        context.close()
        assert sum(sizes) <= FIRST_VIEW_BYTES, sizes
        if sum(value for value, *_ in shifts) <= LAYOUT_SHIFT:
            return
    pytest.fail(f"{path} moves: {shifts}")


def first_view(page, path):
    """Open a path in a page that has seen nothing yet; return the bytes of what it loads, and what moves."""
    sizes = []
    page.on("response", lambda response: sizes.append(len(gzip.compress(response.body()))))
    page.add_init_script(
        "window.shifts = [];"
        "new PerformanceObserver(list => list.getEntries().forEach(e => window.shifts.push([e.value,"
        " ...e.sources.map(s => [s.node?.outerHTML?.slice(0, 80), s.previousRect.y, s.currentRect.y])])))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path, wait_until="networkidle")
    return sizes, page.evaluate("window.shifts")


# What the theme's button takes for each block: `data-md-copying` hides what is not to be copied.
COPIED = """() => [...document.querySelectorAll(".highlight")].map(block => {
    const code = document.querySelector(block.querySelector("[data-md-type=copy]").dataset.clipboardTarget);
    code.setAttribute("data-md-copying", "");
    const text = code.innerText.trimEnd();
    code.removeAttribute("data-md-copying");
    return text;
})"""


def copied(page):
    """Return what is copied from each block of code that a page shows or folds away."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert comes(page, "!document.querySelector('.highlight:not(:has([data-md-type=copy]))')")
    return page.evaluate(COPIED)


def typed(path):
    """Return the lines that were typed in each section that a page shows."""
    transcript = ROOT / "snippets" / Path(path).with_suffix(".pycon")
    shown = sections(transcript, transcript.name).values() if transcript.exists() else []
    texts = [re.sub(r"\s+# doctest:.*", "", section.text) for section in shown]
    return [[line[4:] for line in text.splitlines() if line.startswith((">>> ", "... "))] for text in texts]


def lines(codes):
    return [[line for line in code.splitlines() if line.strip()] for code in codes]


@pytest.mark.parametrize("path", PAGES)
def test_copied_code_is_the_code(view, path):
    page = view(path)
    codes = copied(page)
    assert lines(codes) == typed(path)
    for code in codes:
        compile(code, path, "exec")
    if codes:
        block = page.locator(".highlight").last
        block.hover()
        block.locator("[data-md-type=copy]").click()
        assert comes(page, "document.querySelector('.md-dialog[data-md-state], .md-dialog--active')")
        assert page.evaluate("navigator.clipboard.readText()") == codes[-1]


@pytest.mark.parametrize(
    "change",
    [
        "document.styleSheets[0].insertRule('.highlight .gp { display: inline !important }')",
        "document.styleSheets[0].insertRule('.highlight .go { display: inline !important }')",
        "document.querySelectorAll('[data-md-type=copy]')[1].dataset.clipboardTarget = '#__code_0 > code'",
        "document.querySelector('#__code_1 .n').textContent += '_'",
    ],
)
def test_other_copied_code_is_seen(view, change):
    page = view(PAGE)
    page.evaluate(f"() => {{ {change}; }}")
    assert lines(copied(page)) != typed(PAGE)


def test_tex_can_be_copied(view):
    page = view(PAGE)
    page.locator("#cross-entropy > .tex-copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith(r"L = -\frac{1}{N} \sum_{i=1}^{N}")


def search(page, query):
    """Type a query into the search box and return what it finds, best first.

    A result is a page with its best section beneath: the address of that section, or the page's own
    where none is shown.
    """
    box = page.locator(".md-search__input")
    page.keyboard.press("/")
    box.fill("")
    page.locator(".md-search-result__meta", has_text="Type to start").wait_for()
    box.fill(query)
    box.press("End")
    page.locator(".md-search-result__meta", has_text="matching").wait_for()
    found = page.eval_on_selector_all(
        ".md-search-result__item",
        "items => items.map(i => [...i.querySelectorAll(':scope > .md-search-result__link')].at(-1).href)",
    )
    return [re.sub(r"^.*?://[^/]*/|\?[^#]*", "", address) for address in found]


def test_search_answers_the_questions(view):
    page = view("index.html")
    asked = json.loads((ROOT / "tests/questions.json").read_text("utf-8"))
    ranks = {}
    for question in asked:
        for query in question["queries"]:
            found = search(page, query)[:3]
            ranks[query] = next((n for n, address in enumerate(found, 1) if address in question["answers"]), 0), found
    first, third = (sum(0 < rank <= k for rank, _ in ranks.values()) / len(ranks) for k in (1, 3))
    misses = {query: found for query, (rank, found) in ranks.items() if rank != 1}
    print(f"\n{len(ranks)} queries: hit@1 {first:.3f}, hit@3 {third:.3f}\n{json.dumps(misses, indent=1)}")
    assert len(asked) >= 60
    assert first >= 0.85
    assert third >= 0.97


def messages():
    """Yield what Python prints at the end of each traceback of the error clinic, and the number of its entry."""
    known = sections(ROOT / "snippets/clinics/errors.pycon", "errors.pycon")
    entries = re.split(r"^### ", (ROOT / "docs/clinics/errors.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    for number, entry in enumerate(entries):
        for name in re.findall(r'"clinics/errors\.pycon:([\w-]+)"', entry):
            for example in doctest.DocTestParser().get_examples(known[name].text):
                if example.exc_msg:
                    yield example.exc_msg.strip(), number


def test_a_pasted_message_leads_to_its_entry(view):
    page = view("clinics/errors.html")
    entries = [f"clinics/errors.html#{name}" for name in page.eval_on_selector_all("h3", "all => all.map(h => h.id)")]
    pasted = [(message, entries[number]) for message, number in messages()]
    assert len(pasted) > 50
    for above in ("", 'File "train.py", line 12, in <module> loss = criterion(output, target) '):
        lost = [message for message, entry in pasted if search(page, above + message)[0] != entry]
        assert len(lost) <= 0.06 * len(pasted), lost


def test_a_colon_is_no_wish_for_every_word(view):
    page = view("index.html")
    assert search(page, "overflows:") == search(page, "overflows") != []


def test_nothing_found_is_nothing(view):
    page = view("index.html")
    page.keyboard.press("/")
    page.locator(".md-search__input").fill("zebra")
    page.locator(".md-search__input").press("End")
    page.locator(".md-search-result__meta", has_text="No matching").wait_for()


def test_the_archive_works_from_a_folder_without_a_network(fresh_page, site, tmp_path):
    zipfile.ZipFile(site[0] / "logits-to-loss.zip").extractall(tmp_path)
    fresh_page.context.set_offline(True)
    fresh_page.goto((tmp_path / "logits-to-loss/index.html").as_uri())
    fresh_page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    fresh_page.wait_for_load_state()
    assert fresh_page.url.endswith(PAGE)
    assert fresh_page.evaluate(LOST_MATH) == 0
    assert any(PAGE in address for address in search(fresh_page, "four rungs one-hot")[:3])


def test_the_home_page_prints_as_its_cheat_sheet(view):
    page = view("index.html")
    page.emulate_media(media="print")
    assert page.locator(".cheat-sheet table").is_visible()
    for hidden in (".home-title", "[data-print]", "#the-promise"):
        assert not page.locator(hidden).first.is_visible()


# What a reader sees within a part of the page, without its spaces.
SENTENCES = """part => [...document.querySelectorAll(`${part} :is(h1, h2, h3, p, li, td, code)`)]
    .filter(e => !e.closest("which-loss, p:has(+ which-loss)") && e.checkVisibility())
    .flatMap(e => [...e.childNodes]).filter(node => node.nodeType === Node.TEXT_NODE)
    .map(node => node.data.replace(/\\s/g, "")).filter(text => text.length > 3)"""


@pytest.mark.parametrize("path", PAGES + LABS)
def test_every_page_prints_whole(view, tmp_path, path):
    page = view(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    kept = ".cheat-sheet" if path == "index.html" else "article"
    shown = page.evaluate(SENTENCES, kept)
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = pypdf.PdfReader(tmp_path / "page.pdf").pages
    # A printed "fi" is one glyph; Hangul has none where no such font is installed.
    printed = unicodedata.normalize("NFKC", re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in sheets)))
    shown = [unicodedata.normalize("NFKC", text) for text in shown if not re.search("[가-힣]", text)]
    assert shown
    # The end of a sheet may cut a sentence in two.
    cuts = {text: range(len(text) + 1) for text in shown}
    lost = [text for text in shown if not any(text[:k] in printed and text[k:] in printed for k in cuts[text])]
    assert not lost
    assert "Tableofcontents" not in printed
    assert all(len(sheet.extract_text()) > 20 or sheet.images for sheet in sheets)


def test_the_reader_can_choose_the_colors(fresh_page):
    page = fresh_page
    page.emulate_media(color_scheme="dark")
    page.goto(PAGE)
    for scheme in ("default", "slate"):
        page.locator("form[data-md-component=palette] label:visible").click()
        assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == scheme
    page.reload()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "slate"


def test_instant_navigation_keeps_the_math(view):
    page = view("index.html")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    page.wait_for_url(f"**/{PAGE}")
    page.wait_for_selector("tex-math.display")
    assert page.evaluate("window.sameDocument")
    assert page.evaluate(LOST_MATH) == 0
    page.go_back()
    page.wait_for_selector(".home-title")
