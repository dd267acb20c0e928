"""A team's tool that receives webhooks: well, slowly, wrongly, or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Got:
    """One attempt that arrived."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        """The event's id."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The event."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers by `statuses` in turn (the last one stays); remembers all attempts."""

    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    stall: float = 0
    got: list[Got] = field(default_factory=list)
    url: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    redirected: int = 0

    async def hook(self, request: web.Request) -> web.Response:
        """Take one attempt."""
        body = await request.read()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(headers, body, status))
        self.arrived.set()
        if self.stall:
            await asyncio.sleep(self.stall)
        if 300 <= status < 400:
            raise web.HTTPFound(self.url + "/elsewhere")
        return web.Response(status=status, headers=self.headers)

    async def elsewhere(self, request: web.Request) -> web.Response:
        """Where a redirect leads: nobody may come here."""
        self.redirected += 1
        return web.Response(status=204)

    @property
    def accepted(self) -> list[Got]:
        """The attempts that were accepted."""
        return [one for one in self.got if 200 <= one.status < 300]

    async def until(self, enough: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until enough has arrived."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not enough():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError([(g.event["type"], g.status) for g in self.got])
            await asyncio.sleep(0.02)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Serve one on the loopback."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.hook)
    app.router.add_post("/hook/elsewhere", receiver.elsewhere)
    app.router.add_get("/hook/elsewhere", receiver.elsewhere)
    server = TestServer(app)
    await server.start_server()
    receiver.url = f"http://127.0.0.1:{server.port}/hook"
    try:
        yield receiver
    finally:
        await server.close()
