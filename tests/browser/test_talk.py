"""The conversation: what is said, shown, announced, and what happens when something fails."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, open_chat, say
from tests.fakes.sites import Sites

LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])
HIT = {"fr": "il veut me frapper", "nl": "hij wil me slaan"}
NEAR = {"fr": "une aide près d'ici", "nl": "hulp in de buurt"}


@LANGUAGES
def test_first_words_come_before_anything_is_written(
    page: Page, site: Sites, language: str
) -> None:
    """R1, R22, R44: a machine, what exit does, what stays, how to come back."""
    open_chat(page, site, language)
    first = page.locator(".message").first
    expect(first).to_contain_text("machine")
    expect(first).to_have_attribute("lang", language)
    notice = page.locator("#start")
    expect(
        notice.get_by_text("espion" if language == "fr" else "Spionage").first
    ).to_be_in_viewport()
    page.locator("#start summary").click()
    for part in ("Shift", "historique" if language == "fr" else "geschiedenis", "5 minut"):
        expect(notice).to_contain_text(part)
    expect(notice).to_contain_text("Revenir" if language == "fr" else "terugkomen")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@LANGUAGES
@pytest.mark.parametrize(("width", "height"), [(390, 700), (360, 640), (768, 1024), (1440, 900)])
def test_question_and_field_stand_on_the_first_screen(
    new_page: NewPage, site: Sites, language: str, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    page = open_chat(new_page(viewport=size, has_touch=width < 700), site, language)
    field = page.locator("#composer").bounding_box()
    button = page.locator(".message .choices button").first.bounding_box()
    notice = page.locator("#start p").bounding_box()
    head = page.locator("#top").bounding_box()
    assert field and button and notice and head  # noqa: PT018
    assert head["y"] + head["height"] <= notice["y"]
    assert button["y"] + button["height"] <= field["y"]
    assert field["y"] + field["height"] <= height
    kept = page.get_by_text("au plus tard 60" if language == "fr" else "ten laatste 60")
    if width < 700:
        expect(kept).to_be_hidden()
        page.locator(".message summary").click()
    expect(kept).to_be_visible()


@LANGUAGES
def test_alarm_comes_first_and_the_strip_stays(page: Page, site: Sites, language: str) -> None:
    open_chat(page, site, language)
    expect(page.locator("#strip")).to_be_hidden()
    say(page, HIT[language])
    urgent = page.locator(".message.urgent")
    expect(urgent.locator(".bubble a")).to_have_text(["112", "101"])
    expect(urgent.locator(".card .phone").first).to_have_attribute("href", "tel:112")
    expect(page.locator("#strip a").first).to_have_attribute("href", "tel:112")
    say(page, "autre chose")
    expect(page.locator("#strip")).to_be_in_viewport()


def test_each_message_is_announced_once_by_one_live_region(page: Page, site: Sites) -> None:
    """R50: the log is the only live region; it is assertive for the alarm alone."""
    open_chat(page, site)
    page.evaluate(
        """() => {
          window.spoken = [];
          const log = document.getElementById('log');
          new MutationObserver((changes) => {
            for (const change of changes) for (const node of change.addedNodes) {
              spoken.push([log.getAttribute('aria-live'), node.dataset?.id ?? '', node.className]);
            }
          }).observe(log, { childList: true });
        }"""
    )
    say(page, HIT["fr"])
    expect(page.locator(".message.from-assistant")).to_have_count(3)
    spoken = page.evaluate("window.spoken")
    assert [entry[0] for entry in spoken] == ["polite", "assertive", "polite"]
    assert "urgent" in spoken[1][2]
    assert len({entry[1] for entry in spoken[1:]}) == 2
    regions = page.locator("[aria-live], [role=status], [role=alert], [role=log], output")
    expect(regions).to_have_count(1)


@LANGUAGES
def test_every_message_says_its_language_and_author(page: Page, site: Sites, language: str) -> None:
    """R53, R2."""
    open_chat(page, site, language)
    say(page, "خطر")
    arabic = page.locator(".message[lang=ar]")
    paragraph = arabic.locator(".bubble p").first
    assert paragraph.evaluate("node => getComputedStyle(node).direction") == "rtl"
    expect(arabic.locator(".cards")).to_have_attribute("lang", language)
    site.script.write("Je suis là." if language == "fr" else "Ik ben er.", language=language)
    human = page.locator(".message.from-counsellor")
    expect(human.locator(".author")).to_have_text(
        "Une personne de l'équipe" if language == "fr" else "Iemand van het team"
    )
    for message in page.locator(".message").all():
        assert message.get_attribute("lang") in ("fr", "nl", "ar")
        assert message.locator(".author").inner_text()


@LANGUAGES
def test_service_card(page: Page, site: Sites, language: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_chat(page, site, language)
    say(page, NEAR[language])
    local, line = page.locator(".message .card").all()[:2]
    expect(local.locator(".hours.closed")).to_be_visible()
    link = local.get_by_role("link")
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    expect(link).to_have_attribute("target", "_blank")
    expect(local.locator(".source")).to_be_hidden()
    local.locator("summary").click()
    expect(local.locator(".source")).to_be_visible()
    expect(line.locator(".hours.open")).to_be_visible()
    number = line.locator(".phone")
    expect(number).to_have_attribute("href", re.compile(r"^tel:\d+$"))
    copy = line.get_by_role("button")
    copy.click()
    expect(copy).to_contain_text("Copié" if language == "fr" else "Gekopieerd")
    expect(copy).to_be_focused()
    shown = (number.text_content() or "").split(" ", 1)[1]
    assert page.evaluate("navigator.clipboard.readText()") == shown


def test_what_comes_from_outside_is_text_and_never_markup(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "<img src=x onerror=alert(1)> près")
    assert page.locator("#log img, #log b, #log i").count() == 0
    expect(page.locator(".from-visitor .bubble")).to_have_text("<img src=x onerror=alert(1)> près")
    expect(page.get_by_role("button", name="Voir d'autres<i>")).to_be_visible()
    expect(page.locator("#log .note").first).to_have_text("Gratuit. Sur rendez-vous.<i>")


def test_buttons_send_their_value_and_keep_the_focus(page: Page, site: Sites) -> None:
    open_chat(page, site)
    button = page.get_by_role("button", name="Oui, je peux")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".from-visitor")).to_contain_text("Oui, je peux")
    expect(page.locator(".message.from-assistant")).to_have_count(2)
    expect(button).to_be_focused()
    assert site.script.said == [{"choice": "safe_to_write:yes"}]


def test_switch_of_language_keeps_the_conversation(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "SECRET-WORD")
    page.locator("#text").fill("brouillon")
    before = set(site.script.live)
    page.get_by_role("link", name="NL").click()
    expect(page.locator("#log")).to_contain_text("Goed, in het Nederlands.")
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator(".exit")).to_contain_text("Verlaten")
    expect(page.locator("#send")).to_have_text("Verzenden")
    expect(page.locator("#text")).to_have_value("brouillon")
    assert site.script.said[-1] == {"choice": "language:nl"}
    assert set(site.script.live) == before


def test_switch_before_the_first_word_greets_anew(page: Page, site: Sites) -> None:
    """R1: the machine notice in the person's language."""
    open_chat(page, site)
    page.get_by_role("link", name="NL").click()
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".message")).to_contain_text("Hier antwoordt een machine")
    assert list(site.script.live.values()) == ["nl"]
    assert len(site.script.erased) == 1


def test_page_follows_the_language_of_the_answer(page: Page, site: Sites) -> None:
    open_chat(page, site)
    (token,) = site.script.live
    site.script.live[token] = "nl"
    say(page, "ik wil graag praten")
    expect(page.locator(".exit")).to_contain_text("Verlaten")


def test_long_text(page: Page, site: Sites) -> None:
    open_chat(page, site)
    field, counter = page.locator("#text"), page.locator("#counter")
    field.fill("x" * 1500)
    expect(counter).to_have_text("")
    field.fill("x" * 1990)
    expect(counter).to_contain_text("sur 2 000")
    field.fill("x" * 2001)
    expect(counter).to_contain_text("2 000 au plus")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    page.locator("#send").click()
    assert site.script.said == []
    expect(field).to_have_value("x" * 2001)
    field.fill("😀" * 2000)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    expect(page.locator(".from-assistant")).to_have_count(2)
    assert len(site.script.said[0]["text"]) == 2000


def test_enter_sends_and_shift_enter_does_not(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.locator("#text").focus()
    page.keyboard.type("un")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("deux")
    page.keyboard.press("Enter")
    expect(page.locator(".from-assistant")).to_have_count(2)
    assert site.script.said == [{"text": "un\ndeux"}]
    expect(page.locator("#text")).to_be_focused()


def test_typing_sign_while_waiting(page: Page, site: Sites) -> None:
    site.script.answer_delay = 1.2
    open_chat(page, site)
    page.locator("#text").fill("bonjour")
    page.locator("#text").press("Enter")
    expect(page.locator("#typing")).to_be_visible()
    expect(page.locator("#typing")).to_have_attribute("aria-hidden", "true")
    expect(page.locator(".from-assistant")).to_have_count(2)
    expect(page.locator("#typing")).to_be_hidden()


def test_typing_sign_while_a_person_writes(page: Page, site: Sites) -> None:
    open_chat(page, site)
    site.script.typing += 1
    expect(page.locator("#typing")).to_be_visible()
    site.script.write("Je suis là.")
    expect(page.locator(".from-counsellor")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()


@LANGUAGES
def test_server_away_and_back(page: Page, site: Sites, language: str) -> None:
    open_chat(page, site, language)
    site.script.away = True
    page.locator("#text").fill("SECRET-WORD")
    page.locator("#text").press("Enter")
    expect(page.locator(".unsent")).to_be_visible()
    expect(page.locator(".from-system").last).to_contain_text("112")
    expect(page.locator("#strip")).to_be_visible()
    site.script.away = False
    page.locator(".unsent button").click()
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator(".from-assistant")).to_have_count(2)
    assert site.script.said == [{"text": "SECRET-WORD"}]


def test_offline_says_so_and_sends_when_back(page: Page, site: Sites) -> None:
    open_chat(page, site)
    page.context.set_offline(True)
    expect(page.locator(".from-system")).to_contain_text("La connexion est coupée")
    page.locator("#text").fill("toujours là")
    page.locator("#text").press("Enter")
    expect(page.locator(".unsent")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator(".from-assistant")).to_have_count(2)
    expect(page.locator(".from-system")).to_have_count(1)


def test_start_fails_with_the_numbers_and_can_be_tried_again(page: Page, site: Sites) -> None:
    site.script.away = True
    page.goto(f"{site.url}/?language=fr")
    expect(page.locator(".from-system")).to_contain_text("ne s'ouvre pas")
    expect(page.locator("#strip a").first).to_be_visible()
    page.locator("#show-numbers").click()
    expect(page.locator(".numbers-in:visible .phone").first).to_have_text(re.compile("112"))
    page.locator("#close-numbers").click()
    expect(page.locator("#show-numbers")).to_be_focused()
    site.script.away = False
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".from-assistant")).to_contain_text("machine")


def test_store_away_shows_the_card_of_numbers(page: Page, site: Sites) -> None:
    site.script.answer_status = 503
    page.goto(f"{site.url}/?language=fr")
    card = page.locator(".message.urgent")
    expect(card).to_contain_text("ne peut pas répondre")
    expect(card.locator(".phone").first).to_have_attribute("href", "tel:112")


@pytest.mark.parametrize(("status", "words"), [(429, "Attendez"), (503, "n'est pas arrivé")])
def test_errors_keep_the_text_and_the_numbers(
    page: Page, site: Sites, status: int, words: str
) -> None:
    open_chat(page, site)
    site.script.answer_status = status
    say(page, "SECRET-WORD")
    expect(page.locator(".from-system").last).to_contain_text(words)
    expect(page.locator(".from-system").last).to_contain_text("112")
    expect(page.locator(".from-visitor")).to_contain_text("SECRET-WORD")
    site.script.answer_status = 200
    page.locator(".unsent button").click()
    expect(page.locator(".from-assistant")).to_have_count(2)


def test_conversation_that_ended_gives_the_draft_back(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "OLD-WORD")
    page.locator("#text").fill("mon texte")
    site.script.live.clear()
    expect(page.locator(".from-system")).to_contain_text("La conversation d'avant est effacée")
    expect(page.locator("#log")).not_to_contain_text("OLD-WORD")
    expect(page.locator("#text")).to_have_value("mon texte")
    page.get_by_role("button", name="Recommencer").click()
    expect(page.locator(".from-assistant")).to_contain_text("machine")
    page.locator("#send").click()
    expect(page.locator(".from-assistant")).to_have_count(2)


@LANGUAGES
def test_erase_asks_once_and_then_nothing_is_left(page: Page, site: Sites, language: str) -> None:
    """R21."""
    open_chat(page, site, language)
    say(page, "SECRET-WORD")
    page.locator("#erase").click()
    page.locator("#erase-no").click()
    expect(page.locator("#erase")).to_be_focused()
    expect(page.locator("#log")).to_contain_text("SECRET-WORD")
    page.locator("#erase").click()
    page.locator("#erase-yes").click()
    expect(page.locator(".from-system")).to_contain_text(
        "espion" if language == "fr" else "pionage"
    )
    assert "SECRET-WORD" not in page.content()
    assert not site.script.live
    page.locator(".choices button").click()
    expect(page.locator(".from-assistant")).to_contain_text("machine")


def test_erasure_that_is_not_confirmed_is_told(page: Page, site: Sites) -> None:
    open_chat(page, site)
    say(page, "SECRET-WORD")
    site.script.away = True
    page.locator("#erase").click()
    page.locator("#erase-yes").click()
    expect(page.locator(".from-system")).to_contain_text("ne l'a pas encore confirmé")
    expect(page.locator(".from-system")).to_contain_text("60 minutes")
    assert "SECRET-WORD" not in page.content()


def test_stream_comes_back_where_it_stopped(page: Page, site: Sites) -> None:
    open_chat(page, site)
    site.script.write("Premier mot.")
    expect(page.locator(".from-counsellor")).to_have_count(1)
    site.script.cut_streams()
    site.script.write("Deuxième mot.")
    expect(page.locator(".from-counsellor")).to_have_count(2)
    assert site.script.last_event_ids == [None, "1"]


def test_focus_is_never_taken(page: Page, site: Sites) -> None:
    """R52: not when the page starts, not when somebody writes."""
    open_chat(page, site)
    assert page.evaluate("document.activeElement === document.body")
    page.locator("#start summary").focus()
    site.script.write("Je suis là.")
    expect(page.locator(".from-counsellor")).to_be_visible()
    expect(page.locator("#start summary")).to_be_focused()


def test_commune_of_the_site_gives_a_first_button(page: Page, site: Sites) -> None:
    open_chat(page, site, query="&commune=Esneux")
    page.get_by_role("button", name="Services : Esneux").click()
    expect(page.locator(".message .card").first).to_be_visible()
    assert site.script.said == [{"text": "Je cherche une aide près de chez moi : Esneux"}]


def test_two_tabs_are_two_conversations(new_page: NewPage, site: Sites) -> None:
    first = new_page()
    open_chat(first, site)
    second = first.context.new_page()
    open_chat(second, site)
    say(first, "SECRET-WORD")
    assert "SECRET-WORD" not in second.content()
    second.close()
    say(first, "encore")
    assert len(site.script.live) == 1
