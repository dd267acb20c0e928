"""`/workshop`: the form of a service, "checked today", and a new service."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from bot.desk.forms import boxes, many, options
from bot.desk.page import language_of, page, part, say
from bot.desk.session import maintainer
from bot.directory.vocabulary import KINDS, NEEDS
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED, Supported
from bot.workshop import listing, services
from bot.workshop.directory_pages import folder_name, rows_of
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    before,
    field,
    found_right,
    hidden,
    hidden_text,
    remembered,
    saved_page,
    shelf_of,
    today,
    trouble,
)
from bot.workshop.listing import Row
from bot.workshop.saving import snapshot
from bot.workshop.typed import Wanted

_TEXTS = ("name", "note", "hours")
_SOURCE = ("source_url", "source_seen", "source_date")
_ADDRESS = ("street", "postal_code", "locality")


def _fields(form: Form | None, record: Mapping[str, Any], language: Supported) -> str:
    """Return the fields, filled in from the form that was sent or from the record."""
    slots = {}
    for key in _TEXTS:
        for code in SUPPORTED:
            kept = (record.get(key) or {}).get(code, "")
            slots[f"{key}_{code}"] = escape(field(form, f"{key}_{code}", kept))
    for key in _ADDRESS:
        kept = (record.get("address") or {}).get(key, "")
        slots[key] = escape(field(form, key, kept))
    osm = (record.get("hours") or {}).get("osm", "")
    slots["hours_osm"] = escape(field(form, "hours_osm", osm))
    url = record.get("url", "")
    slots["url"] = escape(field(form, "url", url if isinstance(url, str) else ""))
    slots["phone"] = escape(field(form, "phone", record.get("phone", "")))
    for key in (*_SOURCE, "why"):
        slots[key] = escape(field(form, key))
    # Two pages, one a language, can't be changed in one field.
    slots["two_pages"] = "" if isinstance(url, str) else " disabled"
    return part("workshop-fields", language, slots)


def _wanted(form: Form) -> Wanted:
    def both(key: str) -> dict[str, str]:
        return {code: field(form, f"{key}_{code}").strip() for code in SUPPORTED}

    return Wanted(
        name=both("name"),
        note=both("note"),
        phone=field(form, "phone"),
        hours={**both("hours"), "osm": field(form, "hours_osm")},
        url=field(form, "url"),
        address={key: field(form, key) for key in _ADDRESS},
        **{key: field(form, key) for key in _SOURCE},
    )


async def _row(request: web.Request) -> Row:
    wanted = request.match_info["id"]
    for row in await rows_of(request):
        if row.id == wanted:
            return row
    raise web.HTTPSeeOther("/workshop/")


def _service_page(
    request: web.Request, row: Row, form: Form | None = None, error: Exception | None = None
) -> web.Response:
    language = language_of(request)
    problem, status = trouble(request, error)
    said = found_right(row.record.get("checked"), "checked_never", language)
    doubt = row.record.get("to_check") or {}
    doubts = "; ".join([*doubt.get("seen", ()), *filter(None, [doubt.get("why")])])
    sources = "".join(
        f"<li>{escape(s.get('page_date') or '?')} · {escape(s['seen'])}<br>"
        f'<span class="hint">{escape(s.get("url") or s.get("title") or "")}</span></li>'
        for s in row.record["sources"]
    )
    return page(
        request,
        "workshop-service",
        {
            "fields": _fields(form, row.record, language),
            "service": escape(row.record["name"][language]),
            "id": escape(row.id),
            "wrong": problem,
            "before": hidden_text(remembered(form, error, snapshot(row.record))),
            "before_check": hidden(row.record),
            "lacks": escape(" · ".join(say(f"lacks_{lack}", language) for lack in row.lacks)),
            "checked": escape(said),
            "doubts": escape(doubts),
            "sources": sources,
            "role": escape(field(form, "role")),
        },
        status=status,
    )


async def service(request: web.Request) -> web.Response:
    """`GET /workshop/service/<id>`: its form."""
    maintainer(request)
    return _service_page(request, await _row(request))


async def save_service(request: web.Request) -> web.Response:
    """`POST /workshop/service/<id>`: change it."""
    me, row, form = maintainer(request), await _row(request), await request.post()
    try:
        saved = await aside(
            lambda: services.change(
                shelf_of(request),
                row,
                _wanted(form),
                who=me.alias,
                why=field(form, "why"),
                today=today(request),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return _service_page(request, await _row(request), form, error)
    return saved_page(request, [saved], f"/workshop/service/{row.id}", "then_directory")


async def checked(request: web.Request) -> web.Response:
    """`POST /workshop/service/<id>/checked`: somebody rang today; reports on it end."""
    me, row, form = maintainer(request), await _row(request), await request.post()
    try:
        saved = await aside(
            lambda: services.mark_checked(
                shelf_of(request),
                row,
                role=field(form, "role"),
                who=me.alias,
                today=today(request),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return _service_page(request, await _row(request), None, error)
    if "reported" in row.lacks:
        request.config_dict[gateway_keys.STATE].clear_reports(row.id)
    return saved_page(request, [saved], f"/workshop/directory/{row.folder}", "then_directory")


# --- a new one
def _chosen(request: web.Request, form: Form | None) -> dict[str, set[str]]:
    """Return what is ticked: of the form, or what the commune's page asked for in the address."""
    if form is not None:
        return {key: many(form, key) for key in ("communes", "needs", "languages")}
    query = request.query
    return {
        "communes": set(query.getall("commune", [])),
        "needs": set(query.getall("need", [])),
        "languages": set(),
    }


async def _new_page(
    request: web.Request, form: Form | None = None, error: Exception | None = None
) -> web.Response:
    language, name = language_of(request), request.match_info["folder"]
    # From the files: a commune that was just added isn't in the running directory yet.
    networks = await aside(lambda: listing.networks(shelf_of(request)))
    if name not in networks:
        raise web.HTTPSeeOther("/workshop/")
    problem, status = trouble(request, error)
    known = request.config_dict[gateway_keys.DIRECTORY]
    communes = {
        own: known.communes[nis].name[language] if nis in known.communes else own
        for nis, own in networks[name].items()
    }
    ticked = _chosen(request, form)
    kinds = {kind: say(f"kind_{kind}", language) for kind in KINDS}
    needs = {need: say(f"need_{need}", language) for need in NEEDS}
    spoken = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}
    return page(
        request,
        "workshop-new",
        {
            "fields": _fields(form, {}, language),
            "folder": escape(folder_name(request, name)),
            "action": f"/workshop/directory/{escape(name)}/new",
            "wrong": problem,
            "kinds": options(kinds, field(form, "kind", request.query.get("kind", ""))),
            "needs": boxes("needs", needs, ticked["needs"]),
            "spoken": boxes("languages", spoken, ticked["languages"]),
            "communes": boxes("communes", communes, ticked["communes"]),
        },
        status=status,
    )


async def new(request: web.Request) -> web.Response:
    """`GET /workshop/directory/<network>/new`: an empty form."""
    maintainer(request)
    return await _new_page(request)


async def add(request: web.Request) -> web.Response:
    """`POST /workshop/directory/<network>/new`: one service more."""
    me, form, name = maintainer(request), await request.post(), request.match_info["folder"]
    networks = await aside(lambda: listing.networks(shelf_of(request)))
    if name not in networks:
        raise web.HTTPSeeOther("/workshop/")
    communes = sorted(many(form, "communes"))
    try:
        made, saved = await aside(
            lambda: services.add(
                shelf_of(request),
                name,
                _wanted(form),
                kind=field(form, "kind"),
                needs=[need for need in NEEDS if need in many(form, "needs")],
                languages=sorted(many(form, "languages")),
                communes=communes,
                who=me.alias,
                why=field(form, "why"),
                today=today(request),
            )
        )
    except EXPECTED as error:
        return await _new_page(request, form, error)
    # One commune: on with its next service.
    nis = next((n for n, own in networks[name].items() if [own] == communes), None)
    back = f"/workshop/commune/{nis}" if nis else f"/workshop/service/{made}"
    return saved_page(request, [saved], back, "then_directory")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/directory/{folder}/new", new)
    app.router.add_post("/directory/{folder}/new", add)
    app.router.add_get("/service/{id}", service)
    app.router.add_post("/service/{id}", save_service)
    app.router.add_post("/service/{id}/checked", checked)
