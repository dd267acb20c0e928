"""The workshop: an application of its own under `/workshop`, with the desk's sign-in."""

from __future__ import annotations

from aiohttp import web

from bot.desk.session import guard
from bot.directory.model import Directory
from bot.settings import ROOT
from bot.workshop import directory_pages, keys, language_pages
from bot.workshop.redacting import Redacting
from bot.workshop.saving import Shelf


def build(directory: Directory) -> web.Application:
    """Return the workshop, to be mounted under `/workshop` beside the desk.

    Args:
        directory: of the gateway. The desk's accounts and sessions are found in the gateway's
            application (`bot.desk.keys`).
    """
    app = web.Application(middlewares=[guard])
    app[keys.SHELF] = Shelf(ROOT)
    app[keys.REDACTING] = Redacting(directory)
    directory_pages.add_routes(app)
    language_pages.add_routes(app)
    app.router.add_get("", to_home)
    return app


async def to_home(request: web.Request) -> web.Response:
    """`GET /workshop`: to its first page."""
    raise web.HTTPPermanentRedirect("/workshop/")
