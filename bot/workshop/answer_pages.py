"""`/workshop/answers`: both languages next to each other, seen as the chat shows them, approved."""

from __future__ import annotations

from html import escape
from typing import Any

from aiohttp import web

from bot.desk.forms import options
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED
from bot.texts import APPROVERS
from bot.workshop import answers, preview
from bot.workshop.answers import Answer
from bot.workshop.forms import (
    EXPECTED,
    Form,
    aside,
    before,
    field,
    found_right,
    hidden_text,
    remembered,
    saved_page,
    shelf_of,
    today,
    trouble,
)
from bot.workshop.preview_pages import shown
from bot.workshop.readability import ease
from bot.workshop.saving import snapshot


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
    key = request.match_info["key"]
    found = await aside(lambda: answers.load_all(shelf_of(request)))
    if key not in found:
        raise web.HTTPSeeOther("/workshop/answers")
    return found[key]


def _approvers(request: web.Request, one: Answer, form: Form | None) -> str:
    """Return the kinds of people who may approve an answer, as options."""
    language = language_of(request)
    chosen = field(form, "approver", one.needs or APPROVERS[0])
    allowed = (one.needs,) if one.needs else APPROVERS
    return options({kind: say(f"approver_{kind}", language) for kind in allowed}, chosen)


async def _page(
    request: web.Request,
    one: Answer,
    form: Form | None = None,
    error: Exception | None = None,
    approving: Form | None = None,
) -> web.Response:
    """Return an answer's page; `form` is a change that was sent, `approving` an approval."""
    language = language_of(request)
    problem, status = trouble(request, error)
    plan = preview.planned(await aside(lambda: shelf_of(request).read("plan.yml")), one.key)
    text = {code: field(form, f"text_{code}", kept) for code, kept in one.text.items()}
    urgent = one.key.startswith(("utter_risk_emergency_", "utter_card_"))
    now = snapshot(one.snapshot)
    slots: dict[str, Any] = {
        "key": escape(one.key),
        "wrong": problem,
        "before": hidden_text(remembered(form, error, now)),
        "before_approval": hidden_text(now),
        "approved": escape(found_right(one.approved, "not_approved", language)),
        "needs": escape(say(f"needs_{one.needs}", language)) if one.needs else "",
        "withheld": escape(say("answer_withheld", language)) if one.withheld else "",
        "why": escape(field(form, "why")),
        "role": escape(field(approving, "role")),
        "approvers": _approvers(request, one, approving),
    }
    if one.is_card:
        (code, words), *_ = text.items()
        message = preview.bubble(words, one.buttons[code], urgent=True)
        slots["preview"] = (
            f'<div class="phones"><div class="phone" lang="{escape(code)}" dir="auto">'
            f"{message}</div></div>"
        )
        return page(request, "workshop-card", slots, assets=["workshop.css"], status=status)
    for code in SUPPORTED:
        found = ease(text[code], code)
        key = "ease_hard" if found.hard else "ease_plain"
        slots[f"text_{code}"] = escape(text[code])
        slots[f"ease_{code}"] = escape(
            say(key, language, score=f"{found.score:.0f}", words=f"{found.words_per_sentence:.0f}")
        )
        slots[f"buttons_{code}"] = escape(" · ".join(one.buttons[code]))
    slots["preview"] = shown(request, text, one.buttons, plan, urgent=urgent)
    differs = form is not None and text != dict(one.text)
    key = "preview_unsaved" if differs else "preview_saved"
    slots["previewed"] = escape(say(key, language))
    return page(request, "workshop-answer", slots, assets=["workshop.css"], status=status)


async def show_answer(request: web.Request) -> web.Response:
    """`GET /workshop/answers/<key>`: both languages next to each other."""
    maintainer(request)
    return await _page(request, await _answer(request))


async def save_answer(request: web.Request) -> web.Response:
    """`POST /workshop/answers/<key>`: look at a change, or save it; the approval ends then."""
    me, one, form = maintainer(request), await _answer(request), await request.post()
    typed: dict[str, str] = {code: field(form, f"text_{code}") for code in SUPPORTED}
    shelf = shelf_of(request)
    try:
        if field(form, "do") == "preview":
            await aside(lambda: answers.wanted_of(one, typed))
            return await _page(request, one, form)
        saved = await aside(
            lambda: answers.change(
                shelf, one.key, typed, who=me.alias, why=field(form, "why"), before=before(form)
            )
        )
    except EXPECTED as error:
        return await _page(request, await _answer(request), form, error)
    return saved_page(request, [saved], f"/workshop/answers/{one.key}", "then_training")


async def approve(request: web.Request) -> web.Response:
    """`POST /workshop/answers/<key>/approve`: read and found right, by a role, today."""
    me, one, form = maintainer(request), await _answer(request), await request.post()
    try:
        saved = await aside(
            lambda: answers.approve(
                shelf_of(request),
                one.key,
                role=field(form, "role"),
                approver=field(form, "approver"),
                who=me.alias,
                today=today(request),
                before=before(form),
            )
        )
    except EXPECTED as error:
        return await _page(request, await _answer(request), None, error, form)
    return saved_page(request, [saved], "/workshop/approvals", "then_training")


async def approvals(request: web.Request) -> web.Response:
    """`GET /workshop/approvals`: what waits for whom before live mode shows it."""
    maintainer(request)
    language = language_of(request)
    found = (await aside(lambda: answers.load_all(shelf_of(request)))).values()
    parts = []
    for needed in (*APPROVERS[1:], None):
        mine = [one for one in found if one.needs == needed]
        waiting = [one for one in mine if not one.settled]
        items = "".join(
            f'<li class="todo"><a href="/workshop/answers/{escape(one.key)}">'
            f"{escape(one.key.removeprefix('utter_'))}</a></li>"
            for one in waiting
        )
        title = say(f"approvals_{needed or 'anybody'}", language)
        which = escape(say("approvals_which", language))
        count = say("approvals_count", language, number=len(waiting), of=len(mine))
        parts.append(
            f"<h2>{escape(title)}</h2><p>{escape(count)}</p>"
            f"<details{' open' if needed else ''}><summary>{which}</summary>"
            f"<ul>{items}</ul></details>"
        )
    directory = request.config_dict[gateway_keys.DIRECTORY]
    unchecked = sum(
        bool(s.phone or s.sms or s.whatsapp) and not s.checked and s.kind != "emergency"
        for s in directory.services
    )
    numbers = escape(say("approvals_numbers", language, number=unchecked))
    return page(request, "workshop-approvals", {"parts": "".join(parts), "numbers": numbers})


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/answers", show_answers)
    app.router.add_get("/answers/{key}", show_answer)
    app.router.add_post("/answers/{key}", save_answer)
    app.router.add_post("/answers/{key}/approve", approve)
    app.router.add_get("/approvals", approvals)
