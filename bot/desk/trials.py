"""Test handoffs: marked, claimed by a counsellor like any other; one a week, and an alarm if not.

Two facts in `State` tell everything: when the last one was started, and when one was claimed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import web
from redis.exceptions import RedisError

from bot.conversation.record import Records
from bot.gateway import keys
from bot.handoff.schedule import EXPIRES
from bot.handoff.service import HandoffService
from bot.language import SUPPORTED, Supported
from bot.privacy.seal import derive_keys, new_token
from bot.state import State

WEEK_MS = 7 * 24 * 3600 * 1000
# After this nobody can claim it any more (milliseconds).
GIVEN_UP = EXPIRES + 10_000
_PAUSE = 60.0
_log = logging.getLogger(__name__)


def started(state: State, network: str) -> int | None:
    """Return when the last test handoff was started (Unix milliseconds), None: never."""
    value = state.get(f"trial_started:{network}")
    return int(value) if value else None


def claimed(state: State, network: str) -> int | None:
    """Return when a test handoff was last claimed (Unix milliseconds), None: never."""
    value = state.get(f"trial_claimed:{network}")
    return int(value) if value else None


def waits(state: State, network: str, now: int) -> bool:
    """Tell whether a test handoff waits to be claimed now."""
    began = started(state, network)
    return began is not None and (claimed(state, network) or 0) < began > now - GIVEN_UP


def missed(state: State, network: str, now: int) -> bool:
    """Tell whether nobody claimed the last test handoff: the supervisor's alarm."""
    began = started(state, network)
    return began is not None and (claimed(state, network) or 0) < began <= now - GIVEN_UP


def due(service: HandoffService, state: State, moment: datetime, now: int) -> bool:
    """Tell whether the weekly test handoff is due: only while the team says that it answers."""
    network, began = service.network, started(state, service.network)
    # The first one is the supervisor's; before, nobody works here (or only in a tool).
    if began is None or now - began < WEEK_MS or claimed(state, network) is None:
        return False
    return any(service.teams.answers(network, language, moment) for language in SUPPORTED)


async def start(
    service: HandoffService, records: Records, state: State, language: Supported
) -> None:
    """Put a marked person into the queue: a conversation without words that dies like any other."""
    conversation = derive_keys(new_token())
    record = await records.create(conversation, language)
    case = await service.case(conversation.id)
    if case is None:
        return
    # Noted first: a claim that comes at once must count.
    state.set(f"trial_started:{service.network}", str(service.store.now()))
    await service.request(conversation, record, case, "nothing", trial=True)
    await records.save(conversation, record)


async def watching(app: web.Application) -> AsyncIterator[None]:
    """Start the weekly test handoff and say once when nobody claims it (`cleanup_ctx`)."""
    task = asyncio.create_task(_run(app))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _run(app: web.Application) -> None:
    service, state, told = app[keys.HANDOFF], app[keys.STATE], False
    while True:
        await asyncio.sleep(_PAUSE)
        with contextlib.suppress(RedisError, OSError):
            now = service.store.now()
            if due(service, state, app[keys.CLOCK](), now):
                await start(service, app[keys.RECORDS], state, _language(service, app))
            is_missed = missed(state, service.network, now)
            if is_missed and not told:
                _log.warning("nobody has claimed the test handoff of %s", service.network)
            told = is_missed


def _language(service: HandoffService, app: web.Application) -> Supported:
    """Return a language in which the team answers now."""
    moment = app[keys.CLOCK]()
    return next(
        (lang for lang in SUPPORTED if service.teams.answers(service.network, lang, moment)), "fr"
    )
