"""A visitor and a person, through the real gateway: consent, waiting, who speaks, the end."""

from __future__ import annotations

import asyncio

import pytest

from bot import keyspace
from bot.gateway import keys
from bot.gateway.contract import document
from tests.fakes.handoff import at_rest
from tests.fakes.handoff_gateway import Gateway, gateway

WORDS = "il me surveille depuis des mois"


async def claimed(g: Gateway, share: str = "words"):  # type: ignore[no-untyped-def]
    """Return a visitor whom Anne has, and the handoff's id."""
    await g.present()
    visitor = await g.visitor()
    await visitor.say(WORDS)
    status, _ = await visitor.handoff(action="request", share=share)
    assert status == 202
    name = await g.only_handoff()
    assert await g.tool("claim", handoff_id=name, alias="Anne") == 202
    return visitor, name


async def test_nobody_there_is_said_with_the_line_that_is_open(g: Gateway) -> None:
    visitor = await g.visitor()
    before = await visitor.look()
    assert (before["state"], before["desk_open"]) == ("none", False)
    status, refused = await visitor.handoff(action="request", share="words")
    assert (status, refused["error"], refused["opens_at"]) == (409, "nobody_there", None)
    assert refused["state"] == "none"
    # The page without special code, which presses a button.
    (said,) = await visitor.choose("handoff")
    assert said["from"] == "system"
    assert any(card["open_now"] for card in said["services"])
    assert not any(b["value"].startswith("handoff:") for b in said["buttons"])


async def test_nobody_there_says_when_somebody_is(
    redis_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(
        redis_url, tmp_path, monkeypatch, DESK_HOURS="Mo-Fr 09:00-09:01; PH off"
    ) as g:
        await g.present()
        visitor = await g.visitor("nl")
        status, refused = await visitor.handoff(action="request", share="words")
        assert status in (409, 202)
        if status == 409:
            assert "T09:00" in refused["opens_at"]
            (said,) = await visitor.choose("handoff")
            assert "09:00" in said["text"]


async def test_consent_by_buttons_alone(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    await visitor.say(WORDS)
    assert g.rasa.turns[-1]["metadata"]["desk_open"] is True
    (consent,) = await visitor.choose("handoff")
    assert [b["value"] for b in consent["buttons"]] == [
        "handoff:words:1", "handoff:summary:1", "handoff:nothing:1", "handoff:no:1",
        "handoff:elsewhere", "handoff:back",
    ]  # fmt: skip
    for mark in ("police", "secret", "grave danger", "arrêter"):
        assert mark in consent["text"]
    assert visitor.last["handoff"]["state"] == "asked"
    # Asking isn't a yes: nothing is in the queue, nothing was sealed.
    assert await g.service.store.live() == {}
    (waiting,) = await visitor.choose("handoff:words")
    assert visitor.last["handoff"]["state"] == "waiting"
    assert visitor.last["handoff"]["position"] == 1
    assert waiting["services"]
    _, found = await g.fetch(await g.only_handoff())
    assert WORDS in [word["text"] for word in found["words"]]
    # The place is kept while the assistant goes on answering.
    said = await visitor.say("et maintenant ?")
    assert [m["from"] for m in said] == ["assistant"]
    assert visitor.last["handoff"]["position"] == 1
    _, found = await g.fetch(await g.only_handoff())
    assert [w["from"] for w in found["words"]] == ["visitor", "assistant", "visitor", "assistant"]
    (stopped,) = await visitor.choose("handoff:withdraw")
    assert stopped["from"] == "system"
    assert visitor.last["handoff"]["state"] == "withdrawn"


async def test_consent_must_have_been_shown_before_a_button_is_a_yes(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    async with g.http.post(
        f"{g.url}/api/v1/messages", json={"choice": "handoff:words"}, headers=visitor.headers
    ) as answer:
        assert answer.status == 400
    await visitor.choose("handoff")
    await visitor.choose("handoff:no")
    assert visitor.last["handoff"]["state"] == "none"
    assert await g.service.store.live() == {}


async def test_a_child_gets_three_sentences_and_two_buttons(g: Gateway) -> None:
    await g.present()
    told = {
        "fr": ("tu ", "je l'ai dit à mon prof"),
        "nl": ("je ", "ik zei het aan mijn leerkracht"),
    }
    for language, (mark, text) in told.items():
        visitor = await g.visitor(language)
        await visitor.say(text)
        (consent,) = await visitor.choose("handoff")
        assert [b["value"] for b in consent["buttons"]] == ["handoff:words:1", "handoff:no:1"]
        assert consent["text"].count(".") == 3
        assert "?" not in consent["text"]
        assert mark in consent["text"]


async def test_while_a_human_speaks_the_machine_is_silent_and_then_speaks_again(g: Gateway) -> None:
    visitor, name = await claimed(g)
    asked = len(g.rasa.turns)
    async with visitor.listening():
        assert await visitor.say("vous êtes là ?") == []
        assert await g.tool("message", handoff_id=name, alias="Anne", text="Oui, bonjour.") == 202
        await visitor.until(lambda: any(m["from"] == "counsellor" for m in visitor.heard))
        # An old button is no question to the machine either.
        assert await visitor.choose("ask_human") == []
        assert len(g.rasa.turns) == asked
        assert await g.tool("return", handoff_id=name, alias="Anne") == 202
        await visitor.until(lambda: any("aidé" in m["text"] for m in visitor.heard))
    system = [m["text"] for m in visitor.heard if m["from"] == "system"]
    assert any("Anne" in text for text in system)
    # First who speaks now, then the one question.
    assert "machine" in system[-2]
    assert "aidé" in system[-1]
    said = await visitor.say("merci")
    assert said[0]["from"] == "assistant"
    assert g.rasa.turns[-1]["metadata"]["after_human"] is True
    await visitor.say("encore")
    assert g.rasa.turns[-1]["metadata"]["after_human"] is False
    assert visitor.last["handoff"]["state"] == "returned"


async def test_an_answer_under_way_is_dropped_when_a_human_takes_the_floor(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    await visitor.handoff(action="request", share="nothing")
    name = await g.only_handoff()
    g.rasa.gate = asyncio.Event()
    turn = asyncio.create_task(visitor.say("une question à la machine"))
    await g.rasa.asked.wait()
    assert await g.tool("claim", handoff_id=name, alias="Anne") == 202
    assert await g.tool("message", handoff_id=name, alias="Anne", text="Je suis là.") == 202
    g.rasa.gate.set()
    assert await turn == []
    _, found = await g.fetch(name)
    assert [w["text"] for w in found["words"]] == ["une question à la machine", "Je suis là."]


async def test_danger_while_a_human_speaks_warns_them_and_shows_112_once(g: Gateway) -> None:
    visitor, name = await claimed(g)
    assert (await g.fetch(name))[1]["risk"] == "none"
    (card,) = await visitor.say("il revient avec un couteau")
    assert (card["from"], card["urgent"]) == ("system", True)
    assert "112" in [service["phone"] for service in card["services"]]
    assert (await g.fetch(name))[1]["risk"] == "emergency"
    assert await visitor.say("toujours ce couteau") == []


async def test_what_the_counsellor_reads_is_redacted(g: Gateway) -> None:
    visitor, name = await claimed(g)
    await visitor.say("Karim habite rue Haute 5")
    _, found = await g.fetch(name)
    assert found["words"][-1]["text"] == "[nom] habite [adresse]"
    found = await at_rest(g.app[keys.REDIS])
    for needle in (WORDS, "Karim", "habite"):
        assert needle.encode() not in found


async def test_the_address_is_asked_for_and_given_by_buttons(g: Gateway) -> None:
    visitor, name = await claimed(g)
    await g.service.ask_address(name, "Anne")
    async with visitor.listening():
        await visitor.until(lambda: any("adresse" in m["text"] for m in visitor.heard))
    (write,) = await visitor.choose("handoff:address")
    assert write["from"] == "system"
    await visitor.say("rue Haute 5, Liège")
    assert await g.service.read_address(name, "Anne") == "rue Haute 5, Liège"
    _, found = await g.fetch(name)
    assert "Haute" not in str(found)
    assert b"Haute" not in await at_rest(g.app[keys.REDIS])
    await visitor.say("voilà")
    assert (await g.fetch(name))[1]["words"][-1]["text"] == "voilà"


async def test_the_address_by_the_interface(g: Gateway) -> None:
    visitor, name = await claimed(g)
    status, _ = await visitor.handoff(action="address", address="rue Haute 5")
    assert status == 409
    await g.service.ask_address(name, "Anne")
    status, _ = await visitor.handoff(action="address", address="rue Haute 5")
    assert status == 202
    assert await g.service.read_address(name, "Anne") == "rue Haute 5"


async def test_somebody_else_goes_on_only_if_the_person_agrees(g: Gateway) -> None:
    visitor, name = await claimed(g)
    await g.service.counsellor_said(name, "Anne", "bonjour")
    assert (await g.service.propose_transfer(name, "Bert", "moi")).code == "taken"
    assert (await g.service.propose_transfer(name, "Anne", "le CPAS")).code == "ok"
    async with visitor.listening():
        await visitor.until(lambda: any("le CPAS" in m["text"] for m in visitor.heard))
    assert await visitor.choose("handoff:stay") == []
    assert (await g.fetch(name))[1]["words"][-1]["text"] == "Non, rester ici"
    assert visitor.last["handoff"]["state"] == "active"
    # The no has ended the proposal: its yes says where things stand, and changes nothing.
    (stands,) = await visitor.choose("handoff:transfer")
    assert "Anne" in stands["text"]
    assert visitor.last["handoff"]["state"] == "active"
    await g.service.propose_transfer(name, "Anne", "le CPAS")
    (agreed,) = await visitor.choose("handoff:transfer")
    assert "le CPAS" in agreed["text"]
    assert "machine" in agreed["text"]
    assert visitor.last["handoff"]["state"] == "waiting"
    (waiting,) = await g.service.queue(["stopp-vif"], ["fr"], minors=True)
    assert waiting.meant_for == "le CPAS"
    assert (await g.fetch(name))[1]["words"][0]["text"] == WORDS


async def test_a_code_word_shows_that_it_is_still_the_same_person(g: Gateway) -> None:
    visitor, name = await claimed(g)
    await visitor.choose("handoff:word")
    (kept,) = await visitor.say("Coquelicot")
    assert kept["from"] == "system"
    assert b"oquelicot" not in await at_rest(g.app[keys.REDIS])
    assert "oquelicot" not in str(await g.fetch(name))
    case = await g.service.store.find(name)
    assert case is not None
    for answer, verdict in (("coquelicot", "juste"), ("euh quoi", "quelqu'un d'autre")):
        await visitor.say("me revoilà")
        # A long silence, as the clock would make it.
        await g.app[keys.REDIS].hset(keyspace.handoff(case.conversation_id), "heard", "1")
        asked = await visitor.say("je reprends")
        assert any("mot" in m["text"] for m in asked)
        await visitor.say(answer)
        words = [w["text"] for w in (await g.fetch(name))[1]["words"] if w["from"] == "system"]
        assert verdict in words[-1]


async def test_a_cry_for_help_is_never_taken_for_a_code_word(g: Gateway) -> None:
    visitor, name = await claimed(g)
    await visitor.choose("handoff:word")
    said = await visitor.say("il a un couteau")
    assert said[0]["urgent"]
    assert (await g.fetch(name))[1]["words"][-1]["text"] == "il a un couteau"


async def test_erasing_tells_the_counsellor_and_leaves_nothing(g: Gateway) -> None:
    visitor, name = await claimed(g)
    async with g.http.delete(f"{g.url}/api/v1/conversations", headers=visitor.headers) as answer:
        assert answer.status == 204
    assert (await g.fetch(name))[0] == 404
    assert await g.tool("message", handoff_id=name, alias="Anne", text="Vous êtes là ?") == 404
    left = await g.app[keys.REDIS].keys("*")
    assert not [key for key in left if key[:2] in (b"c:", b"h:", b"w:", b"e:", b"i:", b"a:", b"g:")]


async def test_when_rasa_fails_the_way_to_a_person_stands_beside_the_numbers(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    g.rasa.broken = True
    (card,) = await visitor.say("bonjour")
    assert "112" in [service["phone"] for service in card["services"]]
    assert "handoff" in [b["value"] for b in card["buttons"]]
    await visitor.choose("handoff")
    await visitor.choose("handoff:nothing")
    assert visitor.last["handoff"]["state"] == "waiting"


async def test_with_the_assistant_off_people_still_reach_people(g: Gateway) -> None:
    visitor, name = await claimed(g)
    g.app[keys.STATE].set("assistant", "off")
    asked = len(g.rasa.turns)
    assert await visitor.say("vous êtes là ?") == []
    assert (await g.fetch(name))[1]["words"][-1]["text"] == "vous êtes là ?"
    other = await g.visitor()
    (card,) = await other.say("bonjour")
    assert card["from"] == "system"
    assert len(g.rasa.turns) == asked


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"action": "dance"}, 400),
        ({"action": "request"}, 400),
        ({"action": "request", "share": "all"}, 400),
        ({"action": "request", "share": "words", "extra": 1}, 400),
        ({"action": "request", "share": "summary", "summary": "x" * 2001}, 413),
        ({"action": "address"}, 400),
        ({"action": "withdraw"}, 202),
    ],
)
async def test_what_the_interface_takes(g: Gateway, body: dict[str, object], status: int) -> None:
    visitor = await g.visitor()
    assert (await visitor.handoff(**body))[0] == status


async def test_the_token_is_needed(g: Gateway) -> None:
    for method in (g.http.get, g.http.post):
        async with method(f"{g.url}/api/v1/handoff", json={"action": "withdraw"}) as answer:
            assert answer.status == 401
        headers = {"Authorization": "Bearer " + "A" * 43}
        async with method(
            f"{g.url}/api/v1/handoff", json={"action": "withdraw"}, headers=headers
        ) as answer:
            assert answer.status == 404


async def test_the_object_has_the_fields_of_the_contract(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    wanted = set(document()["components"]["schemas"]["Handoff"]["properties"])
    assert set(await visitor.look()) == wanted
    await visitor.say("bonjour")
    assert set(visitor.last["handoff"]) == wanted
    status, found = await visitor.handoff(action="request", share="words", summary="court")
    assert (status, set(found), found["summary"]) == (202, wanted, "court")
    # Asking twice is one request.
    again = await visitor.handoff(action="request", share="nothing")
    assert again[0] == 202
    assert again[1]["summary"] == "court"
    assert len(await g.service.store.live()) == 1
