"""The supervisor's hours: each network's, the same for several at once, and "closed until"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from aiohttp import web

from bot.desk.checks import hours_from
from bot.desk.forms import boxes, many, network_name, text
from bot.desk.page import hidden_field, language_of, page, part, say
from bot.desk.session import notify, supervisor
from bot.desk.signin import wrong
from bot.directory.hours import problem
from bot.gateway import keys as gateway_keys
from bot.handoff.service import HandoffService

_LONGEST = 300


@dataclass(frozen=True)
class Sent:
    """A form as it was sent; `closed` is None in the form for several networks."""

    networks: frozenset[str]
    hours: str
    closed: str | None
    together: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with it: the sentence's key, and the field that it is about."""

    key: str
    field: str


def _service(request: web.Request) -> HandoffService:
    return request.config_dict[gateway_keys.HANDOFF]


async def show_hours(request: web.Request) -> web.Response:
    """`GET /desk/hours`: when each network's desk answers."""
    return _hours_page(request)


def _hours_page(
    request: web.Request, sent: Sent | None = None, trouble: Problem | None = None
) -> web.Response:
    supervisor(request)
    service = _service(request)
    networks = sorted(service.teams.networks, key=lambda name: name != service.network)
    forms = [_form(request, network, sent, trouble) for network in networks]
    slots = {
        "together": _together(request, networks, sent, trouble) if len(networks) > 1 else "",
        "forms": "".join(forms),
    }
    return page(request, "hours", slots, status=400 if trouble else 200)


def _together(
    request: web.Request,
    networks: Iterable[str],
    sent: Sent | None,
    trouble: Problem | None,
) -> str:
    """Return the form that gives several networks the same hours."""
    language, directory = language_of(request), request.config_dict[gateway_keys.DIRECTORY]
    mine = sent if sent and sent.together else None
    names = {name: network_name(directory, name, language) for name in networks}
    slots = {
        "form": hidden_field(request),
        "networks": boxes("network", names, mine.networks if mine else ()),
        "hours": escape(mine.hours if mine else ""),
        **_said(request, mine, trouble, "hours"),
    }
    return part("hours-together", language, slots)


def _form(request: web.Request, network: str, sent: Sent | None, trouble: Problem | None) -> str:
    """Return the form of one network, with what was typed when that can't be used."""
    language, service = language_of(request), _service(request)
    directory, state = (
        request.config_dict[gateway_keys.DIRECTORY],
        request.config_dict[gateway_keys.STATE],
    )
    mine = sent if sent and not sent.together and network in sent.networks else None
    teams = service.teams.current(network)
    hours = state.get(f"hours:{network}") or teams[0].hours
    closed = state.get(f"closed_until:{network}") or ""
    is_open = any(team.answers(request.config_dict[gateway_keys.CLOCK]()) for team in teams)
    source = say(f"hours_from_{hours_from(request, network) or 'nobody'}", language, hours=hours)
    now = say("hours_open_now" if is_open else "hours_closed_now", language)
    slots = {
        "form": hidden_field(request),
        "network": escape(network),
        "title": escape(network_name(directory, network, language)),
        "now": escape(f"{source} {now}"),
        "hours": escape(mine.hours if mine else hours),
        "closed": escape((mine.closed if mine else closed) or ""),
        **_said(request, mine, trouble, "hours"),
        **_said(request, mine, trouble, "closed"),
    }
    return part("hours-form", language, slots)


def _said(
    request: web.Request, mine: Sent | None, trouble: Problem | None, field: str
) -> dict[str, str]:
    """Return what is wrong with a field of a form, to stand beside it, and its mark."""
    if mine is None or trouble is None or trouble.field != field:
        return {f"wrong_{field}": "", f"invalid_{field}": ""}
    typed = mine.closed if field == "closed" else mine.hours
    said = wrong(request, trouble.key, typed=typed)
    return {f"wrong_{field}": said, f"invalid_{field}": ' aria-invalid="true" autofocus'}


async def set_hours(request: web.Request) -> web.Response:
    """`POST /desk/hours`: of one network or of several; counts for the next visitor."""
    supervisor(request)
    form, state = await request.post(), request.config_dict[gateway_keys.STATE]
    sent = Sent(
        networks=frozenset(many(form, "network")),
        hours=text(form, "hours", _LONGEST),
        closed=text(form, "closed") if "closed" in form else None,
        together="together" in form,
    )
    if not sent.networks <= set(_service(request).teams.networks):
        raise web.HTTPBadRequest(text="There is no such network.")
    if not sent.networks:
        return _hours_page(request, sent, Problem("wrong_no_network", "hours"))
    if not sent.hours or problem(sent.hours):
        return _hours_page(request, sent, Problem("wrong_hours", "hours"))
    try:
        until = date.fromisoformat(sent.closed) if sent.closed else None
    except ValueError:
        return _hours_page(request, sent, Problem("wrong_date", "closed"))
    for network in sent.networks:
        state.set(f"hours:{network}", sent.hours)
        # Hours for several networks leave the days on which each is closed as they are.
        if sent.closed is not None:
            state.set(f"closed_until:{network}", until.isoformat() if until else "")
    notify(request, "notice_saved", "/desk/hours")
    raise web.HTTPSeeOther("/desk/hours")


def add_routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/hours", show_hours)
    app.router.add_post("/hours", set_hours)
