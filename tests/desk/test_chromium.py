"""The first run in a real Chromium: the strict cookie on the loopback, the CSP, small phones."""

from __future__ import annotations

import os
import re

import pyotp
import pytest
from playwright.async_api import Page, async_playwright

from bot.desk.accounts import Profile
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.fakes.desk import PASSWORD, accounts_of
from tests.fakes.handoff_gateway import Gateway

pytestmark = pytest.mark.browser
PAGES = ["checklist", "people", "people/new", "hours", "sheet", "roster", "assistant", "account"]


async def too_wide(page: Page) -> bool:
    """Tell whether the page must be moved sideways to be read."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


async def shot(page: Page, name: str) -> None:
    """Keep a picture when a folder for pictures is named (docs/screenshots)."""
    if folder := os.environ.get("DESK_SHOTS"):
        await page.screenshot(path=f"{folder}/desk-{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_the_first_run(g: Gateway, language: str) -> None:
    token = accounts_of(g).invite("first", Profile(role="supervisor", networks=("stopp-vif",)))
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await chromium.new_context(locale=language)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(f"{g.url}/desk/join/{token}")
        await shot(page, f"first-run-{language}")
        secret = await page.locator(".secret").inner_text()
        await page.fill("#alias", "Sofia")
        await page.fill("#login", "s.maes")
        await page.fill("#organisation", "CPAS / OCMW")
        await page.fill("#password", PASSWORD)
        await page.fill("#code", pyotp.TOTP(secret.replace(" ", "")).now())
        await page.click("button:not(.quiet):visible >> nth=0")
        await page.wait_for_url("**/desk/confidentiality")
        (cookie,) = [c for c in await context.cookies() if c["name"] == "__Host-desk"]
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        await shot(page, f"confidentiality-{language}")
        await page.locator("main form button").click()
        await page.wait_for_url("**/desk/checklist")
        assert await page.locator(".todo").count() == 4
        guest = Profile(organisation="CPAS / OCMW", networks=("stopp-vif",))
        accounts_of(g).invite("invite", guest, inviter="Sofia", note="A. D.")
        for name in PAGES:
            await page.set_viewport_size({"width": 1280, "height": 720})
            await page.goto(f"{g.url}/desk/{name}")
            assert await page.locator("h1").count() == 1
            await shot(page, f"{name.replace('/', '-')}-{language}")
            await page.set_viewport_size({"width": 360, "height": 640})
            assert not await too_wide(page), name
        assert not re.search("Content Security Policy|Refused", " ".join(complaints)), complaints
        # An invitation is taken back.
        await page.goto(f"{g.url}/desk/people")
        await page.locator(".pending button").click()
        await page.wait_for_selector(".notice")
        assert accounts_of(g).pending() == []
        # The emergency sheet, by keyboard alone.
        await page.goto(f"{g.url}/desk/sheet")
        await page.focus("#decides")
        for words in ("A", "B", "C"):
            await page.keyboard.type(words)
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".notice")
        assert accounts_of(g).sheet().complete
        await page.click("#sign-out")
        await page.wait_for_url("**/desk/sign-in")
        await chromium.close()
