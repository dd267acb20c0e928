"""Handoffs as they stand in Redis: everything that only looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from bot import keyspace
from bot.handoff import scripts
from bot.handoff.case import Case, read


class Reader:
    """Looks at handoffs."""

    def __init__(self, redis: Redis) -> None:
        """Use a Redis."""
        # redis-py types answers as bytes or text; this client always gives bytes.
        self.redis: Any = redis
        self._view = redis.register_script(scripts.VIEW)

    async def view(self, conversation_id: str) -> Case | None:
        """Return the case of a conversation, None when the conversation is over."""
        flat = await self._view(
            keys=[
                keyspace.record(conversation_id),
                keyspace.handoff(conversation_id),
                keyspace.words(conversation_id),
                keyspace.events(conversation_id),
            ],
            args=[keyspace.handoff_index("")],
        )
        if flat is None:
            return None
        return read(conversation_id, dict(zip(flat[::2], flat[1::2], strict=True)))

    async def peek(self, conversation_id: str) -> Case:
        """Return the case without any sign of life."""
        return read(conversation_id, await self.redis.hgetall(keyspace.handoff(conversation_id)))

    async def find(self, handoff_id: str) -> Case | None:
        """Return the case of a handoff, None when there is none (any more)."""
        owner = await self.redis.get(keyspace.handoff_index(handoff_id))
        if owner is None:
            return None
        case = await self.peek(owner.decode())
        # A later handoff of the same conversation is another one.
        return case if case.id == handoff_id else None

    async def live(self) -> dict[str, str]:
        """Return who waits or speaks: handoff id, and `network:language`."""
        found = await self.redis.hgetall(keyspace.live_handoffs())
        return {name.decode(): place.decode() for name, place in found.items()}

    async def many(self, handoff_ids: Sequence[str]) -> dict[str, Case]:
        """Return the cases of several handoffs, without those that are gone."""
        if not handoff_ids:
            return {}
        owners = await self.redis.mget([keyspace.handoff_index(name) for name in handoff_ids])
        known = [(n, o.decode()) for n, o in zip(handoff_ids, owners, strict=True) if o]
        async with self.redis.pipeline(transaction=False) as pipe:
            for _, owner in known:
                pipe.hgetall(keyspace.handoff(owner))
            hashes = await pipe.execute()
        cases = {n: read(o, h) for (n, o), h in zip(known, hashes, strict=True)}
        return {name: case for name, case in cases.items() if case.id == name}

    async def queued(self, network: str, language: str) -> list[str]:
        """Return the ids of who waits, the next one first."""
        found = await self.redis.zrange(keyspace.queue(network, language), 0, -1)
        return [name.decode() for name in found]

    async def place(self, case: Case) -> tuple[int | None, int]:
        """Return the place in the queue (1 is next; None when not in it) and its length."""
        queue = keyspace.queue(case.network, case.language)
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.zrank(queue, case.id or "-")
            pipe.zcard(queue)
            rank, length = await pipe.execute()
        return (None if rank is None else int(rank) + 1), int(length)

    async def ahead(self, network: str, language: str, score: int) -> int:
        """Return how many who wait come before somebody with this score."""
        key = keyspace.queue(network, language)
        return int(await self.redis.zcount(key, "-inf", f"({score}"))

    async def words(self, case: Case, after: str = "") -> list[tuple[str, bytes]]:
        """Return (entry, sealed word) of what came after the entry `after`."""
        start = f"({after}" if after else "-"
        found = await self.redis.xrange(keyspace.words(case.conversation_id), min=start)
        return [(entry.decode(), fields[b"s"]) for entry, fields in found]

    async def address(self, case: Case) -> bytes | None:
        """Return the sealed address while it is kept."""
        found: bytes | None = await self.redis.get(keyspace.address(case.conversation_id))
        return found

    async def receipt(self, message_id: str) -> str | None:
        """Return the code that an incoming event got, None when it is new."""
        found = await self.redis.get(keyspace.receipt(message_id))
        return None if found is None else found.decode()
