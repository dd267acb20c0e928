"""The example of docs/handoff.md runs as it stands, against the real gateway."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.fakes.handoff_gateway import API_KEY, INBOUND, gateway
from tests.handoff.conftest import OUTBOUND
from tests.stack import free_port


async def test_the_example_takes_a_handoff(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "handoff.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert source.count("\n") < 100
    example = tmp_path / "receiver.py"
    example.write_text(source, encoding="utf-8")
    port = free_port()
    async with gateway(
        redis_url,
        tmp_path,
        monkeypatch,
        HANDOFF_WEBHOOK_URL=f"http://127.0.0.1:{port}/",
        HANDOFF_WEBHOOK_SECRET=OUTBOUND,
    ) as g:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-u",
            str(example),
            env={
                **os.environ,
                "HELPLINE": g.url,
                "PORT": str(port),
                "HANDOFF_WEBHOOK_SECRET": OUTBOUND,
                "HANDOFF_INBOUND_SECRET": INBOUND,
                "HANDOFF_API_KEY": API_KEY,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            visitor = await g.visitor()
            for _ in range(200):
                if (await visitor.look())["desk_open"]:
                    break
                await asyncio.sleep(0.05)
            await visitor.say("il me surveille")
            async with visitor.listening():
                await visitor.handoff(action="request", share="words")
                await visitor.until(lambda: any(m["from"] == "counsellor" for m in visitor.heard))
            assert await visitor.say("merci d'être là") == []
            shown = b""
            assert process.stdout
            while "merci d'être là".encode() not in shown:
                shown += await asyncio.wait_for(process.stdout.readline(), 5)
            assert b"visitor: il me surveille" in shown
        finally:
            process.kill()
            await process.wait()
