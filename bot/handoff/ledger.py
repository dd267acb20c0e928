"""What deliveries leave behind, in `STATE_DIR`: dead letters, endpoints that said stop, counters.

SQLite in WAL mode, readable by its owner only. No content, no address of an endpoint (it may hold a
secret), no conversation: an event's id and type, the opaque handoff id, and what went wrong.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.private_db import open_private

_KEPT_SECONDS = 30 * 24 * 3600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS dead (
  id TEXT, endpoint TEXT, type TEXT, handoff TEXT, body TEXT, reason TEXT, at REAL,
  PRIMARY KEY (id, endpoint)
);
CREATE TABLE IF NOT EXISTS stopped (endpoint TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS reading (
  hour INTEGER, handoff TEXT, reader TEXT, PRIMARY KEY (hour, handoff, reader)
);
CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, number INTEGER NOT NULL);
"""
T = TypeVar("T")


@dataclass(frozen=True)
class DeadLetter:
    """An event that its endpoint never accepted; `body` is as thin as it was sent."""

    id: str
    endpoint: str
    type: str
    handoff: str
    body: str
    reason: str
    at: float


class Ledger:
    """The small database of deliveries."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) it in `folder`, mode 0600.

        Raises:
            OSError: the folder can't be made or written.
        """
        self._lock = threading.Lock()
        self._db = open_private(folder / "handoff.db", timeout=5, check_same_thread=False)
        self._db.executescript(_SCHEMA)
        self._db.execute("DELETE FROM dead WHERE at < ?", (time.time() - _KEPT_SECONDS,))
        self._db.execute(
            "DELETE FROM reading WHERE hour < ?", (_hour(time.time() - _KEPT_SECONDS),)
        )
        self._stopped = self._read_stopped()

    def bury(self, letter: DeadLetter) -> None:
        """Keep a dead letter."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    letter.id,
                    letter.endpoint,
                    letter.type,
                    letter.handoff,
                    letter.body,
                    letter.reason,
                    letter.at,
                ),
            )

    def dead(self) -> list[DeadLetter]:
        """Return the dead letters, the oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT * FROM dead ORDER BY at, id").fetchall()
        return [DeadLetter(*row) for row in rows]

    def forget(self, letter: DeadLetter) -> None:
        """Drop a dead letter (it goes out again)."""
        with self._lock:
            self._db.execute(
                "DELETE FROM dead WHERE id = ? AND endpoint = ?", (letter.id, letter.endpoint)
            )

    def stop(self, endpoint: str) -> None:
        """Remember that an endpoint wants nothing any more (it answered 410)."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO stopped VALUES (?, ?)", (endpoint, time.time())
            )
            self._stopped = self._read_stopped()

    def restart(self, endpoint: str) -> None:
        """Send to an endpoint again."""
        with self._lock:
            self._db.execute("DELETE FROM stopped WHERE endpoint = ?", (endpoint,))
            self._stopped = self._read_stopped()

    def is_stopped(self, endpoint: str) -> bool:
        """Tell whether an endpoint was turned off (as of the last `refresh`)."""
        return endpoint in self._stopped

    def refresh(self) -> None:
        """See what other processes have turned off or on."""
        with self._lock:
            self._stopped = self._read_stopped()

    def stopped(self) -> list[str]:
        """Return the endpoints that were turned off."""
        return sorted(self._stopped)

    def note_reading(self, handoff: str, reader: str) -> None:
        """Note that somebody has read a talk: who and in which hour, nothing of it (R33)."""
        with self._lock:
            self._db.execute(
                "INSERT OR IGNORE INTO reading VALUES (?, ?, ?)",
                (_hour(time.time()), handoff, reader),
            )

    def readings(self) -> list[tuple[int, str, str]]:
        """Return all readings: the hour (since 1970), the handoff, the reader."""
        with self._lock:
            return self._db.execute("SELECT hour, handoff, reader FROM reading").fetchall()

    def count(self, name: str) -> None:
        """Add one to a counter."""
        with self._lock:
            self._db.execute(
                "INSERT INTO counted VALUES (?, 1) "
                "ON CONFLICT (name) DO UPDATE SET number = number + 1",
                (name,),
            )

    def counts(self) -> dict[str, int]:
        """Return all counters."""
        with self._lock:
            return dict(self._db.execute("SELECT name, number FROM counted").fetchall())

    async def later(self, work: Callable[[], T]) -> T:
        """Run one of the above beside the loop, which a slow disk must not block."""
        return await asyncio.to_thread(work)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def _read_stopped(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._db.execute("SELECT endpoint FROM stopped"))


def _hour(moment: float) -> int:
    return int(moment // 3600)
