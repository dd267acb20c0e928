"""A double of Chatwoot's client API for an API channel, as its documentation describes it.

https://developers.chatwoot.com/api-reference/conversations-api/create-a-conversation
https://developers.chatwoot.com/api-reference/messages-api/create-a-message
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

INBOX = "inbox1"


@dataclass
class Chatwoot:
    """What it keeps for ever, and whether the next message fails."""

    contacts: list[str] = field(default_factory=list)
    conversations: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: list[bytes] = field(default_factory=list)
    fail_messages: int = 0
    url: str = ""

    async def contact(self, request: web.Request) -> web.Response:
        """Make a contact; one that is known is given back."""
        name = (await request.json())["source_id"]
        if name not in self.contacts:
            self.contacts.append(name)
        return web.json_response({"source_id": name, "pubsub_token": "x", "id": 1})

    async def conversations_of(self, request: web.Request) -> web.Response:
        """List the conversations of a contact."""
        name = request.match_info["contact"]
        if name not in self.contacts:
            raise web.HTTPNotFound
        found = [c for c in self.conversations.values() if c["contact"] == name]
        return web.json_response([{"id": c["id"], "status": c["status"]} for c in found])

    async def converse(self, request: web.Request) -> web.Response:
        """Open a conversation."""
        name = request.match_info["contact"]
        if name not in self.contacts:
            raise web.HTTPNotFound
        number = len(self.conversations) + 1
        self.conversations[number] = {
            "id": number, "contact": name, "status": "open", "messages": [],
        }  # fmt: skip
        return web.json_response({"id": number, "status": "open", "messages": []})

    async def message(self, request: web.Request) -> web.Response:
        """Put a message into a conversation."""
        if self.fail_messages:
            self.fail_messages -= 1
            raise web.HTTPInternalServerError
        number = int(request.match_info["number"])
        body = await request.json()
        self.conversations[number]["messages"].append(body["content"])
        return web.json_response({"id": "1", "content": body["content"]})

    async def toggle(self, request: web.Request) -> web.Response:
        """Resolve a conversation."""
        self.conversations[int(request.match_info["number"])]["status"] = "resolved"
        return web.json_response({})


@asynccontextmanager
async def chatwoot() -> AsyncIterator[Chatwoot]:
    """Serve one on the loopback."""
    double = Chatwoot()

    @web.middleware
    async def remember(request: web.Request, handler: Any) -> web.StreamResponse:
        double.seen.append(await request.read() + str(request.url).encode())
        return await handler(request)

    app = web.Application(middlewares=[remember])
    base = f"/public/api/v1/inboxes/{INBOX}/contacts"
    app.router.add_post(base, double.contact)
    app.router.add_get(base + "/{contact}/conversations", double.conversations_of)
    app.router.add_post(base + "/{contact}/conversations", double.converse)
    app.router.add_post(base + "/{contact}/conversations/{number}/messages", double.message)
    app.router.add_post(base + "/{contact}/conversations/{number}/toggle_status", double.toggle)
    server = TestServer(app)
    await server.start_server()
    double.url = str(server.make_url(f"/public/api/v1/inboxes/{INBOX}"))
    try:
        yield double
    finally:
        await server.close()
