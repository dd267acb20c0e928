"""Words to resume: four words open the same talk again, once, while it still lives.

A telephone may close a page during a call, and the token dies with the page. Who asks for words
gets them; the token then waits in Redis, sealed as the notes of `comeback` are. Erasing the talk
takes it along.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from bot import keyspace
from bot.handoff.comeback import NUMBER, Comeback, draw, typed
from bot.language import Supported
from bot.privacy.seal import ConversationKeys, SealError, seal, unseal

# Opening costs a tenth of a second, one at a time: more than these don't wait in line.
_MOST_WAITING = 8
# The words of this use lead nowhere in the other one.
_PURPOSE = "resume"


class TooBusyError(Exception):
    """Too many words are being opened at this moment."""


class Resume:
    """Gives words for a talk, and the talk for its words."""

    def __init__(self, redis: Redis, comeback: Comeback) -> None:
        """Use a Redis and what turns words into keys."""
        self._redis: Any = redis
        self._comeback = comeback
        self._waiting = 0

    async def keep(
        self, keys: ConversationKeys, token: str, language: Supported, seconds: int
    ) -> list[str] | None:
        """Return four words that open a talk; earlier ones open nothing any more.

        Args:
            keys: of the talk.
            token: of the talk.
            language: of the words.
            seconds: how long they open it.

        Returns:
            The words, None when they can't be given now.

        Raises:
            TooBusyError: try again in a moment.
        """
        words = draw(language)
        opened = await self._open(typed(" ".join(words)))
        if opened is None:
            return None
        name, key = opened
        pointer, place = keyspace.resume(name), keyspace.way_back(keys.id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(pointer, seal(key, keys.id.encode(), pointer), ex=seconds)
            pipe.set(place, seal(key, token.encode(), place), ex=seconds)
            await pipe.execute()
        return words

    async def take(self, text: str) -> str | None:
        """Return the token that these words open, once; None for wrong, used and expired alike.

        Raises:
            TooBusyError: try again in a moment.
        """
        words = typed(text)
        if len(words) != NUMBER:
            return None
        opened = await self._open(words)
        if opened is None:
            return None
        name, key = opened
        try:
            pointer = keyspace.resume(name)
            found = unseal(key, await self._redis.getdel(pointer) or b"", pointer)
            place = keyspace.way_back(found.decode())
            sealed = await self._redis.get(place)
            token = unseal(key, sealed or b"", place).decode()
        except SealError:
            return None
        await self._redis.delete(place)
        return token

    async def _open(self, words: list[str]) -> tuple[str, bytes] | None:
        if self._waiting >= _MOST_WAITING:
            raise TooBusyError
        self._waiting += 1
        try:
            return await self._comeback.derive([_PURPOSE, *words])
        finally:
            self._waiting -= 1
