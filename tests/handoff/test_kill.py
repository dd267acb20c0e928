"""kill -9 between accept and deliver: no event is lost, none gets a second id, the talk goes on."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from standardwebhooks.webhooks import Webhook

from bot.handoff.signing import Signer
from bot.settings import ROOT
from tests.fakes.handoff_gateway import API_KEY, INBOUND, Visitor
from tests.fakes.receiver import Receiver
from tests.handoff.conftest import OUTBOUND
from tests.stack import free_port

pytestmark = pytest.mark.timeout(110)


class Process:
    """A gateway that can be killed and started again on the same Redis and port."""

    def __init__(self, redis_url: str, folder: Path, receiver: Receiver) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "REDIS_URL": redis_url,
            "STATE_DIR": str(folder),
            "HELPLINE_PORT": str(self.port),
            "RASA_PORT": str(free_port()),
            "HELPLINE_INTERNAL_TOKEN": "internal",
            "HANDOFF_WEBHOOK_URL": receiver.url,
            "HANDOFF_WEBHOOK_SECRET": OUTBOUND,
            "HANDOFF_INBOUND_SECRET": INBOUND,
            "HANDOFF_API_KEY": API_KEY,
            "HANDOFF_ALLOW_PRIVATE": "1",
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.gateway_process", cwd=ROOT, env=self.environment
        )
        deadline = time.monotonic() + 60
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{self.url}/healthz"):
                        return
                except aiohttp.ClientError:
                    assert self.process.returncode is None, "the gateway doesn't start"
                    assert time.monotonic() < deadline
                    await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """Kill -9."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def tool(self, http: aiohttp.ClientSession, type_: str, **data: object) -> int:
        """Send a signed event, again until the gateway answers, under one id."""
        body = json.dumps({"type": type_, "data": data}).encode()
        headers = Signer.of(INBOUND).headers(f"t_{secrets.token_hex(8)}", body, time.time())
        async with http.post(
            f"{self.url}/api/v1/handoffs/events", data=body, headers=headers
        ) as answer:
            return answer.status


@pytest.fixture
async def gateway(redis_url: str, tmp_path: Path, receiver: Receiver) -> AsyncIterator[Process]:
    """A gateway process that tells the receiver."""
    process = Process(redis_url, tmp_path, receiver)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


async def visitors(gateway: Process, http: aiohttp.ClientSession, number: int) -> list[Visitor]:
    """Open pages and ask for a person on each."""
    assert await gateway.tool(http, "presence", counsellors=1, languages=["fr"]) == 202
    found = []
    for _ in range(number):
        visitor = await Visitor(gateway.url, http).start()
        status, _ = await visitor.handoff(action="request", share="summary")
        assert status == 202
        found.append(visitor)
    return found


async def test_killed_while_the_tool_was_being_told(
    gateway: Process, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    receiver.stall = 30
    (visitor,) = await visitors(gateway, http, 1)
    await receiver.until(lambda: len(receiver.got) == 1)
    await gateway.kill()
    receiver.stall = 0
    await gateway.start()
    await receiver.until(lambda: len(receiver.got) >= 2, 20)
    first, second = receiver.got[:2]
    assert (first.id, first.body) == (second.id, second.body)
    Webhook(OUTBOUND).verify(second.body, second.headers)
    # The talk goes on: claimed, the page comes back, and the words open again.
    name = second.event["data"]["handoff_id"]
    assert await gateway.tool(visitor.http, "claim", handoff_id=name, alias="Anne") == 202
    async with visitor.http.get(
        f"{gateway.url}/api/v1/handoffs/{name}", headers={"Authorization": f"Bearer {API_KEY}"}
    ) as answer:
        assert (await answer.json())["sealed"] is True
    async with visitor.listening():
        await gateway.tool(visitor.http, "message", handoff_id=name, alias="Anne", text="Ici")
        await visitor.until(lambda: any(m["text"] == "Ici" for m in visitor.heard))
    async with visitor.http.get(
        f"{gateway.url}/api/v1/handoffs/{name}", headers={"Authorization": f"Bearer {API_KEY}"}
    ) as answer:
        found = await answer.json()
    assert found["sealed"] is False
    assert found["summary"] == "Je voudrais parler à une personne."


async def test_with_a_receiver_that_fails_and_a_gateway_that_dies_nothing_is_lost_or_doubled(
    gateway: Process, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    receiver.statuses = [500, 204, 204, 502, 204, 500, 204, 204, 503, 204] * 30 + [204]
    people = await visitors(gateway, http, 12)
    await receiver.until(lambda: len(receiver.got) >= 5)
    await gateway.kill()
    await gateway.start()
    people += await visitors(gateway, http, 12)
    await gateway.kill()
    await gateway.start()

    def told() -> set[str]:
        return {got.event["data"]["handoff_id"] for got in receiver.accepted}

    await receiver.until(lambda: len(told()) == len(people), 40)
    await asyncio.sleep(1)
    by_name: dict[str, set[str]] = {}
    for got in receiver.got:
        assert got.event["type"] == "handoff.requested"
        by_name.setdefault(got.event["data"]["handoff_id"], set()).add(got.id)
    # One event each, whatever the number of attempts; and the restart cost nobody their place.
    assert [len(ids) for ids in by_name.values()] == [1] * len(people)
    for visitor in people:
        assert (await visitor.look())["state"] == "waiting"
