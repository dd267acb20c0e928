"""Delivery of webhooks: at least once, each under one id, until accepted or the talk is over."""

from __future__ import annotations

import asyncio
import email.utils
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keyspace
from bot.handoff.adapters import Answer, Notices, send
from bot.handoff.addresses import ForbiddenAddressError, check_url
from bot.handoff.circuit import Circuit, Patience
from bot.handoff.ledger import DeadLetter, Ledger
from bot.handoff.outbox import Outbox, Pending
from bot.handoff.states import Event
from bot.handoff.tasks import stop
from bot.handoff.teams import Endpoint

_GONE, _SLOW = 410, frozenset({429, 502, 504})
# The end of a talk is told although the talk is gone.
_LAST_WORDS = frozenset(
    {Event.WITHDRAWN.value, Event.EXPIRED.value, Event.CLOSED.value, Event.RETURNED.value}
)
_MOST_READ = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `reason` is short and names neither address nor content."""

    accepted: bool
    reason: str = ""
    gone: bool = False
    slow: bool = False
    retry_after: float | None = None


def retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a `Retry-After` header asks for (a number or a date), or None."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip())
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError):
        return None


class Deliverer:
    """Sends the events of one endpoint."""

    def __init__(
        self,
        *,
        redis: Redis,
        session: aiohttp.ClientSession,
        endpoint: Endpoint,
        gateway: str,
        ledger: Ledger,
        accepted: Callable[[str], Awaitable[object]],
        allow_private: bool,
        notices: Notices,
        patience: Patience | None = None,
    ) -> None:
        """Take the parts.

        Args:
            redis, session, endpoint, ledger: see their modules.
            gateway: this process's name among the gateways.
            accepted: called with the handoff id when a request was accepted.
            allow_private: `HANDOFF_ALLOW_PRIVATE`.
            notices: what tools that can't fetch are told.
            patience: times and limits.
        """
        self._redis, self._session, self._endpoint = redis, session, endpoint
        self._ledger, self._accepted, self._allow_private = ledger, accepted, allow_private
        self._notices = notices
        self._patience = patience or Patience()
        self._outbox = Outbox(redis, endpoint.id, gateway)
        self._circuit = Circuit(self._patience, time.monotonic)
        self._parallel = asyncio.Semaphore(self._patience.parallel)
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        # The events of one handoff go out in their order.
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self) -> None:
        """Deliver until cancelled; what is in hand then is taken over by another gateway."""
        try:
            while True:
                try:
                    await self._outbox.open()
                    await self._work()
                except (RedisError, OSError):
                    _log.warning("webhooks wait: the store is away")
                    await asyncio.sleep(1)
        finally:
            await stop(list(self._in_hand.values()))

    async def _work(self) -> None:
        lease = self._patience.lease
        kept = 0.0
        while True:
            now = time.monotonic()
            room = self._patience.in_hand - len(self._in_hand)
            found: list[Pending] = []
            if now - kept >= lease / 4:
                kept = now
                await self._outbox.keep(list(self._in_hand))
                if room > 0:
                    found = await self._outbox.take_over(room, int(lease * 1000))
            if not found and room > 0:
                found = await self._outbox.read(room, int(lease * 250))
            elif not found:
                await asyncio.sleep(lease / 4)
            for pending in found:
                if pending.entry not in self._in_hand:
                    lock = self._order.get(pending.handoff) or asyncio.Lock()
                    self._order[pending.handoff] = lock
                    task = asyncio.create_task(self._see_through(pending, lock))
                    self._in_hand[pending.entry] = task

    async def _see_through(self, pending: Pending, lock: asyncio.Lock) -> None:
        try:
            async with lock:
                await self._deliver(pending)
        except (RedisError, OSError):
            # Still pending in Redis: it is taken over once the store is back.
            _log.warning("a webhook waits: the store is away")
        finally:
            self._in_hand.pop(pending.entry, None)

    async def _deliver(self, pending: Pending) -> None:
        attempt = 0
        reason = "never tried"
        while True:
            await self._circuit.turn()
            if dead := await self._why_dead(pending, reason):
                await self._bury(pending, dead)
                return
            async with self._parallel:
                # What others have met meanwhile counts: an endpoint that asked for a pause or
                # fails gets nothing from those that stood in line here.
                if not self._circuit.take():
                    continue
                outcome = await self._attempt(pending)
            if outcome.accepted:
                self._circuit.succeeded()
                # First of all: a crash before this sends it once more.
                await self._outbox.done(pending.entry)
                # A notice doesn't say that somebody has it: the desk does.
                if pending.type == Event.REQUESTED.value and self._endpoint.signer:
                    await self._accepted(pending.handoff)
                return
            reason = outcome.reason
            if outcome.gone:
                await self._ledger.later(lambda: self._ledger.stop(self._endpoint.id))
                self._circuit.wake()
                continue
            self._circuit.failed(slow=outcome.slow, retry_after=outcome.retry_after)
            # With the circuit open its probes set the pace.
            if not self._circuit.open:
                await asyncio.sleep(self._patience.pause(attempt))
            attempt += 1

    async def _attempt(self, pending: Pending) -> Outcome:
        try:
            check_url(self._endpoint.url, self._allow_private)
            answer = await send(self._call, self._endpoint, pending, time.time(), self._notices)
        except ForbiddenAddressError as error:
            return Outcome(False, str(error))
        except (
            aiohttp.ClientError,
            asyncio.TimeoutError,
            OSError,
            LookupError,
            ValueError,
        ) as error:
            hidden = error.__cause__ or getattr(error, "os_error", None)
            forbidden = isinstance(hidden, ForbiddenAddressError)
            return Outcome(False, str(hidden) if forbidden else type(error).__name__)
        if answer.accepted:
            return Outcome(True)
        return Outcome(
            False,
            f"status {answer.status}",
            gone=answer.status == _GONE,
            slow=answer.status in _SLOW,
            retry_after=retry_after(answer.retry_after, time.time()),
        )

    async def _call(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with self._session.request(
            method,
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self._patience.timeout),
        ) as answer:
            # Only adapters look into what comes back, and never far.
            read = await answer.content.read(_MOST_READ)
            return Answer(answer.status, answer.headers.get("Retry-After"), read)

    async def _why_dead(self, pending: Pending, reason: str) -> str:
        if self._ledger.is_stopped(self._endpoint.id):
            return f"turned off ({reason})"
        if await self._redis.exists(keyspace.handoff_index(pending.handoff)):
            return ""
        if not pending.again and pending.type not in _LAST_WORDS:
            return f"the conversation is over ({reason})"
        return "" if time.time() * 1000 <= pending.until else f"too late ({reason})"

    async def _bury(self, pending: Pending, reason: str) -> None:
        letter = DeadLetter(
            id=pending.id,
            endpoint=self._endpoint.id,
            type=pending.type,
            handoff=pending.handoff,
            body=pending.body,
            reason=reason,
            at=time.time(),
        )
        await self._ledger.later(lambda: self._ledger.bury(letter))
        await self._outbox.done(pending.entry)
