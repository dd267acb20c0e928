"""The citizens' application: the only process that the outside reaches."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot import door
from bot.conversation.mailbox import Bells
from bot.conversation.record import Record, Records
from bot.desk import app as desk
from bot.desk import keys as desk_keys
from bot.desk import trials
from bot.directory.doubts import Doubts
from bot.directory.load import load_directory
from bot.gateway import (
    about,
    api,
    handoff_api,
    keys,
    learning_api,
    pages,
    reports,
    resume_api,
    tools_api,
)
from bot.gateway.headers import security_headers
from bot.gateway.measured import METRICS, serving
from bot.gateway.notice import controller_notice
from bot.gateway.rasa import RasaClient
from bot.gateway.rate import Limiter
from bot.gateway.turns import Turns
from bot.handoff.wire import running
from bot.language import Supported
from bot.learning.sentences import Sentences
from bot.metrics import Metrics, middleware
from bot.privacy.redact import Redactor
from bot.redis_client import connect
from bot.settings import Settings
from bot.state import State
from bot.texts import DATA, texts
from bot.words import word_set
from bot.workshop import app as workshop

_BRUSSELS = ZoneInfo("Europe/Brussels")


def _now() -> datetime:
    return datetime.now(_BRUSSELS)


def build(settings: Settings, clock: Callable[[], datetime] = _now) -> web.Application:
    """Return the gateway.

    Args:
        settings: the configuration.
        clock: the moment in Belgium; tests give their own.

    Raises:
        TextsError, DirectoryError: a data file is broken (names file, line and cure).
    """
    metrics = Metrics() if settings.metrics_port else None
    app = web.Application(
        client_max_size=api.MAX_BODY, middlewares=[middleware(metrics)] if metrics else []
    )
    app.on_response_prepare.append(security_headers)
    app[keys.SETTINGS] = settings
    app[keys.TEXTS] = texts()
    app[keys.DIRECTORY] = load_directory(DATA / "directory", settings.mode)
    app[keys.DOUBTS] = Doubts(app[keys.DIRECTORY], settings.state_dir)
    app[keys.CLOCK] = clock
    app[keys.NOTICE] = controller_notice(settings, app[keys.TEXTS])
    app[keys.STATE] = State(settings.state_dir)
    app[keys.LIMITER] = Limiter(settings.rate_turns, settings.rate_new_conversations)
    app.cleanup_ctx.append(_resources)
    api.add_routes(app)
    handoff_api.add_routes(app)
    tools_api.add_routes(app)
    reports.add_routes(app)
    resume_api.add_routes(app)
    learning_api.add_routes(app)
    pages.add_routes(app)
    about.add_routes(app)
    staff = desk.build(settings)
    # The workshop has the desk's sign-in; it finds it here.
    app[desk_keys.ACCOUNTS] = staff[desk_keys.ACCOUNTS]
    app[desk_keys.SESSIONS] = staff[desk_keys.SESSIONS]
    app.add_subapp("/desk", staff)
    app.add_subapp("/workshop", workshop.build(app[keys.DIRECTORY], app[learning_api.INBOX]))
    app.cleanup_ctx.append(trials.watching)
    if metrics:
        app[METRICS] = metrics
        app.cleanup_ctx.append(serving)
    return app


async def _resources(app: web.Application) -> AsyncIterator[None]:
    """Open what needs a running loop, and close it at the end, in one place."""
    settings = app[keys.SETTINGS]
    redis = connect(settings.redis_url)
    session = aiohttp.ClientSession()
    records = Records(redis, settings.idle_seconds, settings.max_seconds)
    rasa = RasaClient(
        session, door.address(settings), settings.internal_token, settings.turn_timeout
    )
    redactor = Redactor(app[keys.DIRECTORY])
    bells = Bells(redis)

    def warm() -> None:
        # The patterns first: they see danger.
        handoff.assess("")
        redactor.warm()

    def redact(text: str, language: Supported, record: Record) -> str:
        return redactor.redact(text, language, known=record.names).text

    stack = contextlib.AsyncExitStack()
    handoff = await stack.enter_async_context(
        running(
            settings=settings,
            redis=redis,
            directory=app[keys.DIRECTORY],
            texts=app[keys.TEXTS],
            switches=app[keys.STATE],
            redact=redact,
            clock=app[keys.CLOCK],
        )
    )
    records.before_erase = handoff.left
    app[keys.HANDOFF] = handoff
    app[keys.REDIS], app[keys.RECORDS], app[keys.RASA] = redis, records, rasa
    app[keys.BELLS] = bells
    if settings.learning:
        app[learning_api.SENTENCES] = Sentences(handoff.assess, redact)
    app[keys.TURNS] = Turns(
        redis=redis,
        records=records,
        rasa=rasa,
        texts=app[keys.TEXTS],
        directory=app[keys.DIRECTORY],
        redact=redact,
        clock=app[keys.CLOCK],
        erase_words=word_set("erase"),
        notice=app[keys.NOTICE],
        debug=settings.debug_api,
        handoff=handoff,
        metrics=app.get(METRICS),
        sentences=app.get(learning_api.SENTENCES),
    )
    tasks = [
        asyncio.create_task(bells.run()),
        asyncio.create_task(reports.keep_fresh(app[keys.DOUBTS])),
        asyncio.create_task(learning_api.keep_short(app[learning_api.INBOX])),
        # This takes seconds: not before the numbers answer.
        asyncio.create_task(asyncio.to_thread(warm)),
    ]
    app[keys.REDACTOR_READY] = tasks[-1]
    yield
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
    await stack.aclose()
    await session.close()
    await redis.aclose()
    app[keys.STATE].close()
