"""The visitor's way to a person: `GET` and `POST /api/v1/handoff`, and news on the open stream."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from bot import keyspace
from bot.conversation.lock import LockTimeoutError, hold
from bot.conversation.record import Record
from bot.gateway import keys
from bot.gateway.contract import Problem, body, conversation, gone
from bot.gateway.warm import until_warm
from bot.handoff.case import Case
from bot.handoff.service import HandoffService, NobodyThereError, TooManyError
from bot.handoff.states import State
from bot.privacy.seal import ConversationKeys, SealError

_TYPING_MS = 6_000


def _away() -> Problem:
    return Problem(503, "store_away", "Try again in a moment; GET /api/v1/lines has the numbers.")


async def _opened(request: web.Request) -> tuple[ConversationKeys, Record, Case]:
    """Return the conversation of a request, its record and its handoff; seal again if needed."""
    opener = conversation(request)
    handoff = request.app[keys.HANDOFF]
    try:
        record = await request.app[keys.RECORDS].load(opener)
        case = await handoff.case(opener.id)
    except SealError:
        raise gone() from None
    if record is None or case is None:
        raise gone()
    await handoff.seal_again(opener, case)
    return opener, record, case


async def look(request: web.Request) -> web.Response:
    """`GET /api/v1/handoff`."""
    try:
        _, record, case = await _opened(request)
        return web.json_response(await request.app[keys.HANDOFF].status(record, case))
    except (RedisError, OSError):
        raise _away() from None


async def act(request: web.Request) -> web.Response:
    """`POST /api/v1/handoff`."""
    data = await body(request, "HandoffAction")
    opener = conversation(request)
    if data["action"] == "typing":
        return await _typing(request, opener.id)
    refused = request.app[keys.LIMITER].turn(opener.id)
    if refused:
        raise Problem(429, "too_many", "Wait a little.", Retry_After=str(refused.retry_after))
    await until_warm(request.app)
    try:
        async with hold(request.app[keys.REDIS], keyspace.gate(opener.id)):
            opener, record, case = await _opened(request)
            status = 202
            handoff = request.app[keys.HANDOFF]
            more: dict[str, Any] = {}
            if data["action"] == "request":
                status, more = await _request(handoff, opener, record, case, data)
                await request.app[keys.RECORDS].save(opener, record)
            elif data["action"] == "withdraw":
                await handoff.withdraw(case, announce=True)
            elif not await handoff.give_address(opener, case, data["address"]):
                raise Problem(409, "not_asked", "Nobody has asked for an address.")
            after = await handoff.case(opener.id)
            if after is None:
                raise gone()
            return web.json_response({**more, **await handoff.status(record, after)}, status=status)
    except (RedisError, OSError, LockTimeoutError):
        raise _away() from None


async def _typing(request: web.Request, conversation_id: str) -> web.Response:
    """Show the counsellor that the visitor writes; nothing of what is written."""
    handoff = request.app[keys.HANDOFF]
    try:
        case = await handoff.case(conversation_id)
        if case is None:
            raise gone()
        await handoff.visitor_types(case)
    except (RedisError, OSError):
        raise _away() from None
    return web.Response(status=204)


async def _request(
    handoff: HandoffService,
    opener: ConversationKeys,
    record: Record,
    case: Case,
    data: dict[str, Any],
) -> tuple[int, dict[str, Any]]:
    asked = data.get("not_commune", "").strip()
    commune = handoff.voice.commune(asked) if asked else None
    if asked and commune is None:
        # Never left out in silence: the person counts on it.
        return 400, {"error": "unknown_commune", "detail": "Give its name, postal or NIS code."}
    shown = data.get("asking", record.askings)
    old = shown != record.askings or ("asking" in data and case.state is not State.ASKED)
    if old and not case.live:
        return 409, {"error": "old_consent", "detail": "Show the consent again, then ask."}
    # A yes by the page ends whatever the chat was asking for.
    record.expects = ""
    try:
        await handoff.request(
            opener,
            record,
            case,
            data["share"],
            summary=data.get("summary"),
            not_commune=commune.id if commune else "",
            announce=True,
        )
    except NobodyThereError:
        detail = "Nobody is there now; opens_at says when, if it is known."
        return 409, {"error": "nobody_there", "detail": detail}
    except TooManyError:
        return 429, {"error": "too_many", "detail": "Enough handoffs in one conversation."}
    return 202, {}


class HandoffWatch:
    """What an open stream tells of the handoff, beside the messages."""

    def __init__(self, handoff: HandoffService, opener: ConversationKeys) -> None:
        """Watch one conversation."""
        self._handoff, self._opener = handoff, opener
        self._told: dict[str, Any] = {}
        self._typed = 0
        self._case = Case(opener.id)

    async def news(self) -> list[bytes]:
        """Return what has changed as events; seal the words to gateways that came since."""
        case = await self._handoff.case(self._opener.id)
        if case is None:
            return []
        self._case = case
        await self._handoff.seal_again(self._opener, case)
        found = []
        now: dict[str, Any] = {"state": case.state.value, "position": None, "wait_seconds": None}
        if case.state is State.WAITING:
            now["position"], _ = await self._handoff.store.place(case)
            now["wait_seconds"] = await self._handoff.wait_seconds(case, now["position"])
        if now != self._told and (self._told or case.state is not State.NONE):
            found.append(_event("handoff", now))
        self._told = now
        fresh = self._handoff.store.now() - case.typing < _TYPING_MS
        if case.typing != self._typed and fresh and case.state is State.ACTIVE:
            found.append(_event("typing", {}))
        self._typed = case.typing
        return found

    async def took(self, entry: str) -> None:
        """Let the counsellor know that the page has taken the messages up to `entry`."""
        await self._handoff.took(self._case, entry)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def add_routes(app: web.Application) -> None:
    """Add the visitor's part of the handoff."""
    app.router.add_get("/api/v1/handoff", look)
    app.router.add_post("/api/v1/handoff", act)
