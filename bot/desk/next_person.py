"""Who waits for a counsellor, and what may be known of them before a claim."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.desk.accounts import Account
from bot.desk.forms import short_name
from bot.desk.page import language_of
from bot.desk.session import signed_in
from bot.desk.workspace import MEMORY, colleagues, for_another, service_of
from bot.gateway import keys
from bot.handoff.case import URGENT
from bot.handoff.service import Waiting


async def waiting_for(
    request: web.Request, account: Account
) -> tuple[list[Waiting], list[Waiting]]:
    """Return all who wait for this account's networks and languages, and whom they may take.

    Whoever was handed on to a colleague who is there is left to that colleague for a while.
    """
    waiting = await service_of(request).queue(
        account.networks,
        account.languages,
        minors=account.minors,
        commune=account.commune,
        who=account.id,
    )
    return waiting, [one for one in waiting if not await _for_another(request, account, one)]


async def _for_another(request: web.Request, account: Account, one: Waiting) -> bool:
    if not one.meant_for:
        return False
    case = await service_of(request).store.find(one.handoff_id)
    there = {a.alias for a in await colleagues(request, one.network, one.language)}
    return case is not None and for_another(case, account.alias, there)


def row(request: web.Request, account: Account, one: Waiting) -> dict[str, Any]:
    """Return what may be known before a claim: risk, language, topic, network."""
    return {
        "id": one.handoff_id,
        "risk": one.risk,
        "language": one.language,
        "topic": topic_label(request, one.topic),
        "network": network_label(request, one.network),
        "trial": one.trial,
        "long": one.alarm > 0,
        "for_you": one.meant_for == account.alias,
    }


def topic_label(request: web.Request, intent: str | None) -> str:
    """Return a topic in the reader's language, "" when none is known."""
    labels = request.config_dict[keys.TEXTS].labels.get(intent or "", {})
    return str(labels.get(language_of(request), ""))


def network_label(request: web.Request, network: str) -> str:
    """Return a network's name, short enough for a line of facts."""
    return short_name(request.config_dict[keys.DIRECTORY], network, language_of(request))


async def waits(request: web.Request) -> web.Response:
    """`GET /desk/api/waiting?active=`: whether somebody real waits, for who practises."""
    account = signed_in(request, active=request.query.get("active") == "1")
    mine: list[Waiting] = []
    if account.claims and account.id not in request.config_dict[MEMORY].paused:
        _, mine = await waiting_for(request, account)
    urgent = any(one.risk in URGENT for one in mine)
    return web.json_response({"waits": bool(mine), "urgent": urgent})


def add_routes(app: web.Application) -> None:
    """Add the call."""
    app.router.add_get("/api/waiting", waits)
