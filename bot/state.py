"""What must outlive a restart and names nobody: switches and reports, in `STATE_DIR`.

SQLite in WAL mode, readable by its owner only. Conversations are never here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.private_db import open_private

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # One row a day at most: who reports twice on one day counts once.
    "CREATE TABLE IF NOT EXISTS report (service TEXT, day TEXT, PRIMARY KEY (service, day))",
)


class State:
    """Named switches in a small database."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) the database in `folder`, mode 0600.

        Raises:
            OSError: the folder can't be made or written.
        """
        self._db = open_private(folder / "state.db")
        for table in _SCHEMA:
            self._db.execute(table)

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

    def report(self, service: str, day: date) -> None:
        """Note that somebody found the number of a service wrong; the day is all that is kept."""
        self._db.execute("INSERT OR IGNORE INTO report VALUES (?, ?)", (service, day.isoformat()))

    def reports(self) -> dict[str, list[str]]:
        """Return the days (`2026-12-01`, in order) of the reports on each service."""
        found: dict[str, list[str]] = {}
        for service, day in self._db.execute("SELECT service, day FROM report ORDER BY 1, 2"):
            found.setdefault(str(service), []).append(str(day))
        return found

    def clear_reports(self, service: str) -> bool:
        """Forget the reports on a service, once somebody has checked it; False: there were none."""
        gone = self._db.execute("DELETE FROM report WHERE service = ?", (service,)).rowcount
        return gone > 0

    def close(self) -> None:
        """Close the database."""
        self._db.close()
