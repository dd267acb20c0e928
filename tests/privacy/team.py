"""A team with a tool of its own: takes handoffs over, reads and answers; keeps what it was told."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.handoff.signing import Signer
from tests.fakes.handoff import secret
from tests.fakes.receiver import Receiver, receiving
from tests.privacy.needles import NEVER_IN_RASA, Finder, Hit
from tests.stack import free_port

_PATIENCE = 5.0


class Team:
    """The team's side of a few handoffs."""

    def __init__(self, receiver: Receiver, finder: Finder) -> None:
        """Take what receives webhooks, and how to look for needles in what comes."""
        self._receiver, self._finder = receiver, finder
        self._inbound, self._outbound, self._key = secret(), secret(), secrets.token_urlsafe(24)
        self._metrics = str(free_port())
        self._turn = asyncio.Lock()
        self.answered = 0
        self.wrong: list[Hit] = []

    @property
    def environment(self) -> dict[str, str]:
        """What the assistant needs to know of it."""
        return {
            "HANDOFF_WEBHOOK_URL": self._receiver.url,
            "HANDOFF_WEBHOOK_SECRET": self._outbound,
            "HANDOFF_INBOUND_SECRET": self._inbound,
            "HANDOFF_API_KEY": self._key,
            "HANDOFF_ALLOW_PRIVATE": "1",
            # Whoever runs it measures it too.
            "METRICS_PORT": self._metrics,
        }

    async def answer(
        self, http: aiohttp.ClientSession, url: str, headers: dict[str, str], said: str
    ) -> None:
        """Take one visitor over, read what was shared, write `said`, and leave it open.

        One after the other, so that it is clear whose handoff the webhook tells of.
        """
        async with self._turn:
            await self._tell(http, url, "presence", counsellors=3, languages=["fr", "nl"])
            before = len(self._receiver.got)
            # The summary is written by the person and shared as it is redacted.
            body = {"action": "request", "share": "words", "summary": said}
            async with http.post(f"{url}/api/v1/handoff", json=body, headers=headers) as answer:
                if answer.status != 202:
                    return
            name = await self._told_of(before)
            if name is None:
                return
            await self._tell(http, url, "claim", handoff_id=name, alias="Anne")
            async with http.get(
                f"{url}/api/v1/handoffs/{name}", headers={"Authorization": f"Bearer {self._key}"}
            ) as answer:
                read = await answer.read()
            # The team may read what the person shares, and no name or number in it.
            place = "what a team reads"
            self.wrong += [h for h in self._finder.search(read, place) if h.kind in NEVER_IN_RASA]
            status = await self._tell(
                http, url, "message", handoff_id=name, alias="Anne", text=said
            )
            self.answered += status == 202

    async def _told_of(self, before: int) -> str | None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for got in self._receiver.got[before:]:
                if got.event["type"] == "handoff.requested":
                    return str(got.event["data"]["handoff_id"])
            await asyncio.sleep(0.05)
        return None

    async def _tell(self, http: aiohttp.ClientSession, url: str, kind: str, **data: Any) -> int:
        body = json.dumps({"type": kind, "data": data}).encode()
        signed = Signer.of(self._inbound).headers(f"t_{secrets.token_hex(8)}", body, time.time())
        async with http.post(f"{url}/api/v1/handoffs/events", data=body, headers=signed) as answer:
            return answer.status

    def hits(self) -> Iterator[Hit]:
        """Yield the needles in what the webhooks told, headers included, and in what was read."""
        yield from self.wrong
        for got in self._receiver.got:
            wire = got.body + json.dumps(got.headers).encode()
            yield from self._finder.search(wire, "a webhook")


@asynccontextmanager
async def working(finder: Finder) -> AsyncIterator[Team]:
    """Run a team's tool on the loopback."""
    async with receiving() as receiver:
        yield Team(receiver, finder)
