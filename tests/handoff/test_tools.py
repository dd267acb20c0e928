"""Tools: signed events in both directions, reading, refusals, replays, floods."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime, timezone
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator
from standardwebhooks.webhooks import Webhook

from bot import keyspace
from bot.gateway.contract import document
from tests.fakes.handoff import at_rest, secret
from tests.fakes.handoff_gateway import API_KEY, INBOUND, Gateway, gateway
from tests.fakes.receiver import Receiver
from tests.handoff.conftest import OUTBOUND

WORDS = "il me surveille depuis des mois"


async def waiting(g: Gateway) -> str:
    """Return the id of a person who waits."""
    await g.present()
    visitor = await g.visitor()
    await visitor.say(WORDS)
    assert (await visitor.handoff(action="request", share="words"))[0] == 202
    return await g.only_handoff()


async def test_a_whole_handoff_as_a_tool_sees_it(gr: Gateway, receiver: Receiver) -> None:
    await gr.present()
    visitor = await gr.visitor()
    await visitor.say(WORDS)
    async with visitor.listening():
        assert (await visitor.handoff(action="request", share="words"))[0] == 202
        await receiver.until(lambda: len(receiver.got) == 1)
        name = receiver.got[0].event["data"]["handoff_id"]
        _, found = await gr.fetch(name)
        validator = Draft202012Validator(document()["components"]["schemas"]["Passed"])
        validator.validate(found)
        assert (found["state"], found["network"], found["language"]) == (
            "waiting", "stopp-vif", "fr",
        )  # fmt: skip
        assert found["words"][0]["text"] == WORDS
        assert await gr.tool("claim", handoff_id=name, alias="Anne") == 202
        assert await gr.tool("typing", handoff_id=name, alias="Anne") == 202
        assert await gr.tool("message", handoff_id=name, alias="Anne", text="Bonjour") == 202
        await visitor.until(lambda: any(m["text"] == "Bonjour" for m in visitor.heard))
        await visitor.until(lambda: any(event == "typing" for event, _, _ in visitor.events))
        last = found["words"][-1]["id"]
        await visitor.say("merci")
        _, more = await gr.fetch(name, after=last)
        assert [w["text"] for w in more["words"]] == ["Bonjour", "merci"]
        assert await gr.tool("close", handoff_id=name, alias="Anne") == 202
        await receiver.until(lambda: len(receiver.got) == 4)
    schemas = document()["components"]["schemas"]
    for got in receiver.got:
        Webhook(OUTBOUND).verify(got.body, got.headers)
        kind = "Requested" if got.event["type"] == "handoff.requested" else "Told"
        Draft202012Validator(schemas[kind]).validate(got.event)
    assert [got.event["type"] for got in receiver.got] == [
        "handoff.requested", "handoff.claimed", "handoff.message", "handoff.closed",
    ]  # fmt: skip
    states = [data["state"] for event, _, data in visitor.events if event == "handoff"]
    assert states[0] == "waiting"
    assert "active" in states
    _, found = await gr.fetch(name)
    assert (found["state"], found["words"], found["summary"]) == ("closed", [], None)


async def test_no_word_of_the_talk_is_on_the_wire(gr: Gateway, receiver: Receiver) -> None:
    await gr.present()
    visitor = await gr.visitor()
    await visitor.say("Karim a un couteau, je suis à Esneux")
    await visitor.handoff(action="request", share="words", summary="je m'appelle Zoé")
    name = await gr.only_handoff()
    await gr.tool("claim", handoff_id=name, alias="Anne")
    await visitor.say("aiguille")
    await visitor.handoff(action="withdraw")
    await receiver.until(lambda: len(receiver.got) == 4)
    wire = b"".join(got.body + str(got.headers).encode() for got in receiver.got)
    for needle in ("Karim", "couteau", "Esneux", "Zoé", "Anne", "aiguille", visitor.token, 'fr"'):
        assert needle.encode() not in wire
    assert receiver.got[0].event["data"] == {"handoff_id": name, "urgent": True, "share": "words"}


async def test_a_wrong_signature_is_counted_and_refused(g: Gateway) -> None:
    name = await waiting(g)
    assert await g.tool("claim", handoff_id=name, alias="Anne", sign=secret()) == 401
    body = json.dumps({"type": "claim", "data": {"handoff_id": name, "alias": "Anne"}}).encode()
    for headers in ({}, {"webhook-id": "x"}):
        async with g.http.post(
            f"{g.url}/api/v1/handoffs/events", data=body, headers=headers
        ) as answer:
            assert answer.status == 401
    assert g.service.ledger.counts() == {"webhooks_in_refused": 3}
    assert (await g.fetch(name))[1]["state"] == "waiting"


async def test_a_stale_event_is_refused(g: Gateway) -> None:
    name = await waiting(g)
    body = json.dumps({"type": "claim", "data": {"handoff_id": name, "alias": "Anne"}})
    for age, status in ((310, 401), (-310, 401), (290, 202)):
        then = time.time() - age
        stamp = str(int(then))
        signature = Webhook(INBOUND).sign(
            "m1", datetime.fromtimestamp(int(then), timezone.utc), body
        )
        headers = {
            "webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": signature,
        }  # fmt: skip
        async with g.http.post(
            f"{g.url}/api/v1/handoffs/events", data=body, headers=headers
        ) as answer:
            assert answer.status == status


async def test_a_replay_gets_the_first_answer_and_does_nothing(g: Gateway) -> None:
    name = await waiting(g)
    assert await g.tool("claim", handoff_id=name, alias="Anne", id="a") == 202
    assert await g.tool("claim", handoff_id=name, alias="Bert", id="b") == 409
    for _ in range(3):
        assert (
            await g.tool("message", handoff_id=name, alias="Anne", text="Une fois", id="c") == 202
        )
    assert [w["text"] for w in (await g.fetch(name))[1]["words"]].count("Une fois") == 1
    assert await g.tool("close", handoff_id=name, alias="Anne", id="d") == 202
    # What was refused stays refused, what was taken stays taken, though all is over by now.
    assert await g.tool("claim", handoff_id=name, alias="Bert", id="b") == 409
    assert await g.tool("message", handoff_id=name, alias="Anne", text="Une fois", id="c") == 202
    assert await g.tool("message", handoff_id=name, alias="Anne", text="Deux fois", id="e") == 409
    assert await g.tool("close", handoff_id="unknown", alias="Anne", id="f") == 404


async def test_replays_at_the_same_instant_count_once(g: Gateway) -> None:
    name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne")
    found = await asyncio.gather(
        *(
            g.tool("message", handoff_id=name, alias="Anne", text="Une fois", id="x")
            for _ in range(8)
        )
    )
    assert found == [202] * 8
    assert [w["text"] for w in (await g.fetch(name))[1]["words"]].count("Une fois") == 1


@pytest.mark.parametrize(
    ("type_", "data", "status"),
    [
        ("claim", {"handoff_id": "nobody", "alias": "Anne"}, 404),
        ("claim", {"alias": "Anne"}, 400),
        ("claim", {"handoff_id": "x"}, 400),
        ("close", {"handoff_id": "x"}, 400),
        ("typing", {"handoff_id": "x"}, 404),
        ("message", {"handoff_id": "x", "alias": "Anne"}, 400),
        ("message", {"handoff_id": "x", "alias": "Anne", "text": " "}, 400),
        ("dance", {"handoff_id": "x"}, 400),
        ("presence", {"counsellors": -1, "languages": ["fr"]}, 400),
        ("presence", {"counsellors": 1, "languages": ["de"]}, 400),
        ("presence", {"counsellors": 1, "languages": ["fr"], "network": "nowhere"}, 404),
        ("presence", {"counsellors": 1, "languages": ["fr"], "network": "stopp-vif"}, 202),
        ("presence", {"counsellors": 1, "languages": ["nl"]}, 202),
        ("message", {"handoff_id": "x", "alias": "Anne", "text": "x" * 4001}, 413),
        ("message", {"handoff_id": "x", "alias": "Anne", "text": "x" * 40_000}, 413),
    ],
)
async def test_what_comes_in_is_held_against_the_contract(
    g: Gateway, type_: str, data: dict[str, Any], status: int
) -> None:
    assert await g.tool(type_, **data) == status


async def test_a_flood_is_slowed_down_for_its_own_handoff_only(g: Gateway) -> None:
    name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne")
    found = [await g.tool("typing", handoff_id=name, alias="Anne") for _ in range(80)]
    assert found[:20] == [202] * 20
    assert 429 in found
    assert await g.tool("presence", counsellors=1, languages=["fr"]) == 202


async def test_strangers_cant_use_up_what_the_tools_may_send(g: Gateway) -> None:
    name = await waiting(g)
    found = set()
    for _ in range(25):
        found |= set(await asyncio.gather(*(_stranger(g) for _ in range(100))))
    # They are slowed down themselves, and the team's tool isn't.
    assert found == {401, 429}
    assert await g.tool("claim", handoff_id=name, alias="Anne") == 202


async def _stranger(g: Gateway) -> int:
    async with g.http.post(f"{g.url}/api/v1/handoffs/events", data=b"{}") as answer:
        return answer.status


async def test_an_event_that_comes_again_hours_later_counts_once(g: Gateway) -> None:
    name = await waiting(g)
    await g.tool("claim", handoff_id=name, alias="Anne", id="a")
    await g.tool("message", handoff_id=name, alias="Anne", text="Une fois", id="b")
    redis = g.service.store.redis
    for message_id in ("a", "b"):
        # Longer than any talk lives.
        assert await redis.ttl(keyspace.receipt(message_id)) > 24 * 3600


async def test_only_the_key_reads(g: Gateway) -> None:
    name = await waiting(g)
    assert (await g.fetch(name))[0] == 200
    for key in ("", "wrong", API_KEY + "x"):
        assert (await g.fetch(name, key=key))[0] == 401
    assert (await g.fetch("nobody"))[0] == 404
    assert (await g.fetch(name, after="soon"))[0] == 400
    assert [reader for _, _, reader in g.service.ledger.readings()] == ["tool"]


async def test_without_a_key_and_a_secret_nobody_comes_in(
    redis_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(
        redis_url, tmp_path, monkeypatch, HANDOFF_INBOUND_SECRET="", HANDOFF_API_KEY=""
    ) as g:
        assert await g.tool("presence", counsellors=1, languages=["fr"]) == 401
        assert (await g.fetch("x", key=""))[0] == 401


async def test_a_dead_tool_costs_the_person_seconds_and_the_desk_sees_them(
    gr: Gateway, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    await gr.present()
    visitor = await gr.visitor()
    async with visitor.listening():
        start = time.monotonic()
        await visitor.handoff(action="request", share="nothing")
        name = await gr.only_handoff()
        await visitor.until(lambda: len(visitor.heard) >= 2, 10)
        assert time.monotonic() - start < 10
    told = visitor.heard[-1]
    assert any(card["open_now"] and card["phone"] for card in told["services"])
    assert [x.handoff_id for x in await gr.service.queue(["stopp-vif"], ["fr"], minors=True)] == [
        name
    ]
    # The retries go on under the same id, and are accepted in the end.
    receiver.statuses = [200]
    await receiver.until(lambda: bool(receiver.accepted), 10)
    assert len({got.id for got in receiver.got}) == 1


async def test_a_stream_that_breaks_loses_and_doubles_nothing(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    await visitor.handoff(action="request", share="nothing")
    name = await g.only_handoff()
    await g.tool("claim", handoff_id=name, alias="Anne")
    after = ""
    for round_ in range(4):
        async with visitor.listening(after):
            await g.tool("message", handoff_id=name, alias="Anne", text=f"pendant {round_}")
            await visitor.until(
                lambda r=round_: any(m["text"] == f"pendant {r}" for m in visitor.heard)
            )
            after = [number for event, number, _ in visitor.events if event == "message"][-1]
        await g.tool("message", handoff_id=name, alias="Anne", text=f"entre {round_}")
    async with visitor.listening(after):
        await visitor.until(lambda: any(m["text"] == "entre 3" for m in visitor.heard))
    texts = [m["text"] for m in visitor.heard if m["from"] == "counsellor"]
    assert texts == [t for r in range(4) for t in (f"pendant {r}", f"entre {r}")]
    assert len({m["id"] for m in visitor.heard}) == len(visitor.heard)


async def test_a_restart_of_the_gateway_keeps_the_talk_and_the_page_opens_it_again(
    redis_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch) as first:
        await first.present()
        visitor = await first.visitor()
        await visitor.say(WORDS)
        await visitor.handoff(action="request", share="words")
        name = await first.only_handoff()
        await first.tool("claim", handoff_id=name, alias="Anne")
        keys_of = first.service.gateway_keys
        async with gateway(redis_url, tmp_path, monkeypatch, keep=True) as second:
            # The old process is gone, its private key with it.
            await keys_of.withdraw()
            assert (await second.fetch(name))[1]["words"] == []
            assert (await second.fetch(name))[1]["sealed"] is True
            visitor.url = second.url
            async with visitor.listening():
                assert (
                    await second.tool("message", handoff_id=name, alias="Anne", text="Je reviens")
                    == 202
                )
                await visitor.until(lambda: any(m["text"] == "Je reviens" for m in visitor.heard))
                _, found = await second.fetch(name)
                assert found["words"][0]["text"] == WORDS
            assert await visitor.say("toujours là") == []
            assert (await second.fetch(name))[1]["words"][-1]["text"] == "toujours là"
        found = await at_rest(first.service.store.redis)
        assert b"toujours" not in found


async def test_the_hooks_are_described(g: Gateway) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{g.url}/api/v1/openapi.json") as answer:
        described = await answer.json()
    names = ["requested", "claimed", "message", "returned", "withdrawn", "expired", "closed"]
    assert set(described["webhooks"]) == {f"handoff.{name}" for name in names}
