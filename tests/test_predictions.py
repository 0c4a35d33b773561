"""The promise: a prediction is asked before its output is seen, its answers are computed, and each is told why."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from proof.nav import groups
from proof.places import DOCS, PAGES, ROOT, name
from proof.predictions import predictions, unfit
from proof.quotes import plain
from proof.words import table

ASKING = [page for page in PAGES if predictions(page.read_text("utf-8"))]
# What a learner reads in order: the first three groups behind the home page.
PATH = [page for group in groups(ROOT)[1:4] for page in group]
WORDS = table("en")["core"] | table("en")["predict"]


def address(page):
    return page.relative_to(DOCS).with_suffix(".html").as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_prediction_is_answered_by_the_code_below_it(page):
    messages = unfit(page)
    assert not messages, "\n" + "\n".join(messages)


def test_each_page_of_the_path_asks_twice():
    assert len(PATH) == 11
    assert all(len(predictions((DOCS / page).read_text("utf-8"))) >= 2 for page in PATH)


@pytest.fixture
def copy(tmp_path):
    """Return a function that says what is wrong with a page and its transcript after a change of either."""

    def copy(page, old, new, of="docs"):
        for folder, kind in (("docs", "md"), ("snippets", "pycon")):
            path = tmp_path / folder / f"{page}.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (ROOT / folder / f"{page}.{kind}").read_text("utf-8")
            if folder == of:
                assert text.count(old) == 1
                text = text.replace(old, new)
            path.write_text(text, "utf-8")
        return unfit(tmp_path / f"docs/{page}.md", tmp_path)

    return copy


BROKEN = {
    "a right digit": ("    - **0.96**: ", "    - **0.86**: ", "the right answer, 0.86, is no output of ignored"),
    "a wrong digit": ("    - **0.58**: ", "    - **0.68**: ", "nothing computes the wrong answer 0.68"),
    "a sign": (
        "    - **-0.3404**: ",
        "    - **-0.3405**: ",
        "the right answer, -0.3405, is no output of probabilities",
    ),
    "a reason": (
        ": That is the sum. The mean divides it by how many samples count.",
        "",
        "the answer 2.89 has no reason",
    ),
    "a short one": (" That is the sum. The mean divides it by how many samples count.", " No.", "2.89 has no reason"),
    "a wrong answer": (
        "    - **2.89**: That is the sum. The mean divides it by how many samples count.\n",
        "",
        "this prediction has fewer than two wrong answers",
    ),
    "a digit less": ("    - **0.58**: ", "    - **1**: ", "1 and 0.96 are one answer"),
    "a word to type": ("    - **2.89**: ", "    - **inf**: ", "an answer that is typed is no number"),
    "its mark": ('??? predict "Two of', '???+ predict "Two of', "a prediction is not written as one"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_prediction_that_is_broken_is_named(copy, what):
    old, new, message = BROKEN[what]
    messages = copy("losses/nll", old, new)
    assert any(said.startswith("docs/losses/nll.md:") and message in said for said in messages), messages


def test_code_that_no_longer_computes_an_answer_is_named(copy):
    gone = ">>> _costs.mean(), _costs.sum()\n(tensor(0.5788), tensor(2.8940))\n"
    said = "".join(copy("losses/nll", gone, "", "snippets"))
    assert "nothing computes the wrong answer 0.58" in said
    assert "nothing computes the wrong answer 2.89" in said


def test_a_prediction_with_no_code_below_it_is_named(copy):
    old = "    - Add up the three losses, and divide by how many samples there are left.\n\n"
    assert "no code right below it answers this prediction" in "".join(copy("losses/nll", old, old + "Text.\n\n"))


def told(form):
    return form.locator("output").inner_text()


def said(words):
    return plain(words).replace("`", "")


@pytest.mark.browser
@pytest.mark.parametrize("page", ASKING, ids=name)
def test_a_reader_is_asked_and_told_why(view, page):
    seen = view(address(page))
    forms, asked = seen.locator("form.predict-form"), predictions(page.read_text("utf-8"))
    assert forms.count() == len(asked)
    keys = seen.keyboard
    for form, one in zip(forms.all(), asked, strict=True):
        output = form.locator("xpath=../following-sibling::*[1]").locator(".go").first
        right, *wrong = one.answers
        assert not output.is_visible()
        assert form.locator("output").get_attribute("aria-live") == "polite"
        tries = [(answer.text, f"{WORDS['wrong']} {said(answer.why)}") for answer in wrong]
        if one.rest:
            tries += [("9e9", f"{WORDS['wrong']} {said(one.rest)}"), ("", WORDS["empty"]), ("a bit", WORDS["unread"])]
            field = form.get_by_label(WORDS["predict"])
            decimals = len(right.text.partition(".")[2])
            reach = WORDS["within"].format(within=f"{0.5 * 10**-decimals:.{decimals + 1}f}")
            assert form.locator(f"#{field.get_attribute('aria-describedby')}").inner_text() == reach
        for text, expected in tries:
            if one.rest:
                field.focus()
                keys.press("Control+a")
                keys.press("Delete")
                keys.type(text)
            else:
                form.get_by_role("button", name=text, exact=True).focus()
            keys.press("Enter")
            assert told(form) == expected
            assert not output.is_visible()
            assert seen.evaluate("document.activeElement.matches('.predict-form *')")
        if one.rest:
            field.fill(right.text)
            keys.press("Enter")
        else:
            form.get_by_role("button", name=right.text, exact=True).press(" ")
        assert told(form) == f"{WORDS['right']} {said(right.why)}"
        assert output.is_visible()
    if page == ASKING[0]:
        seen.locator("details.predict").first.evaluate("details => { details.open = true; }")
        assert not Axe().run(seen, ".predict-form, details.predict").response["violations"]


@pytest.mark.browser
def test_what_a_reader_types_is_read_as_meant(view):
    form = view("losses/nll.html").locator("form.predict-form").last
    field = form.get_by_label(WORDS["predict"])
    for text, verdict in {
        "0.96": "right",
        ",96": "right",
        " 96 % ": "right",
        "9.6e-1": "right",
        "+0.9647": "right",
        "0.965": "right",
        "0.955": "right",
        "0.966": "wrong",
        "\N{MINUS SIGN}0.96": "wrong",
        "96": "wrong",
        "0.58": "wrong",
    }.items():
        field.fill(text)
        field.press("Enter")
        assert told(form).startswith(WORDS[verdict]), text
    for text in ("1e", "0.9.6", "ten", "-", "%", "1 2"):
        field.fill(text)
        field.press("Enter")
        assert told(form) == WORDS["unread"], text


@pytest.mark.browser
def test_answers_that_are_opened_show_the_output_and_are_printed_in_any_case(view):
    page = view("losses/nll.html")
    output, answers = page.locator(".predict-veiled .go").first, page.locator("details.predict").first
    page.emulate_media(media="print")
    assert output.is_visible()
    assert answers.locator("li").first.bounding_box()["height"] > 9
    assert not page.locator(".predict-form button").first.is_visible()
    page.emulate_media(media="screen")
    assert not output.is_visible()
    answers.locator("summary").press("Enter")
    assert answers.locator("li").first.is_visible()
    assert page.locator(".predict-veiled").count() == page.locator(".predict-form").count() - 1


@pytest.mark.browser
def test_without_scripts_the_answer_is_folded_and_the_output_seen(scriptless_page):
    page = scriptless_page
    page.goto("losses/nll.html")
    answers = page.locator("details.predict").first
    assert "What does F.nll_loss return" in answers.locator("summary").inner_text()
    assert not answers.locator("li").first.is_visible()
    assert answers.locator("xpath=following-sibling::*[1]").locator(".go").first.is_visible()
    answers.locator("summary").click()
    assert answers.locator("li").first.is_visible()
