"""Without scripts, or in a browser that is too old: the numbers and the exit (R39, R55, R57)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TITLE, NewPage
from tests.fakes.sites import Sites

LINES = {
    "fr": ["112", "101", "0800 30 030", "103", "0800 32 123"],
    "nl": ["112", "101", "1712", "1813"],
}
OLD = [
    "delete Response.prototype.body",
    "delete Element.prototype.replaceChildren",
    "delete window.AbortController",
]


def expect_numbers(page: Page, language: str) -> None:
    shown = page.locator(f"#numbers .numbers-in[lang={language}]")
    expect(shown).to_be_visible()
    for number in LINES[language]:
        link = shown.get_by_role("link", name=number, exact=False).first
        expect(link).to_have_attribute("href", f"tel:{number.replace(' ', '')}")
    assert "dag en nacht" in shown.inner_text() or "jour et nuit" in shown.inner_text()
    expect(page.locator("#text")).to_be_hidden()
    expect(page.locator(".tools")).to_be_hidden()
    expect(page.locator("#start")).to_contain_text("espion" if language == "fr" else "Spionage")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_without_javascript(new_page: NewPage, site: Sites, language: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.url}/?language={language}")
    assert page.title() == TITLE
    expect_numbers(page, language)
    # Both languages stand there, the one asked for first.
    expect(page.locator(".numbers-in")).to_have_count(2)
    assert page.locator(".numbers-in").first.get_attribute("lang") == language
    page.keyboard.press("Tab")
    expect(page.locator(".exit")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.foreign}/weather")


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("asked", ["Esneux", "4130", "4130 esneux"])
def test_services_of_a_commune(new_page: NewPage, site: Sites, language: str, asked: str) -> None:
    """A plain form, and the services beside the numbers, in both languages."""
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.url}/?language={language}")
    page.locator("#commune").fill(asked)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", language)
    for each in ("fr", "nl"):
        near = page.locator(f".numbers-in[lang={each}] .near")
        expect(near.locator("h3")).to_contain_text("Esneux")
        name = "CPAS d'Esneux" if each == "fr" else "OCMW Esneux"
        expect(near.get_by_text(name).first).to_be_visible()
        assert near.locator(".card").count() > 3
    expect_numbers(page, language)
    expect(page.locator("#commune")).to_have_value("")


def test_commune_that_is_unknown_or_not_the_only_one(new_page: NewPage, site: Sites) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.url}/?language=fr&commune=nowhere")
    expect(page.locator(".find")).to_contain_text("code postal")
    assert "nowhere" not in page.content()
    # There are two.
    page.goto(f"{site.url}/?language=fr&commune=Woluwe")
    expect(page.locator(".near")).to_have_count(0)
    page.locator(".find li a").first.click()
    expect(page.locator(".near")).to_have_count(2)
    page.goto(f"{site.url}/?language=nl&commune=Gent")
    expect(page.get_by_text("Onderbergen 86, 9000 Gent").first).to_be_visible()


def test_language_link_works_without_javascript(new_page: NewPage, site: Sites) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.url}/?language=fr")
    page.get_by_role("link", name="NL").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_role("link", name="Verlaten").first).to_be_visible()


@pytest.mark.parametrize("missing", OLD)
def test_old_browser_gets_the_numbers(new_page: NewPage, site: Sites, missing: str) -> None:
    page = new_page()
    page.add_init_script(missing)
    page.goto(f"{site.url}/?language=nl")
    page.wait_for_load_state("load")
    expect_numbers(page, "nl")
    assert not site.script.live


def test_script_that_does_not_arrive(new_page: NewPage, site: Sites) -> None:
    page = new_page()
    page.route("**/static/talk.js", lambda route: route.abort())
    page.goto(f"{site.url}/?language=fr")
    page.wait_for_load_state("load")
    expect_numbers(page, "fr")


def test_frame_leaves_with_the_whole_window(new_page: NewPage, site: Sites) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.url}/?language=fr&frame=1")
    expect(page.locator(".exit")).to_have_attribute("target", "_top")
