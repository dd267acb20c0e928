"""Processes that die: started again, and sooner when they had worked."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.supervisor import Part, Supervisor

_SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


@pytest.mark.parametrize(
    ("steady", "pauses"), [(0.2, ["0.5", "0.5", "0.5"]), (60.0, ["0.5", "1.0", "2.0"])]
)
async def test_what_had_worked_comes_back_at_once_and_what_never_did_waits_longer(
    tmp_path: Path, steady: float, pauses: list[str]
) -> None:
    told: list[str] = []
    config = settings.load({"STATE_DIR": str(tmp_path)})
    supervisor = Supervisor(config, tmp_path / "model", told.append)
    part = Part("sleeper", _SLEEPS, steady_seconds=steady)
    supervisor._look_after(part)
    killed = None
    for _ in pauses:
        while part.process is None or part.process is killed:
            await asyncio.sleep(0.01)
        killed = part.process
        await asyncio.sleep(0.4)
        killed.kill()
        await killed.wait()
    while len(told) < len(pauses):
        await asyncio.sleep(0.01)
    supervisor._stopping.set()
    await asyncio.gather(*supervisor._watchers.values())
    assert told == [f"sleeper ended; starting it again in {pause} s" for pause in pauses]


def test_the_gateway_that_dies_every_twenty_seconds_is_never_kept_waiting(tmp_path: Path) -> None:
    config = settings.load({"STATE_DIR": str(tmp_path), "REDIS_URL": "redis://elsewhere"})
    parts = Supervisor(config, tmp_path / "model", lambda _: None).parts()
    by_name = {part.name: part.steady_seconds for part in parts}
    assert by_name["gateway"] <= 10 < by_name["rasa"]
