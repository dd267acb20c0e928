"""Who writes that they must go: the talk is covered at once, with ways out, before any answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_chat, say
from tests.fakes.sites import Sites

GOING = [
    "je dois partir", "Je dois partir !", "JE DOIT PARTIR VITE", "désolée je dois y aller",
    "faut que j'y aille maintenant", "jdois partir il arrive", "il arrive", "Vite, cache !",
    "merci je dois filer, au revoir",
    "ik moet weg", "k moet weg nu", "sorry, ik moet gaan!", "moet weg hij komt", "hij komt eraan",
    "Er komt iemand", "kmoet gaan dank u",
]  # fmt: skip
STAYING = [
    "je dois partir de la maison avec les enfants", "est-ce que je dois partir", "je dois partir ?",
    "je veux le quitter", "quand il arrive il crie", "il dit que je dois partir",
    "je ne sais pas quand il arrive, en général il crie et puis je dois partir chez ma sœur",
    "ik moet weg van hem", "moet ik weg?", "ik wil weg bij mijn man", "waarom moet ik gaan",
    "ik weet niet wanneer hij komt", "bonjour", "",
]  # fmt: skip


def test_near_forms_and_what_only_looks_like_them(page: Page, site: Sites) -> None:
    open_chat(page, site)
    found = page.evaluate(
        """async (texts) => {
          const { wantsToLeave } = await import('/static/going.js');
          return texts.map((text) => [text, wantsToLeave(text)]);
        }""",
        [*GOING, *STAYING],
    )
    assert [text for text, leaving in found if leaving] == GOING


@pytest.mark.parametrize(("language", "words"), [("fr", "je dois partir"), ("nl", "ik moet weg")])
def test_covered_before_the_network_and_nothing_erased(
    page: Page, site: Sites, language: str, words: str
) -> None:
    open_chat(page, site, language)
    say(page, "SECRET-WORD")
    site.script.away = True
    page.locator("#text").fill(words)
    page.locator("#text").press("Enter")
    expect(page.locator("#going")).to_be_visible(timeout=300)
    expect(page.locator("#going-title")).to_be_focused()
    assert "SECRET-WORD" not in page.locator("body").inner_text()
    expect(page.locator("#going .phone")).to_have_attribute("href", "tel:112")
    assert site.script.live
    assert not site.script.erased
    site.script.away = False
    page.locator("#going-stay").click()
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    expect(page.locator("#text")).to_be_focused()


def test_leave_and_erase(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.locator("#text").fill("je dois y aller")
    page.locator("#text").press("Enter")
    page.locator("#going .leave").click()
    page.wait_for_url(f"{site.foreign}/weather")
    assert not site.script.live


def test_look_away(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.locator("#text").fill("il arrive")
    page.locator("#send").click()
    page.locator("#going-hide").click()
    expect(page.locator("#going")).to_be_hidden()
    expect(page.locator("#uncover")).to_be_focused()
    for _ in range(3):
        page.locator("#uncover").click()
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")


def test_shift_three_times_leaves_from_there_too(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.locator("#text").fill("ik moet weg")
    page.locator("#text").press("Enter")
    expect(page.locator("#going")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{site.foreign}/weather")


def test_a_button_with_such_words_covers_nothing(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.get_by_role("button", name="Oui, je peux").click()
    expect(page.locator(".from-assistant")).to_have_count(2)
    expect(page.locator("#app")).to_be_visible()
