"""What actions look up: the directory, the texts, the plan, the clock. Loaded once."""

from __future__ import annotations

import time
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot import settings
from bot.directory.doubts import REFRESH_SECONDS, Doubts
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.texts import DATA, read_yaml

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """Return the moment in Belgium."""
    return datetime.now(BRUSSELS)


@lru_cache(maxsize=1)
def mode() -> settings.Mode:
    """Return demo, pilot or live."""
    return settings.load().mode


@lru_cache(maxsize=1)
def kept() -> dict[str, str]:
    """Return how long a conversation is kept at most, for the `{names}` of an answer."""
    config = settings.load()
    return {"minutes": str(config.idle_minutes), "hours": str(config.max_hours)}


@lru_cache(maxsize=1)
def _loaded() -> Directory:
    return load_directory(DATA / "directory", mode())


@lru_cache(maxsize=1)
def _doubts() -> Doubts:
    return Doubts(_loaded(), settings.load().state_dir)


@lru_cache(maxsize=1)
def _refreshed(_: int) -> None:
    _doubts().refresh()


def directory() -> Directory:
    """Return the directory as this mode shows it, without the numbers found wrong."""
    _refreshed(int(time.monotonic() / REFRESH_SECONDS))
    return _loaded()


@lru_cache(maxsize=1)
def plan() -> dict[str, dict[str, Any]]:
    """Return what goes with the answer to each intent (`data/plan.yml`)."""
    loaded: dict[str, dict[str, Any]] = read_yaml(DATA / "plan.yml")
    return loaded
