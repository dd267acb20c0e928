"""A visitor's ticks and a maintainer's keys, in Chromium, in both languages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.desk import session
from bot.settings import ROOT
from tests.desk.stage import Stage, on_stage
from tests.desk.test_browser import write
from tests.fakes.desk import Browser, somebody
from tests.fakes.gateway import SERVICE
from tests.fakes.handoff_gateway import Gateway
from tests.learning.talks import GUESSES, asked, gives, inbox
from tests.learning.test_workshop import GIVEN, fill, shelf

__all__ = ["shelf"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = ROOT / "docs" / "screenshots"
SAID = {
    "fr": ("le truc du compteur encore", "toujours pareil avec le tiroir"),
    "nl": ("dat gedoe met de teller weer", "altijd hetzelfde met de lade"),
}


@pytest.fixture
async def stage(g: Gateway) -> AsyncIterator[Stage]:
    """Chromium in front of the real gateway."""
    async with on_stage(g, shoot=os.environ.get("LEARNING_SHOTS") == "1") as made:
        yield made


async def shot(stage: Stage, page: Page, name: str) -> None:
    if stage.shoot:
        await page.wait_for_timeout(250)
        await page.screenshot(path=SHOTS / f"learning-{name}.png")


async def good(page: Page) -> None:
    """Find no fault of accessibility."""
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


async def to_the_end(stage: Stage, language: str, *said: str) -> Page:
    page = await stage.visitor(language)
    stage.g.rasa.custom = {"key": "utter_fallback", "guesses": GUESSES}
    for number, text in enumerate(said, 2):
        await write(page, text)
        await expect(page.locator(".message.from-assistant")).to_have_count(number)
    stage.g.rasa.custom = {"key": "utter_goodbye", "services": []}
    return page


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_a_visitor_ticks_and_takes_back(stage: Stage, language: str) -> None:
    first, second = SAID[language]
    # Two others have given before: this one's sentence fills the inbox.
    for name in ("vert", "bleu"):
        visitor, question = await asked(stage.g, f"le seau {name} déborde")
        assert await gives(stage.g, visitor, question, 0) == 204
    page = await to_the_end(stage, language, first, second)
    assert await page.locator(".learn").count() == 0
    stage.g.rasa.custom = {"key": "utter_goodbye", "services": [SERVICE]}
    await write(page, "au revoir")
    panel = page.locator(".learn")
    await expect(panel).to_be_visible()
    # Nothing is ticked beforehand, each sentence is read before it is given.
    boxes = panel.get_by_role("checkbox")
    assert [await box.is_checked() for box in await boxes.all()] == [False, False]
    assert await boxes.first.evaluate("box => box.labels[0].innerText.trim()") == first
    await panel.scroll_into_view_if_needed()
    await shot(stage, page, f"ask-390-{language}")
    await good(page)
    buttons = panel.get_by_role("button")
    # A yes without a tick gives nothing.
    await buttons.first.press("Enter")
    await expect(panel.get_by_role("status")).not_to_be_empty()
    assert inbox(stage.g).sentences() == []
    await boxes.nth(1).press("Space")
    await buttons.first.press("Enter")
    code = await panel.locator(".code").inner_text()
    await shot(stage, page, f"code-390-{language}")
    await good(page)
    texts = {s.text for s in inbox(stage.g).sentences()}
    assert second in texts
    assert first not in texts
    # The code takes it back, by keyboard, on a page that needs no script.
    async with page.context.expect_page() as opened:
        await panel.get_by_role("link").press("Enter")
    other = await opened.value
    await other.locator("#code").fill(code.lower())
    await other.locator("#code").press("Enter")
    await expect(other.get_by_role("alert")).to_be_visible()
    await shot(stage, other, f"withdraw-390-{language}")
    await good(other)
    assert second not in {s.text for s in inbox(stage.g).sentences()}


async def test_a_no_is_one_press_and_erasing_takes_the_question_away(stage: Stage) -> None:
    page = await to_the_end(stage, "fr", SAID["fr"][0])
    stage.g.rasa.custom = {"key": "utter_goodbye", "services": [SERVICE]}
    await write(page, "au revoir")
    await page.locator(".learn").get_by_role("button", name="Non").click()
    await expect(page.locator(".learn")).to_contain_text("Aucune phrase n'est gardée")
    assert inbox(stage.g).waiting() == {}
    # The field is still there: a no ends nothing.
    await write(page, "encore une chose")
    await expect(page.locator(".message.from-visitor")).to_have_count(3)
    await page.locator("#erase").click()
    await page.locator("#erase-yes").click()
    await expect(page.locator(".learn")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_a_maintainer_sorts_by_keys(
    stage: Stage, b: Browser, shelf: object, language: str
) -> None:
    await somebody(stage.g, b, "Marie", role="maintainer", regime="reports")
    fill(stage.g, [*GIVEN, ("où est mon chien de berger", "fr"), ("het regent al weken", "nl"),
                   ("ik zoek de sleutel van de kelder", "nl")])  # fmt: skip
    page = await stage.page(viewport={"width": 1440, "height": 900}, locale="fr-BE")
    (cookie,) = [c for c in b.http.cookie_jar if c.key == session.COOKIE]
    await page.context.add_cookies(
        [{
            "name": cookie.key, "value": cookie.value, "secure": True, "httpOnly": True,
            "url": stage.g.url.replace("http:", "https:"), "sameSite": "Strict",
        }]
    )  # fmt: skip
    # The first look loads the encoder.
    page.set_default_timeout(40_000)
    expect.set_options(timeout=20_000)
    await page.goto(f"{stage.g.url}/workshop/inbox?language={language}")
    groups = page.locator("#groups > .group")
    await expect(groups).to_have_count(5)
    await shot(stage, page, f"inbox-{language}")
    await good(page)
    # Keys work in a group only: elsewhere they are somebody's typing.
    await page.keyboard.press("x")
    await expect(groups).to_have_count(5)
    await groups.first.focus()
    await page.keyboard.press("1")
    await expect(groups).to_have_count(4)
    await expect(groups.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(groups.nth(1)).to_be_focused()
    await page.keyboard.press("x")
    await expect(groups).to_have_count(3)
    await page.keyboard.press("n")
    await expect(groups).to_have_count(2)
    await page.keyboard.press("t")
    await expect(groups.first.get_by_role("checkbox")).to_be_checked()
    decided = [s.decision for s in inbox(stage.g).sentences()]
    assert sorted(decided, key=str) == [
        "*new",
        None,
        None,
        "disclose_economic",
        "disclose_economic",
    ]
    await page.locator('a[href="/workshop/inbox/disclose_economic"]').click()
    await shot(stage, page, f"inbox-write-{language}")
    await good(page)
