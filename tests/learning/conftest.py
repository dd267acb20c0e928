"""The real gateway with learning on, or off, and a scripted Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.desk import Browser, browser
from tests.fakes.handoff_gateway import Gateway, gateway


@pytest.fixture
async def g(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    """Learning is on."""
    async with gateway(redis_url, tmp_path, monkeypatch, LEARNING="on") as made:
        yield made


@pytest.fixture
async def b(g: Gateway) -> AsyncIterator[Browser]:
    """A browser at the desk."""
    async with browser(g) as made:
        yield made
