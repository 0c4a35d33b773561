"""The promise: the search finds the page that answers a question, and the entry of a pasted message."""

import doctest
import json
import re
import shutil
from types import SimpleNamespace

import pytest
import search as hook
import since
from bs4 import BeautifulSoup
from errors import PageError
from proof.browser import search
from proof.places import ROOT
from proof.queries import answers
from transcripts import sections

pytestmark = pytest.mark.build
QUESTIONS = json.loads((ROOT / "tests/questions.json").read_text("utf-8"))


def test_search_answers_the_questions(site):
    asked = {query: question["answers"] for question in QUESTIONS for query in question["queries"]}
    found = answers(site[0], list(asked))
    ranks = {
        query: next((n for n, address in enumerate(found[query][:3], 1) if address in right), 0)
        for query, right in asked.items()
    }
    first, third = (sum(0 < rank <= k for rank in ranks.values()) / len(ranks) for k in (1, 3))
    misses = {query: found[query][:3] for query, rank in ranks.items() if rank != 1}
    print(f"\n{len(ranks)} queries: hit@1 {first:.3f}, hit@3 {third:.3f}\n{json.dumps(misses, indent=1)}")
    assert len(QUESTIONS) >= 140
    assert first >= 0.9
    assert third >= 0.97


@pytest.mark.browser
def test_the_search_box_shows_what_the_worker_finds(site, view):
    queries = [question["queries"][0] for question in QUESTIONS[::12]] + ["softmax", "소프트맥스를 두 번", "overflows:"]
    found = answers(site[0], queries)
    page = view("index.html")
    for query in queries:
        assert search(page, query)[:3] == found[query][:3] != [], query
        leads = page.eval_on_selector_all(
            ".md-search-result__item", "items => items.map(i => i.querySelector('a').href)"
        )
        assert [re.sub(r"^.*?://[^/]*/|\?[^#]*", "", address) for address in leads[:3]] == found[query][:3], query


def entries():
    """Return of each entry of the error clinic the sections that it shows."""
    page = (ROOT / "docs/clinics/errors.md").read_text("utf-8")
    found = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    return [re.findall(r'"clinics/errors\.pycon:([\w-]+)"', entry) for entry in found]


def messages():
    """Yield what Python prints at the end of each traceback of the error clinic, and the number of its entry."""
    known = sections(ROOT / "snippets/clinics/errors.pycon", "errors.pycon")
    for number, names in enumerate(entries()):
        for name in names:
            for example in doctest.DocTestParser().get_examples(known[name].text):
                if example.exc_msg:
                    yield example.exc_msg.strip(), number


def others():
    """Yield what the error clinic quotes of other versions of PyTorch, and the number of the entry."""
    for change in since.read(since.RECORD, since.RECORD.name).changes:
        if change.page == "clinics/errors":
            (number,) = [number for number, names in enumerate(entries()) if change.section in names]
            for said in change.then.values():
                message = said.removeprefix("raises ")
                if message != said and not any(absent.fullmatch(message) for absent in since.ABSENT):
                    yield message, number


def addresses(site):
    """Return the addresses of the entries of the error clinic."""
    soup = BeautifulSoup((site / "clinics/errors.html").read_text("utf-8"), "html.parser")
    return [f"clinics/errors.html#{heading['id']}" for heading in soup.select("h3")]


def test_a_pasted_message_leads_to_its_entry(site):
    places = addresses(site[0])
    pasted = [(message, places[number]) for message, number in messages()]
    assert len(pasted) > 50
    starts = ("", 'File "train.py", line 12, in <module> loss = criterion(output, target) ')
    found = answers(site[0], [above + message for above in starts for message, _ in pasted])
    for above in starts:
        lost = [message for message, entry in pasted if found[above + message][0] != entry]
        assert len(lost) <= 0.06 * len(pasted), lost


def test_a_message_of_another_version_leads_to_an_entry_that_quotes_it(site):
    places, right = addresses(site[0]), {}
    for message, number in others():
        right.setdefault(message, set()).add(places[number])
    assert len(right) > 10
    found = answers(site[0], list(right))
    lost = [message for message, entries in right.items() if not entries & {*found[message][:3]}]
    assert len(lost) <= 0.06 * len(right), lost


def test_a_colon_is_no_wish_for_every_word(site):
    found = answers(site[0], ["overflows:", "overflows"])
    assert found["overflows:"] == found["overflows"] != []


@pytest.mark.browser
@pytest.mark.parametrize("query", ["zebra", "resnet50 weights download", "best pizza dough recipe"])
def test_nothing_fitting_is_nothing(query, view):
    page = view("index.html")
    page.keyboard.press("/")
    page.locator(".md-search__input").fill(query)
    page.locator(".md-search__input").press("End")
    page.locator(".md-search-result__meta", has_text="No matching").wait_for()


def test_sections_of_one_page_are_results_of_their_own(site):
    (found,) = answers(site[0], ["expected calibration error temperature scaling"]).values()
    assert len({address for address in found[:4] if address.startswith("work/calibration.html#")}) > 1


def test_words_that_people_use_belong_to_a_section_and_find_it(site):
    index = json.loads((site[0] / "search/search_index.json").read_text("utf-8"))
    address = "work/trainers.html#dpo-loss-stuck-at-06931-rewards-stuck-at-00"
    query = "KTO ORPO ref_model weights do not update"
    (section,) = (section for section in index["docs"] if section["location"] == address)
    assert "KTO" not in section["title"] + section["text"]
    assert answers(site[0], [query])[query][0] == address


def test_the_name_of_a_page_leads_to_the_page(site):
    for word, found in answers(site[0], ["softmax", "entropy", "training", "gradient", "nll", "calibration"]).items():
        assert found[0].endswith(f"/{word}.html"), found[:3]


def test_an_identifier_is_one_rare_word(site):
    name = "nll_loss_forward_reduce_cuda_kernel_2d_index"
    index = json.loads((site[0] / "search/search_index.json").read_text("utf-8"))
    holds = {doc["location"] for doc in index["docs"] if name.removesuffix("_index") in doc["text"]}
    assert len(holds) > 1
    assert set(answers(site[0], [name])[name][: len(holds)]) == holds


@pytest.mark.parametrize(
    ("with_particles", "bare"), [("라벨을 -100으로", "라벨 -100"), ("소프트맥스를 두 번", "소프트맥스 두 번")]
)
def test_a_korean_particle_hides_no_word(with_particles, bare, site):
    found = answers(site[0], [with_particles, bare])
    assert found[with_particles][0] == found[bare][0]
    assert found[bare][0].startswith("ko.html#")


@pytest.mark.build
@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('"glossary.html#ghost": ["boo"]', r"the search knows no section glossary\.html#ghost\n  mend: name"),
        ('"index.html": "boo, hoo"', r"index\.html has no list of phrases\n  mend: write one"),
    ],
)
def test_words_that_the_search_cannot_take_stop_the_build(site, tmp_path, monkeypatch, entry, message):
    for part in ("search", "assets/javascripts/workers"):
        shutil.copytree(site[0] / part, tmp_path / part)
    words = tmp_path / "asked.json"
    words.write_text(f'{{\n "glossary.html": ["list of terms"],\n {entry}\n}}\n', "utf-8")
    monkeypatch.setattr(hook, "ASKED", words)
    with pytest.raises(PageError, match=rf"docs/_hooks/asked\.json:3: {message}"):
        hook.on_post_build(SimpleNamespace(site_dir=tmp_path))
