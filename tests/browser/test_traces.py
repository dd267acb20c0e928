"""Nothing is set on the device, before or after; nothing names the person or the subject."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NOTHING, TITLE, NewPage, open_chat, say, traces
from tests.fakes.sites import Sites


def test_nothing_is_kept_in_the_browser(page: Page, site: Sites) -> None:
    """R15, R11, R37, R59."""
    carried: list[dict[str, str]] = []
    page.on("request", lambda request: carried.append(request.all_headers()))
    open_chat(page, site)
    assert traces(page) == NOTHING
    say(page, "il veut me frapper")
    say(page, "près d'ici")
    assert traces(page) == NOTHING
    assert page.context.cookies() == []
    assert page.title() == TITLE
    assert page.evaluate("history.state") is None
    assert page.evaluate("Notification.permission") != "granted"
    assert page.locator("audio, video").count() == 0
    # The browser must not offer what was typed before.
    fields = page.locator("input, textarea")
    assert fields.count() == page.locator("form[autocomplete=off] :is(input, textarea)").count()
    (token,) = site.script.live
    assert token not in page.content()
    assert token not in page.url
    assert not [h for h in carried if "cookie" in h or "referer" in h]
    page.locator(".exit").click()
    page.wait_for_url("**/weather")
    assert page.context.cookies() == []
    page.goto(f"{site.url}/exit-test?language=fr")
    assert traces(page) == NOTHING


def test_chat_works_when_storage_is_blocked(new_page: NewPage, site: Sites) -> None:
    page = new_page()
    page.add_init_script(
        """for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
             Object.defineProperty(window, name, { get() { throw new Error('blocked'); } });
           }
           Object.defineProperty(document, 'cookie', { get() { throw new Error('blocked'); } });"""
    )
    open_chat(page, site)
    say(page, "bonjour")


def test_reload_starts_anew_and_says_so(page: Page, site: Sites) -> None:
    """R9: the talk dies with the page, here and on the server."""
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.locator("#text").fill("SECRET-DRAFT")
    page.reload()
    expect(page.locator("#log")).to_contain_text("La page a été rechargée")
    expect(page.locator("#log")).to_contain_text("une machine vous répond")
    assert "SECRET" not in page.content()
    expect(page.locator("#text")).to_have_value("")
    assert len(site.script.erased) == 1
    assert len(site.script.live) == 1


def test_back_from_elsewhere_shows_an_empty_chat(page: Page, site: Sites) -> None:
    """R45."""
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.goto(f"{site.foreign}/weather")
    page.go_back()
    page.locator(".message.from-assistant").first.wait_for()
    assert "SECRET-WORD" not in page.content()
    assert len(site.script.erased) == 1


def test_exit_test_measures(page: Page, site: Sites) -> None:
    for language, nothing, gone in (
        ("fr", "Rien", "Notre service ne la connaît plus"),
        ("nl", "Niets", "Onze dienst kent het niet meer"),
    ):
        page.goto(f"{site.url}/exit-test?language={language}")
        expect(page.locator("[data-check=server]")).to_have_text(gone)
        for name in ("cookies", "storage", "databases", "caches", "workers"):
            expect(page.locator(f"[data-check={name}]")).to_have_text(nothing)
    page.evaluate("localStorage.setItem('left', '1')")
    page.reload()
    expect(page.locator("[data-check=storage]")).to_contain_text("1: dat hoort niet")


def test_exit_test_tells_when_the_server_keeps(page: Page, site: Sites) -> None:
    page.route(
        "**/api/v1/conversations",
        lambda route: (
            route.fulfill(status=204) if route.request.method == "DELETE" else route.continue_()
        ),
    )
    page.goto(f"{site.url}/exit-test?language=fr")
    expect(page.locator("[data-check=server]")).to_contain_text("Toujours là")
