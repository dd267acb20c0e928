"""The door of every page and call of the desk: who is it, and does it come from our own page?"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bot.desk import keys
from bot.desk.accounts import Account
from bot.desk.sessions import LONGEST_SECONDS, Session

COOKIE = "__Host-desk"
# Before somebody is signed in: proves that a form was made for this browser.
FORM_COOKIE = "__Host-desk-form"
FORM_FIELD = "form"
FORM_HEADER = "X-Form"
SIGN_IN = "/desk/sign-in"
CONFIDENTIALITY = "/desk/confidentiality"
_API = "/desk/api/"
_SAFE = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})


def set_cookie(response: web.StreamResponse, name: str, value: str, *, lax: bool = False) -> None:
    """Set a cookie that only this site gets, only over TLS (or the loopback), and no script reads.

    Args:
        response: that carries it.
        name: with the prefix `__Host-`, which browsers hold to Secure, Path=/ and no Domain.
        value: of the cookie.
        lax: let it come along when another site leads back here (the way back from OpenID Connect).
    """
    response.set_cookie(
        name,
        value,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax" if lax else "Strict",
        max_age=LONGEST_SECONDS,
    )


def drop_cookie(response: web.StreamResponse, name: str) -> None:
    """Let the browser forget a cookie."""
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")


def session_of(request: web.Request, *, active: bool = True) -> Session | None:
    """Return the session of a request, None when nobody is signed in.

    Args:
        request: any request to the desk.
        active: count it as a sign of life; a page's own heartbeat isn't one.
    """
    cookie = request.cookies.get(COOKIE, "")
    sessions = request.config_dict[keys.SESSIONS]
    return sessions.get(cookie, active=active) if cookie else None


def notify(request: web.Request, key: str, path: str) -> None:
    """Let the next page say that something was done, if it is the page that shows it.

    Args:
        request: that did it.
        key: of the sentence.
        path: of the page that is shown next; on any other page it would be out of place.
    """
    session = session_of(request)
    if session:
        session.notice = (key, path)


def identified(request: web.Request, *, active: bool = True) -> Account:
    """Return who is signed in, also when the confidentiality text wasn't accepted yet.

    Raises:
        web.HTTPSeeOther: to the sign-in page, for pages.
        web.HTTPUnauthorized: with JSON, for calls under /desk/api/.
    """
    session = session_of(request, active=active)
    # Read each time: what the supervisor changes counts at once.
    account = request.config_dict[keys.ACCOUNTS].get(session.account_id) if session else None
    if account is None:
        raise _elsewhere(request, SIGN_IN, "sign_in")
    return account


def signed_in(request: web.Request, *, active: bool = True) -> Account:
    """Return who is signed in and has accepted the confidentiality text (R33).

    Args:
        request: any request to the desk.
        active: count it as a sign of life; pass False for what the page does by itself.

    Raises:
        web.HTTPSeeOther: to the sign-in page or the text, for pages.
        web.HTTPUnauthorized: with JSON, for calls under /desk/api/.
    """
    account = identified(request, active=active)
    if request.config_dict[keys.ACCOUNTS].accepted(account.id) is None:
        raise _elsewhere(request, CONFIDENTIALITY, "confidentiality")
    return account


def supervisor(request: web.Request) -> Account:
    """Return the supervisor who is signed in.

    Raises:
        web.HTTPForbidden: it is somebody else.
        web.HTTPSeeOther, web.HTTPUnauthorized: as `signed_in`.
    """
    account = signed_in(request)
    if not account.supervises:
        raise web.HTTPForbidden(text="Only the supervisor sees this page.")
    return account


def maintainer(request: web.Request) -> Account:
    """Return the supervisor or maintainer who is signed in: who may switch the assistant off.

    Raises:
        web.HTTPForbidden: it is somebody else.
        web.HTTPSeeOther, web.HTTPUnauthorized: as `signed_in`.
    """
    account = signed_in(request)
    if account.role == "counsellor":
        raise web.HTTPForbidden(text="Only the supervisor and the maintainer see this page.")
    return account


def form_token(request: web.Request) -> tuple[str, str | None]:
    """Return the token for a page's forms, and the form cookie to set (None: it has one).

    The page's scripts send it as the header `X-Form`, its forms as the field `form`.
    """
    cookie = request.cookies.get(COOKIE) or request.cookies.get(FORM_COOKIE)
    fresh = None if cookie else secrets.token_urlsafe(16)
    return request.config_dict[keys.SESSIONS].form_token(cookie or fresh or ""), fresh


async def check_form(request: web.Request) -> None:
    """Refuse what another site makes a browser send.

    Browsers say where a request comes from (Sec-Fetch-Site, Origin); where they don't, the form
    must carry the token that the page was given.

    Raises:
        web.HTTPForbidden: it comes from elsewhere, or it can't be told.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        if site == "same-origin":
            return
        raise web.HTTPForbidden(text="This request comes from another site.")
    # "null": the browser keeps its origin to itself, as our Referrer-Policy asks of old ones.
    if origin is not None and origin != "null":
        if urlsplit(origin).netloc == request.host:
            return
        raise web.HTTPForbidden(text="This request comes from another site.")
    given = request.headers.get(FORM_HEADER)
    if given is None and request.content_type in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }:
        given = str((await request.post()).get(FORM_FIELD, ""))
    wanted, fresh = form_token(request)
    if fresh is not None or not secrets.compare_digest((given or "").encode(), wanted.encode()):
        raise web.HTTPForbidden(text="This form is no longer good; open the page again.")


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Check every unsafe request, whatever its handler does."""
    if request.method not in _SAFE:
        await check_form(request)
    return await handler(request)


def _elsewhere(request: web.Request, page: str, reason: str) -> web.HTTPException:
    if request.path.startswith(_API):
        return web.HTTPUnauthorized(text=f'{{"error":"{reason}"}}', content_type="application/json")
    return web.HTTPSeeOther(page)
