"""The real gateway with its desk, a scripted Rasa, and browsers."""

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
    """A gateway without a tool to tell: teams use the desk."""
    async with gateway(redis_url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
async def b(g: Gateway) -> AsyncIterator[Browser]:
    """A browser."""
    async with browser(g) as made:
        yield made


@pytest.fixture
async def b2(g: Gateway) -> AsyncIterator[Browser]:
    """Another one."""
    async with browser(g) as made:
        yield made
