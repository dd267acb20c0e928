"""A counsellor's day on the page: what must stay in sight, be marked, step aside or be kept."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.desk import trials
from bot.gateway import keys
from tests.desk.stage import DESK, Stage
from tests.desk.working import WORDS, waiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SMALL = {"width": 390, "height": 700}
IN_SIGHT = """node => {
  const [mine, log] = [node.getBoundingClientRect(), node.closest('.log').getBoundingClientRect()];
  const low = Math.min(log.bottom, innerHeight);
  return mine.bottom <= low + 1 && mine.bottom > Math.max(log.top, 0);
}"""


async def last_in_sight(page: Page) -> None:
    """Wait until the visitor's last words, and the box to answer in, are on the screen."""
    bubble = page.locator(".by-visitor .bubble").last
    await expect(bubble).to_be_visible()
    await page.wait_for_function(
        f"({IN_SIGHT})([...document.querySelectorAll('.by-visitor')].pop())"
    )
    await expect(page.locator(".composer textarea")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["phone", "desktop"])
async def test_the_last_words_stay_in_sight(stage: Stage, size: dict[str, int]) -> None:
    desk = await stage.desk("Anne", "fr", viewport=size)
    long = [f"ligne {number} : {'il me surveille et je ne dors plus ' * 2}" for number in range(8)]
    visitor = await waiting(stage.g, *long)
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor")).to_have_count(8)
    await last_in_sight(desk)
    # "writes…" takes height away.
    async with stage.g.http.post(
        f"{stage.g.url}/api/v1/handoff", json={"action": "typing"}, headers=visitor.headers
    ) as answer:
        assert answer.status == 204
    await expect(desk.locator(".talk .typing")).to_be_visible()
    await last_in_sight(desk)
    # So does an alarm.
    await visitor.say("il a un couteau")
    await expect(desk.locator(".alarm-box button")).to_be_visible()
    await expect(desk.locator(".by-visitor .bubble").last).to_have_text("il a un couteau")
    await last_in_sight(desk)
    await stage.shot(desk, f"sight-{size['width']}")
    # Who reads further up isn't moved.
    log = desk.locator(".log")
    await log.evaluate("node => { node.scrollTop = 0; }")
    await desk.wait_for_timeout(100)
    await visitor.say("encore un mot")
    await expect(desk.locator(".by-visitor .bubble").last).to_have_text("encore un mot")
    assert await log.evaluate("node => node.scrollTop") == 0


@pytest.mark.parametrize(
    ("words", "kind", "named"),
    [
        ("il a un couteau", "Danger maintenant", "une arme"),
        ("je veux mourir", "Crise", "envie de mourir"),
        ("j'ai peur et mon prof le sait", "Enfant", "pas par un signe précis"),
    ],
)
async def test_the_alarm_says_what_it_is_about(
    stage: Stage, words: str, kind: str, named: str
) -> None:
    desk = await stage.desk("Anne", "fr")
    visitor = await waiting(stage.g, "bonsoir")
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor")).to_have_count(1)
    if kind == "Enfant":
        # Nothing in the words names it: the assistant's ear has.
        case = await stage.g.service.store.find(await stage.g.only_handoff())
        assert case is not None
        await stage.g.service.rise(case, "child")
    await visitor.say(words)
    box = desk.locator(".alarm-box")
    await expect(box).to_contain_text(kind)
    await expect(box).to_contain_text(named)
    assert words not in await box.inner_text()


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_a_test_is_marked_in_the_queue_and_in_the_talk(stage: Stage, language: str) -> None:
    desk = await stage.desk("Anne", language)
    g = stage.g
    await trials.start(g.service, g.app[keys.RECORDS], g.app[keys.STATE], "fr")
    await expect(desk.locator(".next .trial")).to_have_text("TEST")
    await stage.shot(desk, f"trial-next-{language}")
    await desk.locator(".take").click()
    await expect(desk.locator(".talk h2")).to_contain_text("TEST A")
    said = {"fr": "personne n'est derrière", "nl": "er zit niemand achter"}[language]
    await expect(desk.locator(".trial-what")).to_contain_text(said)
    await stage.shot(desk, f"trial-talk-{language}")


async def test_a_pause_outlives_a_reload(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    await waiting(stage.g)
    await expect(desk.locator(".take")).to_be_visible()
    await desk.get_by_role("button", name="Faire une pause").click()
    await expect(desk.locator(".here")).to_contain_text("En pause")
    await desk.reload()
    await expect(desk.locator(".here")).to_contain_text("En pause")
    await expect(desk.locator(".next")).to_contain_text("Pendant la pause")
    await expect(desk.locator(".take")).to_have_count(0)
    assert not (await stage.g.service.desk_open("stopp-vif", "fr")).open
    await desk.get_by_role("button", name="Je suis de retour").click()
    await expect(desk.locator(".take")).to_be_visible()
    await expect(desk.locator(".here")).to_have_text("Vous êtes là.")
    assert (await stage.g.service.desk_open("stopp-vif", "fr")).open


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_practice_tells_of_somebody_real(
    stage: Stage, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await stage.desk("Anne", language, "/desk/practice")
    await expect(desk.locator(".visitors button").first).to_be_visible()
    await expect(desk.locator(".real a")).to_have_count(0)
    await waiting(stage.g, "il a un couteau")
    real = desk.locator(".real")
    said = {"fr": "Danger : quelqu'un attend vraiment", "nl": "Gevaar: er wacht echt iemand"}
    await expect(real).to_contain_text(said[language], timeout=25000)
    await stage.shot(desk, f"practice-real-{language}")
    await real.locator("a").click()
    await expect(desk.locator(".take")).to_be_visible()


async def test_an_ended_talk_steps_aside_without_its_words(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr", limit=3)
    first = await waiting(stage.g)
    await desk.locator(".take").click()
    await expect(desk.locator(".by-visitor").first).to_contain_text(WORDS)
    second = await waiting(stage.g, "et moi, on me suit")
    await expect(desk.locator(".next")).to_contain_text("pas de signe vu")
    # The one that is shown ends; the other takes its place at once.
    await desk.locator(".take").click()
    await expect(desk.locator(".talk h2")).to_contain_text("Personne B")
    await desk.locator(".mine button").first.click()
    await expect(desk.locator(".talk h2")).to_contain_text("Personne A")
    await first.handoff(action="withdraw")
    await expect(desk.locator(".talk h2")).to_contain_text("Personne B")
    note = desk.locator(".asides li")
    await expect(note).to_contain_text("Personne A · terminé")
    assert WORDS not in await desk.content()
    await stage.shot(desk, "ended-aside-fr")
    # And with nobody else, the main place is free.
    await second.handoff(action="withdraw")
    await expect(desk.locator(".middle .empty")).to_be_visible()
    await expect(desk.locator(".mine button")).to_have_count(0)
    await note.first.locator("select[name=outcome]").select_option("listened")
    await note.first.locator(".actions button").click()
    await expect(note).to_have_count(1)


async def test_last_words_in_danger_keep_their_place(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    visitor = await waiting(stage.g, "il a un couteau")
    await desk.locator(".take").click()
    await expect(desk.locator(".alarm-box button")).to_be_visible()
    async with stage.g.http.delete(
        f"{stage.g.url}/api/v1/conversations", headers=visitor.headers
    ) as answer:
        assert answer.status == 204
    await expect(desk.locator(".talk .after")).to_contain_text("un quart d'heure")
    await expect(desk.locator(".by-visitor").first).to_be_visible()


async def test_sound_and_badge_only_when_switched_on(stage: Stage) -> None:
    desk = await stage.desk("Anne", "fr")
    title = await desk.title()
    await desk.evaluate(
        """() => { window.beeps = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function () {
          window.beeps += 1;
          return start.call(this);
        }; }"""
    )
    await waiting(stage.g)
    await expect(desk.locator(".take")).to_be_visible()
    assert await desk.title() == title
    assert await desk.evaluate("window.beeps") == 0
    await desk.get_by_role("button", name="Point dans l'onglet").click()
    assert await desk.title() == f"● {title}"
    await desk.get_by_role("button", name="Son", exact=True).click()
    assert await desk.evaluate("window.beeps") == 1
    await waiting(stage.g, "il a un couteau")
    await expect(desk.locator(".next")).to_have_class("next urgent")
    assert await desk.evaluate("window.beeps") == 2


async def test_handing_over_knowing_somebody_misuse_and_speaking_about_it(stage: Stage) -> None:
    anne = await stage.desk("Anne", "fr")
    chef = await stage.desk("Chef", "nl", role="supervisor")
    visitor = await waiting(stage.g)
    # A colleague who is there goes on, with the person's yes.
    await anne.locator(".take").click()
    await expect(anne.locator(".by-visitor").first).to_contain_text(WORDS)
    await anne.get_by_role("button", name="Passer le relais").click()
    await anne.locator("dialog select[name=to]").select_option(label="Chef")
    await anne.locator("dialog button[value=yes]").click()
    await expect(anne.locator(".note").last).to_contain_text("Relais proposé")
    await visitor.choose("handoff:transfer")
    await expect(anne.locator(".asides li")).to_contain_text("retournée dans la file")
    await expect(anne.locator(".take")).to_have_count(0)
    await expect(chef.locator(".next")).to_contain_text("doorgegeven: voor u")
    await chef.locator(".take").click()
    await expect(chef.locator(".by-visitor").first).to_contain_text(WORDS)
    # The supervisor may know this person: back into the queue, and not shown here again.
    await chef.locator(".more summary").click()
    await chef.locator(".more-list button").nth(1).click()
    await chef.locator("dialog button[value=yes]").click()
    await expect(chef.locator(".talk")).to_have_count(0)
    await expect(chef.locator(".take")).to_have_count(0)
    await anne.locator(".take").click()
    await expect(anne.locator(".talk h2")).to_be_focused()
    # Ended as misuse, with one fixed sentence; only a number is kept.
    await anne.locator(".more summary").click()
    await anne.locator(".more-list button").nth(2).click()
    await expect(anne.locator("dialog blockquote")).to_contain_text("J'arrête donc cet échange")
    await anne.locator("dialog button[value=yes]").click()
    await expect(anne.locator(".talk")).to_have_count(0)
    assert (await visitor.look())["state"] == "closed"
    # Back to the assistant, and a word with the supervisor.
    another = await waiting(stage.g)
    await anne.locator(".take").click()
    await anne.get_by_role("button", name="Terminer").click()
    await anne.get_by_label("Rendre la parole à l'assistant").check()
    await anne.locator("dialog input[name=debrief]").check()
    await anne.locator("dialog button[value=yes]").click()
    await anne.locator("dialog button[value=no]").click()
    assert (await another.look())["state"] == "returned"
    await chef.reload()
    asked = chef.get_by_role("button", name="Gedaan: Anne")
    await asked.click()
    await expect(asked).to_have_count(0)
