"""`/workshop/intents` and `/workshop/answers`: both languages side by side."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED
from bot.workshop import answers, intents, keys
from bot.workshop.answers import Answer
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
from bot.workshop.intents import Intent
from bot.workshop.readability import ease


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


# --- answers
async def show_answers(request: web.Request) -> web.Response:
    """`GET /workshop/answers`: all, with what isn't approved and what is hard to read."""
    maintainer(request)
    language = language_of(request)
    found = await aside(lambda: answers.load(shelf_of(request)))
    rows = []
    for one in found.values():
        mark = found_right(one.approved, "not_approved", language)
        hard = [code.upper() for code in SUPPORTED if ease(one.text[code], code).hard]
        first = one.text[language].split("\n")[0][:90]
        rows.append(
            f'<tr><th scope=row><a href="/workshop/answers/{escape(one.key)}">'
            f'{escape(one.key.removeprefix("utter_"))}</a><br><span class="hint">'
            f"{escape(first)}</span></th><td>{escape(mark)}</td><td>{' '.join(hard)}</td></tr>"
        )
    approved = sum(bool(one.approved) for one in found.values())
    count = say("answers_approved", language, number=approved, of=len(found))
    return page(request, "workshop-answers", {"rows": "".join(rows), "count": escape(count)})


async def _answer(request: web.Request) -> Answer:
    found = await aside(lambda: answers.load(shelf_of(request)))
    key = request.match_info["key"]
    if key not in found:
        raise web.HTTPSeeOther("/workshop/answers")
    return found[key]


def _answer_page(
    request: web.Request, one: Answer, form: Form | None = None, error: Exception | None = None
) -> web.Response:
    language = language_of(request)
    problem, status = trouble(request, error)
    mark = found_right(one.approved, "not_approved", language)
    slots = {}
    for code in SUPPORTED:
        found = ease(one.text[code], code)
        key = "ease_hard" if found.hard else "ease_plain"
        slots[f"text_{code}"] = escape(field(form, f"text_{code}", one.text[code]))
        slots[f"ease_{code}"] = escape(
            say(key, language, score=f"{found.score:.0f}", words=f"{found.words_per_sentence:.0f}")
        )
        slots[f"buttons_{code}"] = escape(" · ".join(one.buttons[code]))
    return page(
        request,
        "workshop-answer",
        {
            **slots,
            "key": escape(one.key),
            "wrong": problem,
            "before": hidden(one.snapshot),
            "approved": escape(mark),
            "withheld": escape(say("answer_withheld", language)) if one.withheld else "",
            "why": escape(field(form, "why")),
            "role": escape(field(form, "role")),
        },
        status=status,
    )


async def show_answer(request: web.Request) -> web.Response:
    """`GET /workshop/answers/<key>`: both languages next to each other."""
    maintainer(request)
    return _answer_page(request, await _answer(request))


async def save_answer(request: web.Request) -> web.Response:
    """`POST /workshop/answers/<key>`: change both; the approval ends."""
    me, one, form = maintainer(request), await _answer(request), await request.post()
    try:
        saved = await aside(
            lambda: answers.change(
                shelf_of(request),
                one.key,
                {code: field(form, f"text_{code}") for code in SUPPORTED},
                who=me.alias,
                why=field(form, "why"),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return _answer_page(request, await _answer(request), form, error)
    return saved_page(request, [saved], f"/workshop/answers/{one.key}", "then_training")


async def approve(request: web.Request) -> web.Response:
    """`POST /workshop/answers/<key>/approve`: read and found right, by a role, today."""
    me, one, form = maintainer(request), await _answer(request), await request.post()
    today = request.config_dict[gateway_keys.CLOCK]().date()
    try:
        saved = await aside(
            lambda: answers.approve(
                shelf_of(request),
                one.key,
                role=field(form, "role"),
                who=me.alias,
                today=today,
                before=before(form),
            )
        )
    except EXPECTED as error:
        return _answer_page(request, await _answer(request), None, error)
    return saved_page(request, [saved], "/workshop/answers", "then_training")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/intents", show_intents)
    app.router.add_get("/intents/{name}", show_intent)
    app.router.add_post("/intents/{name}", add_examples)
    app.router.add_get("/answers", show_answers)
    app.router.add_get("/answers/{key}", show_answer)
    app.router.add_post("/answers/{key}", save_answer)
    app.router.add_post("/answers/{key}/approve", approve)
