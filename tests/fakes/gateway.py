"""A small gateway for browser tests: the real pages and headers, a scripted assistant.

It follows the OpenAPI document; what it got and gave is kept for the tests to look at.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.directory.load import load_directory
from bot.easy import easy
from bot.gateway import keys, messages, pages
from bot.gateway.contract import Problem, body
from bot.gateway.headers import security_headers
from bot.settings import Settings
from bot.texts import DATA, texts

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]
# A Tuesday afternoon: everything that has office hours is open.
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=ZoneInfo("Europe/Brussels"))
CALM = {
    "fr": "Merci de l'écrire ici.\n\nPrenez votre temps :\n- écrivez\n- ou appelez",
    "nl": "Dank u om dat hier te schrijven.\n\nNeem uw tijd:\n- schrijf\n- of bel",
}
SWITCHED = {"fr": "D'accord, en français.", "nl": "Goed, in het Nederlands."}
ALARM = {
    "fr": "Appelez le 112 maintenant. Pour la police : 101.\n\nJe suis une machine.",
    "nl": "Bel nu 112. Voor de politie: 101.\n\nIk ben een machine.",
}
NEAR = {"fr": "Voici une aide près de chez vous.", "nl": "Hier is hulp in uw buurt."}
MORE = {"fr": "Voir d'autres", "nl": "Meer zien"}
ARABIC = "في حالة الخطر: اتصلوا الآن بالرقم 112. الشرطة: 101."
SERVICE = {
    "id": "social-service",
    "name": "CPAS de Valbois",
    "kind": "social_service",
    "phone": None,
    "sms": None,
    "url": "https://www.valbois.example/cpas?q=<b>",
    "chat_url": None,
    "hours": "Fermé maintenant, ouvre demain à 09:00",
    "open_now": False,
    "note": "Gratuit. Sur rendez-vous.",
    "address": "Place communale 1, 4000 Valbois",
    "source": "Source du 2026-11-01",
}


@dataclass
class Scripted:
    """What the fake does and what it saw; tests change and read it from their own thread."""

    away: bool = False
    answer_status: int = 200
    answer_delay: float = 0.0
    report_status: int = 204
    erase_delay: float = 0.0
    state: str = "none"
    told: str = "none"
    live: dict[str, str] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    last_event_ids: list[str | None] = field(default_factory=list)
    reports: list[tuple[dict[str, Any], bool]] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)
    ways_back: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    cut: int = 0
    typing: int = 0

    def reset(self) -> None:
        """Forget everything."""
        fresh = Scripted()
        self.__dict__.update(fresh.__dict__)

    def write(self, text: str, author: str = "counsellor", language: str = "fr") -> None:
        """Leave a message for every open conversation, as a counsellor would."""
        said = messages.message(text, language, author=author)  # type: ignore[arg-type]
        self.letters.append((len(self.letters) + 1, said))

    def cut_streams(self) -> None:
        """End every open stream of events, as a proxy's time-out would."""
        self.cut += 1


def _token(request: web.Request, script: Scripted) -> str:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        raise Problem(401, "no_token", "Send the token.")
    if token not in script.live:
        raise Problem(404, "no_conversation", "Over.")
    return token


class Api:
    """The scripted interface."""

    def __init__(self, app: web.Application, script: Scripted) -> None:
        """Serve `script` in `app`."""
        self.app, self.script = app, script

    def _written(self, key: str, language: Any, **values: str) -> dict[str, Any]:
        return messages.written(self.app[keys.TEXTS], key, language, **values)

    async def start(self, request: web.Request) -> web.StreamResponse:
        data = await body(request, "NewConversation")
        language = data.get("language") or "fr"
        if self.script.answer_status == 503:
            card = messages.numbers_card(
                "utter_failed", self.app[keys.DIRECTORY], self.app[keys.TEXTS], language, NOW
            )
            problem = {"error": "store_away", "detail": "Away.", "messages": [card]}
            return web.json_response(problem, status=503)
        token = secrets.token_urlsafe(32)
        self.script.live[token] = language
        first = [self._written("utter_first_words", language, minutes="60")]
        answer = {"token": token, "language": language, "expires_in": 3600, "messages": first}
        self.script.given.append(answer)
        return web.json_response(answer, status=201)

    async def say(self, request: web.Request) -> web.StreamResponse:
        script = self.script
        token = _token(request, script)
        data = await body(request, "Said")
        script.said.append(data)
        if script.answer_delay:
            await asyncio.sleep(script.answer_delay)
        if script.answer_status != 200:
            raise Problem(script.answer_status, "scripted", "As the test asked.")
        found, extra = self._answer(token, data), {}
        if data.get("choice") == "erase":
            del script.live[token]
            script.erased.append(token)
            extra = {"erased": True}
        language = script.live.get(token, "fr")
        handoff = {
            "state": script.state,
            "position": None,
            "wait_seconds": None,
            "desk_open": False,
            "opens_at": None,
            "summary": None,
        }
        answer = {"messages": found, "language": language, "handoff": handoff, **extra}
        script.given.append(answer)
        return web.json_response(answer)

    def _answer(self, token: str, data: dict[str, Any]) -> list[dict[str, Any]]:
        script, app = self.script, self.app
        language: Any = script.live[token]
        choice, text = data.get("choice", ""), data.get("text", "").lower()
        if choice == "erase":
            return [messages.written(app[keys.TEXTS], "utter_erased", language, author="system")]
        if choice.startswith("language:"):
            script.live[token] = language = choice[-2:]
            return [messages.message(SWITCHED[language], language)]
        cards = messages.lines(app[keys.DIRECTORY], app[keys.TEXTS], language, NOW)
        if "frapper" in text or "slaan" in text:
            urgent = messages.message(
                ALARM[language],
                language,
                services=cards["emergency"],
                urgent=True,
                easy=easy("utter_risk_emergency_hurt", language, "demo"),
            )
            return [urgent, messages.message(CALM[language], language)]
        if "près" in text or "buurt" in text:
            # What a data file could hold by mistake: the page must show it as text.
            markup = "<i>" if "<" in text else ""
            more = [{"label": f"{MORE[language]}{markup}", "value": "more"}]
            services = [{**SERVICE, "note": SERVICE["note"] + markup}, *cards["listening"]]
            return [messages.message(NEAR[language], language, services=services, buttons=more)]
        if "خطر" in text:
            return [messages.message(ARABIC, "ar", services=cards["emergency"], urgent=True)]  # type: ignore[arg-type]
        return [messages.message(CALM[language], language)]

    async def erase(self, request: web.Request) -> web.StreamResponse:
        token = _token(request, self.script)
        await asyncio.sleep(self.script.erase_delay)
        self.script.live.pop(token, None)
        self.script.erased.append(token)
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.StreamResponse:
        script = self.script
        token = _token(request, script)
        after = request.headers.get("Last-Event-ID")
        script.last_event_ids.append(after)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            await self._write_letters(response, token, int(after or 0))
        return response

    async def _write_letters(self, response: web.StreamResponse, token: str, sent: int) -> None:
        script = self.script
        cut, typing, state = script.cut, script.typing, "none"
        while token in script.live and cut == script.cut and not script.away:
            for number, said in [entry for entry in script.letters if entry[0] > sent]:
                data = json.dumps(said, ensure_ascii=False)
                await response.write(f"id: {number}\nevent: message\ndata: {data}\n\n".encode())
                sent = number
            if script.state != state:
                state = script.state
                told = json.dumps({"state": state, "position": None})
                await response.write(f"event: handoff\ndata: {told}\n\n".encode())
                script.told = state
            if script.typing != typing:
                typing = script.typing
                await response.write(b"event: typing\ndata: {}\n\n")
            await response.write(b": still here\n\n")
            await asyncio.sleep(0.05)
        if token not in script.live:
            await response.write(b"event: gone\ndata: {}\n\n")

    async def words(self, request: web.Request) -> web.StreamResponse:
        token = _token(request, self.script)
        # One talk has one set of words; each set opens once.
        words = f"lune sable gare pomme{len(self.script.ways_back) or ''}"
        self.script.ways_back[words] = token
        return web.json_response({"words": words, "minutes": 60}, status=201)

    async def resume(self, request: web.Request) -> web.StreamResponse:
        token = self.script.ways_back.pop((await body(request, "Words"))["words"], "")
        if token not in self.script.live:
            raise Problem(404, "no_words", "These words open nothing.")
        language = self.script.live[token]
        return web.json_response({"token": token, "language": language, "expires_in": 3600})

    async def report(self, request: web.Request) -> web.StreamResponse:
        data = await body(request, "Report")
        self.script.reports.append((data, "Authorization" in request.headers))
        return web.Response(status=self.script.report_status)

    async def lines(self, request: web.Request) -> web.StreamResponse:
        language: Any = request.query.get("language", "fr")
        found = messages.lines(self.app[keys.DIRECTORY], self.app[keys.TEXTS], language, NOW)
        return web.json_response({"language": language, **found})


def build(settings: Settings, script: Scripted) -> web.Application:
    """Return the fake gateway.

    Args:
        settings: as the real one has them.
        script: what it does and what it saw.
    """

    @web.middleware
    async def may_be_away(request: web.Request, handler: Handler) -> web.StreamResponse:
        if script.away and request.path.startswith("/api/"):
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPServiceUnavailable
        return await handler(request)

    app = web.Application(middlewares=[may_be_away])
    app.on_response_prepare.append(security_headers)
    app[keys.SETTINGS] = settings
    app[keys.TEXTS] = texts()
    app[keys.DIRECTORY] = load_directory(DATA / "directory", settings.mode)
    app[keys.CLOCK] = lambda: NOW
    api = Api(app, script)
    app.router.add_post("/api/v1/conversations", api.start)
    app.router.add_delete("/api/v1/conversations", api.erase)
    app.router.add_post("/api/v1/messages", api.say)
    app.router.add_get("/api/v1/events", api.events)
    app.router.add_get("/api/v1/lines", api.lines)
    app.router.add_post("/api/v1/reports", api.report)
    app.router.add_post("/api/v1/words", api.words)
    app.router.add_post("/api/v1/resume", api.resume)
    pages.add_routes(app)
    return app
