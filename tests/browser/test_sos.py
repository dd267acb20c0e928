"""The message for 112: made from taps on the device, copied, never sent to us."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import open_chat, say
from tests.fakes.sites import Sites, serving

LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])
HIT = {"fr": "il veut me frapper", "nl": "hij wil me slaan"}
TAPS = {
    "fr": ("Moi", "Il y a une arme", "Il y a des enfants"),
    "nl": ("Ik", "Er is een wapen", "Er zijn kinderen"),
}
MESSAGE = {
    "fr": "Au secours, violence. Adresse : rue Haute 5, SECRET. Je suis en danger. "
    "Il y a une arme. Il y a des enfants.",
    "nl": "Help, geweld. Adres: rue Haute 5, SECRET. Ik ben in gevaar. "
    "Er is een wapen. Er zijn kinderen.",
}


def compose(page: Page, site: Sites, language: str) -> None:
    open_chat(page, site, language)
    say(page, HIT[language])
    page.locator(".message.urgent button.sos").click()
    expect(page.locator("#sos-title")).to_be_focused()
    page.locator("#sos-where").fill("rue Haute 5, SECRET.")
    for tap in TAPS[language]:
        page.get_by_label(tap, exact=True).check()


@LANGUAGES
def test_taps_make_a_message_that_is_copied_and_never_sent(
    page: Page, site: Sites, language: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_chat(page, site, language)
    say(page, HIT[language])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page.locator("#strip button.sos").click()
    page.locator("#sos-where").fill("rue Haute 5, SECRET.")
    for tap in TAPS[language]:
        page.get_by_label(tap, exact=True).check()
    text = (page.locator("#sos-text").inner_text()).replace("\u00a0", " ")
    assert text == MESSAGE[language]
    page.locator("#sos-copy").click()
    expect(page.locator("#sos-copy")).to_be_focused()
    expect(page.locator("#sos-copy")).to_have_text(re.compile("Copié|Gekopieerd"))
    assert page.evaluate("navigator.clipboard.readText()").replace("\u00a0", " ") == text
    page.locator("#sos-close").click()
    expect(page.locator("#strip button.sos")).to_be_focused()
    # Enter in the field sends nothing either.
    page.locator("#strip button.sos").click()
    expect(page.locator("#sos-where")).to_have_value("")
    page.locator("#sos-where").fill("SECRET")
    page.locator("#sos-where").press("Enter")
    page.wait_for_timeout(300)
    assert sent == []
    assert "SECRET" not in str(site.script.said)


@LANGUAGES
def test_ways_stand_in_order_with_what_must_be_known(
    page: Page, site: Sites, language: str
) -> None:
    """R5: one word by voice, somebody trusted, the app, SMS with the caution; and the ring."""
    compose(page, site, language)
    words = page.locator("#sos").inner_text()
    order = {
        "fr": ("presse-papiers", "un seul mot", "confiance", "déjà installée", "8101", "sonner"),
        "nl": ("klembord", "één woord", "vertrouwt", "al geïnstalleerd", "8101", "rinkelen"),
    }[language]
    places = [words.index(mark) for mark in order]
    assert places == sorted(places)
    assert ("Pas encore confirmé" if language == "fr" else "Nog niet bevestigd") in words
    link = page.locator("#sos-sms a").first
    body = page.evaluate("link => decodeURIComponent(link.href)", link.element_handle())
    assert body.replace("\u00a0", " ") == f"sms:8101?&body={MESSAGE[language]}"
    caution = "Prévu pour les personnes sourdes" if language == "fr" else "Bedoeld voor wie doof"
    for card in page.locator("#sos-sms .card").all():
        expect(card).to_contain_text(caution)
    for claim in ("silencieux", "appel muet", "stille oproep", "55"):
        assert claim not in words


@LANGUAGES
def test_live_mode_holds_back_what_112_has_not_confirmed(browser: Browser, language: str) -> None:
    live = {
        "HELPLINE_MODE": "live",
        "CONTROLLER_NAME": "Valbois",
        "CONTROLLER_CONTACT": "privacy@valbois.example",
        "SUPERVISORY_AUTHORITY": "APD",
    }
    with serving(**live) as site:
        page = browser.new_page()
        page.goto(f"{site.url}/?language={language}")
        page.locator("#text").fill(HIT[language])
        page.locator("#text").press("Enter")
        page.locator("#strip button.sos").click()
        expect(page.locator("#sos .unconfirmed")).to_be_hidden()
        assert "8101" not in page.locator("#sos").inner_text()
        assert "112 BE" in page.locator("#sos").inner_text()
        page.close()


def test_it_is_emptied_by_erasing_hiding_and_leaving(page: Page, site: Sites) -> None:
    compose(page, site, "fr")
    page.locator("#erase").click()
    page.locator("#erase-yes").click()
    expect(page.locator("#sos")).to_be_hidden()
    expect(page.locator("#sos-where")).to_have_value("")
    assert "SECRET" not in page.locator("#sos-text").evaluate("node => node.textContent")
    compose(page, site, "fr")
    page.clock.install()
    page.locator("#hide").click()
    assert "SECRET" not in page.locator("body").inner_text()
    page.clock.run_for("01:05")
    expect(page.locator("#sos-where")).to_have_value("")


def test_a_talk_that_ends_by_itself_does_not_take_the_message_away(page: Page, site: Sites) -> None:
    compose(page, site, "fr")
    site.script.live.clear()
    expect(page.locator(".from-system")).to_contain_text("est effacée")
    expect(page.locator("#sos")).to_be_visible()
    expect(page.locator("#sos-where")).to_have_value("rue Haute 5, SECRET.")
    page.get_by_role("link", name="NL").click()
    expect(page.locator("#sos-text")).to_contain_text("Ik ben in gevaar.")
