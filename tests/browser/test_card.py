"""A service's card: the address, the map on request, and "this number is wrong"."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_chat, say
from tests.fakes.sites import Sites

LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])
NEAR = {"fr": "une aide près d'ici", "nl": "hulp in de buurt"}
WRONG = {"fr": "Ce numéro est faux", "nl": "Dit nummer is fout"}


@LANGUAGES
def test_address_is_shown_and_the_map_only_on_request(
    page: Page, site: Sites, language: str
) -> None:
    open_chat(page, site, language)
    say(page, NEAR[language])
    local, line = page.locator(".message .card").all()[:2]
    expect(local.locator(".address")).to_have_text("Place communale 1, 4000 Valbois")
    expect(line.locator(".address")).to_have_count(0)
    link = local.locator("details a")
    expect(link).to_be_hidden()
    local.locator("summary").click()
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    expect(link).to_have_attribute(
        "href",
        "https://www.openstreetmap.org/search?query=Place%20communale%201%2C%204000%20Valbois",
    )


@LANGUAGES
def test_wrong_number_sends_the_record_and_nothing_of_the_talk(
    page: Page, site: Sites, language: str
) -> None:
    open_chat(page, site, language)
    say(page, NEAR[language])
    line = page.locator(".message .card").nth(1)
    line.locator("summary").click()
    button = line.get_by_role("button", name=WRONG[language])
    button.click()
    noted = line.locator("button.wrong")
    expect(noted).to_contain_text("vérifier" if language == "fr" else "kijken het na")
    expect(noted).to_be_focused()
    noted.click()
    ((data, with_token),) = site.script.reports
    assert list(data) == ["service"]
    assert not with_token


def test_wrong_number_that_cannot_be_noted_can_be_tried_again(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, NEAR["fr"])
    line = page.locator(".message .card").nth(1)
    line.locator("summary").click()
    site.script.report_status = 503
    line.locator("button.wrong").click()
    expect(line.locator("button.wrong")).to_contain_text("n'a pas pu")
    site.script.report_status = 204
    line.locator("button.wrong").click()
    expect(line.locator("button.wrong")).to_contain_text("Merci")


@LANGUAGES
def test_easy_words_and_back(page: Page, site: Sites, language: str) -> None:
    open_chat(page, site, language)
    say(page, "il veut me frapper" if language == "fr" else "hij wil me slaan")
    urgent = page.locator(".message.urgent")
    expect(urgent.locator(".bubble")).to_contain_text("machine")
    before = urgent.locator(".bubble").inner_text()
    button = urgent.locator("button.easy")
    button.click()
    expect(urgent.locator(".bubble")).to_contain_text(
        "Dites un seul mot" if language == "fr" else "Zeg één woord"
    )
    expect(urgent.locator(".bubble a").first).to_have_attribute("href", "tel:112")
    expect(button).to_be_focused()
    button.click()
    assert urgent.locator(".bubble").inner_text() == before


def test_emergency_numbers_and_services_without_one_have_no_such_button(
    page: Page, site: Sites
) -> None:
    open_chat(page, site)
    say(page, "il veut me frapper")
    expect(page.locator(".message.urgent .card")).not_to_have_count(0)
    expect(page.locator(".message.urgent button.wrong")).to_have_count(0)
    say(page, NEAR["fr"])
    expect(page.locator(".message .card", has_text="CPAS").locator(".wrong")).to_have_count(0)
