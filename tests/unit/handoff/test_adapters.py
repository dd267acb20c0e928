"""Tools that teams have already get a notice and a link, never a word of the talk (R88)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.handoff.adapters import Notices
from bot.handoff.addresses import webhook_session
from bot.handoff.deliver import Deliverer
from bot.handoff.teams import Endpoint, endpoint_id
from tests.fakes.chatwoot import chatwoot
from tests.fakes.handoff import NETWORK, World, world
from tests.fakes.receiver import receiving
from tests.unit.handoff.test_deliver import QUICK, at_work

NOTICES = Notices("somebody waits: https://desk.example", "URGENT: https://desk.example")
NEEDLES = ("couteau", "Anne", "merci", "résumé")


async def talk(w: World) -> str:
    """Hold a whole talk; return the handoff's id."""
    keys, record, case = await w.waiting("il a un couteau", summary="mon résumé")
    # Who has only a notice works at the desk: it sees the person at once.
    assert len(await w.service.queue([NETWORK], ["fr"], minors=True)) == 1
    await w.service.claim(case.id, "Anne")
    record.heard("visitor", "merci")
    await w.service.pass_on(keys, record, await w.service.case(keys.id), "visitor")
    await w.service.close(case.id, "Anne")
    return str(case.id)


def sender(w: World, session: object, target: Endpoint) -> Deliverer:
    """Return the deliverer of a tool."""
    return Deliverer(
        redis=w.redis,
        session=session,  # type: ignore[arg-type]
        endpoint=target,
        gateway="g1",
        ledger=w.service.ledger,
        accepted=w.service.accepted,
        allow_private=True,
        notices=NOTICES,
        patience=QUICK,
    )


async def test_chatwoot_gets_one_notice_and_is_told_when_somebody_came(
    redis_url: str, tmp_path: Path
) -> None:
    async with chatwoot() as double, webhook_session(True) as session:
        target = Endpoint(endpoint_id(double.url), double.url, None, kind="chatwoot")
        # The notice fails twice after the conversation was opened: it isn't opened again.
        double.fail_messages = 2
        async with world(redis_url, tmp_path, (target,)) as w, at_work(sender(w, session, target)):
            w.now[0] = time.time()
            name = await talk(w)
            for _ in range(200):
                if double.conversations and double.conversations[1]["status"] == "resolved":
                    break
                await asyncio.sleep(0.02)
        assert double.contacts == [name]
        assert [c["messages"] for c in double.conversations.values()] == [[NOTICES.urgent]]
        assert double.conversations[1]["status"] == "resolved"
        kept = b"".join(double.seen).decode()
        assert not any(needle in kept for needle in NEEDLES)


async def test_mattermost_gets_one_notice(redis_url: str, tmp_path: Path) -> None:
    async with receiving() as receiver, webhook_session(True) as session:
        target = Endpoint(endpoint_id(receiver.url), receiver.url, None, kind="mattermost")
        async with world(redis_url, tmp_path, (target,)) as w, at_work(sender(w, session, target)):
            w.now[0] = time.time()
            await talk(w)
            await receiver.until(lambda: bool(receiver.got))
            await asyncio.sleep(0.3)
        (got,) = receiver.got
        assert got.event == {"text": NOTICES.urgent}
        kept = (got.body + str(got.headers).encode()).decode()
        assert not any(needle in kept for needle in NEEDLES)
