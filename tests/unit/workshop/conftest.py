"""A copy of the data to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.texts import DATA
from bot.workshop.saving import Shelf


@pytest.fixture
def copy(tmp_path: Path) -> Shelf:
    """The real data, copied."""
    shutil.copytree(DATA, tmp_path / "data")
    return Shelf(tmp_path)
