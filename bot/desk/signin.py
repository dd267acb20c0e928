"""Coming in and going: sign-in, the confidentiality text, the own account, sign-out."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.desk import keys, passwords
from bot.desk.accounts import Account
from bot.desk.checks import checklist
from bot.desk.page import hidden_field, language_of, page, say
from bot.desk.session import (
    CONFIDENTIALITY,
    COOKIE,
    FORM_COOKIE,
    SIGN_IN,
    drop_cookie,
    identified,
    notify,
    session_of,
    set_cookie,
    signed_in,
)
from bot.desk.workspace import MEMORY
from bot.gateway import keys as gateway_keys
from bot.gateway.rate import visitor_address


def begin(request: web.Request, account: Account, response: web.StreamResponse) -> None:
    """Sign somebody in: a new session, whose cookie goes with `response`."""
    sessions = request.config_dict[keys.SESSIONS]
    # Whatever this browser had before ends: no session outlives a change of person.
    sessions.end(request.cookies.get(COOKIE, ""))
    # Who signs in is back from a pause.
    request.config_dict[MEMORY].paused.pop(account.id, None)
    cookie = sessions.begin(account.id)
    session = sessions.get(cookie)
    if session and "language" in request.query:
        session.language = language_of(request)
    set_cookie(response, COOKIE, cookie)
    drop_cookie(response, FORM_COOKIE)


def home(request: web.Request, account: Account) -> str:
    """Return where somebody begins: a supervisor at the checklist until all of it is done."""
    if account.supervises and not all(checklist(request).values()):
        return "/desk/checklist"
    return "/desk/assistant" if account.role == "maintainer" else "/desk/"


def address_of(request: web.Request) -> str:
    """Return the address that a request comes from, for counting wrong tries only."""
    return visitor_address(request, request.config_dict[gateway_keys.SETTINGS].trusted_proxies)


def wrong(request: web.Request, key: str, **values: object) -> str:
    """Return the markup that says what went wrong, to be read out at once."""
    return f'<p class="wrong" role="alert">{escape(say(key, language_of(request), **values))}</p>'


def _sign_in_page(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    has_outside = keys.OIDC in request.app
    outside = ""
    if has_outside:
        label = escape(say("sign_in_outside", language_of(request)))
        outside = f'<p><a class="button quiet" href="/desk/oidc/start">{label}</a></p>'
    nobody = ""
    if not request.config_dict[keys.ACCOUNTS].all():
        nobody = f'<p class="notice">{escape(say("sign_in_nobody", language_of(request)))}</p>'
    asked = f"?language={language_of(request)}" if "language" in request.query else ""
    slots = {"wrong": problem, "outside": outside, "nobody": nobody, "asked": asked}
    return page(request, "sign-in", slots, status=status)


async def show_sign_in(request: web.Request) -> web.Response:
    """`GET /desk/sign-in`."""
    return _sign_in_page(request)


async def sign_in(request: web.Request) -> web.Response:
    """`POST /desk/sign-in`: name, password and code at once; one answer to all wrongs."""
    form = await request.post()
    name, password, code = (str(form.get(f, "")) for f in ("name", "password", "code"))
    name, address = name.strip()[:100], address_of(request)
    lockout = request.config_dict[keys.LOCKOUT]
    if seconds := lockout.attempt(name, address):
        response = _sign_in_page(
            request, wrong(request, "wrong_wait", minutes=-(-seconds // 60)), status=429
        )
        response.headers["Retry-After"] = str(seconds)
        return response
    accounts = request.config_dict[keys.ACCOUNTS]
    account = accounts.by_login(name)
    if not await passwords.proved(accounts, account, password, code) or account is None:
        return _sign_in_page(request, wrong(request, "wrong_sign_in"), status=401)
    lockout.passed(name, address)
    answer = web.Response(status=303, headers={"Location": home(request, account)})
    begin(request, account, answer)
    return answer


async def sign_out(request: web.Request) -> web.Response:
    """`POST /desk/sign-out`: the session ends, and the counsellor is no longer there."""
    session = session_of(request)
    if session:
        account = request.config_dict[keys.ACCOUNTS].get(session.account_id)
        request.config_dict[keys.SESSIONS].end(request.cookies[COOKIE])
        if account:
            handoff = request.config_dict[gateway_keys.HANDOFF]
            request.config_dict[MEMORY].paused.pop(account.id, None)
            await handoff.presence.left(account.id, account.networks, account.languages)
            # Nobody is left alone with somebody who has gone: their people wait again.
            for case in await handoff.held_by(account.alias):
                await handoff.release(case.id, account.alias)
    answer = web.Response(status=303, headers={"Location": SIGN_IN})
    drop_cookie(answer, COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


async def show_confidentiality(request: web.Request) -> web.Response:
    """`GET /desk/confidentiality`: the text, and when it was accepted (R33)."""
    account, language = identified(request), language_of(request)
    day = request.config_dict[keys.ACCOUNTS].accepted(account.id)
    if day:
        below = f"<p>{escape(say('confidentiality_accepted', language, day=day))}</p>"
    else:
        label = escape(say("confidentiality_accept", language))
        below = (
            f'<form method="post" action="{CONFIDENTIALITY}">{hidden_field(request)}'
            f'<div class="actions"><button>{label}</button></div></form>'
        )
    regime = escape(say(f"confidentiality_{account.regime}", language))
    return page(request, "confidentiality", {"below": below, "regime": regime})


async def accept_confidentiality(request: web.Request) -> web.Response:
    """`POST /desk/confidentiality`: the yes, kept with its day."""
    account = identified(request)
    today = request.config_dict[gateway_keys.CLOCK]().date()
    request.config_dict[keys.ACCOUNTS].accept(account.id, today)
    raise web.HTTPSeeOther(home(request, account))


def _account_page(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    account, language = signed_in(request), language_of(request)
    local = request.config_dict[keys.ACCOUNTS].secrets(account.id).password is not None
    facts = [
        ("alias", account.alias),
        ("role", say(f"role_{account.role}", language)),
        ("regime", say(f"regime_{account.regime}", language)),
        ("organisation", account.organisation),
        ("networks", ", ".join(account.networks)),
        ("languages", ", ".join(account.languages).upper()),
    ]
    rows = "".join(
        f"<tr><th scope=row>{escape(say(f'field_{name}', language))}</th>"
        f"<td>{escape(value)}</td></tr>"
        for name, value in facts
    )
    return page(
        request,
        "account",
        {"rows": rows, "wrong": problem, "local": "" if local else " hidden"},
        status=status,
    )


async def show_account(request: web.Request) -> web.Response:
    """`GET /desk/account`: what is kept about oneself, and a new password."""
    return _account_page(request)


async def change_password(request: web.Request) -> web.Response:
    """`POST /desk/account`: a new password; all other sessions of the account end."""
    account, form = signed_in(request), await request.post()
    accounts, lockout = request.config_dict[keys.ACCOUNTS], request.config_dict[keys.LOCKOUT]
    old, new = str(form.get("old", "")), str(form.get("new", ""))
    # Counted apart from signing in: who sits at an open screen can't lock its owner out.
    place, address = f"change {account.id}", address_of(request)
    if seconds := lockout.attempt(place, address):
        minutes = -(-seconds // 60)
        return _account_page(request, wrong(request, "wrong_wait", minutes=minutes), status=429)
    if not await passwords.is_password(accounts, account, old):
        return _account_page(request, wrong(request, "wrong_password"), status=401)
    lockout.passed(place, address)
    if not passwords.acceptable(new, account.alias):
        return _account_page(request, wrong(request, "wrong_new_password"), status=400)
    accounts.set_password(account.id, await passwords.hash_password(new))
    sessions = request.config_dict[keys.SESSIONS]
    sessions.end_all(account.id, but=request.cookies[COOKIE])
    notify(request, "notice_password", "/desk/account")
    raise web.HTTPSeeOther("/desk/account")


def add_routes(app: web.Application) -> None:
    """Add these pages to the desk."""
    app.router.add_get("/sign-in", show_sign_in)
    app.router.add_post("/sign-in", sign_in)
    app.router.add_post("/sign-out", sign_out)
    app.router.add_get("/confidentiality", show_confidentiality)
    app.router.add_post("/confidentiality", accept_confidentiality)
    app.router.add_get("/account", show_account)
    app.router.add_post("/account", change_password)
