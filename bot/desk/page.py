"""One layout for all pages of the desk, filled from `bot/web/desk` and `data/desk*.yml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from bot.desk import keys, trials
from bot.desk.accounts import Account
from bot.desk.session import FORM_COOKIE, FORM_FIELD, form_token, session_of, set_cookie
from bot.gateway import keys as gateway_keys
from bot.gateway.markup import Template
from bot.gateway.pages import WEB
from bot.gateway.pages import language_of as browser_language
from bot.gateway.webtexts import WebTexts, load_web_texts
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, TextsError

FOLDER = WEB / "desk"
_TEXTS = ("desk.yml", "desk-work.yml", "workshop.yml")
# Who sees which link: everybody; who may claim; the supervisor; supervisor and maintainer.
_LINKS: tuple[tuple[str, str, str], ...] = (
    ("/desk/", "nav_work", "claims"),
    ("/desk/practice", "nav_practice", "claims"),
    ("/desk/sheet", "nav_sheet", "all"),
    ("/desk/roster", "nav_roster", "supervisor"),
    ("/desk/people", "nav_people", "supervisor"),
    ("/desk/checklist", "nav_checklist", "supervisor"),
    ("/desk/hours", "nav_hours", "supervisor"),
    ("/desk/statistics", "nav_statistics", "supervisor"),
    ("/desk/assistant", "nav_assistant", "steers"),
    ("/workshop/", "nav_workshop", "steers"),
    ("/desk/account", "nav_account", "all"),
)


@cache
def desk_texts() -> WebTexts:
    """Return the sentences of the desk.

    Raises:
        TextsError: a file is broken, or a key stands in two of them.
    """
    found: dict[str, dict[str, str]] = {}
    for name in _TEXTS:
        if not (DATA / name).exists():
            continue
        more = load_web_texts(DATA / name).sentences
        if doubled := found.keys() & more.keys():
            raise TextsError(f"data/{name}: {sorted(doubled)[0]} stands in another file too.")
        found.update(more)
    return WebTexts(found)


@cache
def _template(name: str) -> Template:
    return Template(FOLDER / f"{name}.html", desk_texts())


def say(key: str, language: Supported, **values: object) -> str:
    """Return a sentence of the desk, its `{names}` filled in; not escaped.

    Raises:
        KeyError: there is no such sentence.
    """
    return (
        desk_texts().get(key, language).format(**values)
        if values
        else desk_texts().get(key, language)
    )


def part(name: str, language: Supported, slots: Mapping[str, str]) -> str:
    """Return `bot/web/desk/parts/<name>.html` filled in: markup that several pages share."""
    return _template(f"parts/{name}").fill(language, slots)


def language_of(request: web.Request) -> Supported:
    """Return the page's language: asked for (kept while signed in), else what they speak."""
    session, browser = session_of(request, active=False), browser_language(request)
    asked = request.query.get("language")
    if asked == browser:
        if session:
            session.language = browser
        return browser
    if session is None:
        return browser
    account = request.config_dict[keys.ACCOUNTS].get(session.account_id)
    spoken = account.languages if account else ()
    if session.language:
        return session.language
    return browser if browser in spoken or not spoken else "nl" if spoken[0] == "nl" else "fr"


def page(
    request: web.Request,
    template: str,
    slots: Mapping[str, str] | None = None,
    *,
    assets: Sequence[str] = (),
    status: int = 200,
) -> web.Response:
    """Return a page of the desk.

    Args:
        request: that asked for it.
        template: `bot/web/desk/<template>.html`, the inside of `<main>`; its title is the
            sentence `title_<template>` ('-' becomes '_').
        slots: markup for its `{%names%}`, escaped by the caller; `{%form%}` (a hidden field that
            every form with method=post needs) and `{%language%}` are given anyway.
        assets: names of .css and .js files in `bot/web/desk` that this page needs.
        status: of the answer.
    """
    language = language_of(request)
    session = session_of(request, active=False)
    account = request.config_dict[keys.ACCOUNTS].get(session.account_id) if session else None
    token, fresh = form_token(request)
    hidden = f'<input type="hidden" name="{FORM_FIELD}" value="{token}">'
    notice = ""
    if session and session.notice:
        (key, path), session.notice = session.notice, None
        # A page that answers a form with what is wrong says nothing of what went well before.
        if path == request.path and status < 400:
            notice = f'<p class="notice" role="status">{escape(say(key, language))}</p>'
    if account and account.supervises:
        notice += _alarm(request, language)
    own = {"form": hidden, "language": language}
    if template.startswith("workshop-"):
        own["tabs"] = part("workshop-tabs", language, {})
    main = _template(template).fill(language, {**own, **(slots or {})})
    styles = "".join(
        f'<link rel="stylesheet" href="/desk/static/{escape(a)}">'
        for a in assets
        if a.endswith(".css")
    )
    scripts = "".join(
        f'<script type="module" src="/desk/static/{escape(a)}"></script>'
        for a in assets
        if a.endswith(".js")
    )
    title = escape(say("title_" + template.replace("-", "_"), language))
    demo = request.config_dict[gateway_keys.SETTINGS].mode == "demo"
    html = _template("layout").fill(
        language,
        {
            **own,
            "title": title,
            "head": styles + scripts,
            "token": token,
            "page": escape(template),
            "banner": f'<p class="banner">{escape(say("demo", language))}</p>' if demo else "",
            "nav": _nav(request, account, language, hidden),
            "languages": _languages(request, language),
            "notice": notice,
            "main": main,
        },
    )
    response = web.Response(text=html, content_type="text/html", status=status)
    if fresh is not None:
        set_cookie(response, FORM_COOKIE, fresh)
    return response


def _alarm(request: web.Request, language: Supported) -> str:
    """Return the supervisor's alarm when nobody claimed the last test handoff."""
    service = request.config_dict[gateway_keys.HANDOFF]
    state = request.config_dict[gateway_keys.STATE]
    if not trials.missed(state, service.network, service.store.now()):
        return ""
    return f'<p class="alarm" role="alert">{escape(say("alarm_trial", language))}</p>'


def _nav(request: web.Request, account: Account | None, language: Supported, hidden: str) -> str:
    if account is None:
        return ""
    may = {
        "all": True,
        "claims": account.role != "maintainer",
        "supervisor": account.supervises,
        "steers": account.role != "counsellor",
    }
    links = "".join(
        f'<a href="{path}"{" aria-current=page" if request.path == path else ""}>'
        f"{escape(say(key, language))}</a>"
        for path, key, who in _LINKS
        if may[who]
    )
    label = escape(say("nav_label", language))
    leave = escape(say("sign_out", language))
    return (
        f'<nav class="menu" aria-label="{label}">{links}'
        f'<form method="post" action="/desk/sign-out">{hidden}'
        f'<button class="quiet" id="sign-out">{leave}</button></form></nav>'
    )


def _languages(request: web.Request, language: Supported) -> str:
    kept = {k: v for k, v in request.query.items() if k != "language"}
    return "".join(
        f'<a href="?{escape(urlencode({**kept, "language": code}))}" hreflang="{code}" '
        f'lang="{code}"{" aria-current=true" if code == language else ""}>{code.upper()}</a>'
        for code in SUPPORTED
    )


def hidden_field(request: web.Request) -> str:
    """Return the hidden field that every form with method=post of a signed-in person needs."""
    token, _ = form_token(request)
    return f'<input type="hidden" name="{FORM_FIELD}" value="{token}">'
