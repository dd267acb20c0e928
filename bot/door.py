"""Which Rasa answers: a small file in the private run folder, written by the supervisor.

The gateway reads it at each turn, so that a new model takes over between two turns; the command
line and the workshop read how far a change of model has come. Without the file (gateway and Rasa on
different machines), Rasa is where `RASA_PORT` says.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.settings import Settings, runtime_dir

# Steps of a change of model, in order; it ends in one of the last two.
STEPS = ("loading", "testing", "draining", "done", "refused")
ENDED = frozenset({"", "done", "refused"})


@dataclass(frozen=True)
class Door:
    """The Rasa in service, and the last change of model.

    `pid` is the supervisor's; `since` is ISO 8601; `wanted` is the model of the last change, `step`
    how far it came (empty: none was asked for), `why` says why it was refused.
    """

    pid: int
    port: int
    model: str
    since: str
    wanted: str = ""
    step: str = ""
    why: str = ""

    @property
    def alive(self) -> bool:
        """Whether the supervisor that wrote it still runs."""
        return Path(f"/proc/{self.pid}").exists()


def place(settings: Settings) -> Path:
    """Return where the file of this installation lies."""
    return runtime_dir() / f"rasa-{settings.rasa_port}.json"


def write(path: Path, door: Door) -> None:
    """Write the file so that who reads it finds the old or the new one, whole."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, prefix=".door") as file:
        json.dump(asdict(door), file)
    os.replace(file.name, path)


def read(path: Path) -> Door | None:
    """Return what the file says, None when there is none that can be read."""
    try:
        return Door(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def standing(settings: Settings) -> Door | None:
    """Return the door of the assistant that runs on this machine now, None when none does."""
    found = read(place(settings))
    return found if found and found.alive else None


def address(settings: Settings) -> Callable[[], str]:
    """Return how to learn the address of the Rasa in service at this moment."""
    path, found, seen = place(settings), settings.rasa_url, (0, 0)

    def now() -> str:
        nonlocal found, seen
        try:
            status = path.stat()
        except OSError:
            return found
        if (stamp := (status.st_ino, status.st_mtime_ns)) != seen:
            door = read(path)
            if door:
                found, seen = f"http://127.0.0.1:{door.port}", stamp
        return found

    return now
