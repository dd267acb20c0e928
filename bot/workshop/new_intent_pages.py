"""`/workshop/new-intent`: a new meaning in one form, seen as the chat will show it, then saved."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.desk.forms import options
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.language import SUPPORTED
from bot.workshop import intents, keys, new_intent
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    before,
    field,
    hidden_text,
    saved_page,
    shelf_of,
    trouble,
)
from bot.workshop.new_intent import LINES, SERVICES, TOPICS, WRITERS, NewIntent
from bot.workshop.preview_pages import shown

_BOTH = ("label", "new", "text", "child")
_BUTTONS = ("button1", "button2")


def _typed(form: Form) -> NewIntent:
    return NewIntent(
        name=field(form, "name"),
        topic=field(form, "topic"),
        label={code: field(form, f"label_{code}") for code in SUPPORTED},
        examples={code: intents.lines_of(field(form, f"new_{code}")) for code in SUPPORTED},
        answer={code: field(form, f"text_{code}") for code in SUPPORTED},
        child={code: field(form, f"child_{code}") for code in SUPPORTED},
        buttons=[value for key in _BUTTONS if (value := field(form, key))],
        lines=field(form, "lines"),
        services=field(form, "services"),
        writer=field(form, "writer"),
        raised="raised" in form,
        withhold="withhold" in form,
        sources=field(form, "sources"),
    )


async def _page(
    request: web.Request, form: Form | None = None, error: Exception | None = None, seen: str = ""
) -> web.Response:
    language, shelf = language_of(request), shelf_of(request)
    problem, status = trouble(request, error)
    labels = await aside(lambda: shelf.read("labels.yml"))
    kept = await aside(lambda: new_intent.opened(shelf))

    def choice(key: str, values: dict[str, str], empty: bool = True) -> str:
        first = {"": say("choose_none", language)} if empty else {}
        return options({**first, **values}, field(form, key))

    meanings = {name: both[language] for name, both in labels.items()}
    slots = {
        f"{key}_{code}": escape(field(form, f"{key}_{code}")) for key in _BOTH for code in SUPPORTED
    }
    slots |= {key: escape(field(form, key)) for key in ("name", "sources", "why")}
    ticked = set(form) if form is not None else set()
    slots |= {key: " checked" if key in ticked else "" for key in ("raised", "withhold")}
    return page(
        request,
        "workshop-new-intent",
        {
            **slots,
            "topics": choice("topic", {t: say(f"topic_{t}", language) for t in TOPICS}, False),
            "lines": choice("lines", {x: say(f"line_{x}", language) for x in LINES}),
            "services": choice("services", {x: say(f"need_{x}", language) for x in SERVICES}),
            "writers": choice("writer", {x: say(f"writer_{x}", language) for x in WRITERS}),
            "button1": choice("button1", meanings),
            "button2": choice("button2", meanings),
            "least": escape(say("new_intent_least", language, least=new_intent.LEAST)),
            "wrong": problem,
            "preview": seen,
            "before": hidden_text(kept if form is None or status == 409 else before(form)),
        },
        assets=["workshop.css"],
        status=status,
    )


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/new-intent`: an empty form."""
    maintainer(request)
    return await _page(request)


async def save(request: web.Request) -> web.Response:
    """`POST /workshop/new-intent`: look at the answer first, or check and write everything."""
    me, form = maintainer(request), await request.post()
    wanted, shelf = _typed(form), shelf_of(request)
    redact = request.config_dict[keys.REDACTING]
    if field(form, "do") == "preview":
        labels = await aside(lambda: shelf.read("labels.yml"))
        plan = {"lines": wanted.lines} if wanted.lines in LINES else {}
        buttons: dict[str, list[str]] = {
            code: [labels[one][code] for one in wanted.buttons if one in labels]
            for code in SUPPORTED
        }
        seen = shown(request, wanted.answer, buttons, plan)
        if any(text.strip() for text in wanted.child.values()):
            seen += shown(request, wanted.child, buttons, {**plan, "writer": "child"})
        try:
            await aside(lambda: new_intent.check(shelf, wanted, redact))
        except EXPECTED as error:
            return await _page(request, form, error, seen)
        return await _page(request, form, seen=seen)
    try:
        saved = await aside(
            lambda: new_intent.add(
                shelf,
                wanted,
                redact=redact,
                who=me.alias,
                why=field(form, "why"),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return await _page(request, form, error)
    name = new_intent.name_of(wanted)
    return saved_page(request, saved, f"/workshop/intents/{name}", "then_training")


def add_routes(app: web.Application) -> None:
    """Add this page to the workshop."""
    app.router.add_get("/new-intent", show)
    app.router.add_post("/new-intent", save)
