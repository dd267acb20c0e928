"""Who may work at the desk: accounts, one-time links and the emergency sheet, in SQLite.

`STATE_DIR/desk.sqlite`, readable by its owner only. Passwords are argon2id hashes, one-time links
are kept as hashes. Nothing about visitors is ever here.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Literal

from bot.desk.link_store import LINK_SECONDS, Links, link_name
from bot.desk.model import (
    REGIMES,
    ROLES,
    Account,
    Link,
    Profile,
    Secrets,
    Sheet,
    TakenError,
    read_profile,
)
from bot.private_db import open_private

__all__ = [
    "LINK_SECONDS",
    "REGIMES",
    "ROLES",
    "Account",
    "Accounts",
    "Link",
    "Profile",
    "Sheet",
    "TakenError",
]

FILE = "desk.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY, alias TEXT NOT NULL UNIQUE COLLATE NOCASE, profile TEXT NOT NULL,
  login TEXT UNIQUE COLLATE NOCASE, password TEXT, totp TEXT, step INTEGER NOT NULL DEFAULT 0,
  subject TEXT UNIQUE, accepted TEXT
);
CREATE TABLE IF NOT EXISTS failure (
  name BLOB PRIMARY KEY, number INTEGER NOT NULL, until INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS sheet (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Accounts(Links):
    """The accounts of this installation."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Open (or make) the database in `folder`, mode 0600.

        Raises:
            OSError: the folder can't be made or written.
        """
        self._clock = clock
        self.db = open_private(folder / FILE)
        self.db.executescript(_SCHEMA)
        self._prepare_links()

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    # --- accounts
    def all(self) -> list[Account]:
        """Return everybody, by alias."""
        rows = self.db.execute("SELECT id, alias, profile FROM account ORDER BY alias").fetchall()
        return [_account(*row) for row in rows]

    def get(self, account_id: str) -> Account | None:
        """Return an account, None when there is none (any more)."""
        return self._one("id", account_id)

    def by_login(self, login: str) -> Account | None:
        """Return the account of a sign-in name."""
        return self._one("login", login)

    def by_subject(self, subject: str) -> Account | None:
        """Return the account that an outside identity (issuer and subject) was bound to."""
        return self._one("subject", subject)

    def _one(self, column: Literal["id", "login", "subject"], value: str) -> Account | None:
        row = self.db.execute(
            f"SELECT id, alias, profile FROM account WHERE {column} = ?",  # noqa: S608
            (value,),
        ).fetchone()
        return _account(*row) if row else None

    def change(self, account_id: str, profile: Profile) -> None:
        """Replace what the supervisor decides about an account."""
        self.db.execute(
            "UPDATE account SET profile = ? WHERE id = ?",
            (json.dumps(asdict(profile)), account_id),
        )

    def remove(self, account_id: str) -> None:
        """Delete an account, its links and those that it made; its sessions are the caller's."""
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            # Who leaves doesn't come back by an invitation made before.
            self.db.execute(
                "DELETE FROM link WHERE account = ?1 OR inviter <> '' AND inviter = "
                "(SELECT alias FROM account WHERE id = ?1)",
                (account_id,),
            )
            self.db.execute("DELETE FROM account WHERE id = ?", (account_id,))

    # --- signing in
    def secrets(self, account_id: str) -> Secrets:
        """Return what is needed to check a sign-in.

        Raises:
            KeyError: there is no such account.
        """
        row = self.db.execute(
            "SELECT password, totp, step FROM account WHERE id = ?", (account_id,)
        ).fetchone()
        if row is None:
            raise KeyError(account_id)
        return Secrets(*row)

    def set_password(self, account_id: str, password_hash: str) -> None:
        """Replace a password's hash."""
        self.db.execute("UPDATE account SET password = ? WHERE id = ?", (password_hash, account_id))

    def clear_secrets(self, account_id: str) -> None:
        """End the password and the second factor at once: a telephone was lost."""
        self.db.execute(
            "UPDATE account SET password = NULL, totp = NULL WHERE id = ?", (account_id,)
        )

    def use_step(self, account_id: str, step: int) -> bool:
        """Use up a time step of the second factor; False when it or a later one was used."""
        done = self.db.execute(
            "UPDATE account SET step = ? WHERE id = ? AND step < ?", (step, account_id, step)
        )
        return done.rowcount == 1

    def accepted(self, account_id: str) -> str | None:
        """Return the day on which the confidentiality text was accepted, None if it wasn't."""
        row = self.db.execute("SELECT accepted FROM account WHERE id = ?", (account_id,)).fetchone()
        return str(row[0]) if row and row[0] else None

    def accept(self, account_id: str, day: date) -> None:
        """Keep the day on which the confidentiality text was accepted (R33)."""
        self.db.execute(
            "UPDATE account SET accepted = ? WHERE id = ? AND accepted IS NULL",
            (day.isoformat(), account_id),
        )

    # --- one-time links used up
    def join(
        self,
        token: str,
        alias: str,
        *,
        login: str | None = None,
        password: str | None = None,
        totp: str | None = None,
        step: int = 0,
        subject: str | None = None,
        organisation: str = "",
    ) -> Account | None:
        """Use a link up and make its account; None when the link is no longer good.

        Args:
            token: the link's secret part.
            alias: what visitors read.
            login, password, totp, step: of a local account (the password's hash, the second
                factor's secret and the step it was proved with).
            subject: of an account that signs in elsewhere.
            organisation: for the first supervisor, whom nobody has invited.

        Raises:
            TakenError: alias, sign-in name or outside identity belong to somebody else.
        """
        try:
            with self.db:
                self.db.execute("BEGIN IMMEDIATE")
                found = self.link(token)
                if found is None or found.kind == "secret":
                    return None
                profile, account_id = asdict(found.profile), secrets.token_hex(8)
                profile["organisation"] = profile["organisation"] or organisation
                self.db.execute("DELETE FROM link WHERE name = ?", (link_name(token),))
                self.db.execute(
                    "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                    (account_id, alias, json.dumps(profile), login, password, totp, step, subject),
                )
        except sqlite3.IntegrityError as error:
            raise TakenError(str(error).rpartition(".")[2]) from None
        return self.get(account_id)

    def renew(self, token: str, *, password: str, totp: str, step: int) -> Account | None:
        """Use a `secret` link up: new password and second factor; None when it's no longer good."""
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            found = self.link(token)
            if found is None or found.kind != "secret" or found.account is None:
                return None
            self.db.execute("DELETE FROM link WHERE name = ?", (link_name(token),))
            self.db.execute(
                "UPDATE account SET password = ?, totp = ?, step = ? WHERE id = ?",
                (password, totp, step, found.account),
            )
        return self.get(found.account)

    # --- the emergency sheet
    def sheet(self) -> Sheet:
        """Return the emergency sheet."""
        return Sheet(**dict(self.db.execute("SELECT name, value FROM sheet").fetchall()))

    def set_sheet(self, sheet: Sheet) -> None:
        """Replace the emergency sheet."""
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            for name, value in asdict(sheet).items():
                self.db.execute("INSERT OR REPLACE INTO sheet VALUES (?, ?)", (name, value))


def _account(account_id: str, alias: str, profile: str) -> Account:
    return Account(id=account_id, alias=alias, **asdict(read_profile(profile)))
