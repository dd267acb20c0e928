"""The runs of `make evaluate`, one a line in `reports/history.jsonl`, and what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.texts import TextsError

# Changes smaller than this are noise between two trainings.
_NOISE = 0.005


@dataclass(frozen=True)
class Run:
    """One measuring.

    `model` is its fingerprint, `lines` the hash of the test lines: figures compare only on the
    same ones.
    """

    when: str
    model: str
    lines: str
    figures: Mapping[str, float]

    def as_json(self) -> str:
        """Return the line of the file."""
        rounded = {name: round(value, 4) for name, value in self.figures.items()}
        return json.dumps({**self.__dict__, "figures": rounded}, ensure_ascii=False)


@dataclass(frozen=True)
class Change:
    """One figure before and now."""

    name: str
    before: float | None
    now: float

    @property
    def verdict(self) -> str:
        """`new`, `better`, `worse` or `same`; for errors and differences less is better."""
        if self.before is None:
            return "new"
        gain = self.now - self.before
        if self.name.startswith(("false_alarms", "difference", "removed", "calibration")):
            gain = -gain
        return "same" if abs(gain) < _NOISE else "better" if gain > 0 else "worse"


def read_runs(path: Path) -> list[Run]:
    """Return all runs, oldest first; none when the file isn't there yet.

    Raises:
        TextsError: a line can't be read; says which.
    """
    if not path.exists():
        return []
    runs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found: dict[str, Any] = json.loads(line)
            runs.append(Run(**found))
        except (ValueError, TypeError):
            raise TextsError(f"{path}, line {number}: not a run; remove the line.") from None
    return runs


def remember(path: Path, run: Run) -> Run | None:
    """Add a run; return the one to compare with, or None.

    That is the last run of another model, or of the same model on other lines: measuring the same
    thing twice doesn't hide what the last change did.
    """
    runs = [r for r in read_runs(path) if (r.model, r.lines) != (run.model, run.lines)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(r.as_json() + "\n" for r in [*runs, run]), encoding="utf-8")
    return runs[-1] if runs else None


def changes(now: Run, before: Run | None) -> list[Change]:
    """Return every figure of today beside that of the run before."""
    known = before.figures if before else {}
    return [Change(name, known.get(name), value) for name, value in now.figures.items()]
