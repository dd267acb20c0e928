"""One-time links: kept as hashes, good for a day, listed and withdrawn by the supervisor."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from typing import cast

from bot.desk.model import Link, LinkKind, Pending, Profile, read_profile

LINK_SECONDS = 24 * 3600
LINK_SCHEMA = """
CREATE TABLE IF NOT EXISTS link (
  name BLOB PRIMARY KEY, kind TEXT NOT NULL, account TEXT, profile TEXT, expires INTEGER NOT NULL,
  inviter TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT ''
);
"""
# A database of before has links without these.
_ADDED = ("inviter", "note")


def link_name(token: str) -> bytes:
    """Return what is kept of a link's secret part."""
    return hashlib.sha256(token.encode()).digest()


class Links:
    """The one-time links of this installation; `Accounts` uses them up."""

    db: sqlite3.Connection
    _clock: Callable[[], float]

    def _prepare_links(self) -> None:
        self.db.executescript(LINK_SCHEMA)
        columns = {row[1] for row in self.db.execute("PRAGMA table_info(link)")}
        for column in _ADDED:
            if column not in columns:
                self.db.execute(f"ALTER TABLE link ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")

    def invite(
        self,
        kind: LinkKind,
        profile: Profile | None = None,
        account: str = "",
        *,
        inviter: str = "",
        note: str = "",
    ) -> str:
        """Make a one-time link, good for a day; return its secret part. Only its hash is kept.

        Args:
            kind: what it opens.
            profile: of the account to be made.
            account: for `secret`: whose; an older one of theirs ends.
            inviter: the alias of who made it, "" for the machine's command line.
            note: for whom it is, in the inviter's own words; goes when the link goes.
        """
        token, now = secrets.token_urlsafe(32), int(self._clock())
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("DELETE FROM link WHERE expires <= ? OR account = ?", (now, account))
            self.db.execute(
                "INSERT INTO link (name, kind, account, profile, expires, inviter, note) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    link_name(token),
                    kind,
                    account or None,
                    json.dumps(asdict(profile or Profile())),
                    now + LINK_SECONDS,
                    inviter,
                    note,
                ),
            )
        return token

    def link(self, token: str) -> Link | None:
        """Return what a link opens, None when it was used, withdrawn, has ended or never was."""
        row = self.db.execute(
            "SELECT kind, account, profile FROM link WHERE name = ? AND expires > ?",
            (link_name(token), int(self._clock())),
        ).fetchone()
        return Link(cast(LinkKind, row[0]), row[1], read_profile(row[2])) if row else None

    def pending(self) -> list[Pending]:
        """Return the links that wait to be used, the newest first."""
        rows = self.db.execute(
            "SELECT name, kind, account, profile, expires, inviter, note FROM link "
            "WHERE expires > ? ORDER BY expires DESC",
            (int(self._clock()),),
        ).fetchall()
        return [
            Pending(
                id=bytes(name).hex(),
                kind=cast(LinkKind, kind),
                account=account,
                profile=read_profile(profile),
                made=expires - LINK_SECONDS,
                inviter=inviter,
                note=note,
            )
            for name, kind, account, profile, expires, inviter, note in rows
        ]

    def withdraw(self, pending_id: str) -> bool:
        """Let a link that waits be dead at once; False when it waited no more.

        Args:
            pending_id: of `Pending`.
        """
        try:
            name = bytes.fromhex(pending_id)
        except ValueError:
            return False
        return self.db.execute("DELETE FROM link WHERE name = ?", (name,)).rowcount == 1
