"""How far a retraining is: `reports/retrain.json`, for the workshop; and only one at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.settings import ROOT
from bot.texts import TextsError

REPORTS = ROOT / "reports"
STEPS = ("checking", "training", "measuring", "comparing")
# What the end says.
_ENDS = {0: "passed", 1: "missed"}


@dataclass(frozen=True)
class Progress:
    """One retraining.

    `step` is one of `STEPS`, or how it ended: `passed`, `missed` (a gate), `failed`; `says` is why,
    in sentences. Moments are ISO 8601; `ended` is empty while it runs.
    """

    pid: int
    started: str
    step: str
    ended: str = ""
    model: str = ""
    says: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """It is under way (its process may have died)."""
        return not self.ended and Path(f"/proc/{self.pid}").exists()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def read(folder: Path = REPORTS) -> Progress | None:
    """Return the last retraining, None when there was none; one that died has `failed`."""
    try:
        data = json.loads((folder / "retrain.json").read_text(encoding="utf-8"))
        found = Progress(**{**data, "says": tuple(data["says"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.ended or found.running else replace(found, step="failed")


class Telling:
    """Writes how far it is."""

    def __init__(self, folder: Path) -> None:
        """Begin."""
        self._path = folder / "retrain.json"
        self._now = Progress(os.getpid(), _now(), STEPS[0])
        self._write()

    def step(self, name: str, model: str = "") -> None:
        """Say that a step begins."""
        self._now = replace(self._now, step=name, model=model or self._now.model)
        self._write()

    def end(self, code: int, says: tuple[str, ...]) -> None:
        """Say how it ended: the command's exit code, and why."""
        self._now = replace(self._now, step=_ENDS.get(code, "failed"), ended=_now(), says=says)
        self._write()

    def _write(self) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self._now), indent=1) + "\n", encoding="utf-8")
        os.replace(draft, self._path)


@contextlib.contextmanager
def alone(folder: Path = REPORTS) -> Iterator[Telling]:
    """Be the only retraining of this folder.

    Raises:
        TextsError: another one is under way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "retrain.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TextsError(
                "A retraining is under way already; wait until it has ended."
            ) from None
        yield Telling(folder)
