"""The workshop: an application of its own under `/workshop`, with the desk's sign-in."""

from __future__ import annotations

from aiohttp import web

from bot.desk.session import guard
from bot.directory.model import Directory
from bot.learning.inbox import Inbox
from bot.settings import ROOT
from bot.workshop import (
    answer_pages,
    commune_pages,
    confusion_pages,
    directory_pages,
    inbox_pages,
    keys,
    language_pages,
    models_page,
    new_intent_pages,
    pattern_pages,
    play_pages,
    service_pages,
)
from bot.workshop.redacting import Redacting
from bot.workshop.visitors import guarded


def build(directory: Directory, inbox: Inbox) -> web.Application:
    """Return the workshop, to be mounted under `/workshop` beside the desk.

    Args:
        directory: of the gateway. The desk's accounts and sessions are found in the gateway's
            application (`bot.desk.keys`).
        inbox: what visitors gave to learn from.
    """
    app = web.Application(middlewares=[guard])
    app[keys.SHELF] = guarded(ROOT, inbox)
    app[keys.INBOX] = inbox
    app[keys.REDACTING] = Redacting(directory)
    directory_pages.add_routes(app)
    service_pages.add_routes(app)
    commune_pages.add_routes(app)
    language_pages.add_routes(app)
    new_intent_pages.add_routes(app)
    confusion_pages.add_routes(app)
    answer_pages.add_routes(app)
    pattern_pages.add_routes(app)
    play_pages.add_routes(app)
    models_page.add_routes(app)
    inbox_pages.add_routes(app)
    app.router.add_get("", to_home)
    return app


async def to_home(request: web.Request) -> web.Response:
    """`GET /workshop`: to its first page."""
    raise web.HTTPPermanentRedirect("/workshop/")
