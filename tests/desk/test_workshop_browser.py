"""The maintainer's walk in a real browser: each page of the documents, seen and accessible."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from bot.settings import ROOT
from bot.workshop.saving import Shelf
from tests.desk.stage import Stage, on_stage
from tests.desk.test_browser import assert_accessible
from tests.desk.test_workshop import shelf  # noqa: F401
from tests.desk.test_workshop_forms import COMMUNE, INTENT, PATTERN, root  # noqa: F401
from tests.fakes.desk import browser, somebody
from tests.fakes.handoff_gateway import Gateway

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = ROOT / "docs" / "screenshots"


@pytest.fixture
async def stage(g: Gateway) -> AsyncIterator[Stage]:
    """A browser; `WORKSHOP_SHOTS=1` takes the screenshots of docs/maintainers.md."""
    shoot = os.environ.get("WORKSHOP_SHOTS") == "1"
    # What a form was refused for is no fault of the page.
    async with on_stage(g, shoot=shoot, refused="status of 400") as made:
        yield made


async def opened(stage: Stage, path: str) -> Page:
    """Open the workshop as a maintainer."""
    page = await stage.page(viewport={"width": 1100, "height": 900}, locale="fr-BE")
    # A save reads and checks the whole directory.
    page.set_default_timeout(60_000)
    async with browser(stage.g) as b:
        await somebody(stage.g, b, "Marie", role="maintainer", regime="reports")
        url = stage.g.url.replace("http:", "https:")
        kept = [cookie for cookie in b.http.cookie_jar if cookie.key == "__Host-desk"]
        await page.context.add_cookies(
            [
                {"name": c.key, "value": c.value, "url": url, "secure": True, "httpOnly": True,
                 "sameSite": "Strict"}
                for c in kept
            ]
        )  # fmt: skip
    await page.goto(f"{stage.g.url}{path}")
    return page


async def fill(page: Page, form: dict[str, str]) -> None:
    """Type a form as somebody would."""
    for name, value in form.items():
        field = page.locator(f"main form [name={name}]").first
        if name != "do" and value:
            tag = await field.evaluate("node => node.tagName")
            await (field.select_option(value) if tag == "SELECT" else field.fill(value))


async def shot(stage: Stage, page: Page, name: str) -> None:
    """Hold the page against the rules of accessibility, and keep a picture when asked to."""
    await assert_accessible(page)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    if stage.shoot:
        await page.screenshot(path=SHOTS / f"workshop-{name}.png", full_page=True)


async def test_the_walk(stage: Stage, root: Shelf) -> None:  # noqa: F811
    page = await opened(stage, "/workshop/")
    await shot(stage, page, "home")
    await page.goto(f"{stage.g.url}/workshop/service/praxis-liege")
    await shot(stage, page, "service")
    source = {"source_url": "https://www.exemple.be/x", "source_seen": "04 222 10 12"}
    await fill(page, {"phone": "04 222 10 12", **source, "why": "Ils ont déménagé"})
    await page.locator("main form:has([name=phone]) button").click()
    await shot(stage, page, "saved")
    await page.goto(f"{stage.g.url}/workshop/commune?asked=4650")
    await page.locator("main .list a").click()
    await fill(page, {**COMMUNE, "villages": ""})
    await shot(stage, page, "commune")
    await page.locator("main form button").click()
    await page.locator("main a.button:not(.quiet)").click()
    await shot(stage, page, "commune-services")
    await page.goto(f"{stage.g.url}/workshop/intents/ask_shelter")
    await shot(stage, page, "intent")
    await page.goto(f"{stage.g.url}/workshop/new-intent")
    await fill(page, INTENT)
    await page.locator("button[value=preview]").click()
    await shot(stage, page, "new-intent")
    await page.locator("button[value=save]").click()
    await assert_accessible(page)
    for path, name in (
        ("answers/utter_thank", "answer"), ("approvals", "approvals"), ("patterns", "patterns"),
        ("models", "models"),
    ):  # fmt: skip
        await page.goto(f"{stage.g.url}/workshop/{path}")
        await shot(stage, page, name)
    await page.goto(f"{stage.g.url}/workshop/patterns/fr/new")
    await fill(page, {**PATTERN, "not": "la poêle brûlante est sur le visage"})
    await page.locator("main form button").click()
    await shot(stage, page, "pattern-refused")
    await page.goto(f"{stage.g.url}/workshop/play")
    await page.locator("button[value=fr]").click()
    await page.locator("#text").fill("je cherche de l'aide à Esneux")
    await page.locator("button[value=say]").click()
    # The picture of the documents shows the real assistant, not a scripted one.
    await assert_accessible(page)


async def test_on_a_telephone_nothing_sticks_out(stage: Stage, root: Shelf) -> None:  # noqa: F811
    page = await opened(stage, "/workshop/new-intent")
    await page.set_viewport_size({"width": 360, "height": 740})
    for path in ("new-intent", "answers/utter_thank", "patterns/fr/new", "commune/63035", "play"):
        await page.goto(f"{stage.g.url}/workshop/{path}")
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
