"""A team's own tool in the needle test: it takes every handoff, reads, answers and closes."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.handoff.signing import Signer
from tests.fakes.handoff import secret
from tests.fakes.receiver import Receiver, receiving
from tests.privacy.needles import Finder, Hit, Needles
from tests.stack import Stack

_FAULTS = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class Team:
    """The tool, and the secrets that it shares with the assistant."""

    def __init__(self, receiver: Receiver, needles: Needles) -> None:
        """Take where webhooks arrive and what the counsellors write."""
        self._receiver, self._needles = receiver, needles
        self._outbound, self._inbound, self._key = secret(), secret(), secrets.token_hex(16)
        self._seen = 0
        self.read = 0

    @property
    def environment(self) -> dict[str, str]:
        """What the assistant must be told."""
        return {
            "HANDOFF_WEBHOOK_URL": self._receiver.url,
            "HANDOFF_WEBHOOK_SECRET": self._outbound,
            "HANDOFF_INBOUND_SECRET": self._inbound,
            "HANDOFF_API_KEY": self._key,
            "HANDOFF_ALLOW_PRIVATE": "1",
        }

    def wire(self, finder: Finder) -> list[Hit]:
        """Return the needles in what was sent to the tool by webhook: there must be none."""
        sent = [got.body + repr(got.headers).encode() for got in self._receiver.got]
        return [hit for body in sent for hit in finder.search(body, "a webhook")]

    @asynccontextmanager
    async def working(self, stack: Stack) -> AsyncIterator[None]:
        """Be present and work until the end of the block."""
        async with aiohttp.ClientSession() as http:
            await self._send(
                http, stack, "presence", counsellors=3, languages=["fr", "nl"], network=None
            )
            task = asyncio.create_task(self._work(http, stack))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _work(self, http: aiohttp.ClientSession, stack: Stack) -> None:
        present = time.monotonic()
        while True:
            try:
                if time.monotonic() - present > 30:
                    present = time.monotonic()
                    await self._send(
                        http, stack, "presence", counsellors=3, languages=["fr", "nl"], network=None
                    )
                new = self._receiver.got[self._seen :]
                self._seen += len(new)
                for got in new:
                    await self._take(http, stack, got.event)
            except _FAULTS:
                pass
            await asyncio.sleep(0.05)

    async def _take(self, http: aiohttp.ClientSession, stack: Stack, event: dict[str, Any]) -> None:
        name = event["data"]["handoff_id"]
        headers = {"Authorization": f"Bearer {self._key}"}
        if event["type"] == "handoff.requested":
            about = {"handoff_id": name, "alias": "Anne"}
            await self._send(http, stack, "claim", **about)
            text = self._needles.sentence(self._seen, "fr")
            await self._send(http, stack, "message", text=text, **about)
        elif event["type"] == "handoff.message":
            async with http.get(f"{stack.url}/api/v1/handoffs/{name}", headers=headers) as answer:
                self.read += len((await answer.json()).get("words", ()))
            await self._send(http, stack, "close", handoff_id=name, alias="Anne")

    async def _send(
        self, http: aiohttp.ClientSession, stack: Stack, kind: str, **data: Any
    ) -> None:
        body = json.dumps({"type": kind, "data": data}).encode()
        signer = Signer.of(self._inbound)
        headers = signer.headers(f"tool_{secrets.token_hex(8)}", body, time.time())
        url = f"{stack.url}/api/v1/handoffs/events"
        async with http.post(url, data=body, headers=headers) as answer:
            await answer.read()


@asynccontextmanager
async def team(needles: Needles) -> AsyncIterator[Team]:
    """Serve a tool on the loopback."""
    async with receiving() as receiver:
        yield Team(receiver, needles)
