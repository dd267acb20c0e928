"""One holder at a time, by Redis: atomic, released by its holder or by time."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

# Only the holder may release: its lock may have run out and belong to somebody else by now.
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""


class LockTimeoutError(Exception):
    """Somebody else holds the lock for too long."""


@asynccontextmanager
async def hold(
    redis: Redis, key: str, *, lifetime: float = 5.0, wait: float = 10.0
) -> AsyncGenerator[None, None]:
    """Hold the lock `key`.

    Args:
        redis: where the lock is kept.
        key: its name.
        lifetime: seconds without a sign of its holder after which it frees itself: nobody waits
            longer for a process that was killed.
        wait: seconds to wait for it.

    Raises:
        LockTimeoutError: it wasn't free in time.
    """
    value = secrets.token_bytes(12)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    while not await redis.set(key, value, nx=True, px=int(lifetime * 1000)):
        if loop.time() > deadline:
            raise LockTimeoutError(key.partition(":")[0])
        await asyncio.sleep(0.02)
    keeping = asyncio.create_task(_keep(redis, key, value, lifetime))
    try:
        yield
    finally:
        keeping.cancel()
        await redis.eval(_RELEASE, 1, key, value)


async def _keep(redis: Redis, key: str, value: bytes, lifetime: float) -> None:
    """Renew a lock while its holder lives."""
    while True:
        await asyncio.sleep(lifetime / 3)
        with contextlib.suppress(RedisError, OSError):
            await redis.eval(_RENEW, 1, key, value, str(int(lifetime * 1000)))
