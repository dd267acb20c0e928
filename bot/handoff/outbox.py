"""Events that an endpoint hasn't accepted yet: a Redis stream and a consumer group an endpoint.

A change of state writes its event here in the same step, so a crash loses none. Whoever reads an
event keeps it by signs of life; when a gateway dies, another one takes over what it had in hand.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot import keyspace
from bot.handoff.ledger import DeadLetter, Ledger

GROUP = "deliver"
_REPLAYED_FOR_MS = 24 * 3600 * 1000
_CONSUMER_FORGOTTEN_MS = 3600 * 1000


@dataclass(frozen=True)
class Pending:
    """An event in hand."""

    entry: str
    id: str
    type: str
    handoff: str
    body: str
    until: int
    again: bool


def _pending(entry: bytes, fields: dict[bytes, bytes]) -> Pending:
    return Pending(
        entry=entry.decode(),
        id=fields[b"id"].decode(),
        type=fields[b"type"].decode(),
        handoff=fields[b"handoff"].decode(),
        body=fields[b"body"].decode(),
        until=int(fields[b"until"]),
        again=fields.get(b"again") == b"1",
    )


class Outbox:
    """One endpoint's stream, read under one gateway's name."""

    def __init__(self, redis: Redis, endpoint: str, consumer: str) -> None:
        """Take the endpoint's id and the gateway's."""
        self._redis: Any = redis
        self._key, self._consumer = keyspace.outbox(endpoint), consumer

    async def open(self) -> None:
        """Make the group, and forget gateways that are long gone with nothing in hand."""
        with contextlib.suppress(ResponseError):
            await self._redis.xgroup_create(self._key, GROUP, id="0", mkstream=True)
        for known in await self._redis.xinfo_consumers(self._key, GROUP):
            if not known["pending"] and known["idle"] > _CONSUMER_FORGOTTEN_MS:
                await self._redis.xgroup_delconsumer(self._key, GROUP, known["name"])

    async def read(self, most: int, wait_ms: int) -> list[Pending]:
        """Return new events, waiting up to `wait_ms` for one."""
        found = await self._redis.xreadgroup(
            GROUP, self._consumer, {self._key: ">"}, count=most, block=wait_ms
        )
        entries = found[0][1] if found else []
        return [_pending(entry, fields) for entry, fields in entries if fields]

    async def take_over(self, most: int, silent_ms: int) -> list[Pending]:
        """Return events that another gateway had in hand when it died."""
        answer = await self._redis.xautoclaim(
            self._key, GROUP, self._consumer, min_idle_time=silent_ms, count=most
        )
        return [_pending(entry, fields) for entry, fields in answer[1] if entry and fields]

    async def keep(self, entries: Sequence[str]) -> None:
        """Show that these are still in hand."""
        if entries:
            await self._redis.xclaim(
                self._key, GROUP, self._consumer, min_idle_time=0, message_ids=entries, justid=True
            )

    async def done(self, entry: str) -> None:
        """Drop an event: it was accepted, or is dead."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xack(self._key, GROUP, entry)
            pipe.xdel(self._key, entry)
            await pipe.execute()


async def replay(redis: Redis, ledger: Ledger, ids: Iterable[str] = ()) -> list[DeadLetter]:
    """Send dead letters again, under the same ids; return those that go out.

    Args:
        redis: where the outboxes are.
        ledger: where the dead letters are.
        ids: which; all when empty.
    """
    wanted = set(ids)
    chosen = [letter for letter in ledger.dead() if not wanted or letter.id in wanted]
    for letter in chosen:
        until = int(time.time() * 1000) + _REPLAYED_FOR_MS
        await redis.xadd(
            keyspace.outbox(letter.endpoint),
            {
                "id": letter.id,
                "type": letter.type,
                "handoff": letter.handoff,
                "body": letter.body,
                "until": until,
                "again": 1,
            },
        )
        await redis.pexpire(keyspace.outbox(letter.endpoint), _REPLAYED_FOR_MS)
        ledger.forget(letter)
    return chosen
