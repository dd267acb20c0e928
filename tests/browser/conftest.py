"""A real Chromium in front of the fake gateway; every test also holds the promise of R14."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import statement
from tests.fakes.sites import Sites, serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TITLE = "Aide et conseil · Hulp en advies"
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what the accessibility statement says, when that was asked for."""
    statement.write(session.testscollected - session.testsfailed, session.testsfailed)


@pytest.fixture(scope="session")
def sites() -> Iterator[Sites]:
    """Our origin and a foreign one."""
    with serving() as served:
        yield served


@pytest.fixture
def site(sites: Sites) -> Sites:
    """The same, with nothing left of the test before."""
    sites.script.reset()
    return sites


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, site: Sites) -> Iterator[NewPage]:
    """Open pages of which every request, sound, notification and refused script is watched."""
    contexts: list[BrowserContext] = []
    requests: list[str] = []
    complaints: list[str] = []

    def make(**options: object) -> Page:
        settings = {"locale": "fr-BE", "viewport": {"width": 390, "height": 844}, **options}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(6000)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    ours = (site.url, site.foreign, "data:", "blob:")
    assert [url for url in requests if not url.startswith(ours)] == []
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A telephone."""
    return new_page()


def open_chat(page: Page, site: Sites, language: str = "fr", query: str = "") -> Page:
    """Open the full page and wait for the first words."""
    page.goto(f"{site.url}/?language={language}{query}")
    page.locator(".message.from-assistant .choices button").first.wait_for()
    assert page.title() == TITLE
    return page


def say(page: Page, text: str) -> None:
    """Write something and wait until it was answered."""
    before = page.locator(".message:not(.from-visitor)").count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    page.locator(".message:not(.from-visitor)").nth(before).wait_for()


def traces(page: Page) -> dict[str, int]:
    """Count what the page has left in the browser."""
    return page.evaluate(
        """async () => ({
          cookies: document.cookie.length,
          local: localStorage.length,
          session: sessionStorage.length,
          databases: (await indexedDB.databases()).length,
          caches: (await caches.keys()).length,
          workers: (await navigator.serviceWorker.getRegistrations()).length,
        })"""
    )


NOTHING = {"cookies": 0, "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}
