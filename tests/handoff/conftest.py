"""The real gateway with a scripted Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.handoff import secret
from tests.fakes.handoff_gateway import Gateway, gateway
from tests.fakes.receiver import Receiver, receiving

OUTBOUND = secret()


@pytest.fixture
async def g(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    """A gateway without a tool to tell."""
    async with gateway(redis_url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A tool that takes everything."""
    async with receiving() as made:
        yield made


@pytest.fixture
async def gr(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> AsyncIterator[Gateway]:
    """A gateway that tells the receiver."""
    async with gateway(
        redis_url,
        tmp_path,
        monkeypatch,
        HANDOFF_WEBHOOK_URL=receiver.url,
        HANDOFF_WEBHOOK_SECRET=OUTBOUND,
    ) as made:
        yield made
