"""Two browsers in one whole talk: the visitor's page and the desk, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.desk import keys
from bot.desk.model import Sheet
from bot.desk.workspace import COUNTS
from tests.desk.stage import PHONE, Stage
from tests.desk.working import WORDS, waiting
from tests.fakes.desk import accounts_of, desk_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def write(page: Page, text: str) -> None:
    """Write as the visitor."""
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


TALKS = {
    "fr": {
        "words": "il me surveille et hier il y avait du sang",
        "hello": "Bonjour, je suis là. Êtes-vous en sécurité ?",
        "reply": "oui il dort",
        "danger": "il se réveille il a un couteau",
        "take": "Prendre cette personne",
        "delivered": "arrivé",
        "ask": "Parler à une personne",
        "yes": "Tout transmettre",
    },
    "nl": {
        "words": "hij controleert mijn gsm en gisteren was er bloed",
        "hello": "Dag, ik ben er. Bent u veilig?",
        "reply": "ja hij slaapt",
        "danger": "hij wordt wakker couteau",
        "take": "Deze persoon nemen",
        "delivered": "aangekomen",
        "ask": "Met iemand praten",
        "yes": "Alles doorgeven",
    },
}


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_a_whole_talk_in_two_browsers(stage: Stage, language: str) -> None:
    said = TALKS[language]
    # The scripted assistant offers what the real one would: the way to a person.
    stage.g.rasa.buttons = [{"title": said["ask"], "payload": "handoff"}]
    stage.g.rasa.custom = {"intent": "disclose_stalking"}
    sheet = Sheet("La direction", "Anne, puis Bart", "Le registre")
    accounts_of(stage.g).set_sheet(sheet)
    desk = await stage.desk("Anne", language)
    await expect(desk.locator(".next")).to_contain_text(
        {"fr": "Personne n'attend", "nl": "Er wacht nu niemand"}[language]
    )
    await stage.shot(desk, f"empty-{language}")
    visitor = await stage.visitor(language)
    await write(visitor, said["words"])
    await visitor.locator(".message.from-assistant").nth(1).wait_for()
    await consent(visitor, language)
    await expect(desk.locator(".next .risk")).to_be_visible()
    assert said["words"] not in await desk.locator("body").inner_text()
    await stage.shot(desk, f"next-{language}")
    await desk.get_by_role("button", name=said["take"]).click()
    # The keyboard stands on the talk's heading; hard words are hidden until clicked.
    await expect(desk.locator(".talk h2")).to_be_focused()
    hard = desk.locator(".graphic").first
    await expect(hard).to_be_visible()
    assert "blur" in await hard.locator("span").evaluate("n => getComputedStyle(n).filter")
    await expect(visitor.locator(".message.from-system", has_text="Anne")).to_be_visible()
    box = desk.locator(".composer textarea")
    await box.press_sequentially(said["hello"][:5], delay=20)
    await expect(visitor.locator("#typing")).to_be_visible()
    await box.fill(said["hello"])
    await box.press("Enter")
    await expect(visitor.locator(".from-counsellor .bubble")).to_have_text(said["hello"])
    await expect(desk.locator(".by-counsellor .state")).to_have_text(said["delivered"])
    await expect(box).to_have_value("")
    await visitor.locator("#text").press_sequentially(said["reply"][:4], delay=30)
    await expect(desk.locator(".talk .typing")).to_be_visible()
    await write(visitor, said["reply"])
    await expect(desk.locator(".by-visitor .bubble").last).to_have_text(said["reply"])
    await stage.shot(desk, f"talk-{language}")
    await write(visitor, said["danger"])
    await expect(desk.locator(".alarm-box button")).to_be_visible()
    await expect(desk.locator(".talk .risk")).to_have_class("risk emergency")
    await stage.shot(desk, f"alarm-{language}")
    await desk.locator(".alarm-box button").click()
    await expect(desk.locator(".talk .risk")).to_have_class("risk raised")
    await address(stage, desk, visitor, language)
    await desk.locator(".talk-tools > button").first.click()
    await stage.shot(desk, f"end-{language}")
    await desk.locator("dialog select[name=outcome]").select_option("listened")
    await desk.locator("dialog button[value=yes]").click()
    # It was a heavy one: a pause is offered.
    await expect(desk.locator("dialog")).to_be_visible()
    await stage.shot(desk, f"pause-{language}")
    await desk.locator("dialog button[value=no]").click()
    await expect(desk.locator(".talk")).to_have_count(0)
    text = await desk.locator("body").inner_text()
    assert said["words"] not in text
    assert said["reply"] not in text
    # Who speaks now, and then the question whether it helped.
    await expect(visitor.locator(".message.from-system").nth(-2)).to_contain_text("machine")


async def consent(visitor: Page, language: str) -> None:
    """Ask for a person and say yes, by the buttons of the page."""
    for label in (TALKS[language]["ask"], TALKS[language]["yes"]):
        await visitor.locator(".choices button", has_text=label).last.click()


async def address(stage: Stage, desk: Page, visitor: Page, language: str) -> None:
    """Ask for the address; it is given, shown once, and nowhere else."""
    await desk.locator(".more summary").click()
    await desk.locator(".more-list button").first.click()
    who = {"fr": "Qui appelle le 112", "nl": "Wie belt 112"}[language]
    await expect(desk.locator("dialog dt", has_text=who)).to_be_visible()
    await expect(desk.locator("dialog")).to_contain_text("Anne, puis Bart")
    await stage.shot(desk, f"address-ask-{language}")
    await desk.locator("dialog button[value=yes]").click()
    give = visitor.locator(".choices button").filter(
        has_text={"fr": "Donner l'adresse", "nl": "Het adres geven"}[language]
    )
    await give.last.click()
    asked = {"fr": "prochain message", "nl": "volgende bericht"}[language]
    await expect(visitor.locator(".message.from-system").last).to_contain_text(asked)
    await write(visitor, "rue Haute 5")
    await expect(desk.locator(".address output")).to_have_text("rue Haute 5")
    await expect(desk.locator(".log")).not_to_contain_text("rue Haute 5")
    await stage.shot(desk, f"address-{language}")


async def assert_accessible(page: Page) -> None:
    """Let axe look at the page."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    found = await Axe().run(page, options=rules)
    trouble = [
        (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]
    ]
    assert trouble == []


async def test_on_a_telephone_by_the_keyboard_alone(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr", viewport=PHONE)
    waiting_ = await waiting(stage.g, "il me surveille", "je ne dors plus")
    await expect(desk.locator(".take")).to_be_visible()
    await assert_accessible(desk)
    await stage.shot(desk, "phone-next-fr")
    await tab_to(desk, ".take")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".talk h2")).to_be_focused()
    await tab_to(desk, ".composer textarea")
    await desk.keyboard.type("Bonjour, je vous lis.")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".by-counsellor .bubble")).to_have_text("Bonjour, je vous lis.")
    # The visitor's page isn't connected here: that is said.
    await expect(desk.locator(".state")).to_contain_text("attend", timeout=12000)
    await assert_accessible(desk)
    await stage.shot(desk, "phone-talk-fr")
    wide = await desk.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    # A draft from the ready answers, changed before it goes.
    await desk.locator(".pane-tabs button[data-pane=tools]").click()
    await desk.locator(".canned summary").first.click()
    await stage.shot(desk, "phone-tools-fr")
    await desk.locator(".canned details[open] button").click()
    box = desk.locator(".composer textarea")
    await expect(box).to_be_focused()
    assert "pas la machine" in await box.input_value()
    # The visitor leaves altogether: the last words stay, for a while, and the form asks.
    async with stage.g.http.delete(
        f"{stage.g.url}/api/v1/conversations", headers=waiting_.headers
    ) as answer:
        assert answer.status == 204
    await expect(desk.locator(".asides .after")).to_contain_text("un quart d'heure")
    await expect(desk.locator(".by-visitor")).to_have_count(0)
    await stage.shot(desk, "phone-left-fr")
    await desk.get_by_role("button", name="Voir les derniers mots").click()
    await expect(desk.locator(".by-visitor").first).to_be_visible()
    await desk.locator(".pane-tabs button[data-pane=queue]").click()
    await desk.locator(".after .actions button").click()
    await expect(desk.locator(".asides li")).to_have_count(0)
    await expect(desk.locator(".talk")).to_have_count(0)


async def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until something has the keyboard."""
    for _ in range(60):
        if await page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(selector)


async def test_two_unchanged_ready_answers_in_a_row_warn(stage: Stage) -> None:
    desk = await stage.desk("Anne", "nl")
    await waiting(stage.g, "hij controleert mij", language="nl")
    await desk.locator(".take").click()
    box = desk.locator(".composer textarea")
    await box.wait_for()
    summaries = desk.locator(".canned summary")
    for place in (0, 1):
        await summaries.nth(place).click()
        await desk.locator(".canned details[open] button").last.click()
        await box.press("Enter")
        if place == 0:
            await expect(box).to_have_value("")
            await summaries.nth(place).click()
    await expect(desk.locator("dialog")).to_contain_text("machine")
    await stage.shot(desk, "twice-nl")
    # Enter again doesn't send it.
    await desk.keyboard.press("Enter")
    await expect(desk.locator("dialog")).to_have_count(0)
    await expect(desk.locator(".by-counsellor")).to_have_count(1)
    assert await box.input_value() != ""


async def test_a_service_from_the_directory_goes_into_the_box(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    await waiting(stage.g)
    await desk.locator(".take").click()
    await desk.locator(".composer").wait_for()
    await desk.get_by_role("tab", name="Annuaire").click()
    await desk.locator("#find-where").fill("Esneux")
    await desk.locator("#find-where").press("Enter")
    first = desk.locator(".services li").first
    await first.wait_for()
    await assert_accessible(desk)
    await stage.shot(desk, "directory-fr")
    name = await first.locator(".name").inner_text()
    await first.locator("button").first.click()
    assert (await desk.locator(".composer textarea").input_value()).startswith(name)


async def test_the_words_leave_the_screen_when_the_session_ends(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    await waiting(stage.g)
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor").first).to_contain_text(WORDS)
    (account,) = accounts_of(stage.g).all()
    desk_of(stage.g)[keys.SESSIONS].end_all(account.id)
    await expect(desk.locator("#work")).to_contain_text("session est terminée")
    assert WORDS not in await desk.content()


async def test_a_break_of_the_line_is_said_and_mended(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    visitor = await waiting(stage.g)
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor").first).to_contain_text(WORDS)
    await desk.context.set_offline(True)
    await visitor.say("pendant la coupure")
    await desk.context.set_offline(False)
    await expect(desk.locator(".by-visitor").last).to_contain_text(
        "pendant la coupure", timeout=30000
    )
    assert await desk.locator(".by-visitor", has_text=WORDS).count() == 1


async def test_practice_from_beginning_to_end(stage: Stage) -> None:
    desk = await stage.desk("Anne", "nl", "/desk/practice")
    sent: list[str] = []
    desk.on("request", lambda r: sent.append(r.method) if r.method != "GET" else None)
    await stage.shot(desk, "practice-choose-nl")
    await assert_accessible(desk)
    await desk.locator(".visitors button").first.click()
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor")).to_have_count(2)
    box = desk.locator(".composer textarea")
    await box.fill("Bent u in gevaar? Bel 112, of 101.")
    await box.press("Enter")
    await expect(desk.locator(".note.coach").first).to_be_visible()
    await expect(desk.locator(".alarm-box button")).to_be_visible()
    await expect(desk.locator(".by-visitor")).to_have_count(4, timeout=12000)
    await stage.shot(desk, "practice-nl")
    await desk.locator(".talk-tools > button").first.click()
    await desk.locator("dialog button[value=yes]").click()
    await desk.locator("dialog button[value=no]").click()
    await expect(desk.locator(".talk")).to_have_count(0)
    # Nothing was sent, nothing was counted.
    assert sent == []
    assert desk_of(stage.g)[COUNTS].by("outcome") == {}


async def test_the_supervisors_view_and_statistics(stage: Stage) -> None:
    counts = desk_of(stage.g)[COUNTS]
    values = {
        "network": "stopp-vif", "language": "fr", "topic": "violence", "who": "victim",
        "outcome": "listened", "hours": "evening",
    }  # fmt: skip
    for month, numbers in (
        ("2026-08", {"none": 31, "raised": 44, "child": 12, "crisis": 4, "emergency": 13}),
        ("2026-09", {"none": 28, "raised": 51, "child": 15, "crisis": 11, "emergency": 17}),
    ):
        for risk, number in numbers.items():
            for _ in range(number):
                counts.add(month, {**values, "risk": risk})
    desk = await stage.desk("Chef", "fr", role="supervisor")
    await waiting(stage.g)
    await waiting(stage.g, "il a un couteau")
    await expect(desk.locator(".next")).to_contain_text("En attente : 2")
    await expect(desk.locator(".next")).to_have_class("next urgent")
    await stage.shot(desk, "supervisor-fr")
    await desk.goto(f"{stage.g.url}/desk/statistics?by=risk&language=fr")
    await assert_accessible(desk)
    await stage.shot(desk, "statistics-fr")


async def test_under_another_regime(stage: Stage) -> None:
    desk = await stage.desk("Agent", "nl", regime="reports")
    await expect(desk.locator("main")).to_contain_text("beroepsgeheim")
    await expect(desk.locator("#find-where")).to_be_visible()
    await desk.locator("#find-where").fill("Esneux")
    await desk.locator("#find-where").press("Enter")
    await desk.locator(".services li").first.wait_for()
    # There is no talk to put it into.
    await expect(desk.locator(".services button", has_text="antwoord")).to_have_count(0)
    await stage.shot(desk, "reports-nl")
