"""What must outlive a restart and names nobody: switches and counters, in `STATE_DIR`.

SQLite in WAL mode, readable by its owner only. Conversations are never here.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

_SCHEMA = "CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL)"


class State:
    """Named switches in a small database."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) the database in `folder`, mode 0600.

        Raises:
            OSError: the folder can't be made or written.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "state.db"
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, isolation_level=None, timeout=2)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(_SCHEMA)

    def get(self, name: str) -> str | None:
        """Return the value of a switch, or None when it was never set."""
        row = self._db.execute("SELECT value FROM switch WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def set(self, name: str, value: str) -> None:
        """Set a switch."""
        self._db.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, value))

    @property
    def assistant_off(self) -> bool:
        """Whether a maintainer has replaced the assistant by the card of numbers (R38)."""
        return self.get("assistant") == "off"

    def close(self) -> None:
        """Close the database."""
        self._db.close()
