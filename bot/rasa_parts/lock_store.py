"""One turn of a conversation at a time, over any number of Rasa instances.

Rasa's own Redis lock isn't atomic, blocks the event loop and leaves keys that never expire.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore

from bot import keyspace
from bot.conversation.lock import LockTimeoutError, hold
from bot.redis_client import connect


class RedisLock(LockStore):  # type: ignore[misc]
    """Rasa's lock store on our own lock."""

    def __init__(self, endpoint_config: Any) -> None:
        """Connect to Redis at the endpoint's `redis_url`."""
        self._redis = connect(endpoint_config.kwargs["redis_url"])

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of a conversation.

        Args:
            conversation_id: whose turn.
            lock_lifetime: unused (Rasa's parameter).
            wait_time_in_seconds: unused (Rasa's parameter).

        Raises:
            LockError: another turn of this conversation doesn't end.
        """
        try:
            async with hold(self._redis, keyspace.lock(conversation_id)):
                yield TicketLock(conversation_id)
        except LockTimeoutError as error:
            raise LockError(str(error)) from None
