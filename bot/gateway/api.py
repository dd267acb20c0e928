"""The visitor's interface, as the OpenAPI document says it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from bot.conversation import mailbox
from bot.conversation.lock import LockTimeoutError
from bot.gateway import keys, messages
from bot.gateway.contract import MAX_BODY, Problem, body, document
from bot.gateway.contract import conversation as _conversation
from bot.gateway.contract import gone as _gone
from bot.gateway.handoff_api import HandoffWatch
from bot.gateway.messages import Message, written
from bot.gateway.notice import before_the_question
from bot.gateway.rate import PROOF_HEADER, too_many, visitor_address
from bot.gateway.turns import UnknownChoiceError
from bot.gateway.warm import until_warm
from bot.language import SUPPORTED, Supported, detect
from bot.privacy.seal import SealError, derive_keys, new_token

__all__ = ["MAX_BODY", "add_routes"]
_HEARTBEAT_SECONDS = 20.0


def _handoff() -> dict[str, Any]:
    return {
        "state": "none",
        "position": None,
        "wait_seconds": None,
        "desk_open": False,
        "opens_at": None,
        "summary": None,
    }


def _is_off(app: web.Application) -> bool:
    return app[keys.STATE].assistant_off


async def start(request: web.Request) -> web.Response:
    """`POST /api/v1/conversations`."""
    app = request.app
    data = await body(request, "NewConversation")
    address = visitor_address(request, app[keys.SETTINGS].trusted_proxies)
    refused = app[keys.LIMITER].newcomer(address, request.headers.get(PROOF_HEADER))
    if refused:
        return too_many(refused)
    language: Supported = data.get("language") or "fr"
    token = new_token()
    conversation = derive_keys(token)
    first: list[Message]
    try:
        record = await app[keys.RECORDS].create(conversation, language)
        if _is_off(app):
            first = [app[keys.TURNS].off(language)]
        else:
            minutes = str(app[keys.SETTINGS].idle_minutes)
            words = written(app[keys.TEXTS], "utter_first_words", language, minutes=minutes)
            first = [before_the_question(words, app[keys.NOTICE](language))]
        record.offer([b["value"] for m in first for b in m["buttons"]])
        await app[keys.RECORDS].save(conversation, record)
    except (RedisError, OSError):
        card = app[keys.TURNS].failed(language)
        return web.json_response(
            {"error": "store_away", "detail": card["text"], "messages": [card]}, status=503
        )
    return web.json_response(
        {
            "token": token,
            "language": language,
            "expires_in": app[keys.SETTINGS].idle_seconds,
            "messages": first,
        },
        status=201,
    )


async def say(request: web.Request) -> web.Response:
    """`POST /api/v1/messages`."""
    app = request.app
    conversation = _conversation(request)
    data = await body(request, "Said")
    refused = app[keys.LIMITER].turn(conversation.id)
    if refused:
        return too_many(refused)
    await until_warm(app)
    try:
        reply = await app[keys.TURNS].handle(
            conversation, text=data.get("text"), choice=data.get("choice"), off=_is_off(app)
        )
    except UnknownChoiceError:
        raise Problem(400, "unknown_choice", "This button wasn't offered here.") from None
    except SealError:
        raise _gone() from None
    except (RedisError, OSError, LockTimeoutError):
        # The talk's language lies in Redis: the words tell it, or both stand there.
        spoken = detect(data.get("text") or "")
        shown = [lang for lang in SUPPORTED if lang == spoken] or list(SUPPORTED)
        return _reply([app[keys.TURNS].failed(lang) for lang in shown], shown[0])
    if reply is None:
        raise _gone()
    return _reply(
        reply.messages,
        reply.language,
        erased=reply.erased,
        handoff=reply.handoff,
        learning=reply.learning,
    )


def _reply(
    found: list[Message],
    language: str,
    *,
    erased: bool = False,
    handoff: dict[str, Any] | None = None,
    learning: dict[str, Any] | None = None,
) -> web.Response:
    answer = {"messages": found, "language": language, "handoff": handoff or _handoff()}
    if learning:
        answer["learning"] = learning
    return web.json_response({**answer, "erased": True} if erased else answer)


async def erase(request: web.Request) -> web.Response:
    """`DELETE /api/v1/conversations`."""
    conversation = _conversation(request)
    try:
        existed = await request.app[keys.RECORDS].erase(conversation)
    except (RedisError, OSError):
        raise Problem(503, "store_away", "Not erased yet; it dies by itself in time.") from None
    if not existed:
        raise _gone()
    return web.Response(status=204)


async def events(request: web.Request) -> web.StreamResponse:
    """`GET /api/v1/events`: what comes later, until the conversation or the connection ends."""
    app = request.app
    conversation = _conversation(request)
    records, redis = app[keys.RECORDS], app[keys.REDIS]
    if not await records.exists(conversation):
        raise _gone()
    after = request.headers.get("Last-Event-ID", "0").strip() or "0"
    if not re.fullmatch(r"[0-9]{1,19}(-[0-9]{1,19})?", after):
        after = "0"
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    watch = HandoffWatch(app[keys.HANDOFF], conversation)
    # Who closes the page isn't an error.
    left = contextlib.suppress(ConnectionResetError)
    with left, app[keys.BELLS].listen(conversation.id) as rung:
        while await records.exists(conversation):
            rung.clear()
            for line in await watch.news():
                await response.write(line)
            for entry, message in await mailbox.read(redis, conversation, after):
                after = entry
                text = json.dumps(message, ensure_ascii=False)
                await response.write(f"id: {entry}\nevent: message\ndata: {text}\n\n".encode())
            await watch.took(after)
            try:
                await asyncio.wait_for(rung.wait(), _HEARTBEAT_SECONDS)
            except asyncio.TimeoutError:
                await response.write(b": still here\n\n")
        await response.write(b"event: gone\ndata: {}\n\n")
    return response


async def lines(request: web.Request) -> web.Response:
    """`GET /api/v1/lines`."""
    app = request.app
    language = request.query.get("language", "fr")
    if language not in SUPPORTED:
        raise Problem(400, "not_valid", "language: fr or nl.")
    chosen: Supported = language
    found = messages.lines(app[keys.DIRECTORY], app[keys.TEXTS], chosen, app[keys.CLOCK]())
    return web.json_response({"language": chosen, **found})


async def openapi(request: web.Request) -> web.Response:
    """`GET /api/v1/openapi.json`."""
    return web.json_response(document())


async def healthz(request: web.Request) -> web.Response:
    """`GET /healthz`: this process answers."""
    return web.json_response({"status": "ok", "mode": request.app[keys.SETTINGS].mode})


async def readyz(request: web.Request) -> web.Response:
    """`GET /readyz`: everything that a talk needs answers."""
    app = request.app
    try:
        redis = bool(await app[keys.REDIS].ping())
    except (RedisError, OSError):
        redis = False
    parts = {
        "redis": redis,
        "rasa": await app[keys.RASA].ready(),
        "redaction": app[keys.REDACTOR_READY].done(),
    }
    ready = all(parts.values())
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


def add_routes(app: web.Application) -> None:
    """Add the interface to the gateway."""
    app.router.add_post("/api/v1/conversations", start)
    app.router.add_delete("/api/v1/conversations", erase)
    app.router.add_post("/api/v1/messages", say)
    app.router.add_get("/api/v1/events", events)
    app.router.add_get("/api/v1/lines", lines)
    app.router.add_get("/api/v1/openapi.json", openapi)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
