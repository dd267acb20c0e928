"""What time asks for: signs of life, alarms, expiry, silent claims, conversations that die."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from bot import keyspace
from bot.handoff.case import Case
from bot.handoff.schedule import Due, due
from bot.handoff.states import State
from tests.fakes.handoff import NETWORK, World, endpoint, world


@pytest.mark.parametrize(
    ("seconds", "more", "expected"),
    [
        (0, {}, []),
        (4.9, {}, []),
        (5, {}, [Due.WARN]),
        (5, {"accepted": True}, []),
        (60, {"warned": True}, []),
        (89, {"accepted": True}, []),
        (90, {"accepted": True}, [Due.SECOND]),
        (100, {"accepted": True, "alarm": 1, "sign": 90_000}, []),
        (200, {"accepted": True, "alarm": 1, "sign": 90_000}, [Due.SUPERVISOR, Due.SIGN]),
        (299, {"accepted": True, "alarm": 2, "sign": 200_000}, []),
        (300, {"accepted": True, "alarm": 2, "sign": 200_000}, [Due.EXPIRE]),
        (300, {}, [Due.EXPIRE]),
    ],
)
def test_what_is_due_while_somebody_waits(
    seconds: float, more: dict[str, object], expected: list[Due]
) -> None:
    case = Case("c", state=State.WAITING, **more)  # type: ignore[arg-type]
    assert due(case, int(seconds * 1000), has_tool=True) == expected
    if Due.WARN in expected:
        assert Due.WARN not in due(case, int(seconds * 1000), has_tool=False)


def test_a_claim_without_a_word_goes_back_after_two_minutes() -> None:
    silent = Case("c", state=State.ACTIVE, claimed=1000)
    assert due(silent, 120_999, False) == []
    assert due(silent, 121_000, False) == [Due.RELEASE]
    assert due(Case("c", state=State.ACTIVE, claimed=1000, spoke=True), 999_000, False) == []
    assert due(Case("c", state=State.CLOSED), 999_000, False) == []


async def run_until(w: World, seconds: int) -> None:
    """Turn the clock second by second, the sweepers of two gateways looking each time."""
    for _ in range(seconds):
        w.later(1)
        await w.sweeper.tick()
        await w.sweeper.tick()


async def test_who_waits_hears_something_at_least_every_two_minutes_until_the_end(w: World) -> None:
    keys, _, case = await w.waiting("bonjour")
    heard = [0.0]
    for second in range(1, 301):
        before = len(await w.letters(keys))
        await run_until(w, 1)
        if len(await w.letters(keys)) > before:
            heard.append(second)
            # Two gateways look, one speaks.
            assert len(await w.letters(keys)) == before + 1
    gaps = [later - earlier for earlier, later in itertools.pairwise(heard)]
    assert max(gaps) <= 120
    assert heard[1] == 90
    last = (await w.letters(keys))[-1]
    assert (await w.service.case(keys.id)).state is State.EXPIRED
    # The line that is open now stands below.
    assert any(card["phone"] and card["open_now"] for card in last["services"])
    assert (await w.service.claim(case.id, "Anne")).code == "refused"


async def test_a_second_counsellor_and_then_the_supervisor_are_alarmed(w: World) -> None:
    await w.waiting("bonjour")
    await run_until(w, 89)
    assert (await w.service.queue([NETWORK], ["fr"], minors=True))[0].alarm == 0
    await run_until(w, 2)
    assert (await w.service.queue([NETWORK], ["fr"], minors=True))[0].alarm == 1
    await run_until(w, 90)
    assert (await w.service.queue([NETWORK], ["fr"], minors=True))[0].alarm == 2


async def test_who_was_claimed_without_a_word_gets_their_old_place_back(w: World) -> None:
    keys, _, first = await w.waiting("bonjour")
    w.later(5)
    await w.waiting("moi aussi")
    await w.service.claim(first.id, "Anne")
    await run_until(w, 119)
    assert (await w.service.case(keys.id)).state is State.ACTIVE
    await run_until(w, 2)
    case = await w.service.case(keys.id)
    assert (case.state, case.alias) == (State.WAITING, "")
    assert (await w.service.store.place(case))[0] == 1
    assert (await w.service.counsellor_said(first.id, "Anne", "pardon")).code == "refused"
    assert (await w.service.claim(first.id, "Bert")).code == "ok"


async def test_a_counsellor_who_spoke_keeps_the_person(w: World) -> None:
    keys, _, case = await w.waiting("bonjour")
    await w.service.claim(case.id, "Anne")
    await w.service.counsellor_said(case.id, "Anne", "bonjour")
    await run_until(w, 300)
    assert (await w.service.case(keys.id)).state is State.ACTIVE


async def test_a_tool_that_doesnt_answer_costs_nobody_more_than_seconds(
    redis_url: str, tmp_path: Path
) -> None:
    tool = endpoint("https://tool.example/hook")
    async with world(redis_url, tmp_path, (tool,)) as w:
        keys, _, case = await w.waiting("bonjour")
        assert await w.service.queue([NETWORK], ["fr"], minors=True) == []
        await run_until(w, 6)
        letters = await w.letters(keys)
        assert len(letters) == 1
        assert any(card["open_now"] for card in letters[0]["services"])
        # The desk sees the person from now on; the retries go on.
        assert [x.handoff_id for x in await w.service.queue([NETWORK], ["fr"], minors=True)] == [
            case.id
        ]
        assert await w.redis.xlen(keyspace.outbox(tool.id)) == 1


async def test_a_tool_that_took_it_has_the_person_to_itself_at_first(
    redis_url: str, tmp_path: Path
) -> None:
    async with world(redis_url, tmp_path, (endpoint("https://tool.example/hook"),)) as w:
        keys, _, case = await w.waiting("bonjour")
        await w.service.accepted(case.id)
        await run_until(w, 60)
        assert await w.letters(keys) == []
        assert await w.service.queue([NETWORK], ["fr"], minors=True) == []
        await run_until(w, 31)
        assert len(await w.service.queue([NETWORK], ["fr"], minors=True)) == 1


async def test_a_conversation_that_dies_is_told_once(redis_url: str, tmp_path: Path) -> None:
    tool = endpoint("https://tool.example/hook")
    async with world(redis_url, tmp_path, (tool,)) as w:
        keys, _, case = await w.waiting("bonjour")
        await w.service.claim(case.id, "Anne")
        # Its time runs out: Redis drops the keys without a word.
        for key in keyspace.all_keys(keys.id):
            await w.redis.delete(key)
        await run_until(w, 3)
        entries = await w.redis.xrange(keyspace.outbox(tool.id))
        types = [fields[b"type"].decode() for _, fields in entries]
        assert types == ["handoff.requested", "handoff.claimed", "handoff.expired"]
        assert json.loads(entries[-1][1][b"body"])["data"] == {"handoff_id": case.id}
        assert await w.service.store.live() == {}
