"""A handoff on a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.handoff import World, world


@pytest.fixture
async def w(redis_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A network with a desk and no tool."""
    async with world(redis_url, tmp_path) as made:
        yield made
