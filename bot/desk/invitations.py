"""Links that wait to be used: who made them, for whom, since when; each can be withdrawn."""

from __future__ import annotations

from datetime import datetime
from html import escape

from aiohttp import web

from bot.desk import keys
from bot.desk.forms import network_name
from bot.desk.link_store import LINK_SECONDS
from bot.desk.model import Pending
from bot.desk.page import hidden_field, language_of, say
from bot.desk.session import notify, supervisor
from bot.gateway import keys as gateway_keys

_MOMENT = "%d/%m/%Y %H:%M"


def listed(request: web.Request) -> str:
    """Return the list's entries as markup, "" when no link waits."""
    return "".join(_entry(request, one) for one in request.config_dict[keys.ACCOUNTS].pending())


def _entry(request: web.Request, one: Pending) -> str:
    language, zone = language_of(request), request.config_dict[gateway_keys.CLOCK]().tzinfo
    directory = request.config_dict[gateway_keys.DIRECTORY]
    kept, title = one.profile, _title(request, one)
    # A new telephone's link changes nothing else about its account.
    facts = (
        []
        if one.kind == "secret"
        else [
            say(f"role_{kept.role}", language),
            say(f"regime_{kept.regime}", language),
            kept.organisation,
            ", ".join(network_name(directory, n, language) for n in kept.networks),
            " ".join(kept.languages).upper(),
        ]
    )
    made = say(
        "pending_made" if one.inviter else "pending_made_machine",
        language,
        who=one.inviter,
        day=datetime.fromtimestamp(one.made, zone).strftime(_MOMENT),
        until=datetime.fromtimestamp(one.made + LINK_SECONDS, zone).strftime(_MOMENT),
    )
    return (
        f"<li><h3>{escape(title)}</h3>"
        f"<p>{escape(' · '.join(fact for fact in facts if fact))}</p>"
        f'<p class="hint">{escape(made)}</p>'
        f'<form method="post" action="/desk/invitations/{one.id}/withdraw">'
        f'{hidden_field(request)}<button class="quiet">{escape(say("pending_withdraw", language))}'
        f'<span class="sr"> {escape(title)}</span></button></form></li>'
    )


def _title(request: web.Request, one: Pending) -> str:
    language = language_of(request)
    account = request.config_dict[keys.ACCOUNTS].get(one.account) if one.account else None
    if account:
        return say("pending_secret", language, alias=account.alias)
    if one.kind == "first":
        return say("pending_first", language)
    return one.note or say("pending_unnamed", language)


async def withdraw(request: web.Request) -> web.Response:
    """`POST /desk/invitations/<id>/withdraw`: the link is dead at once."""
    supervisor(request)
    gone = request.config_dict[keys.ACCOUNTS].withdraw(request.match_info["id"])
    notify(request, "notice_withdrawn" if gone else "notice_not_pending", "/desk/people")
    raise web.HTTPSeeOther("/desk/people")


def add_routes(app: web.Application) -> None:
    """Add the way to withdraw a link; the list stands on the page of people."""
    app.router.add_post("/invitations/{id:[0-9a-f]{64}}/withdraw", withdraw)
