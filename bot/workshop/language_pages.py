"""`/workshop/intents`: the examples of both languages side by side."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.language import SUPPORTED
from bot.workshop import intents, keys
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    field,
    saved_page,
    shelf_of,
    trouble,
)
from bot.workshop.intents import Intent


async def show_intents(request: web.Request) -> web.Response:
    """`GET /workshop/intents`: how many examples each has, and where a language is behind."""
    maintainer(request)
    language = language_of(request)
    found = await aside(lambda: intents.load(shelf_of(request)))
    rows = []
    for one in found.values():
        counts = {code: len(one.examples.get(code, ())) for code in SUPPORTED}
        mark = say("intent_behind", language, code=one.behind.upper()) if one.behind else ""
        rows.append(
            f'<tr><th scope=row><a href="/workshop/intents/{escape(one.name)}">'
            f'{escape(one.label[language])}</a> <span class="hint">{escape(one.name)}</span></th>'
            f"<td>{counts['fr']}</td><td>{counts['nl']}</td><td>{escape(mark)}</td></tr>"
        )
    total: dict[str, str] = {
        code: str(sum(len(i.examples.get(code, ())) for i in found.values())) for code in SUPPORTED
    }
    return page(request, "workshop-intents", {"rows": "".join(rows), **total})


async def _intent(request: web.Request) -> Intent:
    found = await aside(lambda: intents.load(shelf_of(request)))
    name = request.match_info["name"]
    if name not in found:
        raise web.HTTPSeeOther("/workshop/intents")
    return found[name]


def _intent_page(
    request: web.Request, one: Intent, form: Form | None = None, error: Exception | None = None
) -> web.Response:
    problem, status = trouble(request, error)
    slots = {
        f"known_{code}": "".join(f"<li>{escape(x)}</li>" for x in one.examples.get(code, ()))
        for code in SUPPORTED
    }
    slots |= {f"count_{code}": str(len(one.examples.get(code, ()))) for code in SUPPORTED}
    slots |= {f"new_{code}": escape(field(form, f"new_{code}")) for code in SUPPORTED}
    return page(
        request,
        "workshop-intent",
        {
            **slots,
            "label": escape(one.label[language_of(request)]),
            "name": escape(one.name),
            "wrong": problem,
            "why": escape(field(form, "why")),
        },
        status=status,
    )


async def show_intent(request: web.Request) -> web.Response:
    """`GET /workshop/intents/<name>`: its examples in both languages."""
    maintainer(request)
    return _intent_page(request, await _intent(request))


async def add_examples(request: web.Request) -> web.Response:
    """`POST /workshop/intents/<name>`: more sentences, all or none."""
    me, one, form = maintainer(request), await _intent(request), await request.post()
    redacting = request.config_dict[keys.REDACTING]
    try:
        saved = await aside(
            lambda: intents.add(
                shelf_of(request),
                one.name,
                {code: intents.lines_of(field(form, f"new_{code}")) for code in SUPPORTED},
                redact=redacting,
                who=me.alias,
                why=field(form, "why"),
            )
        )
    except EXPECTED as error:
        return _intent_page(request, one, form, error)
    return saved_page(request, saved, f"/workshop/intents/{one.name}", "then_training")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/intents", show_intents)
    app.router.add_get("/intents/{name}", show_intent)
    app.router.add_post("/intents/{name}", add_examples)
