"""Words to resume: a page that the telephone closed, reloaded or hid during a call."""

from __future__ import annotations

import contextlib

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import NOTHING, NewPage, open_chat, say, traces
from tests.fakes.sites import Sites

WORDS = {"fr": "lune sable gare pomme", "nl": "lune sable gare pomme"}
NEAR = {"fr": "une aide près d'ici", "nl": "hulp in de buurt"}
OFFER = {"fr": "Si la page se ferme : quatre mots", "nl": "Als de pagina sluit: vier woorden"}
HAVE = {"fr": "Reprendre avec quatre mots", "nl": "Verdergaan met vier woorden"}
ON = {"fr": "On continue là où vous étiez", "nl": "We gaan verder waar u was"}
MINUTE = 60_000
LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])


def with_words(page: Page, site: Sites, language: str = "fr") -> Page:
    """Get words from the offer that stands below the cards."""
    open_chat(page, site, language)
    say(page, NEAR[language])
    page.get_by_role("button", name=OFFER[language]).last.click()
    expect(page.locator(".from-system")).to_contain_text(WORDS[language])
    return page


def type_words(page: Page, text: str) -> None:
    page.locator("#back-words").fill(text)
    page.locator("#back-words").press("Enter")


@LANGUAGES
def test_a_discarded_tab_goes_on_with_the_words(
    new_page: NewPage, site: Sites, language: str
) -> None:
    """The tab is killed without a word, as a telephone does when its memory is short."""
    page = with_words(new_page(has_touch=True), site, language)
    assert traces(page) == NOTHING
    (token,) = site.script.live
    with contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=2000)
    again = page.context.new_page()
    again.add_init_script("Object.defineProperty(document, 'wasDiscarded', { get: () => true })")
    open_chat(again, site, language)
    assert token in site.script.live
    again.get_by_role("button", name=HAVE[language]).click()
    expect(again.locator("#back-words")).to_be_focused()
    type_words(again, WORDS[language])
    expect(again.locator(".from-system").last).to_contain_text(ON[language])
    say(again, "me revoilà")
    # The talk that the new page had begun is gone; the old one goes on.
    assert list(site.script.live) == [token]
    assert NEAR[language] not in again.locator("#log").inner_text()


def test_a_reload_goes_on_with_the_words_and_only_once(new_page: NewPage, site: Sites) -> None:
    page = with_words(new_page(has_touch=True), site)
    (token,) = site.script.live
    page.reload()
    expect(page.locator("#log")).to_contain_text("La page a été rechargée")
    page.get_by_role("button", name=HAVE["fr"]).click()
    type_words(page, WORDS["fr"])
    expect(page.locator(".from-system").last).to_contain_text(ON["fr"])
    site.script.write("Nous sommes là.")
    expect(page.locator(".from-counsellor")).to_be_visible()
    # Used words open nothing; without new ones the end of the page erases again.
    page.reload()
    page.get_by_role("button", name=HAVE["fr"]).click()
    type_words(page, WORDS["fr"])
    expect(page.locator(".from-system").last).to_contain_text("n'ouvrent rien")
    assert token in site.script.erased


def test_leaving_and_erasing_take_the_words_along(new_page: NewPage, site: Sites) -> None:
    page = with_words(new_page(has_touch=True), site)
    page.locator(".exit").click()
    page.wait_for_url("**/weather")
    page = with_words(page, site)
    page.locator("#erase").click()
    page.locator("#erase-yes").click()
    page.get_by_role("button", name="Recommencer").wait_for()
    assert not site.script.live
    assert len(site.script.erased) == 2


def test_the_words_leave_the_screen_and_are_on_demand(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.locator("#start summary").click()
    page.get_by_role("button", name=OFFER["fr"]).click()
    expect(page.locator("#log")).to_contain_text(WORDS["fr"])
    expect(page.locator("#log")).to_contain_text("60 minutes")
    page.get_by_role("button", name="Enlever de l'écran").click()
    expect(page.locator("#log")).not_to_contain_text(WORDS["fr"])
    expect(page.locator("#text")).to_be_focused()


def test_no_words_to_give_says_what_to_do(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.route("**/api/v1/words", lambda route: route.fulfill(status=503, body="{}"))
    page.locator("#start summary").click()
    page.get_by_role("button", name=OFFER["fr"]).click()
    expect(page.locator(".from-system")).to_contain_text("Gardez cette page ouverte")


def test_a_call_of_half_an_hour_loses_nothing(new_page: NewPage, site: Sites) -> None:
    """Dialling from the page: it is covered as ever, and comes back."""
    page = new_page(has_touch=True)
    page.clock.install()
    open_chat(page, site)
    say(page, NEAR["fr"])
    page.evaluate("addEventListener('click', (e) => e.preventDefault())")
    page.locator(".message .phone").first.click()
    page.clock.fast_forward(30 * MINUTE)
    page.clock.run_for(1000)
    expect(page.locator("#cover")).to_be_visible()
    assert not site.script.erased
    for _ in range(3):
        page.locator("#uncover").click()
    expect(page.locator("#log")).to_contain_text(NEAR["fr"])
    page.clock.fast_forward(50 * MINUTE)
    page.clock.run_for(1000)
    page.wait_for_timeout(200)
    assert len(site.script.erased) == 1


def test_hiding_and_showing_the_page_loses_nothing(page: Page, site: Sites) -> None:
    """Another tab, a locked screen: `visibilitychange` alone, no end of the page."""
    open_chat(page, site)
    say(page, "SECRET-WORD")
    other = page.context.new_page()
    other.goto(f"{site.foreign}/weather")
    other.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("document.dispatchEvent(new Event('freeze'))")
    page.bring_to_front()
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    say(page, "encore là")
    assert len(site.script.live) == 1


def test_silence_with_words_keeps_the_talk_for_them(new_page: NewPage, site: Sites) -> None:
    page = new_page(has_touch=True)
    page.clock.install()
    with_words(page, site)
    (token,) = site.script.live
    page.clock.fast_forward(11 * MINUTE)
    page.clock.run_for(1000)
    assert WORDS["fr"] not in page.content()
    for _ in range(3):
        page.locator("#uncover").click()
    expect(page.locator(".from-system").first).to_contain_text("Vos quatre mots la rouvrent")
    assert token in site.script.live
