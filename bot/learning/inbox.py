"""The inbox of given sentences, in `STATE_DIR`: held until they are several people's, then mixed.

The holding place is sealed with a key that lives in the gateways' memory only: a copy of the disk
shows how many sentences wait, nothing else. When three conversations have given something in one
week, what they gave goes into the inbox together. Nothing is kept longer than 30 days.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.language import Supported
from bot.learning import codes
from bot.privacy.seal import SealError, seal, unseal
from bot.private_db import open_private

FILE = "learning.db"
# Fewer conversations than this never lie together in the inbox.
TOGETHER = 3
KEPT_DAYS = 30
_PLACE = "learning"
# A decision that isn't an intent: it needs a meaning that doesn't exist yet.
NEW = "*new"
# Without row ids, and keyed by what looks random: the order of a table says nothing.
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS held (tag BLOB PRIMARY KEY, nest BLOB NOT NULL, week TEXT NOT NULL,"
    " sealed BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS givers (nest BLOB, week TEXT, number INTEGER NOT NULL,"
    " PRIMARY KEY (nest, week)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS kept (tag BLOB PRIMARY KEY, week TEXT NOT NULL,"
    " language TEXT NOT NULL, text TEXT NOT NULL, guesses TEXT NOT NULL, decision TEXT)"
    " WITHOUT ROWID",
)


@dataclass(frozen=True)
class Sentence:
    """One redacted sentence, its language, and the likeliest intents when it was written."""

    text: str
    language: Supported
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept(Sentence):
    """A sentence in the inbox; `decision` is what a maintainer has said it means."""

    id: str = ""
    week: str = ""
    decision: str | None = None


def week_of(day: date) -> str:
    """Return a day's week, like `2026-W48` (ISO 8601): the only time that is kept."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


class Inbox:
    """The sentences of one installation; each call opens and closes the file."""

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        """Take `STATE_DIR` and the calendar; nothing is made before somebody gives something."""
        self._path, self._today = folder / FILE, today

    # --- what visitors do
    def give(self, code: str, sentences: Sequence[Sentence], key: bytes) -> None:
        """Hold what one conversation gives, under its code; mix it in once three have given.

        Args:
            code: from `codes.new_code`; only tags made from it are kept.
            sentences: redacted; the person has seen and ticked each.
            key: 32 bytes that live in memory only.

        Raises:
            sqlite3.Error: it can't be kept; then nothing is.
            ValueError: no sentence, or too many.
        """
        if not 0 < len(sentences) <= codes.MOST:
            raise ValueError("one to eight sentences")
        secret, nest, week = codes.root(code), _derived(key, b"nest"), week_of(self._today())
        with self._open() as db:
            for number, one in enumerate(sentences):
                later = codes.tag(secret, "kept", number).hex()
                body = json.dumps([one.text, one.language, one.guesses, later]).encode()
                db.execute(
                    "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)",
                    (
                        codes.tag(secret, "held", number),
                        nest,
                        week,
                        seal(_derived(key, b"hold"), body, _PLACE),
                    ),
                )
            db.execute(
                "INSERT INTO givers VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
                (nest, week),
            )
            self._mix(db, key, nest, week)

    def _mix(self, db: sqlite3.Connection, key: bytes, nest: bytes, week: str) -> None:
        """Bring what is held into the inbox when enough conversations have given."""
        asked = (nest, week)
        query = "SELECT number FROM givers WHERE nest = ? AND week = ?"
        if db.execute(query, asked).fetchone()[0] < TOGETHER:
            return
        for (sealed,) in db.execute("SELECT sealed FROM held WHERE nest = ? AND week = ?", asked):
            with contextlib.suppress(SealError):
                text, language, guesses, later = json.loads(
                    unseal(_derived(key, b"hold"), sealed, _PLACE)
                )
                db.execute(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, NULL)",
                    (bytes.fromhex(later), week, language, text, json.dumps(guesses)),
                )
        db.execute("DELETE FROM held WHERE nest = ? AND week = ?", asked)
        db.execute("DELETE FROM givers WHERE nest = ? AND week = ?", asked)

    def withdraw(self, code: str) -> int:
        """Delete all that was given under a code, wherever it lies; return how many sentences.

        Raises:
            ValueError: it isn't a code.
            sqlite3.Error: the file can't be written.
        """
        secret, gone = codes.root(code), 0
        if not self._path.exists():
            return 0
        with self._open() as db:
            nests = set()
            for number in range(codes.MOST):
                held = (codes.tag(secret, "held", number),)
                nests |= set(db.execute("SELECT nest, week FROM held WHERE tag = ?", held))
                gone += db.execute("DELETE FROM held WHERE tag = ?", held).rowcount
                kept = (codes.tag(secret, "kept", number),)
                gone += db.execute("DELETE FROM kept WHERE tag = ?", kept).rowcount
            for nest in nests:
                # One conversation fewer: the others wait for another one.
                db.execute(
                    "UPDATE givers SET number = number - 1 WHERE nest = ? AND week = ?", nest
                )
        return gone

    # --- what maintainers do
    def sentences(self) -> list[Kept]:
        """Return the inbox, in an order that says nothing."""
        if not self._path.exists():
            return []
        with self._open() as db:
            rows = db.execute("SELECT * FROM kept ORDER BY tag").fetchall()
        return [
            Kept(text, cast(Supported, language), tuple(json.loads(guesses)), tag.hex(), week, done)
            for tag, week, language, text, guesses, done in rows
        ]

    def waiting(self) -> dict[str, int]:
        """Return by week how many sentences are held; what they say can't be read here."""
        if not self._path.exists():
            return {}
        with self._open() as db:
            return dict(db.execute("SELECT week, COUNT(*) FROM held GROUP BY week"))

    def decide(self, ids: Sequence[str], decision: str | None) -> int:
        """Note what some sentences mean (None: nothing yet); return how many there were."""
        return self._each("UPDATE kept SET decision = ?2 WHERE tag = ?1", ids, decision)

    def drop(self, ids: Sequence[str]) -> int:
        """Delete some sentences; return how many there were."""
        return self._each("DELETE FROM kept WHERE tag = ?1 AND ?2 IS NULL", ids, None)

    def wipe(self) -> int:
        """Delete all, held or not; return how many sentences there were."""
        if not self._path.exists():
            return 0
        with self._open() as db:
            gone = db.execute("DELETE FROM held").rowcount + db.execute("DELETE FROM kept").rowcount
            db.execute("DELETE FROM givers")
        return gone

    def expire(self) -> None:
        """Delete what is too old, if there is anything at all."""
        if self._path.exists():
            with self._open():
                pass

    def _each(self, statement: str, ids: Sequence[str], value: str | None) -> int:
        if not self._path.exists():
            return 0
        tags = [bytes.fromhex(one) for one in ids if len(one) == 2 * codes.TAG_BYTES]
        with self._open() as db:
            return sum(db.execute(statement, (one, value)).rowcount for one in tags)

    # --- the file
    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file, forget what is too old, and leave no trace of what was deleted."""
        db = open_private(self._path, timeout=5)
        try:
            # Deleted bytes are overwritten, also in copies that SQLite makes while it tidies.
            db.execute("PRAGMA secure_delete=ON")
            db.execute("PRAGMA temp_store=MEMORY")
            db.execute("BEGIN IMMEDIATE")
            for table in _SCHEMA:
                db.execute(table)
            before = db.total_changes
            try:
                self._expire(db)
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            changed = db.total_changes > before
            db.execute("COMMIT")
            if changed:
                # Rewritten in the order of the keys: the order of arrival is gone too. Somebody
                # may be reading; then the next change does it.
                with contextlib.suppress(sqlite3.OperationalError):
                    db.execute("VACUUM")
                    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()

    def _expire(self, db: sqlite3.Connection) -> None:
        today = self._today()
        # Nobody can join a week that is over: what is still held there will never be mixed.
        db.execute("DELETE FROM held WHERE week <> ?", (week_of(today),))
        db.execute("DELETE FROM givers WHERE week <> ?", (week_of(today),))
        for (week,) in db.execute("SELECT DISTINCT week FROM kept").fetchall():
            if today >= _monday(week) + timedelta(days=KEPT_DAYS):
                db.execute("DELETE FROM kept WHERE week = ?", (week,))


def _derived(key: bytes, label: bytes) -> bytes:
    info = b"helpline learning " + label
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)
