"""Signing in through the municipality's provider; who may come in is still the supervisor's say.

An invitation is taken up at the provider: that binds its subject to the new account. Somebody whom
the provider knows and nobody has invited stays outside.
"""

from __future__ import annotations

import logging
import secrets
from html import escape

from aiohttp import web

from bot.desk import keys
from bot.desk.accounts import Account, TakenError
from bot.desk.forms import text
from bot.desk.join import acceptable_alias, link_of, show_join
from bot.desk.oidc_client import OidcClient, OidcError, Pending
from bot.desk.page import page
from bot.desk.session import drop_cookie, set_cookie
from bot.desk.signin import begin, wrong
from bot.settings import Settings

# Lax: the provider leads back here from another site, and this cookie must come along.
_BROWSER = "__Host-desk-oidc"
_log = logging.getLogger(__name__)


def client(settings: Settings) -> OidcClient | None:
    """Return the client, None when no provider is configured."""
    if not settings.desk_oidc_issuer:
        return None
    return OidcClient(
        settings.desk_oidc_issuer,
        settings.desk_oidc_client_id,
        settings.desk_oidc_client_secret,
        f"{settings.desk_url.rstrip('/')}/oidc/callback",
    )


async def _leave(
    request: web.Request, *, link: str = "", alias: str = "", organisation: str = ""
) -> web.Response:
    browser = secrets.token_urlsafe(24)
    try:
        address = await request.app[keys.OIDC].begin(
            browser, link=link, alias=alias, organisation=organisation
        )
    except OidcError as error:
        return _failed(request, error)
    # A page, not a redirect: form-action 'self' would stop a form that leads to another site.
    answer = page(request, "oidc-leave", {"address": escape(address)})
    set_cookie(answer, _BROWSER, browser, lax=True)
    return answer


def _failed(request: web.Request, error: OidcError, status: int = 502) -> web.Response:
    # What went wrong, never who: the provider's answer isn't written down.
    _log.warning("sign-in through OpenID Connect failed: %s", error)
    answer = page(request, "oidc-failed", status=status)
    drop_cookie(answer, _BROWSER)
    return answer


async def start(request: web.Request) -> web.Response:
    """`GET /desk/oidc/start`: to the provider."""
    return await _leave(request)


async def join(request: web.Request) -> web.Response:
    """`POST /desk/oidc/join/<token>`: take an invitation up at the provider."""
    link, form = link_of(request), await request.post()
    if link is None or link.kind == "secret":
        return page(request, "link-gone", status=410)
    alias, organisation = text(form, "alias"), text(form, "organisation")
    if not acceptable_alias(alias):
        return show_join(request, link, form, wrong(request, "wrong_alias"), 400)
    if link.kind == "first" and not organisation:
        return show_join(request, link, form, wrong(request, "wrong_organisation"), 400)
    return await _leave(
        request, link=request.match_info["token"], alias=alias, organisation=organisation
    )


async def callback(request: web.Request) -> web.Response:
    """`GET /desk/oidc/callback`: back from the provider."""
    query = request.query
    try:
        subject, pending = await request.app[keys.OIDC].finish(
            request.cookies.get(_BROWSER, ""),
            query.get("state", ""),
            query.get("code", ""),
            query.get("iss"),
        )
    except OidcError as error:
        return _failed(request, error, 403)
    try:
        account = _account(request, subject, pending)
    except TakenError as error:
        key = "alias" if str(error) == "alias" else "subject"
        return _failed(request, OidcError(f"this {key} belongs to an account already"), 409)
    if account is None:
        return _failed(request, OidcError("nobody has invited this person"), 403)
    # A page, not a redirect: coming from the provider, the browser would hold back a Strict cookie.
    answer = page(request, "oidc-done")
    drop_cookie(answer, _BROWSER)
    begin(request, account, answer)
    return answer


def _account(request: web.Request, subject: str, pending: Pending) -> Account | None:
    accounts = request.config_dict[keys.ACCOUNTS]
    if pending.link:
        return accounts.join(
            pending.link, pending.alias, subject=subject, organisation=pending.organisation
        )
    return accounts.by_subject(subject)


def add_routes(app: web.Application) -> None:
    """Add these addresses to the desk."""
    app.router.add_get("/oidc/start", start)
    app.router.add_post("/oidc/join/{token}", join)
    app.router.add_get("/oidc/callback", callback)
