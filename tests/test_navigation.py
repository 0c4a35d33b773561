"""The promise: a reader gets from page to page and back, by instant navigation or from a folder without a network."""

import zipfile

import pytest
from proof.browser import LOST_MATH, RUNGS, comes, search

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("first", ["index.html", RUNGS])
def test_a_step_within_a_page_leaves_it_as_it_is(view, first):
    page = view(first)
    if first != RUNGS:
        page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    page.wait_for_selector("#rung-1-one-hot-times-log-of-softmax")
    # Until it goes to the top, the theme notes the place of the page before: who leaves sooner comes back to that.
    assert comes(page, "scrollY === 0 && !history.state?.y")
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


def test_the_archive_works_from_a_folder_without_a_network(fresh_page, site, tmp_path):
    zipfile.ZipFile(site[0] / "logits-to-loss.zip").extractall(tmp_path)
    fresh_page.context.set_offline(True)
    fresh_page.goto((tmp_path / "logits-to-loss/index.html").as_uri())
    fresh_page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    fresh_page.wait_for_load_state()
    assert fresh_page.url.endswith(RUNGS)
    assert fresh_page.evaluate(LOST_MATH) == 0
    assert any(RUNGS in address for address in search(fresh_page, "four rungs one-hot")[:3])


def test_instant_navigation_keeps_the_math(view):
    page = view("index.html")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Climb the four rungs of cross-entropy").click()
    page.wait_for_url(f"**/{RUNGS}")
    page.wait_for_selector("tex-math.display")
    assert page.evaluate("window.sameDocument")
    assert page.evaluate(LOST_MATH) == 0
    page.go_back()
    page.wait_for_selector(".home-title")
