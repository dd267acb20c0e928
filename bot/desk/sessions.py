"""Who is signed in: in the gateway's memory only, gone when it ends."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.language import Supported

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600


@dataclass
class Session:
    """One signed-in browser. `ended` is set when it is over: open streams must stop then."""

    account_id: str
    began: float
    seen: float
    language: Supported | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    # A sentence's key and the path of its page: said there if it comes next, then forgotten.
    notice: tuple[str, str] | None = None


class Sessions:
    """The sessions of this process; a cookie's value is kept as a hash only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without any; `clock` in seconds."""
        self._clock = clock
        self._by_name: dict[bytes, Session] = {}
        self._key = secrets.token_bytes(32)

    def begin(self, account_id: str) -> str:
        """Begin a session; return the cookie's value."""
        now = self._clock()
        for name in [n for n, session in self._by_name.items() if self._over(session, now)]:
            self._forget(name)
        cookie = secrets.token_urlsafe(32)
        self._by_name[_name(cookie)] = Session(account_id, now, now)
        return cookie

    def get(self, cookie: str, *, active: bool = True) -> Session | None:
        """Return the session of a cookie, None when there is none or it has ended.

        Args:
            cookie: its value.
            active: count this as a sign of life (heartbeats and streams don't).
        """
        name, now = _name(cookie), self._clock()
        session = self._by_name.get(name)
        if session is None:
            return None
        if self._over(session, now):
            self._forget(name)
            return None
        if active:
            session.seen = now
        return session

    def end(self, cookie: str) -> None:
        """End one session."""
        self._forget(_name(cookie))

    def end_all(self, account_id: str, *, but: str = "") -> None:
        """End every session of an account at once, except the cookie `but`."""
        kept = _name(but)
        for name, session in list(self._by_name.items()):
            if session.account_id == account_id and name != kept:
                self._forget(name)

    def form_token(self, cookie: str) -> str:
        """Return what proves that a form was made for the browser with this cookie."""
        return hmac.digest(self._key, b"form " + cookie.encode(), "sha256").hex()

    def _over(self, session: Session, now: float) -> bool:
        return now - session.seen > IDLE_SECONDS or now - session.began > LONGEST_SECONDS

    def _forget(self, name: bytes) -> None:
        session = self._by_name.pop(name, None)
        if session:
            session.ended.set()


def _name(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
