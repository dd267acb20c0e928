"""One-time links: a new account, or a new password and second factor."""

from __future__ import annotations

import re
import time
from html import escape

from aiohttp import web

from bot.desk import keys, passwords
from bot.desk.accounts import Account, Link, TakenError
from bot.desk.forms import Form, text
from bot.desk.page import language_of, page, say
from bot.desk.session import CONFIDENTIALITY
from bot.desk.signin import begin, wrong

# What visitors read: a first name or a made-up one, nothing that looks like a sentence.
_ALIAS = re.compile(r"[^\W\d_][\w' .-]{1,23}")
_LOGIN = re.compile(r"[\w.@+-]{3,60}", re.ASCII)
_SECRET = re.compile(r"[A-Z2-7]{32}")


def acceptable_alias(alias: str) -> bool:
    """Tell whether a name may be shown to visitors."""
    return bool(_ALIAS.fullmatch(alias))


def link_of(request: web.Request) -> Link | None:
    """Return what the link of this address opens, None when it's no longer good."""
    return request.config_dict[keys.ACCOUNTS].link(request.match_info["token"])


def _gone(request: web.Request) -> web.Response:
    return page(request, "link-gone", status=410)


def show_join(
    request: web.Request, link: Link, form: Form | None = None, problem: str = "", status: int = 200
) -> web.Response:
    """Return the page of a link; `form` is what was typed when something was wrong with it."""
    language, renewing = language_of(request), link.kind == "secret"
    typed = {n: text(form, n) if form else "" for n in ("alias", "login", "organisation", "secret")}
    secret = typed["secret"] if _SECRET.fullmatch(typed["secret"]) else passwords.new_secret()
    accounts = request.config_dict[keys.ACCOUNTS]
    known = accounts.get(link.account) if link.account else None
    address = passwords.otpauth(secret, typed["login"] or (known.alias if known else "helpline"))
    outside = keys.OIDC in request.app and not renewing
    slots = {
        "wrong": problem,
        "intro": escape(say(f"join_{link.kind}", language)),
        "new": " hidden disabled" if renewing else "",
        "first": "" if link.kind == "first" else " hidden disabled",
        "outside": "" if outside else " hidden disabled",
        "token": escape(request.match_info["token"]),
        "alias": escape(typed["alias"]),
        "login": escape(typed["login"]),
        "organisation": escape(typed["organisation"]),
        "secret": secret,
        "grouped": " ".join(secret[i : i + 4] for i in range(0, 32, 4)),
        "otpauth": escape(address),
        "qr": passwords.qr_code(address),
    }
    return page(request, "join", slots, status=status)


async def join_page(request: web.Request) -> web.Response:
    """`GET /desk/join/<token>`: looking doesn't use the link up."""
    link = link_of(request)
    return show_join(request, link) if link else _gone(request)


def problem_with(form: Form, link: Link) -> str:
    """Return the key of the sentence that says what is wrong with names, "" when nothing is."""
    alias, login = text(form, "alias"), text(form, "login")
    if link.kind == "secret":
        return ""
    if not acceptable_alias(alias):
        return "wrong_alias"
    if link.kind == "first" and not text(form, "organisation"):
        return "wrong_organisation"
    # Visitors read the alias: with it alone, somebody could lock a counsellor out.
    if not _LOGIN.fullmatch(login) or login.casefold() == alias.casefold():
        return "wrong_login"
    return ""


async def join(request: web.Request) -> web.Response:
    """`POST /desk/join/<token>`: make the account (or its new secrets), and sign in."""
    link, form = link_of(request), await request.post()
    if link is None:
        return _gone(request)
    alias, login = text(form, "alias"), text(form, "login")
    password, secret = str(form.get("password", "")), text(form, "secret")
    problem = problem_with(form, link)
    if not problem and not passwords.acceptable(password, alias, login):
        problem = "wrong_new_password"
    step = (
        passwords.matching_step(secret, text(form, "code"), time.time())
        if _SECRET.fullmatch(secret)
        else None
    )
    if not problem and step is None:
        problem = "wrong_code"
    if problem or step is None:
        return show_join(request, link, form, wrong(request, problem), 400)
    hashed = await passwords.hash_password(password)
    accounts, token = request.config_dict[keys.ACCOUNTS], request.match_info["token"]
    account: Account | None
    if link.kind == "secret":
        account = accounts.renew(token, password=hashed, totp=secret, step=step)
    else:
        try:
            account = accounts.join(
                token,
                alias,
                login=login,
                password=hashed,
                totp=secret,
                step=step,
                organisation=text(form, "organisation"),
            )
        except TakenError as error:
            key = "wrong_alias_taken" if str(error) == "alias" else "wrong_login_taken"
            return show_join(request, link, form, wrong(request, key), 409)
    if account is None:
        return _gone(request)
    request.config_dict[keys.SESSIONS].end_all(account.id)
    answer = web.Response(status=303, headers={"Location": CONFIDENTIALITY})
    begin(request, account, answer)
    return answer


def add_routes(app: web.Application) -> None:
    """Add these pages to the desk."""
    app.router.add_get("/join/{token}", join_page)
    app.router.add_post("/join/{token}", join)
