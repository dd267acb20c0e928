"""Silence covers first and erases later; looking away covers at once (R36)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TITLE, open_chat, say
from tests.fakes.sites import Sites

LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])
PLAIN = {"fr": "Moins d'énergie à la maison", "nl": "Minder energie in huis"}


def start(page: Page, site: Sites, language: str = "fr") -> Page:
    page.clock.install()
    open_chat(page, site, language)
    say(page, "SECRET-WORD")
    return page


def tell(page: Page, site: Sites, state: str) -> None:
    """Tell the page how far the way to a person is, and wait until it has heard."""
    site.script.state = state
    while site.script.told != state:
        page.wait_for_timeout(20)
    # What is written later comes later.
    site.script.write(state)
    while not page.locator(".from-counsellor", has_text=state).count():
        page.clock.run_for(100)


def uncover(page: Page) -> None:
    for _ in range(3):
        page.locator("#uncover").click()


@LANGUAGES
def test_silence_warns_covers_and_comes_back(page: Page, site: Sites, language: str) -> None:
    start(page, site, language)
    page.clock.run_for("03:50")
    expect(page.locator(".note-now")).to_have_count(0)
    page.clock.run_for("00:15")
    expect(page.locator("#log .note-now")).to_be_visible()
    page.clock.run_for("01:00")
    expect(page.locator("#app")).to_be_hidden()
    assert "SECRET-WORD" not in page.locator("body").inner_text()
    expect(page.locator("h1:visible")).to_have_text(PLAIN[language])
    assert page.title() == TITLE
    # One press, or two, is what a stranger would try.
    page.locator("#uncover").click()
    page.locator("#uncover").click()
    page.clock.run_for(3100)
    page.locator("#uncover").click()
    expect(page.locator("#app")).to_be_hidden()
    page.clock.run_for(3100)
    uncover(page)
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    assert not site.script.erased


@pytest.mark.parametrize("sign", ["key", "touch", "wheel"])
def test_one_action_extends(page: Page, site: Sites, sign: str) -> None:
    start(page, site)
    page.clock.run_for("04:30")
    expect(page.locator(".note-now")).to_be_visible()
    if sign == "key":
        page.keyboard.press("ArrowDown")
    elif sign == "touch":
        page.mouse.click(10, 500)
    else:
        page.mouse.wheel(0, 50)
    expect(page.locator(".note-now")).to_have_count(0)
    page.clock.run_for("03:30")
    expect(page.locator("#app")).to_be_visible()


def test_covered_talk_is_erased_five_minutes_later(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#text").fill("SECRET-DRAFT")
    page.clock.run_for("05:02")
    page.clock.run_for("04:50")
    assert not site.script.erased
    page.clock.run_for("00:15")
    page.wait_for_function("!document.body.textContent.includes('SECRET-WORD')")
    expect(page.locator("#text")).to_have_value("")
    assert len(site.script.erased) == 1
    assert not site.script.live
    expect(page.locator("#cover")).to_be_visible()
    uncover(page)
    page.clock.run_for(1000)
    expect(page.locator("#log")).to_contain_text("C'est voulu, pour vous protéger")
    expect(page.locator(".from-assistant")).to_contain_text("machine")


def test_device_that_slept_finds_nothing(page: Page, site: Sites) -> None:
    start(page, site)
    page.clock.fast_forward("30:00")
    page.wait_for_function("!document.body.textContent.includes('SECRET-WORD')")
    expect(page.locator("#cover")).to_be_visible()


def test_never_covered_within_ten_minutes_of_an_alarm(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#text").fill("il veut me frapper")
    page.locator("#text").press("Enter")
    while not page.locator(".message.urgent").count():
        page.clock.run_for(100)
    page.clock.run_for("08:50")
    expect(page.locator("#app")).to_be_visible()
    expect(page.locator(".note-now")).to_have_count(0)
    page.clock.run_for("01:15")
    expect(page.locator("#app")).to_be_hidden()


def test_nothing_is_erased_while_a_person_is_awaited(page: Page, site: Sites) -> None:
    """R73: a place in line isn't lost by waiting."""
    start(page, site)
    tell(page, site, "waiting")
    page.clock.run_for("05:02")
    expect(page.locator("#app")).to_be_hidden()
    page.clock.run_for("06:00")
    uncover(page)
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    assert not site.script.erased
    tell(page, site, "closed")
    page.clock.run_for("10:05")
    page.wait_for_function("!document.body.textContent.includes('SECRET-WORD')")
    assert len(site.script.erased) == 1


@LANGUAGES
def test_looking_away(page: Page, site: Sites, language: str) -> None:
    start(page, site, language)
    page.locator("#hide").click()
    expect(page.locator("#app")).to_be_hidden()
    expect(page.locator("#uncover")).to_be_focused()
    page.clock.run_for("00:50")
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    expect(page.locator("#hide")).to_be_focused()
    page.locator("#hide").click()
    page.clock.run_for("01:02")
    page.wait_for_function("!document.body.textContent.includes('SECRET-WORD')")
    assert len(site.script.erased) == 1


def test_exit_works_from_the_cover(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#hide").click()
    page.keyboard.press("Shift")
    # Nothing tells a stranger what is behind.
    expect(page.locator(".note-now")).to_have_count(0)
    page.get_by_role("link", name="Fermer").click()
    page.wait_for_url("**/weather")
