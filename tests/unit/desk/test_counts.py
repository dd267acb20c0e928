"""What is kept of talks: counts, one dimension at a time."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from bot.desk.counts import DIMENSIONS, Counts

VALUES = {
    "network": "stopp-vif", "language": "fr", "topic": "violence", "risk": "crisis",
    "who": "victim", "outcome": "listened", "hours": "night",
}  # fmt: skip


def test_nothing_joins_two_dimensions(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    for language in ("fr", "fr", "nl"):
        counts.add("2026-01", {**VALUES, "language": language})
    assert counts.by("language") == {"2026-01": {"fr": 2, "nl": 1}}
    assert counts.by("risk") == {"2026-01": {"crisis": 3}}
    counts.close()
    path = tmp_path / "desk-counts.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
    rows = sqlite3.connect(path).execute("SELECT * FROM counted").fetchall()
    assert len(rows) == len(DIMENSIONS) + 1
    assert all(len(row) == 4 for row in rows)


def test_a_debrief_is_forgotten_when_done_or_old(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    counts.ask_debrief("anne", date(2026, 1, 1))
    counts.ask_debrief("bart", date(2026, 1, 20))
    assert [who for who, _ in counts.debriefs(date(2026, 1, 25))] == ["anne", "bart"]
    assert [who for who, _ in counts.debriefs(date(2026, 2, 15))] == ["bart"]
    counts.debriefed("bart")
    assert counts.debriefs(date(2026, 2, 15)) == []
