"""The pages for citizens: the chat, the launcher for other sites, the quick exit, the demo.

Everything that must work without scripts is made here: numbers, exit, both languages (R39, R55).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.cards import cards, plain
from bot.directory.lines import written_emergency
from bot.directory.model import Directory
from bot.directory.named import named
from bot.gateway import keys, messages, near
from bot.gateway.files import Files, sent
from bot.gateway.markup import Template, data_block, numbers
from bot.gateway.statement import Run, load_run
from bot.gateway.webtexts import WebTexts, load_web_texts
from bot.language import SUPPORTED, Supported
from bot.texts import Texts

WEB = Path(__file__).resolve().parent.parent / "web"
# Around the pages without a conversation: the exit, the languages.
DOCUMENT = WEB / "document.html"
_OTHER: dict[Supported, Supported] = {"fr": "nl", "nl": "fr"}
# What the launcher says on another site; put into embed.js, which other sites load as one file.
_LAUNCHER = ("title", "shift_two", "shift_one", "leaving")


def language_of(request: web.Request) -> Supported:
    """Return the page's language: asked for, else the browser's first of the two, else French."""
    asked = request.query.get("language")
    wanted = [asked] if asked else request.headers.get("Accept-Language", "").split(",")
    for entry in wanted:
        code = entry.strip()[:2].lower()
        for supported in SUPPORTED:
            if code == supported:
                return supported
    return "fr"


@dataclass(frozen=True)
class Pages:
    """The pages, their templates read and checked when the gateway starts."""

    texts: WebTexts
    chat_page: Template
    exit_page: Template
    about_page: Template
    demo_page: Template
    run: Run
    files: Files
    launcher: str

    @classmethod
    def load(cls) -> Pages:
        """Read texts, templates and files.

        Raises:
            TextsError: a sentence is missing, or the file of the sentences is broken.
        """
        texts = load_web_texts()
        launcher = {lang: {k: texts.get(k, lang) for k in _LAUNCHER} for lang in SUPPORTED}
        script = sent(WEB / "embed.js").decode()
        return cls(
            texts=texts,
            chat_page=Template(WEB / "chat.html", texts),
            exit_page=Template(WEB / "exit-test.html", texts, DOCUMENT),
            about_page=Template(WEB / "about.html", texts, DOCUMENT),
            demo_page=Template(WEB / "demo.html", texts),
            run=load_run(),
            # The launcher has its own address, and its sentences inside.
            files=Files(WEB, without=frozenset({"embed.js"})),
            launcher=script.replace("__TEXTS__", json.dumps(launcher, ensure_ascii=False)),
        )

    async def chat(self, request: web.Request) -> web.Response:
        """`GET /`: the full page, or the inside of the frame with `?frame=1`."""
        app, language = request.app, language_of(request)
        directory, framed = app[keys.DIRECTORY], request.query.get("frame") == "1"
        asked = request.query.get("commune", "").strip()
        found = named(directory, asked) if asked else []
        commune = found[0] if len(found) == 1 else None
        other = _OTHER[language]
        kept = {"frame": "1"} if framed else {}
        form = near.form(asked, found, self.texts, language, {"language": language, **kept})
        if commune:
            kept["commune"] = commune.id
        now = app[keys.CLOCK]()
        settings = app[keys.SETTINGS]
        shown = {
            lang: numbers(
                messages.lines(directory, app[keys.TEXTS], lang, now),
                self.texts,
                lang,
                near.services(directory, commune, app[keys.TEXTS], self.texts, lang, now)
                if commune
                else "",
            )
            for lang in SUPPORTED
        }
        config = {
            "texts": {lang: self.texts.for_chat(lang) for lang in SUPPORTED},
            "frame": framed,
            "commune": dict(commune.name) if commune else None,
            "minutes": settings.idle_minutes,
            "written": {
                lang: _written(directory, app[keys.TEXTS], lang, now) for lang in SUPPORTED
            },
        }
        demo = settings.mode == "demo"
        banner = self.texts.get("demo_banner", language)
        slots = {
            "language": language,
            "frame": " data-frame" if framed else "",
            # Without scripts the frame can't ask its host to leave: the link does it.
            "target": ' target="_top"' if framed else "",
            "banner": f'<p class="banner">{escape(banner)}</p>' if demo else "",
            "numbers": shown[language] + shown[other],
            "find": form,
            # What 112 hasn't confirmed isn't said in live mode.
            "unconfirmed": " hidden" if settings.mode == "live" else "",
            "config": data_block("config", config),
            **{
                f"to_{lang}": escape("/?" + urlencode({"language": lang, **kept}))
                for lang in SUPPORTED
            },
            **_current(language),
        }
        return html_page(self.chat_page.fill(language, slots))

    async def exit_test(self, request: web.Request) -> web.Response:
        """`GET /exit-test`: what is left after an exit, measured in that browser."""
        language = language_of(request)
        minutes = str(request.app[keys.SETTINGS].idle_minutes)
        unsure = self.texts.get("left_unconfirmed", language).replace("{minutes}", minutes)
        words = self.texts.starting("left_", language)
        slots = {
            **document_slots(language, "/exit-test"),
            "unconfirmed": escape(unsure),
            "config": data_block("config", words),
        }
        return html_page(self.exit_page.fill(language, slots))

    async def about(self, request: web.Request) -> web.Response:
        """`GET /about/accessibility`: the accessibility statement (R54)."""
        language, settings = language_of(request), request.app[keys.SETTINGS]
        named = ", ".join(
            part for part in (settings.controller_name, settings.controller_contact) if part
        )
        contact = named or self.texts.get("about_contact_default", language)
        sentence = self.texts.get("about_contact", language).replace("{contact}", contact)
        slots = {
            **document_slots(language, "/about/accessibility"),
            **self.run.slots(self.texts, language),
            "contact": escape(sentence),
        }
        return html_page(self.about_page.fill(language, slots))

    async def demo(self, request: web.Request) -> web.Response:
        """`GET /demo`: a municipal site that shows the launcher as a webmaster would put it."""
        language = language_of(request)
        return html_page(self.demo_page.fill(language, document_slots(language, "/demo")))

    async def embed(self, _: web.Request) -> web.Response:
        """`GET /embed.js`: the launcher; readable by all, so that a site may pin it by its hash."""
        response = web.Response(text=self.launcher, content_type="text/javascript")
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.enable_compression()
        return response


async def leave(request: web.Request) -> web.Response:
    """`GET /exit`: the same tab goes to a neutral page; nothing else is sent (R40, R46)."""
    return web.Response(
        status=302,
        headers={
            "Location": request.app[keys.SETTINGS].exit_url,
            "Clear-Site-Data": '"cookies", "storage"',
            "Cache-Control": "no-store",
        },
    )


def _written(
    directory: Directory, texts: Texts, language: Supported, now: datetime
) -> list[dict[str, Any]]:
    """Return the numbers of the emergency services for SMS, each with its official caution."""
    services = [s for s in written_emergency(directory, language) if s.sms]
    return [
        {name: card[name] for name in ("name", "sms", "note", "source")}
        for card in cards(plain(services, now), now, texts, language)
    ]


def _current(language: Supported) -> dict[str, str]:
    return {
        f"current_{lang}": ' aria-current="true"' if lang == language else "" for lang in SUPPORTED
    }


def document_slots(language: Supported, path: str) -> dict[str, str]:
    """Return the slots that a page without a conversation has."""
    links = {f"to_{lang}": escape(f"{path}?language={lang}") for lang in SUPPORTED}
    return {"language": language, **links, **_current(language)}


def html_page(html: str) -> web.Response:
    response = web.Response(text=html, content_type="text/html")
    response.enable_compression()
    return response


def add_routes(app: web.Application) -> None:
    """Add the pages to the gateway.

    Raises:
        TextsError: a sentence or a template is broken.
    """
    pages = Pages.load()
    app.router.add_get("/", pages.chat)
    app.router.add_get("/embed.js", pages.embed)
    app.router.add_get("/demo", pages.demo)
    app.router.add_get("/exit", leave)
    app.router.add_get("/exit-test", pages.exit_test)
    app.router.add_get("/about/accessibility", pages.about)
    app.router.add_get("/static/{name}", pages.files.get)
