"""The checklist of the first days: from facts, never from a "done" mark."""

from __future__ import annotations

from aiohttp import web

from bot.desk import keys
from bot.gateway import keys as gateway_keys
from bot.texts import read_yaml

_ENOUGH = 2


def checklist(request: web.Request) -> dict[str, bool]:
    """Return what must be so before visitors are offered a person, and whether it is."""
    accounts, service = (
        request.config_dict[keys.ACCOUNTS],
        request.config_dict[gateway_keys.HANDOFF],
    )
    able = [a for a in accounts.all() if a.claims and accounts.accepted(a.id)]
    return {
        "accounts": len(able) >= _ENOUGH,
        "hours": _hours_chosen(request, service.network),
        "sheet": accounts.sheet().complete,
        "trial": service.tested(service.network),
    }


def _hours_chosen(request: web.Request, network: str) -> bool:
    """Tell whether somebody has chosen the hours: at the desk, or in the network's team file."""
    path = request.config_dict[gateway_keys.DIRECTORY].path / network / "team.yml"
    chosen = request.config_dict[gateway_keys.STATE].get(f"hours:{network}")
    if chosen or not path.exists():
        return bool(chosen)
    return any(team.get("hours") for team in read_yaml(path)["teams"])
