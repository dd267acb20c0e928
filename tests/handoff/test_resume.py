"""Words to resume, through the real gateway: the same talk, once, and nothing for guessers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import keyspace
from bot.gateway import keys
from bot.privacy.seal import derive_keys
from tests.fakes.handoff import at_rest
from tests.fakes.handoff_gateway import Gateway, Visitor, gateway


@pytest.fixture
async def g(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    """A gateway whose team is there."""
    async with gateway(redis_url, tmp_path, monkeypatch) as made:
        await made.present()
        yield made


async def words(visitor: Visitor) -> str:
    status, found = await visitor._post("/api/v1/words", {})
    assert (status, found["minutes"]) in ((201, 60), (201, 59))
    return str(found["words"])


async def resume(g: Gateway, text: str) -> tuple[int, dict[str, object]]:
    async with g.http.post(f"{g.url}/api/v1/resume", json={"words": text}) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_the_same_talk_and_place_in_line_come_back(g: Gateway, language: str) -> None:
    visitor = await g.visitor(language)
    await visitor.handoff(action="request", share="nothing")
    before = await visitor.look()
    assert before["state"] == "waiting"
    typed = (await words(visitor)).upper().replace(" ", " - ")
    status, found = await resume(g, typed)
    assert (status, found["token"], found["language"]) == (200, visitor.token, language)
    after = await Visitor(g.url, g.http, token=str(found["token"])).look()
    assert (after["state"], after["position"]) == ("waiting", before["position"])


async def test_wrong_used_replaced_and_erased_words_are_answered_alike(g: Gateway) -> None:
    visitor = await g.visitor()
    replaced, used = await words(visitor), await words(visitor)
    assert (await resume(g, used))[0] == 200
    gone = await g.visitor()
    erased = await words(gone)
    await g.http.delete(f"{g.url}/api/v1/conversations", headers=gone.headers)
    expired = await g.visitor()
    late = await words(expired)
    for key in await g.app[keys.REDIS].keys("r:*"):
        await g.app[keys.REDIS].delete(key)
    answers = [await resume(g, text) for text in ("un deux trois quatre", "un", used, replaced)]
    answers += [await resume(g, erased), await resume(g, late)]
    assert [status for status, _ in answers] == [404] * 6
    assert all(found == answers[0][1] for _, found in answers)


async def test_erasing_takes_the_token_along_at_once(g: Gateway) -> None:
    visitor = await g.visitor()
    await words(visitor)
    place = keyspace.way_back(derive_keys(visitor.token).id)
    redis = g.app[keys.REDIS]
    assert 0 < await redis.ttl(place) <= 3600
    await g.http.delete(f"{g.url}/api/v1/conversations", headers=visitor.headers)
    assert not await redis.exists(place)


async def test_a_copy_of_the_store_holds_neither_token_nor_words(g: Gateway) -> None:
    visitor = await g.visitor()
    given = await words(visitor)
    raw = await at_rest(g.app[keys.REDIS])
    for secret in (visitor.token, *given.split()):
        assert secret.encode() not in raw
    # The words of one use open nothing in the other.
    assert await g.service.comeback.take(given) is None
    assert (await resume(g, given))[0] == 200


async def test_guessing_and_asking_are_limited(g: Gateway) -> None:
    visitor = await g.visitor()
    asked = [(await visitor._post("/api/v1/words", {}))[0] for _ in range(5)]
    assert asked == [201] * 4 + [429]
    tried = [(await resume(g, f"un deux trois {n}"))[0] for n in range(11)]
    assert tried == [404] * 10 + [429]


async def test_only_a_token_gets_words(g: Gateway) -> None:
    nobody = Visitor(g.url, g.http, token="x" * 43)
    assert (await nobody._post("/api/v1/words", {}))[0] == 404
