"""The promises that hang on the browser's engine, in Firefox: exit, Back, traces, reload."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.browser.firefox import FIREFOX, Firefox, firefox
from tests.fakes.sites import Sites

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="no Firefox here (apt install firefox-esr)")
SHIFT, ENTER = "\ue008", "\ue007"
TRACES = """(async () => [document.cookie.length, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length].join())()"""


@pytest.fixture(scope="module")
def window() -> Iterator[Firefox]:
    """One Firefox for all."""
    with firefox() as opened:
        yield opened


def open_chat(window: Firefox, site: Sites, language: str) -> None:
    window.goto(f"{site.url}/?language={language}")
    window.until("document.querySelector('.message.from-assistant .choices button')")


def say(window: Firefox, text: str) -> None:
    window.ask("document.getElementById('text').focus()")
    window.press(text + ENTER)
    window.until("document.querySelectorAll('.message.from-assistant').length > 1")


def wait_erased(site: Sites) -> None:
    end = time.monotonic() + 5
    while not site.script.erased and time.monotonic() < end:
        time.sleep(0.05)
    assert len(site.script.erased) == 1


@pytest.mark.parametrize(("language", "text"), [("fr", "il veut me frapper"), ("nl", "hij slaan")])
def test_talk_and_exit(window: Firefox, site: Sites, language: str, text: str) -> None:
    window.goto(f"{site.foreign}/weather?before")
    open_chat(window, site, language)
    say(window, text)
    assert window.ask("document.querySelector('.message.urgent .phone').href") == "tel:112"
    assert window.ask(TRACES) == "0,0,0,0,0"
    window.ask("document.querySelector('.exit').click()")
    window.until("location.pathname === '/weather'")
    wait_erased(site)
    window.back()
    window.until("location.search === '?before'")


def test_shift_three_times_leaves_and_escape_does_nothing(window: Firefox, site: Sites) -> None:
    open_chat(window, site, "fr")
    say(window, "bonjour")
    window.press("\ue00c", 4)
    window.press(SHIFT, 2)
    window.until("document.querySelector('.note-now')?.textContent.includes('1 fois')")
    assert not site.script.erased
    window.press(SHIFT)
    window.until("location.pathname === '/weather'")
    wait_erased(site)


def test_back_from_elsewhere_shows_an_empty_chat(window: Firefox, site: Sites) -> None:
    open_chat(window, site, "fr")
    say(window, "SECRET-WORD")
    window.goto(f"{site.foreign}/weather")
    wait_erased(site)
    window.back()
    window.until("document.querySelector('.message.from-assistant .choices button')")
    assert "SECRET" not in window.ask("document.documentElement.outerHTML")


def test_reload_says_so(window: Firefox, site: Sites) -> None:
    open_chat(window, site, "nl")
    say(window, "SECRET-WORD")
    window.ask("location.reload()")
    window.until("document.querySelector('.from-system')?.textContent.includes('herladen')")
    assert "SECRET" not in window.ask("document.documentElement.outerHTML")
    wait_erased(site)


def test_without_scripts_the_numbers_stand_there(site: Sites) -> None:
    with firefox(javascript__enabled=False) as plain:
        plain.goto(f"{site.url}/?language=fr")
        shown = plain.ask("document.querySelector('.numbers-in .phone').getClientRects().length")
        assert shown == 1
        assert plain.ask("document.querySelector('.talk').getClientRects().length") == 0
        assert plain.ask("document.querySelector('a.exit').pathname") == "/exit"
