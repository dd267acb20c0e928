"""The quick exit (R39 to R46)."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, open_chat, say
from tests.fakes.sites import Sites

BLANK = """() => ({
  text: document.body.innerText.trim(),
  elements: document.querySelectorAll('a, button, textarea, h1, .message').length,
  alert: document.querySelector('[role=alert]')?.textContent,
  covers: document.elementFromPoint(195, 400)?.id,
})"""


def wait_erased(site: Sites, count: int = 1) -> None:
    for _ in range(60):
        if len(site.script.erased) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"erased {len(site.script.erased)} conversations, not {count}")


@pytest.mark.parametrize(("language", "name"), [("fr", "Quitter"), ("nl", "Verlaten")])
def test_click_leaves_and_back_shows_nothing(
    page: Page, site: Sites, language: str, name: str
) -> None:
    page.goto(f"{site.foreign}/weather?before")
    open_chat(page, site, language)
    say(page, "SECRET-WORD")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(f"{site.foreign}/weather")
    wait_erased(site)
    assert not site.script.live
    page.go_back()
    assert page.url == f"{site.foreign}/weather?before"
    page.go_forward()
    assert page.url == f"{site.foreign}/weather"


def test_blank_before_the_network_answers(page: Page, site: Sites) -> None:
    """R41: in the same task as the press, and with a server that takes its time."""
    site.script.erase_delay = 1.0
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.route("**/exit", lambda route: (time.sleep(0.6), route.continue_()))
    shown = page.evaluate(f"(document.querySelector('.exit').click(), ({BLANK})())")
    assert site.script.erased == []
    assert shown["elements"] == 0
    assert shown["covers"] == "blank"
    assert shown["alert"] == "La page se ferme"
    assert "SECRET" not in shown["text"]
    page.wait_for_url("**/weather")
    wait_erased(site)


def test_offline_exit_still_blanks(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.context.set_offline(True)
    shown = page.evaluate(f"(document.querySelector('.exit').click(), ({BLANK})())")
    assert shown["elements"] == 0
    assert "SECRET" not in shown["text"]


@pytest.mark.parametrize("focus", ["#text", "body"])
def test_shift_three_times_leaves(page: Page, site: Sites, focus: str) -> None:
    open_chat(page, site)
    if focus == "#text":
        page.locator("#text").focus()
    page.keyboard.press("Shift")
    note = page.locator("#log .note-now")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Encore 2 fois")
    # Spoken through the one live region that the page has.
    expect(page.locator("#log")).to_have_attribute("aria-live", "assertive")
    page.keyboard.press("Shift")
    expect(note).to_contain_text("Encore 1 fois")
    page.keyboard.press("Shift")
    page.wait_for_url("**/weather")
    wait_erased(site)


def test_typing_capitals_does_not_leave(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.locator("#text").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page.locator(".note-now")).to_contain_text("Encore 1 fois")
    expect(page.locator("#text")).to_have_value("ABCDa")
    assert not site.script.erased


def test_shift_count_ends_after_five_seconds(page: Page, site: Sites) -> None:
    page.clock.install()
    open_chat(page, site)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.run_for(5100)
    expect(page.locator(".note-now")).to_have_count(0)
    page.keyboard.press("Shift")
    expect(page.locator(".note-now")).to_contain_text("Encore 2 fois")
    assert not site.script.erased


def test_escape_does_nothing(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "bonjour")
    page.locator("#text").fill("brouillon")
    before = page.locator("#app").inner_text()
    for _ in range(4):
        page.keyboard.press("Escape")
    assert page.locator("#app").inner_text() == before
    expect(page.locator("#text")).to_have_value("brouillon")
    say(page, "encore là")
    assert not site.script.erased


def test_exit_is_first_and_a_second_one_waits_beside_the_skip_link(page: Page, site: Sites) -> None:
    """R39, R43."""
    open_chat(page, site)
    page.keyboard.press("Tab")
    expect(page.locator(".exit")).to_be_focused()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller à la conversation")
    expect(skip).to_be_focused()
    page.keyboard.press("Tab")
    second = page.get_by_role("link", name="Quitter cette page tout de suite", exact=True).last
    expect(second).to_be_focused()
    box = second.bounding_box()
    assert box
    assert box["width"] > 100
    assert box["height"] >= 44
    page.keyboard.press("Enter")
    page.wait_for_url("**/weather")


def test_skip_link_goes_to_the_conversation(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#log")).to_be_focused()


def test_leaving_before_the_script_has_run(new_page: NewPage, site: Sites) -> None:
    """The plain link is enough at any moment."""
    page = new_page()
    page.route("**/static/app.js", lambda route: (time.sleep(0.5), route.continue_()))
    page.goto(f"{site.url}/?language=fr", wait_until="commit")
    page.locator(".exit").click(no_wait_after=True)
    page.wait_for_url("**/weather")
