"""`/workshop/play`: play a chat, tick what must be shown, keep it as a story."""

from __future__ import annotations

import asyncio
from html import escape

from aiohttp import web
from redis.exceptions import RedisError

from bot.desk.forms import many
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.gateway.turns import UnknownChoiceError
from bot.language import SUPPORTED
from bot.workshop import keys, play, preview
from bot.workshop.forms import EXPECTED, Form, aside, field, saved_page, shelf_of, trouble
from bot.workshop.play import Play, Ticks
from bot.workshop.saving import RefusedError


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/play`: in which language?"""
    maintainer(request)
    return page(request, "workshop-play-start")


async def start(request: web.Request) -> web.Response:
    """`POST /workshop/play`: a conversation of its own."""
    me, form = maintainer(request), await request.post()
    for code in SUPPORTED:
        if field(form, "language") == code:
            begun = await play.begin(request, me.id, code)
            raise web.HTTPSeeOther(f"/workshop/play/{request.app[keys.PLAYS].add(begun)}")
    raise web.HTTPSeeOther("/workshop/play")


def _of(request: web.Request, account: str) -> tuple[str, Play]:
    name = request.match_info["id"]
    found = request.app[keys.PLAYS].get(name, account)
    if found is None:
        raise web.HTTPSeeOther("/workshop/play")
    return name, found


def _box(name: str, value: str, label: str, ticked: bool) -> str:
    return (
        f'<label class="choice"><input type="checkbox" name="{name}" value="{escape(value)}"'
        f"{' checked' if ticked else ''}> <span>{escape(label)}</span></label>"
    )


def _turn(request: web.Request, chat: Play, number: int, form: Form | None, last: bool) -> str:
    """Return one turn with its ticks; the buttons of the last one can be pressed."""
    turn, language = chat.turns[number], language_of(request)
    # A turn that the form didn't have yet begins with these two ticked.
    known = form is not None and f"seen{number}" in form
    ticked = {
        key: many(form, f"{key}{number}") if known and form is not None else set()
        for key in ("sentence", "service", "state")
    }
    state = ticked["state"] if known else {"urgent", "language"}
    said = turn.said
    if turn.chosen:
        said = chat.turns[number - 1].buttons.get(turn.chosen, turn.chosen)
    parts = [f'<p class="said" lang="{chat.language}">{escape(said)}</p>']
    for message in turn.messages:
        names = "".join(f"<li>{escape(s['name'])}</li>" for s in message["services"])
        below = f"<ul>{names}</ul>" if names else ""
        parts.append(preview.bubble(message["text"], (), below, urgent=message["urgent"]))
    if last and turn.buttons:
        pressed = "".join(
            f'<button class="quiet" name="choose" value="{escape(value)}">{escape(label)}</button>'
            for value, label in turn.buttons.items()
        )
        parts.append(f'<div class="actions">{pressed}</div>')
    urgent = say("play_urgent" if turn.urgent else "play_calm", language)
    spoken = say("play_language", language, code=turn.language.upper())
    boxes = [
        _box(f"state{number}", "urgent", urgent, "urgent" in state),
        _box(f"state{number}", "language", spoken, "language" in state),
    ]
    boxes += [_box(f"service{number}", s, s, s in ticked["service"]) for s in turn.services]
    boxes += [_box(f"sentence{number}", s, s, s in ticked["sentence"]) for s in turn.sentences]
    spares = field(form, f"not{number}")
    parts.append(
        f"<details{' open' if last else ''}><summary>{escape(say('play_must', language))}</summary>"
        f'<input type="hidden" name="seen{number}" value="1">{"".join(boxes)}'
        f'<div class="field"><label for="not{number}">{escape(say("play_not", language))}</label>'
        f'<textarea id="not{number}" name="not{number}" rows="2">{escape(spares)}</textarea></div>'
        "</details>"
    )
    return "".join(parts)


def _page(
    request: web.Request,
    name: str,
    chat: Play,
    form: Form | None = None,
    error: Exception | None = None,
) -> web.Response:
    problem, status = trouble(request, error)
    count = len(chat.turns)
    turns = "".join(_turn(request, chat, n, form, n == count - 1) for n in range(count))
    return page(
        request,
        "workshop-play",
        {
            "id": escape(name),
            "code": chat.language,
            "turns": turns,
            "wrong": problem,
            # What was said is in the talk; what was refused is still in its field.
            "text": escape(field(form, "text") if error else ""),
            "title": escape(field(form, "title")),
            "why": escape(field(form, "why")),
            "more": " hidden" if count >= play.MOST_TURNS else "",
            "savable": "" if count >= play.LEAST_TURNS else " hidden",
        },
        assets=["workshop.css"],
        status=status,
    )


async def see(request: web.Request) -> web.Response:
    """`GET /workshop/play/<id>`: the talk so far."""
    me = maintainer(request)
    name, chat = _of(request, me.id)
    return _page(request, name, chat)


def _ticks(form: Form, count: int) -> list[Ticks]:
    found = []
    for number in range(count):
        state = many(form, f"state{number}")
        found.append(
            Ticks(
                sentences=sorted(many(form, f"sentence{number}")),
                services=sorted(many(form, f"service{number}")),
                urgent="urgent" in state,
                language="language" in state,
                spares=field(form, f"not{number}"),
            )
        )
    return found


async def act(request: web.Request) -> web.Response:
    """`POST /workshop/play/<id>`: say something, press a button, or keep the story."""
    me, form = maintainer(request), await request.post()
    name, chat = _of(request, me.id)
    redact = request.config_dict[keys.REDACTING]
    try:
        if field(form, "do") == "save":
            saved = await aside(
                lambda: play.save(
                    shelf_of(request),
                    chat,
                    field(form, "title"),
                    _ticks(form, len(chat.turns)),
                    redact=redact,
                    who=me.alias,
                    why=field(form, "why"),
                )
            )
            return saved_page(request, saved, "/workshop/play", "then_story")
        turns = play.turns_of(request.config_dict, redact)
        choice = field(form, "choose")
        await play.take(turns, chat, text="" if choice else field(form, "text"), choice=choice)
    except EXPECTED as error:
        return _page(request, name, chat, form, error)
    except UnknownChoiceError:
        return _page(request, name, chat, form, RefusedError("wrong_play_choice"))
    except (RedisError, OSError, asyncio.TimeoutError):
        return _page(request, name, chat, form, RefusedError("wrong_play_over"))
    return _page(request, name, chat, form)


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app[keys.PLAYS] = play.Plays()
    app.router.add_get("/play", show)
    app.router.add_post("/play", start)
    app.router.add_get("/play/{id}", see)
    app.router.add_post("/play/{id}", act)
