"""Puts the parts of the handoff together and keeps them running beside the gateway."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.record import Record
from bot.directory.model import Directory
from bot.handoff.adapters import Notices
from bot.handoff.addresses import webhook_session
from bot.handoff.circuit import Patience
from bot.handoff.configure import teams
from bot.handoff.deliver import Deliverer
from bot.handoff.gateway_keys import GatewayKeys
from bot.handoff.ledger import Ledger
from bot.handoff.presence import Presence
from bot.handoff.service import HandoffService
from bot.handoff.store import Store
from bot.handoff.summary import Assess
from bot.handoff.sweeper import Sweeper
from bot.handoff.tasks import stop
from bot.handoff.teams import Override
from bot.handoff.voice import Voice
from bot.handoff.watch import Watch
from bot.language import SUPPORTED, Supported
from bot.settings import Settings, environment
from bot.state import State
from bot.texts import Texts


@asynccontextmanager
async def running(
    *,
    settings: Settings,
    redis: Redis,
    directory: Directory,
    texts: Texts,
    switches: State,
    redact: Callable[[str, Supported, Record], str],
    clock: Callable[[], datetime],
    assess: Assess | None = None,
    now: Callable[[], float] = time.time,
    patience: Patience | None = None,
) -> AsyncGenerator[HandoffService, None]:
    """Run everything that handoffs need, and give the service.

    Args:
        settings, redis, directory, texts, switches: of the gateway.
        redact: takes names and numbers out of a text.
        clock: the moment in Belgium.
        assess: sees danger in a text; the patterns when None.
        now: Unix seconds, for waits (tests give their own).
        patience: times of deliveries (tests give shorter ones).

    Raises:
        TeamsError, TextsError: a team file can't be used.
    """
    ledger = Ledger(settings.state_dir)
    found = teams(settings, directory, environment())
    found.overrides = lambda network: override(switches, network)
    service = HandoffService(
        store=Store(redis, now),
        gateway_keys=GatewayKeys(redis, settings.internal_token),
        presence=Presence(redis),
        teams=found,
        ledger=ledger,
        switches=switches,
        voice=Voice(texts, directory, clock),
        assess=assess or Watch(),
        redact=redact,
        network=settings.network,
        clock=clock,
    )
    session = webhook_session(settings.handoff_allow_private)
    deliverers = [
        Deliverer(
            redis=redis,
            session=session,
            endpoint=endpoint,
            gateway=service.gateway_keys.id,
            ledger=ledger,
            accepted=service.accepted,
            allow_private=settings.handoff_allow_private,
            notices=notices(texts, settings.desk_url),
            patience=patience,
        )
        for endpoint in service.teams.endpoints
    ]
    tasks = [
        asyncio.create_task(work)
        for work in (
            service.gateway_keys.run(),
            service.pepper.run(),
            Sweeper(service).run(),
            *(deliverer.run() for deliverer in deliverers),
        )
    ]
    try:
        yield service
    finally:
        await stop(tasks)
        with suppress(RedisError, OSError):
            await service.gateway_keys.withdraw()
        await session.close()
        ledger.close()


def override(switches: State, network: str) -> Override:
    """Return the hours and the closing that the supervisor has set for a network at the desk."""
    closed = switches.get(f"closed_until:{network}")
    return Override(
        hours=switches.get(f"hours:{network}") or None,
        closed_until=date.fromisoformat(closed) if closed else None,
    )


def notices(texts: Texts, desk_url: str) -> Notices:
    """Return the sentences for people who look at another tool, in both languages."""

    def both(key: str) -> str:
        return " / ".join(texts.phrase(key, language, desk=desk_url) for language in SUPPORTED)

    return Notices(waiting=both("handoff_notice"), urgent=both("handoff_notice_urgent"))
