"""Pictures of the main states, for the docs and for the eye: `python -m tests.browser.shots`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, open_chat, say
from tests.browser.test_embed import open_frame
from tests.fakes.sites import Sites, serving

OUT = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PHONE, SMALL = (390, 844), (320, 568)
TABLET, DESK = (768, 1024), (1440, 900)
Step = Callable[[Page, Sites], None]


def start(page: Page, site: Sites) -> None:
    open_chat(page, site, query="&commune=Esneux")


def start_nl(page: Page, site: Sites) -> None:
    open_chat(page, site, "nl")


def before_writing(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#start summary").click()


def alarm(page: Page, site: Sites) -> None:
    start(page, site)
    say(page, "il veut me frapper")
    page.locator(".from-assistant").nth(2).wait_for()


def message(page: Page, site: Sites) -> None:
    alarm(page, site)
    page.locator("#strip button.sos").click()
    page.locator("#sos-where").fill("rue Haute 5, Esneux")
    page.get_by_label("Moi", exact=True).check()
    page.get_by_label("Il y a des enfants").check()


def message_below(page: Page, site: Sites) -> None:
    message(page, site)
    page.locator("#sos-close").scroll_into_view_if_needed()


def going(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#text").fill("je dois partir")
    page.locator("#text").press("Enter")


def cards(page: Page, site: Sites) -> None:
    start(page, site)
    say(page, "une aide près d'ici")


def cards_nl(page: Page, site: Sites) -> None:
    start_nl(page, site)
    say(page, "hulp in de buurt")


def arabic(page: Page, site: Sites) -> None:
    start(page, site)
    say(page, "خطر")


def words_to_resume(page: Page, site: Sites) -> None:
    cards(page, site)
    page.get_by_role("button", name="Si la page se ferme").last.click()
    page.locator(".from-system").wait_for()


def words_typed(page: Page, site: Sites) -> None:
    start(page, site)
    page.reload()
    page.get_by_role("button", name="Reprendre avec quatre mots").click()


def numbers(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#show-numbers").click()
    page.locator("#numbers .copy:visible").first.wait_for()


def away(page: Page, site: Sites) -> None:
    start(page, site)
    site.script.away = True
    say(page, "vous êtes là ?")
    page.locator(".unsent").wait_for()


def shift(page: Page, site: Sites) -> None:
    start(page, site)
    page.keyboard.press("Shift")
    page.locator(".note-now").wait_for()


def erase(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#text").fill("x" * 2010)
    page.locator("#erase").click()


def cover(page: Page, site: Sites) -> None:
    start(page, site)
    page.locator("#hide").click()


def still(page: Page, site: Sites) -> None:
    page.route("**/static/app.js", lambda route: route.abort())
    page.goto(f"{site.url}/?language=fr")


def commune(page: Page, site: Sites) -> None:
    page.route("**/static/app.js", lambda route: route.abort())
    page.goto(f"{site.url}/?language=nl&commune=Gent")


def printed(page: Page, site: Sites) -> None:
    cards(page, site)
    page.emulate_media(media="print")


def demo(page: Page, site: Sites) -> None:
    page.goto(f"{site.url}/demo?language=fr")
    page.locator("#cookies").wait_for()
    page.wait_for_timeout(1300)


def demo_open(page: Page, site: Sites) -> None:
    frame = open_frame(page, f"{site.url}/demo?language=nl", "Hulp en advies")
    say(frame, "hij wil me slaan")  # type: ignore[arg-type]


def left(page: Page, site: Sites) -> None:
    page.goto(f"{site.url}/exit-test?language=fr")
    page.get_by_text("ne la connaît plus").wait_for()


def about(page: Page, site: Sites) -> None:
    page.goto(f"{site.url}/about/accessibility?language=nl")


SHOTS: list[tuple[str, Step, tuple[int, int], str]] = [
    ("start-390", start, PHONE, "light"),
    ("start-320", start, SMALL, "light"),
    ("start-768-nl", start_nl, TABLET, "light"),
    ("start-1440", start, DESK, "light"),
    ("start-dark-390", start, PHONE, "dark"),
    ("before-writing-390", before_writing, PHONE, "light"),
    ("alarm-390", alarm, PHONE, "light"),
    ("alarm-320", alarm, SMALL, "light"),
    ("alarm-1440", alarm, DESK, "light"),
    ("alarm-dark-1440", alarm, DESK, "dark"),
    ("alarm-zoom-400", alarm, (320, 256), "light"),
    ("message-112-390", message, PHONE, "light"),
    ("message-112-below-390", message_below, PHONE, "light"),
    ("message-112-1440", message, DESK, "light"),
    ("going-390", going, PHONE, "light"),
    ("cards-390", cards, PHONE, "light"),
    ("cards-768-nl", cards_nl, TABLET, "light"),
    ("arabic-390", arabic, PHONE, "light"),
    ("words-to-resume-390", words_to_resume, PHONE, "light"),
    ("words-typed-390", words_typed, PHONE, "light"),
    ("start-390x700", start, (390, 700), "light"),
    ("numbers-390", numbers, PHONE, "light"),
    ("server-away-390", away, PHONE, "light"),
    ("shift-390", shift, PHONE, "light"),
    ("erase-390", erase, PHONE, "light"),
    ("cover-390", cover, PHONE, "light"),
    ("no-script-390", still, PHONE, "light"),
    ("no-script-commune-768-nl", commune, TABLET, "light"),
    ("print", printed, (794, 1123), "light"),
    ("demo-1440", demo, DESK, "light"),
    ("demo-open-1440-nl", demo_open, DESK, "light"),
    ("demo-320", demo, SMALL, "light"),
    ("demo-open-320-nl", demo_open, SMALL, "light"),
    ("exit-test-390", left, PHONE, "light"),
    ("accessibility-768-nl", about, TABLET, "light"),
]


def take(browser: Browser, site: Sites, shot: tuple[str, Step, tuple[int, int], str]) -> None:
    """Take one picture."""
    name, step, (width, height), scheme = shot
    site.script.reset()
    context = browser.new_context(
        locale="fr-BE",
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        has_touch=width < 1000,
    )
    page = context.new_page()
    step(page, site)
    page.wait_for_timeout(200)
    page.screenshot(path=OUT / f"{name}.png")
    context.close()


def main() -> None:
    """Take them all."""
    OUT.mkdir(parents=True, exist_ok=True)
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for shot in SHOTS:
            take(browser, site, shot)
        browser.close()


if __name__ == "__main__":
    main()
