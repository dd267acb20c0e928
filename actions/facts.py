"""What actions look up: the directory, the texts, the plan, the clock. Loaded once."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot import settings
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
def directory() -> Directory:
    """Return the directory as this mode shows it."""
    return load_directory(DATA / "directory", mode())


@lru_cache(maxsize=1)
def plan() -> dict[str, dict[str, Any]]:
    """Return what goes with the answer to each intent (`data/plan.yml`)."""
    loaded: dict[str, dict[str, Any]] = read_yaml(DATA / "plan.yml")
    return loaded
