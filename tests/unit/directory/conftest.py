"""The directory as each mode shows it, and a copy that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.directory.load import load_directory
from bot.directory.model import Directory

DATA = Path(__file__).resolve().parents[3] / "data" / "directory"
BRUSSELS = ZoneInfo("Europe/Brussels")


def at(text: str) -> datetime:
    """A moment in Brussels, written 2026-11-24 10:00 (a Tuesday)."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def raw_records() -> list[dict[str, Any]]:
    """All records as they stand in the files, hidden ones too."""
    found: list[dict[str, Any]] = []
    for path in sorted(DATA.glob("*/*.yml")):
        found += yaml.load(path.read_text(), Loader=yaml.CSafeLoader).get("services", [])
    return found


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory(DATA, "demo")


@pytest.fixture(scope="session")
def live() -> Directory:
    return load_directory(DATA, "live")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data."""
    return Path(shutil.copytree(DATA, tmp_path / "directory"))


@pytest.fixture
def change(copy: Path) -> Callable[[str, str, str], Path]:
    """Replace words in one file of the copy; returns the folder."""

    def replace(name: str, old: str, new: str) -> Path:
        path = copy / name
        text = path.read_text()
        assert old in text, f"the test is out of date: {old!r} isn't in {name}"
        path.write_text(text.replace(old, new, 1))
        return copy

    return replace
