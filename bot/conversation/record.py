"""The gateway's record of a conversation: while it exists, the conversation exists.

Sealed with a key that only the token gives; it dies an hour after the last word and a day after the
first at the latest (R16), and whatever else the conversation keeps dies with it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from redis.asyncio import Redis

from bot import keyspace
from bot.language import Supported
from bot.privacy.seal import ConversationKeys, seal, unseal

# How many redacted words a counsellor could be shown later; older ones are dropped.
_KEPT_WORDS = 60


@dataclass
class Record:
    """What the gateway must remember from turn to turn."""

    language: Supported
    created: float
    public_key: str
    chosen_language: bool = False
    # The language of a card in which the person goes on; empty while French or Dutch is spoken.
    card_language: str = ""
    offered: list[str] = field(default_factory=list)
    words: list[dict[str, str]] = field(default_factory=list)
    risk: str = "none"
    names: dict[str, Any] = field(default_factory=dict)
    # For a handoff: what it was about, whether a child seems to write, the summary as approved.
    topics: list[str] = field(default_factory=list)
    minor: bool = False
    summary: str | None = None
    # The last handoff that this record has seen begin (see `VisitorSide.pass_on`).
    handoff: int = 0
    # A word of the person's choice, as a MAC (R8), and what the next message will be, if not talk.
    code_word: str = ""
    expects: str = ""
    # How often a yes was asked for: a button is a yes to one asking only.
    askings: int = 0
    # Where the person said nobody should be from (an NIS code).
    not_commune: str = ""
    # Coming back later: the note kept in this talk, moments of tries, and what words have opened
    # (never shown, only passed on with a yes).
    kept: str = ""
    tries: list[float] = field(default_factory=list)
    brought: dict[str, Any] = field(default_factory=dict)
    # Sentences that weren't understood, until their writer says yes or the talk ends; whether an
    # answer gave help; and how far that question is (`bot.learning.sentences`).
    unclear: list[dict[str, Any]] = field(default_factory=list)
    helped: bool = False
    learning: str = ""

    def heard(self, who: str, text: str) -> None:
        """Remember a (redacted) line, so that the person may pass it on to a counsellor.

        `entry` is empty until the line is passed on, and then says which one it is there.
        """
        line = {"from": who, "text": text, "at": str(int(time.time())), "entry": ""}
        self.words = [*self.words, line][-_KEPT_WORDS:]

    def offer(self, values: list[str]) -> None:
        """Remember which buttons were offered: only those may be pressed."""
        self.offered = list(dict.fromkeys([*self.offered, *values]))[-80:]


class Records:
    """Keeps the records in Redis."""

    def __init__(self, redis: Redis, idle_seconds: int, max_seconds: int) -> None:
        """Use a Redis and the two lifetimes (seconds)."""
        self._redis, self._idle, self._max = redis, idle_seconds, max_seconds
        # Called with the id before all is deleted: a counsellor learns that the visitor is gone.
        self.before_erase: Callable[[str], Awaitable[None]] | None = None

    async def create(self, keys: ConversationKeys, language: Supported) -> Record:
        """Start a conversation."""
        record = Record(
            language=language,
            created=time.time(),
            public_key=base64.b64encode(keys.public_key).decode(),
        )
        await self._redis.set(
            keyspace.record(keys.id), self._sealed(keys, record), ex=self._left(record)
        )
        return record

    async def load(self, keys: ConversationKeys) -> Record | None:
        """Return the record and count this as a sign of life; None when there is none (any more).

        Raises:
            SealError: it was damaged.
        """
        place = keyspace.record(keys.id)
        sealed: Any = await self._redis.get(place)
        if sealed is None:
            return None
        record = Record(**json.loads(unseal(keys.gateway_key, sealed, place)))
        left = self._left(record)
        if left <= 0:
            await self.erase(keys)
            return None
        await self._redis.expire(place, left)
        return record

    async def exists(self, keys: ConversationKeys) -> bool:
        """Tell whether the conversation still lives; no sign of life by itself."""
        return bool(await self._redis.exists(keyspace.record(keys.id)))

    async def save(self, keys: ConversationKeys, record: Record) -> bool:
        """Write the record back; False when the conversation was erased meanwhile."""
        written = await self._redis.set(
            keyspace.record(keys.id),
            self._sealed(keys, record),
            ex=max(1, self._left(record)),
            xx=True,
        )
        return bool(written)

    async def erase(self, keys: ConversationKeys) -> bool:
        """Delete every key of the conversation; False when there was none."""
        return await self.erase_id(keys.id)

    async def erase_id(self, conversation_id: str) -> bool:
        """Delete every key of a conversation known by its pseudonymous id."""
        if self.before_erase:
            # Whatever goes wrong here, all is erased; the sweeper finds the counsellor's side.
            with contextlib.suppress(Exception):
                await self.before_erase(conversation_id)
        # The record goes first: from then on no turn under way can write anything.
        existed = await self._redis.delete(keyspace.record(conversation_id))
        await self._redis.delete(*keyspace.all_keys(conversation_id))
        return bool(existed)

    def expires_in(self, record: Record) -> int:
        """Return the seconds that this conversation lives without a further word."""
        return self._left(record)

    def _left(self, record: Record) -> int:
        return int(min(self._idle, record.created + self._max - time.time()))

    def _sealed(self, keys: ConversationKeys, record: Record) -> bytes:
        body = json.dumps(asdict(record), ensure_ascii=False).encode()
        return seal(keys.gateway_key, body, keyspace.record(keys.id))


def public_key(record: Record) -> bytes:
    """Return the conversation's public key."""
    return base64.b64decode(record.public_key)
