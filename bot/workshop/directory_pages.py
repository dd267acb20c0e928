"""`/workshop`: the directory's lists, a service's form, "checked today", a new service."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from aiohttp import web

from bot.desk.forms import boxes, many, network_name
from bot.desk.page import language_of, page, part, say
from bot.desk.session import maintainer
from bot.directory.vocabulary import KINDS, NEEDS
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED, Supported
from bot.workshop import listing, services
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    before,
    field,
    found_right,
    hidden,
    saved_page,
    shelf_of,
    trouble,
)
from bot.workshop.listing import Row
from bot.workshop.saving import RefusedError
from bot.workshop.typed import Wanted

_LACKS = ("reported", "number", "doubt", "hours", "check", "recheck")
_TEXTS = ("name", "note", "hours")
_SOURCE = ("source_url", "source_seen", "source_date")
_ADDRESS = ("street", "postal_code", "locality")


def _today(request: web.Request) -> Any:
    return request.config_dict[gateway_keys.CLOCK]().date()


async def _rows(request: web.Request) -> list[Row]:
    try:
        reports = request.config_dict[gateway_keys.STATE].reports()
    except sqlite3.Error:
        reports = {}
    return await aside(lambda: listing.rows(shelf_of(request), _today(request), reports))


def _folder_name(request: web.Request, folder: str) -> str:
    language = language_of(request)
    if folder in ("national", "justice", "belgium"):
        return say(f"folder_{folder}", language)
    return network_name(request.config_dict[gateway_keys.DIRECTORY], folder, language)


async def home(request: web.Request) -> web.Response:
    """`GET /workshop/`: each folder with what it lacks."""
    maintainer(request)
    language, found = language_of(request), await _rows(request)
    folders = sorted({row.folder for row in found})
    lines = []
    for folder in folders:
        mine = [row for row in found if row.folder == folder]
        counts = Counter(lack for row in mine for lack in row.lacks)
        cells = "".join(f"<td>{counts[lack] or ''}</td>" for lack in _LACKS)
        name = escape(_folder_name(request, folder))
        lines.append(
            f'<tr><th scope=row><a href="/workshop/directory/{folder}">{name}</a></th>'
            f"<td>{len(mine)}</td>{cells}</tr>"
        )
    heads = "".join(f"<th scope=col>{escape(say(f'lacks_{x}', language))}</th>" for x in _LACKS)
    reported = [row for row in found if "reported" in row.lacks]
    return page(
        request,
        "workshop-home",
        {"heads": heads, "rows": "".join(lines), "reported": _list(reported, language)},
    )


def _list(found: Sequence[Row], language: Supported) -> str:
    items = []
    for row in found:
        marks = " · ".join(say(f"lacks_{lack}", language) for lack in row.lacks)
        number = row.record.get("phone") or ""
        where = ", ".join(row.communes)
        facts = " · ".join(part for part in (number, where) if part)
        items.append(
            f'<li><h3><a href="/workshop/service/{escape(row.id)}">'
            f"{escape(row.record['name'][language])}</a></h3>"
            f'<p>{escape(facts)}</p><p class="hint">{escape(marks)}</p></li>'
        )
    return f'<ul class="list">{"".join(items)}</ul>' if items else ""


async def folder(request: web.Request) -> web.Response:
    """`GET /workshop/directory/<folder>`: its services, and which commune lacks what."""
    maintainer(request)
    name, language = request.match_info["folder"], language_of(request)
    found = [row for row in await _rows(request) if row.folder == name]
    if not found:
        raise web.HTTPSeeOther("/workshop/")
    bare = (await aside(lambda: listing.bare_communes(shelf_of(request)))).get(name, {})
    missing = "".join(
        f"<li>{escape(commune)}: "
        f"{escape(', '.join(say(f'need_{need}', language) for need in needs))}</li>"
        for commune, needs in bare.items()
        if needs
    )
    is_network = name in request.config_dict[gateway_keys.DIRECTORY].networks
    return page(
        request,
        "workshop-folder",
        {
            "folder": escape(_folder_name(request, name)),
            "services": _list(sorted(found, key=lambda r: (-len(r.lacks), r.id)), language),
            "missing": f"<ul>{missing}</ul>" if missing else "",
            "without": "" if missing else " hidden",
            "new": f"/workshop/directory/{escape(name)}/new",
            "addable": "" if is_network else " hidden",
        },
    )


# --- a service's form
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
    for row in await _rows(request):
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
            "before": hidden(row.record),
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
                today=_today(request),
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
                today=_today(request),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return _service_page(request, await _row(request), None, error)
    if "reported" in row.lacks:
        request.config_dict[gateway_keys.STATE].clear_reports(row.id)
    return saved_page(request, [saved], f"/workshop/directory/{row.folder}", "then_directory")


# --- a new one
def _new_page(
    request: web.Request, form: Form | None = None, error: Exception | None = None
) -> web.Response:
    language, name = language_of(request), request.match_info["folder"]
    directory = request.config_dict[gateway_keys.DIRECTORY]
    network = directory.networks.get(name)
    if network is None:
        raise web.HTTPSeeOther("/workshop/")
    problem, status = trouble(request, error)
    communes = {
        commune.own_name: commune.name[language]
        for commune in directory.communes.values()
        if commune.network == name
    }
    ticked = {key: many(form, key) if form is not None else set() for key in
              ("communes", "needs", "languages")}  # fmt: skip
    kind = field(form, "kind")
    kinds = "".join(
        f'<option value="{k}"{" selected" if k == kind else ""}>'
        f"{escape(say(f'kind_{k}', language))}</option>"
        for k in KINDS
    )
    needs = {need: say(f"need_{need}", language) for need in NEEDS}
    spoken = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}
    return page(
        request,
        "workshop-new",
        {
            "fields": _fields(form, {}, language),
            "folder": escape(_folder_name(request, name)),
            "action": f"/workshop/directory/{escape(name)}/new",
            "wrong": problem,
            "kinds": kinds,
            "needs": boxes("needs", needs, ticked["needs"]),
            "spoken": boxes("languages", spoken, ticked["languages"]),
            "communes": boxes("communes", communes, ticked["communes"]),
        },
        status=status,
    )


async def new(request: web.Request) -> web.Response:
    """`GET /workshop/directory/<network>/new`: an empty form."""
    maintainer(request)
    return _new_page(request)


async def add(request: web.Request) -> web.Response:
    """`POST /workshop/directory/<network>/new`: one service more."""
    me, form, name = maintainer(request), await request.post(), request.match_info["folder"]
    if name not in request.config_dict[gateway_keys.DIRECTORY].networks:
        return _new_page(request, form, RefusedError("wrong_file", file=name[:80]))
    try:
        made, saved = await aside(
            lambda: services.add(
                shelf_of(request),
                name,
                _wanted(form),
                kind=field(form, "kind"),
                needs=[need for need in NEEDS if need in many(form, "needs")],
                languages=sorted(many(form, "languages")),
                communes=sorted(many(form, "communes")),
                who=me.alias,
                why=field(form, "why"),
                today=_today(request),
            )
        )
    except EXPECTED as error:
        return _new_page(request, form, error)
    return saved_page(request, [saved], f"/workshop/service/{made}", "then_directory")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/", home)
    app.router.add_get("/directory/{folder}", folder)
    app.router.add_get("/directory/{folder}/new", new)
    app.router.add_post("/directory/{folder}/new", add)
    app.router.add_get("/service/{id}", service)
    app.router.add_post("/service/{id}", save_service)
    app.router.add_post("/service/{id}/checked", checked)
