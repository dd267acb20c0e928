"""Which counsellors are there: seen in the last two minutes, by network and language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis

from bot import keyspace

SECONDS = 120
_TOOL = "tool:"
# More than any team has; a number in an event can't fill Redis.
_MOST = 50


class Presence:
    """Signs of life of counsellors."""

    def __init__(self, redis: Redis) -> None:
        """Use a Redis."""
        self._redis: Any = redis

    async def seen(
        self,
        who: str,
        networks: Iterable[str],
        languages: Iterable[str],
        now: int,
        *,
        minors: bool = True,
    ) -> None:
        """Note a counsellor at the desk.

        Args:
            who: the session's or the account's pseudonym.
            networks: that this counsellor answers for.
            languages: that they speak.
            now: the moment, in milliseconds.
            minors: whether they may speak with minors.
        """
        await self._add([f"desk:{who}"], networks, languages, now, minors)

    async def left(self, who: str, networks: Iterable[str], languages: Iterable[str]) -> None:
        """Note that a counsellor has signed out."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in _keys(networks, languages, True):
                pipe.zrem(key, f"desk:{who}")
            await pipe.execute()

    async def tool(
        self,
        number: int,
        networks: Iterable[str],
        languages: Iterable[str],
        now: int,
        *,
        minors: bool = True,
    ) -> None:
        """Note how many counsellors a tool has there."""
        networks, languages = list(networks), list(languages)
        everybody = [f"{_TOOL}{place}" for place in range(_MOST)]
        there, known = everybody[:number], set(_keys(networks, languages, minors))
        # In one step: who asks for a person meanwhile must not find nobody.
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in _keys(networks, languages, True):
                here = there if key in known else []
                if here:
                    pipe.zadd(key, dict.fromkeys(here, now))
                    pipe.expire(key, SECONDS)
                if len(here) < _MOST:
                    pipe.zrem(key, *everybody[len(here) :])
            await pipe.execute()

    async def number(
        self, network: str, language: str, now: int, *, minor: bool = False, at_desk: bool = False
    ) -> int:
        """Return how many counsellors were seen in the last two minutes.

        Args:
            network, language: for whom.
            now: the moment, in milliseconds.
            minor: count only those who may speak with minors.
            at_desk: count only those at the desk.
        """
        key = keyspace.presence(network, language, minor)
        seen = await self._redis.zrangebyscore(key, now - SECONDS * 1000, "+inf")
        return sum(1 for member in seen if not at_desk or member.startswith(b"desk:"))

    async def at_desk(
        self, networks: Iterable[str], languages: Iterable[str], now: int
    ) -> set[str]:
        """Return who was seen at the desk in the last two minutes, by the name given to `seen`."""
        found: set[str] = set()
        for key in _keys(networks, languages, False):
            seen = await self._redis.zrangebyscore(key, now - SECONDS * 1000, "+inf")
            found |= {m.decode()[5:] for m in seen if m.startswith(b"desk:")}
        return found

    async def is_there(self, who: str, network: str, language: str, now: int) -> bool:
        """Tell whether a counsellor at the desk was seen in the last two minutes."""
        key = keyspace.presence(network, language, False)
        seen = await self._redis.zscore(key, f"desk:{who}")
        return seen is not None and seen >= now - SECONDS * 1000

    async def _add(
        self,
        members: list[str],
        networks: Iterable[str],
        languages: Iterable[str],
        now: int,
        minors: bool,
    ) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in _keys(networks, languages, minors):
                pipe.zadd(key, dict.fromkeys(members, now))
                pipe.zremrangebyscore(key, "-inf", now - SECONDS * 1000)
                pipe.expire(key, SECONDS)
            await pipe.execute()


def _keys(networks: Iterable[str], languages: Iterable[str], minors: bool) -> list[str]:
    languages = list(languages)
    return [
        keyspace.presence(network, language, kind)
        for network in networks
        for language in languages
        for kind in ((False, True) if minors else (False,))
    ]
