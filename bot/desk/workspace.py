"""What the parts of the workspace share: its keys, who may do what, how results are answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.desk import keys as desk_keys
from bot.desk.accounts import Account
from bot.desk.counts import Counts
from bot.desk.session import signed_in
from bot.gateway import keys
from bot.handoff.case import Case
from bot.handoff.service import HandoffService
from bot.handoff.store import Result
from bot.language import Supported

_MAX_BODY = 20_000
_STATUS = {"ok": 200, "same": 200, "taken": 409, "refused": 409, "gone": 404}


@dataclass(frozen=True)
class Held:
    """What is counted of a talk when it has ended; kept in memory while it lasts."""

    account_id: str
    network: str
    language: Supported
    risk: str
    topic: str
    trial: bool


@dataclass
class Memory:
    """What lasts as long as this gateway.

    `held`: talks that somebody has, by handoff id. `paused`: until when (Unix milliseconds) a pause
    lasts at least, by account; it ends when the person comes back, or signs in or out.
    """

    held: dict[str, Held] = field(default_factory=dict)
    paused: dict[str, int] = field(default_factory=dict)


COUNTS = web.AppKey("desk_counts", Counts)
MEMORY = web.AppKey("desk_memory", Memory)


def service_of(request: web.Request) -> HandoffService:
    """Return the gateway's handoff service."""
    return request.config_dict[keys.HANDOFF]


def claimer(request: web.Request, *, active: bool = True) -> Account:
    """Return the counsellor who is signed in and may read and take over talks.

    Raises:
        web.HTTPForbidden: this account works under another regime.
        web.HTTPSeeOther, web.HTTPUnauthorized: as `signed_in`.
    """
    account = signed_in(request, active=active)
    if not account.claims:
        raise web.HTTPForbidden(text='{"error":"regime"}', content_type="application/json")
    return account


async def body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that was sent.

    Raises:
        web.HTTPBadRequest: it isn't one, or it is too long.
    """
    if (request.content_length or 0) > _MAX_BODY:
        raise problem("too_long", 413)
    try:
        found = await request.json() if request.can_read_body else {}
    except ValueError:
        raise problem("not_valid", 400) from None
    if not isinstance(found, dict):
        raise problem("not_valid", 400)
    return found


def problem(code: str, status: int) -> web.HTTPException:
    """Return an error for the page's script, which has the sentence for it."""
    kind = {
        400: web.HTTPBadRequest,
        404: web.HTTPNotFound,
        409: web.HTTPConflict,
        503: web.HTTPServiceUnavailable,
    }.get(status, web.HTTPBadRequest)
    return kind(text=f'{{"error":"{code}"}}', content_type="application/json")


def answer(result: Result, **more: Any) -> web.Response:
    """Return what a change of a handoff has come to."""
    status = _STATUS[result.code]
    found = {"state": result.state.value, **more}
    return web.json_response(
        found if status == 200 else {"error": result.code, **found}, status=status
    )


def for_another(case: Case, alias: str, there: set[str]) -> bool:
    """Tell whether somebody was handed on to a colleague who is there and hasn't been long.

    Args:
        case: who waits.
        alias: of who looks.
        there: the aliases at the desk.
    """
    return bool(
        case.meant_for and case.meant_for != alias and case.meant_for in there and not case.alarm
    )


async def colleagues(
    request: web.Request, network: str, language: str, *, minor: bool = False
) -> list[Account]:
    """Return who is at the desk now and may take over a talk.

    Args:
        request: of the one who asks.
        network, language: of the talk.
        minor: whether a minor seems to write.
    """
    service = service_of(request)
    ids = await service.presence.at_desk([network], [language], service.store.now())
    accounts = request.config_dict[desk_keys.ACCOUNTS]
    found = [accounts.get(name) for name in sorted(ids)]
    return [a for a in found if a and a.claims and (a.minors or not minor)]
