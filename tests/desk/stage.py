"""Chromium in front of the real gateway: a visitor's page and the desk, watched for complaints."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, async_playwright

from bot.settings import ROOT
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.desk.working import at_work
from tests.fakes.desk import browser
from tests.fakes.handoff_gateway import Gateway

SHOTS = ROOT / "docs" / "screenshots"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@dataclass
class Stage:
    """The browsers of a test, and what they complained of."""

    g: Gateway
    chromium: Chromium
    shoot: bool
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def page(self, **options: object) -> Page:
        """Open a page that is watched for errors and requests to elsewhere."""
        context = await self.chromium.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        self.contexts.append(context)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda said: self._console(said.type, said.text))
        context.on("request", lambda request: self._request(request.url))
        return await context.new_page()

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "401" not in text and "ERR_" not in text and "409" not in text:
            self.complaints.append(text)

    def _request(self, url: str) -> None:
        if not url.startswith((self.g.url, "data:", "blob:")):
            self.complaints.append(url)

    async def desk(self, alias: str, language: str, path: str = "/desk/", **more: object) -> Page:
        """Open the desk of somebody who is signed in."""
        viewport = more.pop("viewport", DESK)
        page = await self.page(viewport=viewport, locale="fr-BE")
        async with browser(self.g) as b:
            await at_work(self.g, b, alias, **more)
            await page.context.add_cookies(
                [
                    {
                        "name": cookie.key,
                        "value": cookie.value,
                        "url": self.g.url.replace("http:", "https:"),
                        "secure": True,
                        "httpOnly": True,
                        "sameSite": "Strict",
                    }
                    for cookie in b.http.cookie_jar
                    if cookie.key == "__Host-desk"
                ]
            )
        await page.goto(f"{self.g.url}{path}?language={language}")
        return page

    async def visitor(self, language: str) -> Page:
        """Open the visitor's page."""
        page = await self.page(viewport={"width": 390, "height": 844}, locale=f"{language}-BE")
        await page.goto(f"{self.g.url}/?language={language}")
        await page.locator(".message.from-assistant").first.wait_for()
        return page

    async def shot(self, page: Page, name: str) -> None:
        """Take a screenshot for the documents, when asked to (`DESK_SHOTS=1`)."""
        if self.shoot:
            await page.wait_for_timeout(250)
            await page.screenshot(path=SHOTS / f"desk-{name}.png")


@asynccontextmanager
async def on_stage(g: Gateway, *, shoot: bool, refused: str = "") -> AsyncIterator[Stage]:
    """Open Chromium in front of a gateway; in the end nothing may have been complained of.

    Args:
        g: the gateway.
        shoot: take the documents' pictures.
        refused: words of a complaint that is no fault of the page; "": every one is.
    """
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        made = Stage(g, chromium, shoot)
        yield made
        for context in made.contexts:
            await context.close()
        await chromium.close()
    assert [said for said in made.complaints if not refused or refused not in said] == []
