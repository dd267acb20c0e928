"""Buttons pressed after their moment, and what is asked at the end, through the real gateway."""

from __future__ import annotations

import pytest

from bot.handoff.buttons import KEEP, LATER
from tests.fakes.handoff_gateway import Gateway, Visitor

WORDS = {"fr": "il me surveille depuis des mois", "nl": "hij controleert mij al maanden"}


def value(visitor: Visitor, label: str) -> str:
    """Return what the last button of this label sends."""
    shown = [*visitor.heard, *visitor.last.get("messages", [])]
    return next(str(b["value"]) for m in shown[::-1] for b in m["buttons"] if b["label"] == label)


async def waiting(g: Gateway, language: str = "fr") -> tuple[Visitor, str]:
    """Return somebody who waits after a yes by a button, and the handoff's id."""
    await g.present()
    visitor = await g.visitor(language)
    await visitor.say(WORDS[language])
    await visitor.choose("handoff")
    await visitor.choose("handoff:words")
    assert visitor.last["handoff"]["state"] == "waiting"
    return visitor, await g.only_handoff()


async def test_no_longer_waiting_never_ends_a_live_talk(g: Gateway) -> None:
    visitor, name = await waiting(g)
    old = value(visitor, "Ne plus attendre")
    await g.tool("claim", handoff_id=name, alias="Anne")
    await g.tool("message", handoff_id=name, alias="Anne", text="Bonjour.")
    (stands,) = await visitor.press(old)
    assert visitor.last["handoff"]["state"] == "active"
    assert "Anne" in stands["text"]
    assert [b["label"] for b in stands["buttons"]] == ["Arrêter l'échange"]
    # What it offers instead does end it.
    stopped, asked = await visitor.press(value(visitor, "Arrêter l'échange"))
    assert visitor.last["handoff"]["state"] == "withdrawn"
    assert "machine" in stopped["text"]
    assert "aidé" in asked["text"]


async def test_an_old_yes_shows_again_what_would_be_passed_on(g: Gateway) -> None:
    visitor, _ = await waiting(g)
    old = "handoff:words:1"
    (stands,) = await visitor.press(old)
    assert "place 1" in stands["text"]
    await visitor.choose("handoff:withdraw")
    said, consent = await visitor.press(old)
    assert "ne transmet" in said["text"]
    assert "Je voudrais parler à une personne." in consent["text"]
    assert visitor.last["handoff"]["state"] == "asked"
    assert await g.service.store.live() == {}
    # The same while another question stands.
    await visitor.press("handoff:summary:1")
    assert visitor.last["handoff"]["state"] == "asked"
    assert await g.service.store.live() == {}
    await visitor.choose("handoff:summary")
    assert visitor.last["handoff"]["state"] == "waiting"


async def test_a_no_that_comes_late_says_the_truth(g: Gateway) -> None:
    visitor, _ = await waiting(g)
    (said,) = await visitor.press("handoff:no:1")
    assert "rien n'est transmis" not in said["text"]
    assert visitor.last["handoff"]["state"] == "waiting"


async def test_stopping_an_earlier_wait_leaves_the_present_one(g: Gateway) -> None:
    visitor, _ = await waiting(g)
    old = value(visitor, "Ne plus attendre")
    await visitor.press(old)
    await visitor.choose("handoff")
    await visitor.choose("handoff:nothing")
    (stands,) = await visitor.press(old)
    assert "Toujours dans la file" in stands["text"]
    assert visitor.last["handoff"]["state"] == "waiting"


async def test_with_nobody_reading_old_buttons_say_so(g: Gateway) -> None:
    visitor, name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne")
    await g.tool("close", handoff_id=name, alias="Anne")
    for old in ("handoff:withdraw:1", "handoff:end:1", "handoff:word:1", "handoff:address:1"):
        (said,) = await visitor.press(old)
        assert "ne lit pas" in said["text"], old
    # Nothing was being waited for: the next words are talk.
    assert [m["from"] for m in await visitor.say("coquelicot")] == ["assistant"]


async def test_who_presses_something_else_is_not_asked_for_a_word_any_more(g: Gateway) -> None:
    visitor, _ = await waiting(g)
    await visitor.choose("handoff:word")
    await visitor.choose("handoff")
    assert [m["from"] for m in await visitor.say("et maintenant ?")] == ["assistant"]


@pytest.mark.parametrize(
    ("language", "end", "question", "yes", "no"),
    [
        ("fr", "close", "cet échange a-t-il aidé", "Merci", "d'autres personnes écoutent"),
        ("nl", "return", "heeft dit gesprek geholpen", "Dank", "luisteren andere mensen"),
    ],
)
async def test_after_a_human_it_is_asked_once_whether_it_helped(
    g: Gateway, language: str, end: str, question: str, yes: str, no: str
) -> None:
    visitor, name = await waiting(g, language)
    await g.tool("claim", handoff_id=name, alias="Anne")
    await g.tool("message", handoff_id=name, alias="Anne", text="Dag.")
    async with visitor.listening():
        await g.tool(end, handoff_id=name, alias="Anne")
        await visitor.until(lambda: any(question in m["text"] for m in visitor.heard))
    # First who speaks now, then the question.
    assert "machine" in visitor.heard[-2]["text"]
    before = g.service.ledger.counts()
    (said,) = await visitor.choose("handoff:helped")
    assert yes in said["text"]
    (said,) = await visitor.choose("handoff:not_helped")
    assert no in said["text"]
    assert any(card["phone"] for card in said["services"])
    # One answer counts, and nothing else is kept of it.
    after = g.service.ledger.counts()
    assert after.get("helped_yes", 0) == before.get("helped_yes", 0) + 1
    assert after.get("helped_no", 0) == before.get("helped_no", 0)


async def test_nothing_is_asked_when_no_human_spoke_or_after_an_alarm(g: Gateway) -> None:
    silent, name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne")
    assert len(await silent.choose("handoff:end")) == 1
    afraid, name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne")
    await g.tool("message", handoff_id=name, alias="Anne", text="Bonjour.")
    await afraid.say("il a un couteau")
    assert len(await afraid.choose("handoff:end")) == 1


async def test_the_consent_gives_its_sentences_and_takes_them_back_changed(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    g.rasa.custom = {"intent": "disclose_stalking"}
    await visitor.say(WORDS["fr"])
    await visitor.say("mon voisin veut mourir")
    (consent,) = await visitor.choose("handoff")
    assert consent["consent"] == {
        "asking": 1,
        "hidden": None,
        "sentences": ["Sujet : On me suit partout.", "J'ai parlé de mourir."],
    }
    for sentence in consent["consent"]["sentences"]:
        assert sentence in consent["text"]
    kept = consent["consent"]["sentences"][0]
    asked = {"action": "request", "share": "summary", "summary": kept}
    status, found = await visitor.handoff(**asked, asking=2)
    assert (status, found["error"], found["state"]) == (409, "old_consent", "asked")
    assert (await visitor.handoff(**asked, asking=1))[0] == 202
    _, read = await g.fetch(await g.only_handoff())
    assert (read["summary"], read["words"]) == (kept, [])
    await visitor.choose("handoff:withdraw")
    status, found = await visitor.handoff(**asked, asking=1)
    assert (status, found["error"]) == (409, "old_consent")
    assert await g.service.store.live() == {}


async def test_who_waited_in_vain_may_come_back_though_the_team_never_closes(g: Gateway) -> None:
    visitor, name = await waiting(g)
    case = await g.service.store.find(name)
    assert case is not None
    async with visitor.listening():
        await g.service.expire(case)
        await visitor.until(lambda: any("n'a pu venir" in m["text"] for m in visitor.heard))
    (told,) = [m for m in visitor.heard if "n'a pu venir" in m["text"]]
    assert [b["value"] for b in told["buttons"]] == ["ask_human", LATER]
    assert any(card["open_now"] for card in told["services"])
    (asked,) = await visitor.choose(LATER)
    assert "à toute heure" in asked["text"]
    (shown,) = await visitor.choose(KEEP)
    words = shown["text"].split("\n\n")[1]
    # The same yes again gives no second set of words.
    again = await visitor.press("handoff:later_yes:2")
    assert words not in str(again)
    assert "ne garde rien" in again[0]["text"]
    back = await g.visitor()
    await back.choose("handoff")
    await back.choose("handoff:back")
    right, _consent = await back.say(words)
    assert "bons mots" in right["text"]
