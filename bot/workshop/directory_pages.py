"""`/workshop`: the directory's lists, by folder and by what is missing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from html import escape

from aiohttp import web

from bot.desk.forms import network_name
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.gateway import keys as gateway_keys
from bot.language import Supported
from bot.workshop import listing
from bot.workshop.forms import aside, shelf_of, today
from bot.workshop.listing import Row

_LACKS = ("reported", "number", "doubt", "hours", "check", "recheck")


async def rows_of(request: web.Request) -> list[Row]:
    """Return all records, with what they lack and what visitors found wrong."""
    try:
        reports = request.config_dict[gateway_keys.STATE].reports()
    except sqlite3.Error:
        reports = {}
    return await aside(lambda: listing.rows(shelf_of(request), today(request), reports))


def folder_name(request: web.Request, folder: str) -> str:
    """Return what a folder of the directory is called."""
    language = language_of(request)
    if folder in ("national", "justice", "belgium"):
        return say(f"folder_{folder}", language)
    return network_name(request.config_dict[gateway_keys.DIRECTORY], folder, language)


async def home(request: web.Request) -> web.Response:
    """`GET /workshop/`: each folder with what it lacks."""
    maintainer(request)
    language, found = language_of(request), await rows_of(request)
    folders = sorted({row.folder for row in found})
    lines = []
    for folder in folders:
        mine = [row for row in found if row.folder == folder]
        counts = Counter(lack for row in mine for lack in row.lacks)
        cells = "".join(f"<td>{counts[lack] or ''}</td>" for lack in _LACKS)
        name = escape(folder_name(request, folder))
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
    found = [row for row in await rows_of(request) if row.folder == name]
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
            "folder": escape(folder_name(request, name)),
            "services": _list(sorted(found, key=lambda r: (-len(r.lacks), r.id)), language),
            "missing": f"<ul>{missing}</ul>" if missing else "",
            "without": "" if missing else " hidden",
            "new": f"/workshop/directory/{escape(name)}/new",
            "addable": "" if is_network else " hidden",
        },
    )


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/", home)
    app.router.add_get("/directory/{folder}", folder)
