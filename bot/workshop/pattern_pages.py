"""`/workshop/patterns`: what means danger, readable, with a form that runs the examples."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from bot.desk.forms import boxes, many, options
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.language import SUPPORTED, Supported
from bot.workshop import patterns
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
    trouble,
)
from bot.workshop.patterns import RISKS, TIMES, Typed
from bot.workshop.saving import RefusedError, snapshot


def _language(request: web.Request) -> Supported:
    for code in SUPPORTED:
        if request.match_info["language"] == code:
            return code
    raise web.HTTPSeeOther("/workshop/patterns")


def _list(lines: Any) -> str:
    return "".join(f"<li>{escape(str(line))}</li>" for line in lines)


async def show_all(request: web.Request) -> web.Response:
    """`GET /workshop/patterns`: all of both languages, the worst danger first."""
    maintainer(request)
    reader, shelf = language_of(request), shelf_of(request)
    parts = []
    for code, name in zip(SUPPORTED, ("french", "dutch"), strict=True):
        content = await aside(lambda code=code: patterns.load(shelf, code))  # type: ignore[misc]
        parts.append(
            f"<h2>{escape(say(name, reader))}</h2>"
            f'<p><a class="button quiet" href="/workshop/patterns/{code}/new">'
            f"{escape(say('pattern_new', reader))}</a></p>"
        )
        for risk in reversed(RISKS):
            mine = [entry for entry in content["patterns"] if entry["risk"] == risk]
            items = "".join(
                f'<li><h3><a href="/workshop/patterns/{code}/{escape(str(entry["id"]))}">'
                f"{escape(str(entry['id']).replace('_', ' '))}</a></h3>"
                f'<p lang="{code}">{escape(str(entry["fires"][0]))}</p></li>'
                for entry in mine
            )
            title = f"{say(f'risk_{risk}', reader)} ({len(mine)})"
            parts.append(
                f"<details><summary>{escape(title)}</summary>"
                f'<ul class="list">{items}</ul></details>'
            )
        parts.append(_guards(content, code, reader))
    return page(request, "workshop-patterns", {"parts": "".join(parts)}, assets=["workshop.css"])


def _guards(content: Mapping[str, Any], code: Supported, reader: Supported) -> str:
    """Return what looks like danger and isn't: to read, not to change here."""
    items = "".join(
        f"<li><h3>{escape(str(guard['id']).replace('_', ' '))}</h3>"
        f'<ul lang="{code}">{_list(guard["fires"])}</ul></li>'
        for guard in content["guards"]
    )
    title = f"{say('pattern_guards', reader)} ({len(content['guards'])})"
    return f"<details><summary>{escape(title)}</summary><ul class=list>{items}</ul></details>"


async def _page(
    request: web.Request,
    code: Supported,
    entry: Mapping[str, Any] | None,
    form: Form | None = None,
    error: Exception | None = None,
) -> web.Response:
    reader = language_of(request)
    problem, status = trouble(request, error)
    kept: Mapping[str, Any] = entry or {}
    content = await aside(lambda: patterns.load(shelf_of(request), code))
    risk = field(form, "risk", str(kept.get("risk", "")))
    risks: dict[str, str] = {one: say(f"risk_{one}", reader) for one in reversed(RISKS)}
    fades = many(form, "fades") if form is not None else set(kept.get("fades") or ())
    times = {time: say(f"pattern_fades_{time}", reader) for time in TIMES}
    texts = {
        key: escape(field(form, key, "\n".join(map(str, kept.get(key) or ()))))
        for key in ("phrases", "fires", "not")
    }
    name = str(kept["id"]) if entry else field(form, "id")
    lists = "".join(
        f"<dt>&lt;{escape(str(one))}&gt;</dt><dd>{escape(', '.join(map(str, words)))}</dd>"
        for one, words in content["lists"].items()
    )
    now = snapshot(dict(entry) if entry else None)
    return page(
        request,
        "workshop-pattern",
        {
            "phrases": texts["phrases"],
            "fires": texts["fires"],
            "spares": texts["not"],
            "action": f"/workshop/patterns/{code}/{escape(name) if entry else 'new'}",
            "title": escape(name.replace("_", " ") if entry else say("pattern_new", reader)),
            "code": code,
            "id": escape(name),
            "fixed": " readonly" if entry else "",
            "risks": options(risks, risk),
            "fades": boxes("fades", times, fades),
            "why": escape(field(form, "why")),
            "wrong": problem,
            "before": hidden_text(remembered(form, error, now)),
            "lists": f"<dl lang={code}>{lists}</dl>",
        },
        assets=["workshop.css"],
        status=status,
    )


async def _entry(request: web.Request, code: Supported) -> Mapping[str, Any]:
    try:
        content = await aside(lambda: patterns.load(shelf_of(request), code))
        return patterns.find(content, request.match_info["id"])
    except RefusedError:
        raise web.HTTPSeeOther("/workshop/patterns") from None


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/patterns/<language>/<id>`: its form."""
    maintainer(request)
    code = _language(request)
    return await _page(request, code, await _entry(request, code))


async def show_new(request: web.Request) -> web.Response:
    """`GET /workshop/patterns/<language>/new`: an empty form."""
    maintainer(request)
    return await _page(request, _language(request), None)


def _typed(form: Form, name: str) -> Typed:
    return Typed(
        id=name,
        risk=field(form, "risk"),
        phrases=field(form, "phrases"),
        fires=field(form, "fires"),
        spares=field(form, "not"),
        fades=tuple(many(form, "fades")),
    )


async def save(request: web.Request) -> web.Response:
    """`POST /workshop/patterns/<language>/<id>`: change it, when all examples hold."""
    me, code, form = maintainer(request), _language(request), await request.post()
    entry = await _entry(request, code)
    return await _saved(request, me.alias, code, form, entry)


async def add(request: web.Request) -> web.Response:
    """`POST /workshop/patterns/<language>/new`: one more, when all examples hold."""
    me, code, form = maintainer(request), _language(request), await request.post()
    return await _saved(request, me.alias, code, form, None)


async def _saved(
    request: web.Request, who: str, code: Supported, form: Form, entry: Mapping[str, Any] | None
) -> web.Response:
    name = str(entry["id"]) if entry else field(form, "id")
    try:
        saved = await aside(
            lambda: patterns.change(
                shelf_of(request),
                code,
                _typed(form, name),
                new=entry is None,
                who=who,
                why=field(form, "why"),
                before=before(form),
            )
        )
    except EXPECTED as error:
        now = await _entry(request, code) if entry else None
        return await _page(request, code, now, form, error)
    return saved_page(request, [saved], f"/workshop/patterns/{code}/{name}", "then_pattern")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/patterns", show_all)
    app.router.add_get("/patterns/{language}/new", show_new)
    app.router.add_post("/patterns/{language}/new", add)
    app.router.add_get("/patterns/{language}/{id}", show)
    app.router.add_post("/patterns/{language}/{id}", save)
