"""What waits for the visitor (a counsellor's words, a sign of life), sealed to their public key.

A Redis stream a conversation; each entry can be opened only with the token that the page holds. A
bell tells the gateway where the page is connected; one subscription serves all pages.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keyspace
from bot.privacy.seal import ConversationKeys, SealError, seal_to, unseal_from

_KEPT = 200
# Nothing is posted to a conversation that was erased; what is posted dies with it.
_POST = """
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then return false end
local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 's', ARGV[1])
redis.call('PEXPIRE', KEYS[2], left)
redis.call('PUBLISH', KEYS[3], '')
return id
"""


async def post(redis: Redis, conversation_id: str, public_key: bytes, message: Any) -> bool:
    """Leave a message for the visitor; False when the conversation is gone.

    Args:
        redis: where.
        conversation_id: the pseudonymous id.
        public_key: the conversation's public key.
        message: a message object of the contract.
    """
    place = keyspace.events(conversation_id)
    sealed = seal_to(public_key, json.dumps(message, ensure_ascii=False).encode(), place)
    entry = await redis.eval(
        _POST,
        3,
        keyspace.record(conversation_id),
        place,
        keyspace.bell(conversation_id),
        sealed,
        _KEPT,
    )
    return bool(entry)


async def read(redis: Redis, keys: ConversationKeys, after: str) -> list[tuple[str, Any]]:
    """Return (entry id, message) of what came after the entry `after` ("0" for all)."""
    place = keyspace.events(keys.id)
    found: list[tuple[str, Any]] = []
    entries: Any = await redis.xrange(place, min=f"({after}" if after != "0" else "-")
    for entry, fields in entries:
        with contextlib.suppress(SealError):
            found.append(
                (entry.decode(), json.loads(unseal_from(keys.private_key, fields[b"s"], place)))
            )
    return found


class Bells:
    """Wakes the connections of this gateway when something waits for their visitor."""

    def __init__(self, redis: Redis) -> None:
        """Use a Redis; nothing is sent before `run`."""
        self._redis = redis
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def listen(self, conversation_id: str) -> Any:
        """Give an event that is set whenever something is posted to the conversation."""
        name, event = keyspace.bell(conversation_id), asyncio.Event()
        self._waiting[name].add(event)
        try:
            yield event
        finally:
            self._waiting[name].discard(event)
            if not self._waiting[name]:
                del self._waiting[name]

    async def run(self) -> None:
        """Listen until cancelled; after a fault of Redis, all pages look for themselves."""
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.psubscribe(keyspace.bell("*"))
                    async for note in subscription.listen():
                        channel = note.get("channel", b"")
                        for event in self._waiting.get(channel.decode(), ()):
                            event.set()
            except (RedisError, OSError):
                await asyncio.sleep(1)
                for events in list(self._waiting.values()):
                    for event in events:
                        event.set()
