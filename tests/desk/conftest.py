"""The real gateway with its desk, a scripted Rasa, and browsers."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk.stage import Stage, on_stage
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


@pytest.fixture
async def stage(g: Gateway) -> AsyncIterator[Stage]:
    """Chromium in front of the real gateway; `DESK_SHOTS=1` takes the documents' pictures."""
    async with on_stage(g, shoot=os.environ.get("DESK_SHOTS") == "1") as made:
        yield made
