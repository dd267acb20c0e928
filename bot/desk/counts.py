"""What is kept of talks: counts by month and one dimension at a time, never two together (R84).

`STATE_DIR/desk-counts.sqlite`, readable by its owner only. No talk, no person, no hour: a talk adds
one to a few cells and is forgotten. Beside it, who has asked to speak with the supervisor (R82).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.private_db import open_private

DIMENSIONS = ("network", "language", "topic", "risk", "who", "outcome", "hours")
# A request to talk is seen to or forgotten.
_DEBRIEF_DAYS = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS counted (
  month TEXT, dimension TEXT, value TEXT, number INTEGER NOT NULL,
  PRIMARY KEY (month, dimension, value)
);
CREATE TABLE IF NOT EXISTS debrief (account TEXT, day TEXT, PRIMARY KEY (account, day));
"""


class Counts:
    """The desk's counters."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) the database in `folder`, mode 0600.

        Raises:
            OSError: the folder can't be made or written.
        """
        self._db = open_private(folder / "desk-counts.sqlite")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def add(self, month: str, values: Mapping[str, str]) -> None:
        """Count one talk.

        Args:
            month: like 2026-11.
            values: one value for each of `DIMENSIONS`.
        """
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "INSERT INTO counted VALUES (?, ?, ?, 1) "
                "ON CONFLICT (month, dimension, value) DO UPDATE SET number = number + 1",
                [(month, dimension, values[dimension]) for dimension in DIMENSIONS],
            )

    def by(self, dimension: str) -> dict[str, dict[str, int]]:
        """Return the counts of one dimension as they are: month, value, number."""
        rows = self._db.execute(
            "SELECT month, value, number FROM counted WHERE dimension = ? ORDER BY month, value",
            (dimension,),
        )
        found: dict[str, dict[str, int]] = {}
        for month, value, number in rows:
            found.setdefault(month, {})[value] = number
        return found

    def ask_debrief(self, account_id: str, day: date) -> None:
        """Remember that a counsellor would like to speak with the supervisor."""
        self._db.execute(
            "INSERT OR IGNORE INTO debrief VALUES (?, ?)", (account_id, day.isoformat())
        )

    def debriefs(self, today: date) -> list[tuple[str, str]]:
        """Return who has asked, and on which day; what is older than a month is dropped."""
        first = date.fromordinal(today.toordinal() - _DEBRIEF_DAYS).isoformat()
        self._db.execute("DELETE FROM debrief WHERE day < ?", (first,))
        return self._db.execute("SELECT account, day FROM debrief ORDER BY day").fetchall()

    def debriefed(self, account_id: str) -> None:
        """Forget that somebody has asked: it was spoken about."""
        self._db.execute("DELETE FROM debrief WHERE account = ?", (account_id,))
