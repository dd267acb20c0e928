"""`/workshop/models`: the models kept, teach and judge a new one, put one in service, go back."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path

from aiohttp import web

from bot import door
from bot.desk.page import hidden_field, language_of, page, say
from bot.desk.session import maintainer
from bot.desk.signin import wrong
from bot.gateway import keys as gateway_keys
from bot.language import Supported
from bot.settings import ROOT
from bot.texts import TextsError
from bot.training import progress, public_record, service
from bot.training.gates import load_gates
from bot.training.heldout import digest
from bot.training.model import MODELS
from bot.workshop.forms import aside
from bot.workshop.forms import field as typed

_HERE = "/workshop/models"
# Seconds after which the page looks again while something is under way.
_AGAIN = "5"
_STYLE = re.compile("<style>.*?</style>", re.DOTALL)
# Training needs neither the gateway's secrets nor its careful, slow way with memory.
_NOT_INHERITED = ("HELPLINE_INTERNAL_TOKEN", "PYTHONMALLOC", "MALLOC_PERTURB_", "GLIBC_TUNABLES")


@dataclass
class Place:
    """Where models and reports lie, and what teaches a new model; tests give their own."""

    models: Path = MODELS
    reports: Path = progress.REPORTS
    command: Sequence[str] = ("/usr/bin/env", "nice", "-n", "19", sys.executable, "-m", "bot.cli")
    teaching: set[asyncio.Task[int]] = field(default_factory=set)


PLACE = web.AppKey("workshop_models", Place)


def _place(request: web.Request) -> Place:
    return request.config_dict[PLACE]


def _door(request: web.Request) -> door.Door | None:
    return door.standing(request.config_dict[gateway_keys.SETTINGS])


def _day(moment: str) -> str:
    """Return `2026-11-24T20:00:00+01:00` as 24/11/2026 20:00."""
    try:
        return f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}"
    except ValueError:
        return "–"


def _short(name: str) -> str:
    return public_record.fingerprint_of(name)


@dataclass(frozen=True)
class Kept:
    """One model that is kept; `refused` says why it can't be put in service (empty: it can)."""

    name: str
    made: str
    since: str
    refused: str


def kept(folder: Path) -> list[Kept]:
    """Return the models in `folder`, the newest first.

    Raises:
        TextsError: the file of the models in service, or the gates, can't be read.
    """
    days, gates, lines = service.since(folder), load_gates(), digest()
    found = []
    paths = folder.glob("helpline-*.tar.gz")
    for path in sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True):
        refused = ""
        try:
            service.check(path, gates, lines, folder)
        except TextsError as error:
            refused = str(error)
        made = datetime.fromtimestamp(path.stat().st_mtime).isoformat()
        found.append(Kept(path.name, made, days.get(path.name, ""), refused))
    return found


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/models`."""
    maintainer(request)
    return await _page(request)


async def _page(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    language, place, serving = language_of(request), _place(request), _door(request)
    models = await aside(lambda: kept(place.models))
    history = await aside(lambda: service.history(place.models))
    running = progress.read(place.reports)
    response = page(
        request,
        "workshop-models",
        {
            "wrong": problem,
            "answering": _answering(serving, language),
            "change": _change(serving, language),
            "progress": _progress(running, place, language),
            "idle": " hidden" if running and running.running else "",
            "rows": "".join(_row(request, one, history, serving) for one in models),
            "back": "" if len(history) > 1 else " hidden",
        },
        status=status,
    )
    changing = serving is not None and serving.step not in door.ENDED
    if changing or (running and running.running):
        response.headers["Refresh"] = f"{_AGAIN};url={_HERE}"
    return response


def _answering(serving: door.Door | None, language: Supported) -> str:
    if serving is None:
        return escape(say("models_nobody", language))
    said = say("models_answers", language, model=_short(serving.model), since=_day(serving.since))
    return f"<strong>{escape(said)}</strong>"


def _change(serving: door.Door | None, language: Supported) -> str:
    if serving is None or serving.step not in door.STEPS:
        return ""
    said = say(f"change_{serving.step}", language, model=_short(serving.wanted), why=serving.why)
    return f'<p role="status">{escape(said)}</p>'


def _progress(found: progress.Progress | None, place: Place, language: Supported) -> str:
    if found is None:
        return ""
    since = _day(found.ended or found.started)
    said = say(f"retrain_{found.step}", language, since=since, model=_short(found.model))
    reasons = "".join(f"<li>{escape(line)}</li>" for line in found.says)
    report = ""
    if found.ended and (place.reports / "retrain.html").exists():
        report = f'<p><a href="{_HERE}/report">{escape(say("models_report", language))}</a></p>'
    return f'<p role="status">{escape(said)}</p><ul>{reasons}</ul>{report}'


def _row(request: web.Request, one: Kept, history: Sequence[str], serving: door.Door | None) -> str:
    language = language_of(request)
    now = serving.model if serving else next(iter(history), "")
    service_cell, button = "", ""
    if one.name == now:
        since = serving.since if serving else one.since
        service_cell = say("models_in_service", language, since=_day(since))
    elif one.name in history:
        service_cell = say("models_was", language, since=_day(one.since))
    judged = escape(one.refused or say("models_passes", language)).replace("\n", "<br>")
    if not one.refused and one.name != now:
        label = escape(say("models_put", language))
        button = (
            f'<form method="post" action="{_HERE}/promote">{hidden_field(request)}'
            f'<input type="hidden" name="model" value="{escape(one.name)}">'
            f'<button aria-label="{label} {escape(_short(one.name))}">{label}</button></form>'
        )
    return (
        f'<tr><th scope="row"><code>{escape(_short(one.name))}</code></th>'
        f"<td>{_day(one.made)}</td><td>{judged}</td><td>{escape(service_cell)}</td>"
        f"<td>{button}</td></tr>"
    )


async def promote(request: web.Request) -> web.Response:
    """`POST /workshop/models/promote`: put one in service, by the same gates as in the terminal."""
    maintainer(request)
    place, serving = _place(request), _door(request)
    name = Path(typed(await request.post(), "model")).name
    try:
        await aside(
            lambda: service.promote(
                place.models / name,
                load_gates(),
                digest(),
                place.models,
                running=serving.model if serving else "",
            )
        )
    except (TextsError, OSError, ValueError) as error:
        reasons = "".join(f"<li>{escape(line)}</li>" for line in str(error)[:900].split("\n"))
        return await _page(request, f"{wrong(request, 'wrong_model')}<ul>{reasons}</ul>", 400)
    raise web.HTTPSeeOther(_HERE)


async def rollback(request: web.Request) -> web.Response:
    """`POST /workshop/models/rollback`: the model before answers again."""
    maintainer(request)
    place = _place(request)
    try:
        await aside(lambda: service.rollback(place.models))
    except TextsError:
        return await _page(request, wrong(request, "wrong_no_model_before"), 400)
    raise web.HTTPSeeOther(_HERE)


async def retrain(request: web.Request) -> web.Response:
    """`POST /workshop/models/retrain`: begin, in a process of its own that yields to all others."""
    maintainer(request)
    place, found = _place(request), progress.read(_place(request).reports)
    if place.teaching or (found and found.running):
        return await _page(request, wrong(request, "wrong_retraining"), 409)
    process = await asyncio.create_subprocess_exec(
        *place.command,
        "retrain",
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in _NOT_INHERITED},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    task = asyncio.create_task(process.wait())
    place.teaching.add(task)
    task.add_done_callback(place.teaching.discard)
    # So that the page finds its first words.
    for _ in range(40):
        await asyncio.sleep(0.1)
        if task.done() or progress.read(place.reports) != found:
            break
    raise web.HTTPSeeOther(_HERE)


async def report(request: web.Request) -> web.StreamResponse:
    """`GET /workshop/models/report`: what the last new model does better and worse."""
    maintainer(request)
    path = _place(request).reports / "retrain.html"
    if not path.exists():
        raise web.HTTPSeeOther(_HERE)
    html = await aside(lambda: path.read_text(encoding="utf-8"))
    # The desk's pages take styles from our files only; the file has its own for who opens it alone.
    html = _STYLE.sub('<link rel="stylesheet" href="/desk/static/report.css">', html, count=1)
    return web.Response(text=html, content_type="text/html")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app[PLACE] = Place()
    app.router.add_get("/models", show)
    app.router.add_get("/models/report", report)
    app.router.add_post("/models/promote", promote)
    app.router.add_post("/models/rollback", rollback)
    app.router.add_post("/models/retrain", retrain)
