"""The promise: the search finds the page that answers a question, and the entry of a pasted message."""

import doctest
import json
import re

import pytest
from proof.browser import search
from proof.places import ROOT
from transcripts import sections

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("query", ["zebra", "resnet50 pretrained weights download"])
def test_nothing_fitting_is_nothing(query, view):
    page = view("index.html")
    page.keyboard.press("/")
    page.locator(".md-search__input").fill(query)
    page.locator(".md-search__input").press("End")
    page.locator(".md-search-result__meta", has_text="No matching").wait_for()


def test_sections_of_one_page_are_results_of_their_own(view):
    page = view("index.html")
    found = search(page, "expected calibration error temperature scaling")
    assert len({address for address in found[:4] if address.startswith("work/calibration.html#")}) > 1
    leads = page.eval_on_selector_all(".md-search-result__item", "items => items.map(i => i.querySelector('a').href)")
    assert [re.sub(r"^.*?://[^/]*/|\?[^#]*", "", address) for address in leads] == found


@pytest.mark.parametrize("word", ["softmax", "entropy", "training", "gradient", "nll", "calibration"])
def test_the_name_of_a_page_leads_to_the_page(word, view):
    assert search(view("index.html"), word)[0].endswith(f"/{word}.html")


def test_an_identifier_is_one_rare_word(view):
    page = view("index.html")
    first = search(page, "nll_loss_forward_reduce_cuda_kernel_2d_index")[0]
    page.goto(first)
    section = page.locator(f"[id='{first.split('#')[1]}'] ~ *").all_inner_texts()
    assert "nll_loss_forward_reduce_cuda_kernel_2d" in "".join(section[:8])


@pytest.mark.parametrize(
    ("with_particles", "bare"), [("라벨을 -100으로", "라벨 -100"), ("소프트맥스를 두 번", "소프트맥스 두 번")]
)
def test_a_korean_particle_hides_no_word(with_particles, bare, view):
    page = view("index.html")
    assert search(page, with_particles)[0] == search(page, bare)[0]
    assert search(page, bare)[0].startswith("ko.html#")
