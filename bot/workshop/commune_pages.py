"""`/workshop/commune`: a commune joins a network, then its services one by one."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from aiohttp import web

from bot.desk.forms import options
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.directory.model import Commune
from bot.gateway import keys as gateway_keys
from bot.workshop import communes, listing
from bot.workshop.communes import Joining
from bot.workshop.directory_pages import folder_name, rows_of
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    before,
    field,
    hidden_text,
    remembered,
    saved_page,
    shelf_of,
    today,
    trouble,
)
from bot.workshop.listing import CLOSE_BY
from bot.workshop.saving import snapshot

# What is asked of a commune, and the sort of service with which its form begins.
_FIRST = {"police": "police", "social": "social_service", "victim_support": "victim_support"}
_TYPED = ("also", "zone", "zone_number", "source_url", "source_seen", "source_date", "why")


async def find(request: web.Request) -> web.Response:
    """`GET /workshop/commune`: which commune? Its name, postal code or NIS code."""
    maintainer(request)
    asked, language = request.query.get("asked", "")[:80], language_of(request)
    directory = request.config_dict[gateway_keys.DIRECTORY]
    found = communes.suggest(directory, asked) if asked.strip() else []
    items = "".join(
        f'<li><h3><a href="/workshop/commune/{one.id}">{escape(_both(one))}</a></h3>'
        f"<p>NIS {one.id} · {escape(', '.join(one.postal_codes))}</p></li>"
        for one in found
    )
    nothing = escape(say("commune_unknown", language)) if asked.strip() and not found else ""
    shown = f'<ul class="list">{items}</ul>' if items else f"<p>{nothing}</p>"
    return page(request, "workshop-commune-find", {"asked": escape(asked), "found": shown})


def _both(commune: Commune) -> str:
    return " / ".join(dict.fromkeys([commune.name["fr"], commune.name["nl"]]))


def _of(request: web.Request) -> Commune:
    known = request.config_dict[gateway_keys.DIRECTORY].communes.get(request.match_info["nis"])
    if known is None:
        raise web.HTTPSeeOther("/workshop/commune")
    found: Commune = known
    return found


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/commune/<nis>`: the form; once it is in a network, what it still needs."""
    maintainer(request)
    commune = _of(request)
    networks = await aside(lambda: listing.networks(shelf_of(request)))
    home = next((name for name, members in networks.items() if commune.id in members), None)
    return await (_form(request, commune) if home is None else _services(request, commune, home))


async def _services(request: web.Request, commune: Commune, network: str) -> web.Response:
    language = language_of(request)
    rows = await rows_of(request)
    own = [row for row in rows if commune.own_name in row.communes]
    bare = (await aside(lambda: listing.bare_communes(shelf_of(request))))[network]
    lacking = bare[commune.own_name]
    new = f"/workshop/directory/{escape(network)}/new?commune={quote(commune.own_name)}"
    steps = []
    for need in CLOSE_BY:
        kind = "todo" if need in lacking else "done"
        label = escape(say(f"need_{need}", language))
        first = f"{new}&amp;need={need}&amp;kind={_FIRST[need]}"
        link = f' <a href="{first}">{escape(say("folder_new", language))}</a>'
        steps.append(f'<li class="{kind}">{label}{link if need in lacking else ""}</li>')
    items = "".join(
        f'<li><h3><a href="/workshop/service/{escape(row.id)}">'
        f"{escape(row.record['name'][language])}</a></h3>"
        f"<p>{escape(row.record.get('phone') or '')}</p></li>"
        for row in own
    )
    return page(
        request,
        "workshop-commune-services",
        {
            "commune": escape(commune.name[language]),
            "network": escape(folder_name(request, network)),
            "steps": f"<ul>{''.join(steps)}</ul>",
            "services": f'<ul class="list">{items}</ul>' if items else "",
            "other": new,
            "back": f"/workshop/directory/{escape(network)}",
        },
    )


async def _form(
    request: web.Request,
    commune: Commune,
    form: Form | None = None,
    error: Exception | None = None,
) -> web.Response:
    shelf = shelf_of(request)
    problem, status = trouble(request, error)
    networks = await aside(lambda: listing.networks(shelf))
    villages = await aside(lambda: communes.villages_of(shelf, commune))
    chosen = field(form, "network", request.query.get("network", ""))
    names = {name: folder_name(request, name) for name in networks}
    slots = {key: escape(field(form, key)) for key in _TYPED}
    return page(
        request,
        "workshop-commune",
        {
            **slots,
            "commune": escape(_both(commune)),
            "nis": commune.id,
            "codes": escape(", ".join(commune.postal_codes)),
            "networks": options(names, chosen),
            "villages": escape(field(form, "villages", "\n".join(villages))),
            "wrong": problem,
            "before": hidden_text(remembered(form, error, snapshot(networks))),
        },
        status=status,
    )


async def add(request: web.Request) -> web.Response:
    """`POST /workshop/commune/<nis>`: into a network."""
    me, commune, form = maintainer(request), _of(request), await request.post()
    wanted = Joining(
        network=field(form, "network"),
        nis=commune.id,
        villages=field(form, "villages"),
        **{key: field(form, key) for key in _TYPED if key != "why"},
    )
    try:
        saved = await aside(
            lambda: communes.add(
                shelf_of(request),
                request.config_dict[gateway_keys.DIRECTORY],
                wanted,
                who=me.alias,
                why=field(form, "why"),
                today=today(request),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return await _form(request, commune, form, error)
    return saved_page(request, [saved], f"/workshop/commune/{commune.id}", "then_commune")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/commune", find)
    app.router.add_get("/commune/{nis}", show)
    app.router.add_post("/commune/{nis}", add)
