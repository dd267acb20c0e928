"""Paper gets numbers and addresses under a neutral heading, never the talk (R58)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage, open_chat, say
from tests.fakes.sites import Sites


@pytest.mark.parametrize(
    ("language", "heading", "near", "hit"),
    [
        ("fr", "Numéros utiles", "près d'ici", "il veut me frapper SECRET"),
        ("nl", "Nuttige nummers", "in de buurt", "hij wil me slaan SECRET"),
    ],
)
@pytest.mark.parametrize("width", [390, 1440])
def test_print(
    new_page: NewPage, site: Sites, language: str, heading: str, near: str, hit: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    open_chat(page, site, language)
    say(page, hit)
    say(page, near)
    page.locator("#text").fill("SECRET")
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    assert shown.strip().startswith(heading)
    for wanted in ("112", "101", "CPAS de Valbois", "Place communale 1, 4000 Valbois"):
        assert wanted in shown
    for unwanted in (
        "SECRET",
        "machine",
        "Gratuit",
        "Gratis",
        "Source",
        "Bron",
        "espion",
        "Ouvert",
        "Fermé",
        "open",
    ):
        assert unwanted not in shown
    assert shown.count("CPAS de Valbois") == 1
    expect(page.locator(f".numbers-in[lang={language}]")).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("#hide").click()
    page.emulate_media(media="print")
    covered = page.locator("body").inner_text()
    assert "CPAS" not in covered
    assert "112" not in covered
