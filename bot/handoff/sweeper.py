"""Looks once a second after all who wait: signs of life, alarms, expiry, silent claims, deaths.

Every gateway runs one; each step is taken by one of them only, since Redis checks what stood there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from redis.exceptions import RedisError

from bot.gateway.messages import Message
from bot.handoff.case import Case
from bot.handoff.events import outgoing
from bot.handoff.schedule import Due, due
from bot.handoff.service import HandoffService
from bot.handoff.states import Event, State
from bot.handoff.voice import letter

_PAUSE = 1.0
# A tool learns of a conversation that died within this time, or never.
_TOLD_FOR = 15 * 60 * 1000
_log = logging.getLogger(__name__)


class Sweeper:
    """The background task."""

    def __init__(self, service: HandoffService) -> None:
        """Look after one service."""
        self._service, self._store = service, service.store
        self._steps: dict[Due, Callable[[Case], Awaitable[object]]] = {
            Due.WARN: self._warn,
            Due.SECOND: self._second,
            Due.SUPERVISOR: lambda case: self._store.mark(case, "alarm", "1", "2"),
            Due.SIGN: self._sign,
            Due.EXPIRE: service.expire,
            Due.RELEASE: service.take_back,
        }

    async def run(self) -> None:
        """Look, and look again, until cancelled."""
        while True:
            try:
                await self.tick()
            except (RedisError, OSError):
                _log.warning("the queue can't be looked after: the store is away")
            await asyncio.sleep(_PAUSE)

    async def tick(self) -> None:
        """Do all that is due now."""
        await self._service.ledger.later(self._service.ledger.refresh)
        live = await self._store.live()
        cases = await self._store.many(list(live))
        for name, place in live.items():
            case = cases.get(name)
            if case is None:
                await self._bury(name, place)
                continue
            has_tool = self._service.has_tool(case.network)
            for step in due(case, self._store.now(), has_tool):
                await self._steps[step](case)

    async def _bury(self, name: str, place: str) -> None:
        now = self._store.now()
        network = place.rpartition(":")[0]
        event = outgoing(Event.EXPIRED, name, now / 1000)
        endpoints = [endpoint.id for endpoint in self._service.endpoints(network)]
        await self._store.bury(name, place, event, endpoints, now + _TOLD_FOR)

    async def _warn(self, case: Case) -> None:
        await self._tell(case, "warned", "", "1", "utter_handoff_no_answer", {"desk": 1})

    async def _second(self, case: Case) -> None:
        await self._tell(case, "alarm", "", "1", "utter_handoff_slow", {"desk": 1})

    async def _sign(self, case: Case) -> None:
        await self._tell(case, "sign", str(case.sign), str(self._store.now()), "utter_handoff_sign")

    async def _tell(
        self,
        case: Case,
        field: str,
        was: str,
        becomes: str,
        key: str,
        more: dict[str, int] | None = None,
    ) -> None:
        if case.state is not State.WAITING:
            return
        position, _ = await self._store.place(case)
        seconds = await self._service.wait_seconds(case, position)
        said: Message = self._service.voice.waiting(key, case, position, seconds)
        fields: dict[str, str | bytes | int] = {"sign": self._store.now(), **(more or {})}
        await self._store.mark(
            case, field, was, becomes, fields=fields, letters=[letter(case, said)]
        )
