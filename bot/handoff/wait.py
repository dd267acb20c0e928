"""How long people wait: a sliding mean of the last claims, honest enough for "about"."""

from __future__ import annotations

import math
from typing import Any

from redis.asyncio import Redis

from bot import keyspace

# Seconds, before anybody was claimed here.
_FIRST_GUESS = 90.0
_LEAST, _MOST = 30, 300
_WEIGHT = 0.2
_KEPT_SECONDS = 24 * 3600


class Waits:
    """Remembers waits, without anything of the persons who waited."""

    def __init__(self, redis: Redis) -> None:
        """Use a Redis."""
        self._redis: Any = redis

    async def note(self, network: str, language: str, milliseconds: int) -> None:
        """Add one wait."""
        key = keyspace.waited(network, language)
        known = await self._redis.get(key)
        mean = float(known) if known else _FIRST_GUESS
        mean += _WEIGHT * (min(milliseconds / 1000, _MOST) - mean)
        await self._redis.set(key, f"{mean:.1f}", ex=_KEPT_SECONDS)

    async def estimate(self, network: str, language: str, position: int, present: int) -> int:
        """Return about how many seconds somebody will wait.

        Args:
            network, language: for whom.
            position: their place, 1 for the next.
            present: how many counsellors are there (at least 1).
        """
        known = await self._redis.get(keyspace.waited(network, language))
        mean = float(known) if known else _FIRST_GUESS
        seconds = mean * math.ceil(position / max(1, present))
        return round(min(_MOST, max(_LEAST, seconds)))
