"""A Rasa that answers at once what a test wants, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class FakeRasa:
    """Its next answers, and the turns that came."""

    turns: list[dict[str, Any]] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    broken: bool = False
    # Set to let a turn wait until the test lets it go.
    gate: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def turn(self, request: web.Request) -> web.Response:
        """Answer one turn."""
        self.turns.append(await request.json())
        self.asked.set()
        if self.gate:
            await self.gate.wait()
        if self.broken:
            return web.json_response({"failed": "Broken"}, status=500)
        answer = {
            "text": f"machine {len(self.turns)}",
            "buttons": self.buttons,
            "custom": self.custom,
        }
        return web.json_response({"messages": [answer]})


@asynccontextmanager
async def fake_rasa() -> AsyncIterator[FakeRasa]:
    """Serve one on the loopback."""
    rasa = FakeRasa()
    app = web.Application()
    app.router.add_post("/webhooks/helpline/turn", rasa.turn)
    app.router.add_get("/", lambda _: web.Response())
    server = TestServer(app)
    await server.start_server()
    rasa.port = server.port or 0
    try:
        yield rasa
    finally:
        if rasa.gate:
            rasa.gate.set()
        await server.close()
