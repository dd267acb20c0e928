"""Two counsellors press at the same instant, a thousand times: one of them gets the person."""

from __future__ import annotations

import asyncio
import random

from tests.fakes.handoff import World


async def test_of_a_thousand_simultaneous_claims_each_has_one_winner(w: World) -> None:
    for _ in range(10):
        cases = [(await w.waiting(share="nothing"))[2] for _ in range(100)]
        tries = [(case.id, alias) for case in cases for alias in ("Anne", "Bert")]
        random.shuffle(tries)
        results = await asyncio.gather(*(w.service.claim(name, alias) for name, alias in tries))
        won: dict[str, list[str]] = {}
        for (name, alias), result in zip(tries, results, strict=True):
            assert result.code in ("ok", "taken")
            if result.code == "ok":
                won.setdefault(name, []).append(alias)
        assert [len(won.get(case.id, [])) for case in cases] == [1] * 100
        for case in cases:
            assert (await w.service.store.find(case.id)).alias == won[case.id][0]


async def test_of_many_ends_at_once_one_counts(w: World) -> None:
    for _ in range(20):
        _, _, case = await w.waiting("bonjour")
        await w.service.claim(case.id, "Anne")
        results = await asyncio.gather(
            w.service.close(case.id, "Anne"),
            w.service.give_back(case.id, "Anne"),
            w.service.withdraw(case),
            w.service.release(case.id, "Anne"),
        )
        ended = [r.code for r in results[:3]]
        # Released first, the others may still end it only if they don't need the claim.
        assert ended.count("ok") <= 1
        state = (await w.service.store.peek(case.conversation_id)).state.value
        assert state in ("closed", "returned", "withdrawn", "waiting")
