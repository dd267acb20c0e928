"""Sentences that visitors give to the inbox: the yes, and the page where a code takes it back.

The code works whether or not `LEARNING` is still on: as long as a sentence is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from html import escape

from aiohttp import web
from redis.exceptions import RedisError

from bot import keyspace
from bot.conversation.lock import LockTimeoutError, hold
from bot.gateway import keys
from bot.gateway.contract import Problem, body, conversation, gone
from bot.gateway.markup import Template
from bot.gateway.pages import DOCUMENT, WEB, document_slots, language_of
from bot.gateway.rate import PROOF_HEADER, too_many, visitor_address
from bot.gateway.webtexts import WebTexts, load_web_texts
from bot.learning import codes
from bot.learning.inbox import Inbox
from bot.learning.sentences import DONE, NEVER, Sentences
from bot.privacy.seal import SealError

INBOX = web.AppKey("learning_inbox", Inbox)
SENTENCES = web.AppKey("learning_sentences", Sentences)
_PAGE = web.AppKey("learning_page", Template)
_TEXTS = web.AppKey("learning_texts", WebTexts)
_EXPIRE_SECONDS = 3600


def _away() -> Problem:
    return Problem(503, "store_away", "Nothing was kept; please try again.")


async def answer(request: web.Request) -> web.Response:
    """`POST /api/v1/learning`: the ticked sentences, or none: that is a no."""
    app, opener = request.app, conversation(request)
    data = await body(request, "Given")
    sentences = app.get(SENTENCES)
    if sentences is None:
        raise Problem(404, "learning_off", "Nothing is asked for here.")
    records = app[keys.RECORDS]
    try:
        async with hold(app[keys.REDIS], keyspace.gate(opener.id)):
            record = await records.load(opener)
            if record is None:
                raise gone()
            code = record.learning
            if code in ("", NEVER, DONE):
                raise Problem(409, "not_asked", "This conversation was not asked, or has answered.")
            given = sentences.take(record, data["sentences"])
            key = await app[keys.HANDOFF].pepper.value() if given else b""
            if key is None:
                raise _away()
            # The record first: whoever has erased the talk meanwhile gives nothing.
            if not await records.save(opener, record):
                raise gone()
            if given:
                await asyncio.to_thread(app[INBOX].give, code, given, key)
    except SealError:
        raise gone() from None
    except (RedisError, OSError, LockTimeoutError, sqlite3.Error):
        raise _away() from None
    return web.Response(status=204)


async def show(request: web.Request) -> web.Response:
    """`GET /learning`: where a code takes back what was given."""
    return _page(request, "")


async def withdraw(request: web.Request) -> web.Response:
    """`POST /learning`: take back; a wrong code, an old and a right one get the same answer."""
    app, form = request.app, await request.post()
    address = visitor_address(request, app[keys.SETTINGS].trusted_proxies)
    refused = app[keys.LIMITER].newcomer(address, request.headers.get(PROOF_HEADER))
    if refused:
        return too_many(refused)
    code = codes.typed(str(form.get("code", "")))
    if code is None:
        return _page(request, "learning_no_code", status=400)
    try:
        await asyncio.to_thread(app[INBOX].withdraw, code)
    except (OSError, sqlite3.Error):
        return _page(request, "learning_away", status=503)
    return _page(request, "learning_gone")


def _page(request: web.Request, said: str, status: int = 200) -> web.Response:
    language, page = language_of(request), request.app[_PAGE]
    line = f'<p role="alert">{escape(request.app[_TEXTS].get(said, language))}</p>' if said else ""
    slots = {**document_slots(language, "/learning"), "said": line}
    return web.Response(text=page.fill(language, slots), content_type="text/html", status=status)


async def keep_short(inbox: Inbox) -> None:
    """Delete what is too old, every hour, until cancelled; also when learning is off."""
    while True:
        with contextlib.suppress(OSError, sqlite3.Error):
            await asyncio.to_thread(inbox.expire)
        await asyncio.sleep(_EXPIRE_SECONDS)


def add_routes(app: web.Application) -> None:
    """Add these to the gateway.

    Raises:
        TextsError: a sentence is missing.
    """
    clock = app[keys.CLOCK]
    app[INBOX] = Inbox(app[keys.SETTINGS].state_dir, lambda: clock().date())
    app[_TEXTS] = load_web_texts()
    app[_PAGE] = Template(WEB / "learning.html", app[_TEXTS], DOCUMENT)
    app.router.add_post("/api/v1/learning", answer)
    app.router.add_get("/learning", show)
    app.router.add_post("/learning", withdraw)
