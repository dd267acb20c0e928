"""What the gateway's parts share, typed (`web.AppKey`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from redis.asyncio import Redis

from bot.conversation.mailbox import Bells
from bot.conversation.record import Records
from bot.directory.doubts import Doubts
from bot.directory.model import Directory
from bot.gateway.notice import Notice
from bot.gateway.rasa import RasaClient
from bot.gateway.rate import Limiter
from bot.gateway.turns import Turns
from bot.handoff.service import HandoffService
from bot.settings import Settings
from bot.state import State
from bot.texts import Texts

SETTINGS = web.AppKey("settings", Settings)
TEXTS = web.AppKey("texts", Texts)
DIRECTORY = web.AppKey("directory", Directory)
DOUBTS = web.AppKey("doubts", Doubts)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock", Callable[[], datetime])  # type: ignore[arg-type]
NOTICE: web.AppKey[Notice] = web.AppKey("notice", Callable[[str], str])  # type: ignore[arg-type]
STATE = web.AppKey("state", State)
REDIS = web.AppKey("redis", Redis)
RECORDS = web.AppKey("records", Records)
RASA = web.AppKey("rasa", RasaClient)
TURNS = web.AppKey("turns", Turns)
LIMITER = web.AppKey("limiter", Limiter)
HANDOFF = web.AppKey("handoff", HandoffService)
BELLS = web.AppKey("bells", Bells)
REDACTOR_READY: web.AppKey[asyncio.Task[None]] = web.AppKey("redactor_ready", asyncio.Task)
