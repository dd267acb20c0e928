"""Accessibility: axe in every state, a run by keyboard, sizes, reflow (R50 to R53)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import NewPage, open_chat, say
from tests.browser.statement import LOOKED
from tests.browser.test_embed import open_frame
from tests.fakes.sites import Sites

LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # A frame is asked by itself.
    "iframes": False,
}
# Whether the focus is where it should be, and what is wrong with it (R52).
SEEN = """(selector) => {
  const node = document.activeElement;
  if (node === document.body) return [false, ''];
  const box = node.getBoundingClientRect();
  const top = document.elementFromPoint(
    box.x + Math.min(box.width / 2, 60), box.y + Math.min(box.height / 2, 30));
  let fault = '';
  if (getComputedStyle(node).outlineStyle === 'none') fault = `no outline: ${node.outerHTML}`;
  if (node !== top && !node.contains(top) && !top?.contains(node)) {
    fault = `hidden: ${node.outerHTML} by ${top?.outerHTML}`;
  }
  return [node.matches(selector), fault];
}"""
SIZES = [(320, 568), (390, 844), (768, 1024), (1440, 900), (320, 256)]


def expect_no_violations(page: Page | Frame, state: str) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    raw = page.evaluate("options => axe.run(document, options)", RULES)
    engine = raw["testEngine"]
    browser = (page if isinstance(page, Page) else page.page).context.browser
    LOOKED.engine = f"{engine['name']} {engine['version']}"
    LOOKED.browser = f"Chromium {browser.version}" if browser else ""
    LOOKED.states.add(state)
    LOOKED.rules.update(violation["id"] for violation in raw["violations"])
    found = AxeResults(raw)
    assert found.violations_count == 0, f"{state}: {found.generate_report()}"


def small_targets(page: Page) -> list[str]:
    """Return what can be pressed and is too small (R51); links inside a sentence are exempt."""
    return page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, textarea')].filter((node) => {
          if (!node.checkVisibility() || node.classList.contains('jump')) return false;
          if (node.matches('.bubble p > a, .bubble li > a')) return false;
          const box = node.getBoundingClientRect();
          const least = node.matches('.exit, #send') ? 44 : 24;
          return box.width < least || box.height < least;
        }).map((node) => `${node.outerHTML} ${node.getBoundingClientRect().height}`)"""
    )


def sideways(page: Page) -> list[str]:
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll('body *')]
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.outerHTML.slice(0, 120))"""
    )


def exit_uncovered(page: Page) -> bool:
    return page.evaluate(
        """() => {
          const box = document.querySelector('.exit').getBoundingClientRect();
          const spots = [[.1, .2], [.5, .5], [.9, .8]].map(([x, y]) =>
            document.elementFromPoint(box.x + box.width * x, box.y + box.height * y));
          return spots.every((spot) => spot?.closest('.exit'));
        }"""
    )


def every_state(page: Page, site: Sites, language: str) -> Any:
    """Walk through the states of the chat; yield the name of each."""
    french = language == "fr"
    open_chat(page, site, language, "&commune=Esneux")
    yield "start"
    page.locator("#start summary").click()
    page.locator("#back-ask").click()
    page.locator(".from-system").wait_for()
    yield "words to resume"
    page.locator(".from-system button").click()
    if page.locator("#show-numbers").is_visible():
        page.locator("#show-numbers").click()
        yield "numbers"
        page.locator("#show-numbers").click()
    say(page, "il veut me frapper" if french else "hij wil me slaan")
    page.locator(".message.from-assistant").nth(2).wait_for()
    yield "alarm"
    page.locator(".message.urgent button.sos").click()
    page.locator("#sos-where").fill("x" * 60)
    yield "a message for 112"
    page.locator("#sos-close").click()
    say(page, "près d'ici" if french else "in de buurt")
    yield "cards"
    say(page, "خطر")
    site.script.write("…", language=language)
    page.locator(".from-counsellor").wait_for()
    yield "arabic and a person"
    page.locator("#text").fill("x" * 2010)
    page.locator("#erase").click()
    yield "too long, and asked whether to erase"
    page.locator("#erase-no").click()
    page.locator("#text").fill("?")
    site.script.answer_status = 503
    page.locator("#send").click()
    page.locator(".unsent").wait_for()
    page.keyboard.press("Shift")
    page.locator(".note-now").wait_for()
    yield "not sent, and Shift pressed once"
    site.script.answer_status = 200
    page.locator("#text").fill("je dois partir" if french else "ik moet weg")
    page.locator("#send").click()
    page.locator("#going").wait_for()
    yield "covered, with ways out"
    page.locator("#going-hide").click()
    yield "covered"
    for _ in range(3):
        page.locator("#uncover").click()
    page.locator("#erase").click()
    page.locator("#erase-yes").click()
    page.locator(".from-system").wait_for()
    yield "erased"


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("nl", "light"), ("nl", "dark")])
def test_axe_finds_nothing(new_page: NewPage, site: Sites, language: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    for state in every_state(page, site, language):
        expect_no_violations(page, f"{language} {scheme} {state}")


@LANGUAGES
def test_axe_finds_nothing_on_the_other_pages(
    new_page: NewPage, site: Sites, language: str
) -> None:
    page = new_page()
    for path, ready in (
        ("/exit-test", "#results"),
        ("/about/accessibility", "h1"),
        ("/demo", "#cookies"),
    ):
        page.goto(f"{site.url}{path}?language={language}")
        expect(page.locator(ready)).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect_no_violations(page, f"{language} {path}")
    name = "Aide et conseil" if language == "fr" else "Hulp en advies"
    frame = open_frame(page, f"{site.url}/demo?language={language}", name)
    expect_no_violations(frame, f"{language} frame")
    expect_no_violations(page, f"{language} host with the chat open")
    still = new_page(java_script_enabled=True)
    still.route("**/static/app.js", lambda route: route.abort())
    still.goto(f"{site.url}/?language={language}")
    expect_no_violations(still, f"{language} numbers only")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_fits_every_width(new_page: NewPage, site: Sites, width: int, height: int) -> None:
    """No sideways scroll, targets large enough, the exit never covered, in every state."""
    page = new_page(viewport={"width": width, "height": height})
    for state in every_state(page, site, "fr"):
        assert sideways(page) == [], state
        if not state.startswith("covered"):
            assert exit_uncovered(page), state
            assert small_targets(page) == [], state


@LANGUAGES
def test_by_keyboard_alone(page: Page, site: Sites, language: str) -> None:
    """Write, press a button, open a card, erase: no pointer, and the focus is always seen."""
    french = language == "fr"
    open_chat(page, site, language)

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            found, fault = page.evaluate(SEEN, selector)
            assert fault == ""
            if found:
                return
        raise AssertionError(f"Tab never comes to {selector}")

    tab_to("#text")
    page.keyboard.type("une aide près d'ici" if french else "hulp in de buurt")
    page.keyboard.press("Enter")
    page.locator(".message .card").first.wait_for()
    page.keyboard.press("Home")
    tab_to(".exit")
    tab_to(".card summary")
    page.keyboard.press("Enter")
    expect(page.locator(".card details[open]").first).to_be_visible()
    tab_to(".choices button")
    tab_to("#text")
    page.keyboard.type("il veut me frapper" if french else "hij wil me slaan")
    tab_to("#send")
    page.keyboard.press("Enter")
    page.locator(".message.urgent").wait_for()
    tab_to("#show-numbers")
    page.keyboard.press("Enter")
    tab_to("#numbers .phone")
    tab_to("#close-numbers")
    page.keyboard.press("Enter")
    expect(page.locator("#show-numbers")).to_be_focused()
    tab_to("#erase")
    page.keyboard.press("Enter")
    tab_to("#erase-yes")
    page.keyboard.press("Enter")
    expect(page.locator(".from-system")).to_contain_text("112")
    expect(page.locator("#erase")).to_be_focused()


def danger(page: Page, site: Sites) -> None:
    say(page, "il veut me frapper")
    page.locator(".from-assistant").nth(2).wait_for()


def arabic_and_a_person(page: Page, site: Sites) -> None:
    say(page, "خطر")
    site.script.write("Bonjour, je suis Anne.")
    page.locator(".from-counsellor").wait_for()


@pytest.mark.parametrize(
    ("language", "talk", "wanted"),
    [
        (
            "fr",
            danger,
            [
                'log "Conversation"',
                "Assistant automatique",
                "Ici, une machine vous répond",
                "Sans nom, puis effacé",
                'group "Réponses possibles"',
                'button "Oui, je peux"',
                "Vous",
                "il veut me frapper",
                "Assistant automatique",
                'link "112"',
                'button "Plus simple"',
                'link "Appeler 112"',
                'button "Copier le numéro 112"',
                "Merci de l'écrire ici",
            ],
        ),
        (
            "nl",
            lambda page, site: say(page, "hulp in de buurt"),
            [
                'log "Gesprek"',
                "Automatische assistent",
                "Hier antwoordt een machine",
                'button "Ja, dat kan"',
                "U",
                "hulp in de buurt",
                "Automatische assistent",
                "Hier is hulp in uw buurt",
                "CPAS de Valbois",
                'link "Website (nieuw tabblad)"',
                'link "Bel ',
                'button "Kopiëren van het nummer',
                'button "Meer zien"',
            ],
        ),
        (
            "fr",
            arabic_and_a_person,
            [
                "Vous",
                "خطر",
                "Assistant automatique",
                "112",
                'link "Appeler 112"',
                "Une personne de l'équipe",
                "Bonjour, je suis Anne.",
            ],
        ),
    ],
    ids=["danger-fr", "services-nl", "arabic-and-a-person"],
)
def test_what_a_screen_reader_is_given(
    page: Page, site: Sites, language: str, talk: Callable[[Page, Sites], Any], wanted: list[str]
) -> None:
    """Three conversations, in order: who speaks, what, and what can be pressed."""
    open_chat(page, site, language)
    talk(page, site)
    tree = page.locator("#log").aria_snapshot()
    place = 0
    for part in wanted:
        place = tree.find(part, place)
        assert place >= 0, f"{part} doesn't come in its turn:\n{tree}"
        place += len(part)


def test_reduced_motion_and_forced_colours(new_page: NewPage, site: Sites) -> None:
    page = new_page(reduced_motion="reduce", forced_colors="active")
    open_chat(page, site)

    def style(selector: str, name: str) -> str:
        return page.locator(selector).first.evaluate(f"node => getComputedStyle(node).{name}")

    assert style("#typing i", "animationName") == "none"
    for selector in (".exit", "#send", ".choices button"):
        assert style(selector, "borderTopWidth") == "2px", selector
