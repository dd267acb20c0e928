"""`POST /api/v1/words` and `POST /api/v1/resume`: the same talk, after the page was lost."""

from __future__ import annotations

import time

from aiohttp import web
from redis.exceptions import RedisError

from bot.gateway import keys
from bot.gateway.contract import Problem, body, conversation, gone
from bot.gateway.rate import too_many, visitor_address
from bot.handoff.flood import Buckets
from bot.handoff.resume import Resume, TooBusyError
from bot.privacy.seal import SealError, derive_keys

# One talk may ask for words so often, and more every ten minutes.
_ASKED = (4, 1 / 600)
# All who try words, at this gateway: 2,000 words, four of them; guessing stays hopeless.
_TRIED = (60, 1 / 6)


class WaysBack:
    """The two ends of the words."""

    def __init__(self) -> None:
        """Begin with full buckets."""
        self._asked = Buckets(*_ASKED, clock=time.monotonic)
        self._tried = Buckets(*_TRIED, clock=time.monotonic)

    async def give(self, request: web.Request) -> web.Response:
        """`POST /api/v1/words`."""
        app, opener = request.app, conversation(request)
        token = request.headers["Authorization"].partition(" ")[2].strip()
        try:
            record = await app[keys.RECORDS].load(opener)
            if record is None:
                raise gone()
            if not self._asked.take(opener.id):
                raise _later()
            seconds = app[keys.RECORDS].expires_in(record)
            words = await _resume(app).keep(opener, token, record.language, seconds)
        except SealError:
            raise gone() from None
        except TooBusyError:
            raise _later() from None
        except (RedisError, OSError):
            words = None
        if words is None:
            raise Problem(503, "store_away", "No words can be given now.")
        answer = {"words": " ".join(words), "minutes": max(1, seconds // 60)}
        return web.json_response(answer, status=201)

    async def open(self, request: web.Request) -> web.Response:
        """`POST /api/v1/resume`."""
        app = request.app
        data = await body(request, "Words")
        address = visitor_address(request, app[keys.SETTINGS].trusted_proxies)
        refused = app[keys.LIMITER].guess(address)
        if refused:
            return too_many(refused)
        if not self._tried.take(""):
            raise _later()
        try:
            token = await _resume(app).take(data["words"])
            record = await app[keys.RECORDS].load(derive_keys(token)) if token else None
        except SealError:
            record = None
        except TooBusyError:
            raise _later() from None
        except (RedisError, OSError):
            raise Problem(503, "store_away", "Try again in a moment.") from None
        if record is None:
            raise Problem(404, "no_words", "These words open nothing (any more).")
        seconds = app[keys.RECORDS].expires_in(record)
        return web.json_response(
            {"token": token, "language": record.language, "expires_in": seconds}
        )


def _resume(app: web.Application) -> Resume:
    return app[keys.HANDOFF].resume


def _later() -> Problem:
    return Problem(429, "too_many", "Wait a little.", Retry_After="10")


def add_routes(app: web.Application) -> None:
    """Add both."""
    ways = WaysBack()
    app.router.add_post("/api/v1/words", ways.give)
    app.router.add_post("/api/v1/resume", ways.open)
