"""Slower and slower for who guesses: a growing delay for each sign-in name and each address.

Names are counted in the database, so that a restart gives no fresh tries; addresses only in memory
and only as a keyed hash (R34).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import time
from collections.abc import Callable

# So many are free: people mistype. Then 15 s, 30 s, 60 s … up to an hour.
FREE = {"name": 4, "address": 20}
_FIRST_SECONDS = 15
_LONGEST_SECONDS = 3600
# What nobody has tried for a day is forgotten.
_FORGET_SECONDS = 24 * 3600


class Lockout:
    """Counts wrong tries."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float] = time.time) -> None:
        """Use the accounts' database (table `failure`); `clock` in Unix seconds."""
        self._db, self._clock = db, clock
        self._key = secrets.token_bytes(32)
        self._addresses: dict[bytes, tuple[int, int]] = {}

    def attempt(self, login: str, address: str) -> int:
        """Count a try as wrong before it is looked at, so that many at once don't slip through.

        Unknown names count as known ones do: no difference is to be seen.

        Returns:
            Seconds until a try is looked at again; 0: look at this one, and say `passed` if right.
        """
        now = int(self._clock())
        number, until = self._by_name(login)
        hashed = hmac.digest(self._key, address.encode(), "sha256")
        also, until_also = self._addresses.get(hashed, (0, 0))
        wait = max(0, until - now, until_also - now)
        if wait:
            return wait
        self._db.execute("DELETE FROM failure WHERE until < ?", (now - _FORGET_SECONDS,))
        self._db.execute(
            "INSERT OR REPLACE INTO failure VALUES (?, ?, ?)",
            (_named(login), number + 1, now + _delay("name", number + 1)),
        )
        self._addresses = {k: v for k, v in self._addresses.items() if v[1] > now - _FORGET_SECONDS}
        self._addresses[hashed] = (also + 1, now + _delay("address", also + 1))
        return 0

    def passed(self, login: str, address: str) -> None:
        """Forget the wrong tries of a name, and this one of the address, after a right one."""
        self._db.execute("DELETE FROM failure WHERE name = ?", (_named(login),))
        hashed = hmac.digest(self._key, address.encode(), "sha256")
        number, _ = self._addresses.get(hashed, (1, 0))
        # Colleagues share an address: their right ones don't add up, nor do they clear the wrong.
        self._addresses[hashed] = (max(0, number - 1), 0)

    def _by_name(self, login: str) -> tuple[int, int]:
        row = self._db.execute(
            "SELECT number, until FROM failure WHERE name = ?", (_named(login),)
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)


def _delay(kind: str, number: int) -> int:
    beyond = number - FREE[kind]
    if beyond <= 0:
        return 0
    return int(min(_LONGEST_SECONDS, _FIRST_SECONDS * 2 ** min(beyond - 1, 12)))


def _named(login: str) -> bytes:
    return hashlib.sha256(login.strip().casefold().encode()).digest()
