"""Being there, pausing and coming back: what makes a counsellor count as somebody to speak with."""

from __future__ import annotations

from aiohttp import web

from bot.desk.accounts import Account
from bot.desk.session import signed_in
from bot.desk.workspace import MEMORY, body, claimer, service_of

# So long a pause is offered for; it lasts until its counsellor comes back.
_PAUSE_MS = 10 * 60 * 1000


async def here(request: web.Request) -> web.Response:
    """`POST /desk/api/here` `{"active"}`: the page is open; counts unless they pause."""
    data = await body(request)
    account = signed_in(request, active=bool(data.get("active")))
    if account.claims and account.id not in request.config_dict[MEMORY].paused:
        await _be_there(request, account)
    return web.Response(status=204)


async def pause(request: web.Request) -> web.Response:
    """`POST /desk/api/pause` `{"on"}`: nobody is offered until they come back, reload or not."""
    account, data = claimer(request), await body(request)
    service, paused = service_of(request), request.config_dict[MEMORY].paused
    if data.get("on"):
        paused[account.id] = service.store.now() + _PAUSE_MS
        await service.presence.left(account.id, account.networks, account.languages)
    else:
        paused.pop(account.id, None)
        await _be_there(request, account)
    return web.json_response({"paused": paused.get(account.id, 0)})


async def _be_there(request: web.Request, account: Account) -> None:
    service = service_of(request)
    await service.presence.seen(
        account.id,
        account.networks,
        account.languages,
        service.store.now(),
        minors=account.minors,
    )


async def alive(request: web.Request) -> web.Response:
    """`GET /desk/api/alive`: 401 when the session is over."""
    signed_in(request, active=False)
    return web.Response(status=204)


def add_routes(app: web.Application) -> None:
    """Add the calls."""
    app.router.add_post("/api/here", here)
    app.router.add_post("/api/pause", pause)
    app.router.add_get("/api/alive", alive)
