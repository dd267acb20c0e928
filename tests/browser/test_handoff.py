"""From the consent on the page to the end of a talk: the real gateway, a counsellor with a tool."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fakes.handoff_gateway import Gateway, gateway

T = TypeVar("T")
PHONE = {"width": 390, "height": 844}
SAID = {
    "fr": {
        "words": "il me surveille depuis des mois",
        "ask": "Parler à quelqu'un",
        "title": "Voici ce que l'équipe verrait",
        "topic": "Sujet : On me suit partout.",
        "risk": "J'ai parlé de mourir.",
        "edit": "Changer le texte",
        "mine": "Je voudrais un conseil, rien d'autre.",
        "all": "Tout transmettre",
        "summary": "Le résumé seul",
        "nothing": "Rien d'avant",
        "no": "Non, pas maintenant",
        "place": "place 1",
        "withdraw": "Ne plus attendre",
        "end": "Arrêter l'échange",
        "elsewhere": "Personne de ma commune",
        "word": "Choisir un mot",
        "kept": "C'est noté",
        "asked": "quel est le mot choisi",
        "old": "ne transmet",
        "helped": "cet échange a-t-il aidé",
        "yes": "Oui",
        "thanks": "Merci de l'avoir dit",
    },
    "nl": {
        "words": "hij controleert mij al maanden",
        "ask": "Met iemand praten",
        "title": "Dit zou het team zien",
        "topic": "Onderwerp: Iemand volgt mij overal.",
        "risk": "Ik had het over sterven.",
        "edit": "De tekst aanpassen",
        "mine": "Ik wil raad, meer niet.",
        "all": "Alles doorgeven",
        "summary": "Alleen de samenvatting",
        "nothing": "Niets van ervoor",
        "no": "Nee, nu niet",
        "place": "plaats 1",
        "withdraw": "Niet meer wachten",
        "end": "Het gesprek stoppen",
        "elsewhere": "Niemand uit mijn gemeente",
        "word": "Een woord kiezen",
        "kept": "Het is genoteerd",
        "asked": "wat is het gekozen woord",
        "old": "geeft niets door",
        "helped": "heeft dit gesprek geholpen",
        "yes": "Ja",
        "thanks": "Dank om dat te zeggen",
    },
}


@dataclass
class Stage:
    """A gateway that runs beside the test, and pages in front of it."""

    g: Gateway
    loop: asyncio.AbstractEventLoop
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the gateway's loop do something."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def visitor(self, language: str, *, calm: bool = False) -> Page:
        """Open a page on which something was said (of dying, unless `calm`); Anne is there."""
        said = SAID[language]
        self.run(self.g.present())
        key = "utter_disclose_stalking" if calm else "utter_risk_crisis_hurt"
        self.g.rasa.custom = {"intent": "disclose_stalking", "key": key}
        self.g.rasa.buttons = [{"title": said["ask"], "payload": "handoff"}]
        context = self.chromium.new_context(viewport=PHONE, locale=f"{language}-BE")
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(f"{self.g.url}/?language={language}")
        page.locator(".message.from-assistant").first.wait_for()
        write(page, said["words"])
        return page

    def tool(self, type_: str, **data: Any) -> None:
        """Do something as the counsellor Anne."""
        name = self.run(self.g.only_handoff())
        assert self.run(self.g.tool(type_, handoff_id=name, alias="Anne", **data)) == 202

    def read(self) -> dict[str, Any]:
        """Return what the counsellor may read."""
        found: dict[str, Any] = self.run(self.g.fetch(self.run(self.g.only_handoff())))[1]
        return found


@pytest.fixture
def stage(
    browser: Browser, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """The gateway in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = gateway(redis_url, tmp_path, monkeypatch)
    g = asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(60)
    made = Stage(g, loop, browser)
    yield made
    for context in made.contexts:
        context.close()
    asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    assert made.complaints == []


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def press(page: Page, label: str) -> None:
    """Press the newest button of this label in the talk."""
    page.locator(".choices button", has_text=label).last.click()


def form(page: Page) -> Any:
    return page.locator(".consent").last


def shot(page: Page, name: str) -> None:
    """Take a screenshot to look at, when asked to."""
    if folder := os.environ.get("HANDOFF_SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}.png")


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [
        (v["id"], [n["html"][:100] for n in v["nodes"]]) for v in found.response["violations"]
    ] == []


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_summary_is_struck_out_by_the_keyboard_and_only_the_rest_goes(
    stage: Stage, language: str
) -> None:
    said = SAID[language]
    page = stage.visitor(language)
    press(page, said["ask"])
    group = page.get_by_role("group", name=said["title"])
    expect(group).to_be_visible()
    # The summary stands there once: as the form.
    assert page.locator("#log").inner_text().count(said["topic"].replace(" :", "\u00a0:")) == 1
    shot(page, f"consent-{language}")
    assert_accessible(page)
    box = group.get_by_role("checkbox", name=said["risk"])
    expect(box).to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    shot(page, f"struck-{language}")
    page.get_by_role("button", name=said["summary"]).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stand")).to_contain_text(said["place"])
    found = stage.read()
    assert found["summary"] == said["topic"]
    assert found["words"] == []
    # What was sent can't be changed any more.
    expect(group).to_have_attribute("disabled", "")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_text_can_be_written_anew_and_stays_when_a_commune_is_named(
    stage: Stage, language: str
) -> None:
    said = SAID[language]
    page = stage.visitor(language)
    press(page, said["ask"])
    form(page).get_by_role("button", name=said["edit"]).click()
    area = form(page).locator("textarea")
    expect(area).to_be_focused()
    expect(area).to_have_value(f"{said['topic']} {said['risk']}")
    area.fill(said["mine"] + " Karim")
    shot(page, f"edit-{language}")
    assert_accessible(page)
    press(page, said["elsewhere"])
    expect(page.locator(".from-system").last).to_contain_text("?")
    write(page, "Esneux")
    expect(page.locator(".consent")).to_have_count(2)
    expect(page.locator(".consent").first).to_have_attribute("disabled", "")
    expect(form(page).locator("textarea")).to_have_value(said["mine"] + " Karim")
    press(page, said["all"])
    expect(page.locator("#stand")).to_contain_text(said["place"])
    found = stage.read()
    # Redacted, and with what was said before.
    assert found["summary"] == said["mine"] + " [nom]"
    assert found["words"][0]["text"] == said["words"]
    assert found["not_commune"] == "62032"


def test_nothing_and_no(stage: Stage) -> None:
    said = SAID["fr"]
    page = stage.visitor("fr")
    press(page, said["ask"])
    form(page).wait_for()
    press(page, said["no"])
    expect(form(page)).to_have_attribute("disabled", "")
    assert stage.run(stage.g.service.store.live()) == {}
    # The old yes asks again, with the summary; nothing has gone.
    press(page, said["all"])
    expect(page.locator(".from-system", has_text=said["old"])).to_be_visible()
    expect(page.locator(".consent")).to_have_count(2)
    assert stage.run(stage.g.service.store.live()) == {}
    press(page, said["nothing"])
    expect(page.locator("#stand")).to_contain_text(said["place"])
    found = stage.read()
    assert (found["summary"], found["words"]) == (None, [])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_waiting_speaking_and_the_end(stage: Stage, language: str) -> None:
    said = SAID[language]
    page = stage.visitor(language, calm=True)
    press(page, said["ask"])
    form(page).wait_for()
    press(page, said["all"])
    bar = page.locator("#stand")
    expect(bar).to_contain_text(said["place"])
    # The line is one tap away, whatever is read meanwhile.
    expect(bar.locator("a")).to_have_attribute("href", re.compile(r"tel:\d+"))
    press(page, said["word"])
    write(page, "coquelicot")
    expect(page.locator(".from-system").last).to_contain_text(said["kept"])
    # The assistant goes on answering, and the place is kept.
    before = page.locator(".from-assistant").count()
    write(page, "ok")
    expect(page.locator(".from-assistant")).to_have_count(before + 1)
    expect(bar).to_contain_text(said["place"])
    shot(page, f"waiting-{language}")
    assert_accessible(page)
    stage.tool("claim")
    expect(page.locator(".from-system", has_text="Anne")).to_be_visible()
    stage.tool("message", text="Dag.")
    expect(page.locator(".from-counsellor .bubble")).to_have_text("Dag.")
    expect(bar.get_by_role("button", name=said["end"])).to_be_visible()
    shot(page, f"active-{language}")
    # The old button ends nothing.
    press(page, said["withdraw"])
    expect(page.locator(".from-system", has_text="Anne")).to_have_count(2)
    expect(bar.get_by_role("button", name=said["end"])).to_be_visible()
    stage.tool("return")
    expect(page.locator(".from-system").last).to_contain_text(said["helped"])
    expect(bar).to_be_hidden()
    shot(page, f"helped-{language}")
    press(page, said["yes"])
    expect(page.locator(".from-system").last).to_contain_text(said["thanks"])
    write(page, "ok")
    expect(page.locator(".from-assistant")).to_have_count(before + 2)
    assert stage.g.rasa.turns[-1]["metadata"]["after_human"] is True


def test_a_yes_when_everybody_has_left_passes_nothing_on(stage: Stage) -> None:
    said = SAID["fr"]
    page = stage.visitor("fr")
    press(page, said["ask"])
    form(page).wait_for()
    stage.run(stage.g.present(0))
    press(page, said["all"])
    expect(page.locator(".from-system").last).to_contain_text("personne de l'équipe ne peut écrire")
    assert stage.run(stage.g.service.store.live()) == {}
