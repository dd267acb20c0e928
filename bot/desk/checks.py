"""The checklist of the first days: from facts, never from a "done" mark."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from bot.desk import keys
from bot.desk.accounts import Account
from bot.gateway import keys as gateway_keys
from bot.texts import read_yaml

_ENOUGH = 2


def able(request: web.Request) -> list[Account]:
    """Return who could take a person of this site's network: bound to secrecy, text accepted."""
    accounts = request.config_dict[keys.ACCOUNTS]
    network = request.config_dict[gateway_keys.HANDOFF].network
    return [
        one
        for one in accounts.all()
        if one.claims and network in one.networks and accounts.accepted(one.id)
    ]


def checklist(request: web.Request) -> dict[str, bool]:
    """Return what must be so before visitors are offered a person, and whether it is."""
    service = request.config_dict[gateway_keys.HANDOFF]
    return {
        "accounts": len(able(request)) >= _ENOUGH,
        "hours": hours_from(request, service.network) is not None,
        "sheet": request.config_dict[keys.ACCOUNTS].sheet().complete,
        "trial": service.tested(service.network),
    }


def hours_from(request: web.Request, network: str) -> Literal["desk", "file"] | None:
    """Return who has chosen a network's hours: the desk, its team file; None: nobody yet."""
    if request.config_dict[gateway_keys.STATE].get(f"hours:{network}"):
        return "desk"
    path = request.config_dict[gateway_keys.DIRECTORY].path / network / "team.yml"
    if path.exists() and any(team.get("hours") for team in read_yaml(path)["teams"]):
        return "file"
    return None
