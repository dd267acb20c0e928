"""What the counsellor sees of a code word, of four words, and of "nobody from my commune"."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot import keyspace
from bot.directory.hours import BRUSSELS
from bot.gateway import keys
from bot.handoff.buttons import BACK, KEEP, LATER
from tests.desk.working import at_work, waiting
from tests.fakes.desk import Browser
from tests.fakes.handoff_gateway import Gateway


@pytest.mark.parametrize(
    ("language", "said", "answer", "verdict"),
    [
        ("fr", "il me surveille depuis des mois", "Coquelicot", "est juste"),
        ("nl", "hij controleert mij al maanden", "wie ben je", "iemand anders"),
    ],
)
async def test_the_counsellor_sees_whether_it_is_still_the_same_person(
    g: Gateway, b: Browser, language: str, said: str, answer: str, verdict: str
) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g, said, language=language)
    name = await g.only_handoff()
    await visitor.choose("handoff:word")
    await visitor.say("coquelicot")
    async with anne.watching():
        assert (await anne.call(f"talks/{name}/claim"))[0] == 200
        await anne.say(name, "Bonjour")
        case = await g.service.store.find(name)
        assert case is not None
        # A long silence, as the clock would make it.
        await g.app[keys.REDIS].hset(keyspace.handoff(case.conversation_id), "heard", "1")
        await visitor.say("me revoilà")
        await visitor.say(answer)
        await anne.until(lambda: any(verdict in text for text in anne.words))
    # Never in clear, and not among the words when it was right.
    assert "oquelicot" not in str(anne.events)


async def test_what_four_words_open_reaches_the_desk_after_the_yes(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    g.app[keys.STATE].set("hours:stopp-vif", "Mo-Fr 09:00-17:00; PH off")
    evening = datetime(2026, 11, 25, 20, 0, tzinfo=BRUSSELS)
    g.service._clock = g.service.voice._clock = lambda: evening
    visitor = await g.visitor()
    await visitor.say("il avait un couteau")
    for choice in ("handoff", LATER):
        await visitor.choose(choice)
    (shown,) = await visitor.choose(KEEP)
    words = shown["text"].split("\n\n")[1]
    g.service._clock = g.service.voice._clock = lambda: evening.replace(day=26, hour=10)
    back = await g.visitor()
    async with anne.watching():
        await back.choose("handoff")
        await back.choose(BACK)
        await back.say(words)
        assert anne.state["next"] == []
        await back.choose("handoff:words")
        await anne.until(lambda: anne.state["next"])
        assert anne.state["next"][0]["risk"] == "emergency"
        assert (await anne.call(f"talks/{await g.only_handoff()}/claim"))[0] == 200
        await anne.until(lambda: "Il y a un danger maintenant." in str(anne.events))
    # The words themselves, typed into the chat, were a key and no talk.
    assert not set(words.split()) & set(" ".join(anne.words).split())


async def test_an_account_of_that_commune_does_not_see_the_person(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne", commune="62032")
    visitor = await g.visitor()
    await visitor.choose("handoff")
    await visitor.choose("handoff:elsewhere")
    await visitor.say("Tilff")
    await visitor.choose("handoff:nothing")
    assert visitor.last["handoff"]["state"] == "waiting"
    status, _ = await anne.call(f"talks/{await g.only_handoff()}/claim")
    assert status == 409
    async with anne.watching():
        await anne.until(lambda: anne.events)
        assert anne.state["next"] == []
