"""For teams' own tools: signed events that come in, and reading what was passed on."""

from __future__ import annotations

import hmac
import re
import time
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from bot.gateway import keys
from bot.gateway.contract import Problem, fitting
from bot.handoff.flood import Buckets
from bot.handoff.service import HandoffService
from bot.handoff.signing import Verifier

# A counsellor types fast; nobody types faster than this.
_ONE_HANDOFF = (30, 10.0)
_ALL_HANDOFFS = (2000, 400.0)
_WRONG_SIGNATURES = (30, 1.0)
_STATUS = {"ok": 202, "same": 202, "taken": 409, "refused": 409, "gone": 404}
_PROBLEMS = {
    "taken": ("claimed_by_another", "Another counsellor has this handoff."),
    "refused": ("not_now", "This can't be done in the handoff's present state."),
    "gone": ("unknown_handoff", "There is no such handoff (any more)."),
}
_NEEDS_ALIAS = frozenset({"claim", "message", "close", "return"})
_ENTRY = re.compile(r"\d{1,20}(-\d{1,20})?")


class Tools:
    """The two ways in, for tools that have a secret or a key."""

    def __init__(self, verifier: Verifier | None, api_key: str) -> None:
        """Take what tools must show; without it they are refused."""
        self._verifier, self._api_key = verifier, api_key
        self._one = Buckets(*_ONE_HANDOFF, clock=time.monotonic)
        self._all = Buckets(*_ALL_HANDOFFS, clock=time.monotonic)
        self._wrong = Buckets(*_WRONG_SIGNATURES, clock=time.monotonic)

    async def events(self, request: web.Request) -> web.Response:
        """`POST /api/v1/handoffs/events`."""
        handoff = request.app[keys.HANDOFF]
        try:
            raw = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise Problem(413, "too_long", "The body is too long.") from None
        message_id = self._verifier.message_id(request.headers, raw) if self._verifier else None
        if message_id is None:
            if not self._wrong.take(""):
                raise _flood()
            await handoff.ledger.later(lambda: handoff.ledger.count("webhooks_in_refused"))
            raise Problem(401, "wrong_signature", "Wrong or stale signature.")
        # Counted after the signature: strangers can't use up what the tools may send.
        if not self._all.take(""):
            raise _flood()
        event = fitting(raw, "IncomingEvent")
        data = event["data"]
        if not self._one.take(str(data.get("handoff_id", "presence"))):
            raise _flood()
        try:
            code = await handoff.store.receipt(message_id)
            if code is None:
                code = await _handle(handoff, event["type"], data, message_id)
                await handoff.store.keep_receipt(message_id, code)
        except (RedisError, OSError):
            raise Problem(503, "store_away", "Not taken; send it again.") from None
        if code in _PROBLEMS:
            raise Problem(_STATUS[code], *_PROBLEMS[code])
        return web.json_response({"accepted": True}, status=202)

    async def fetch(self, request: web.Request) -> web.Response:
        """`GET /api/v1/handoffs/{handoff_id}`."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(errors="replace"), self._api_key.encode())
        if not self._api_key or scheme.lower() != "bearer" or not right:
            raise Problem(401, "wrong_key", "Send the key as Authorization: Bearer …")
        after = request.query.get("after", "")
        if after and not _ENTRY.fullmatch(after):
            raise Problem(400, "not_valid", "after: the id of a word.")
        try:
            found = await request.app[keys.HANDOFF].fetch(request.match_info["handoff_id"], after)
        except (RedisError, OSError):
            raise Problem(503, "store_away", "Try again in a moment.") from None
        if found is None:
            raise Problem(404, *_PROBLEMS["gone"])
        return web.json_response(found)


async def _handle(handoff: HandoffService, kind: str, data: dict[str, Any], receipt: str) -> str:
    """Do what a genuine event asks for; return the code of what became of it."""
    if kind == "presence":
        known = handoff.teams.networks
        network = data.get("network")
        if network is not None and network not in known:
            return "gone"
        await handoff.tool_present(data["counsellors"], data["languages"], network)
        return "ok"
    name, alias = data["handoff_id"], data.get("alias", "").strip()
    if kind in _NEEDS_ALIAS and not alias:
        raise Problem(400, "not_valid", "data/alias: the claimer's name is needed.")
    if kind == "claim":
        result = await handoff.claim_by_tool(name, alias, receipt=receipt)
    elif kind == "message":
        text = data.get("text", "").strip()
        if not text:
            raise Problem(400, "not_valid", "data/text: a message needs one.")
        result = await handoff.counsellor_said(name, alias, text, receipt=receipt)
    elif kind == "typing":
        result = await handoff.typing(name, alias)
    elif kind == "close":
        result = await handoff.close(name, alias, receipt=receipt)
    else:
        result = await handoff.give_back(name, alias, receipt=receipt)
    return result.code


def _flood() -> Problem:
    return Problem(429, "too_many", "Too many events; wait a little.", Retry_After="2")


def add_routes(app: web.Application) -> None:
    """Add the tools' part of the handoff."""
    settings = app[keys.SETTINGS]
    secret = settings.handoff_inbound_secret
    tools = Tools(Verifier.of(secret) if secret else None, settings.handoff_api_key)
    app.router.add_post("/api/v1/handoffs/events", tools.events)
    app.router.add_get("/api/v1/handoffs/{handoff_id}", tools.fetch)
