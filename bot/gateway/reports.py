"""`POST /api/v1/reports`: somebody found a number wrong. Its service and the day, nothing else."""

from __future__ import annotations

import asyncio
import sqlite3

from aiohttp import web

from bot.directory.doubts import REFRESH_SECONDS, Doubts
from bot.gateway import keys
from bot.gateway.contract import Problem, body
from bot.gateway.rate import PROOF_HEADER, too_many, visitor_address


async def report(request: web.Request) -> web.Response:
    """Note the report; no token is asked or looked at, so that no talk is tied to it."""
    app = request.app
    data = await body(request, "Report")
    address = visitor_address(request, app[keys.SETTINGS].trusted_proxies)
    refused = app[keys.LIMITER].newcomer(address, request.headers.get(PROOF_HEADER))
    if refused:
        return too_many(refused)
    service = data["service"]
    if service not in app[keys.DIRECTORY].by_id:
        raise Problem(404, "no_service", "There is no service of that id.")
    try:
        app[keys.STATE].report(service, app[keys.CLOCK]().date())
    except sqlite3.Error:
        raise Problem(503, "store_away", "Not noted; please try later.") from None
    app[keys.DOUBTS].refresh()
    return web.Response(status=204)


async def keep_fresh(doubts: Doubts) -> None:
    """Follow what other processes and the command line change, until cancelled."""
    while True:
        doubts.refresh()
        await asyncio.sleep(REFRESH_SECONDS)


def add_routes(app: web.Application) -> None:
    """Add the report to the gateway."""
    app.router.add_post("/api/v1/reports", report)
