"""The desk: an application of its own under `/desk`, with its own session and headers."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from bot.desk import hours, join, keys, oidc, people, signin, steer, work
from bot.desk.accounts import Accounts
from bot.desk.lockout import Lockout
from bot.desk.page import FOLDER, desk_texts
from bot.desk.session import guard
from bot.desk.sessions import Sessions
from bot.gateway.files import Files
from bot.settings import Settings


def build(settings: Settings) -> web.Application:
    """Return the desk, to be mounted under `/desk`.

    Args:
        settings: of the gateway; handlers reach the gateway's parts through `config_dict`.

    Raises:
        TextsError: a sentence is missing or the files of sentences are broken.
    """
    app = web.Application(middlewares=[guard])
    accounts = Accounts(settings.state_dir)
    app[keys.ACCOUNTS], app[keys.SESSIONS] = accounts, Sessions()
    app[keys.LOCKOUT] = Lockout(accounts.db)
    provider = oidc.client(settings)
    if provider:
        app[keys.OIDC] = provider
        oidc.add_routes(app)
    app.cleanup_ctx.append(_resources)
    desk_texts()
    accounts_routes(app)
    work.add_routes(app, settings.state_dir)
    return app


def accounts_routes(app: web.Application) -> None:
    """Add signing in and the supervisor's pages."""
    signin.add_routes(app)
    join.add_routes(app)
    people.add_routes(app)
    steer.add_routes(app)
    hours.add_routes(app)
    app.router.add_get("", to_work)
    app.router.add_get("/static/{name}", Files(FOLDER).get)


async def to_work(request: web.Request) -> web.Response:
    """`GET /desk`: to the workspace."""
    raise web.HTTPPermanentRedirect("/desk/")


async def _resources(app: web.Application) -> AsyncIterator[None]:
    yield
    app[keys.ACCOUNTS].close()
