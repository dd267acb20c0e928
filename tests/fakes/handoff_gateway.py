"""The real gateway in this process: real Redis, a scripted Rasa, quick redaction and webhooks."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import settings
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.gateway import app as gateway_app
from bot.gateway import keys
from bot.handoff import buttons, wire
from bot.handoff.circuit import Patience
from bot.handoff.service import HandoffService
from bot.handoff.signing import Signer
from tests.fakes.handoff import assess, secret
from tests.fakes.rasa import FakeRasa, fake_rasa

INBOUND, API_KEY = secret(), "the key of the tool"
PATIENCE = Patience(timeout=1, first_pause=0.05, longest_pause=0.3, probe=0.5, lease=0.5)


@lru_cache(maxsize=1)
def _directory() -> Directory:
    return load_directory(settings.ROOT / "data" / "directory", "demo")


class QuickRedactor:
    """Takes two names out, without a model."""

    def __init__(self, directory: Any) -> None:
        pass

    def warm(self) -> None:
        """Nothing to load."""

    def redact(self, text: str, language: str, known: Any) -> Any:
        """Return the text without names."""

        @dataclass
        class Redacted:
            text: str

        return Redacted(text.replace("Karim", "[nom]").replace("rue Haute 5", "[adresse]"))


@dataclass
class Visitor:
    """A page with an open conversation."""

    url: str
    http: aiohttp.ClientSession
    token: str = ""
    last: dict[str, Any] = field(default_factory=dict)
    events: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    # By the kind of a button: the value of the last one that was shown.
    newest: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What opens the conversation."""
        return {"Authorization": f"Bearer {self.token}"}

    async def start(self, language: str = "fr") -> Visitor:
        """Begin."""
        async with self.http.post(
            f"{self.url}/api/v1/conversations", json={"language": language}
        ) as answer:
            self.token = (await answer.json())["token"]
        return self

    async def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.url}{path}", json=body, headers=self.headers) as answer:
            self.last = await answer.json()
            self._see(self.last.get("messages", []))
            return answer.status, self.last

    def _see(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            for button in message["buttons"]:
                self.newest[buttons.split(button["value"])[0]] = button["value"]

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Write; return the messages."""
        status, found = await self._post("/api/v1/messages", {"text": text})
        assert status == 200, found
        return list(found["messages"])

    async def choose(self, value: str) -> list[dict[str, Any]]:
        """Press a button, the newest of its kind; return the messages."""
        return await self.press(self.newest.get(value, value))

    async def press(self, value: str) -> list[dict[str, Any]]:
        """Press exactly this button; return the messages."""
        status, found = await self._post("/api/v1/messages", {"choice": value})
        assert status == 200, found
        return list(found["messages"])

    async def handoff(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Ask for a person, or stop."""
        return await self._post("/api/v1/handoff", body)

    async def look(self) -> dict[str, Any]:
        """Return the handoff's state."""
        async with self.http.get(f"{self.url}/api/v1/handoff", headers=self.headers) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    @asynccontextmanager
    async def listening(self, after: str = "") -> AsyncIterator[Visitor]:
        """Keep the stream open; what comes is in `events` as (event, id, data)."""

        async def listen() -> None:
            headers = {**self.headers, **({"Last-Event-ID": after} if after else {})}
            async with self.http.get(f"{self.url}/api/v1/events", headers=headers) as answer:
                event, number = "", ""
                async for raw in answer.content:
                    line = raw.decode().strip()
                    name, _, value = line.partition(": ")
                    if name == "event":
                        event = value
                    elif name == "id":
                        number = value
                    elif name == "data":
                        self.events.append((event, number, json.loads(value)))
                        if event == "message":
                            self._see([self.events[-1][2]])
                        number = ""

        task = asyncio.create_task(listen())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The messages that came over the stream."""
        return [data for event, _, data in self.events if event == "message"]

    async def until(self, enough: Any, seconds: float = 8) -> None:
        """Wait for the stream."""
        deadline = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < deadline, self.events
            await asyncio.sleep(0.02)


@dataclass
class Gateway:
    """A running gateway, and what is around it."""

    url: str
    http: aiohttp.ClientSession
    rasa: FakeRasa
    app: web.Application
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def service(self) -> HandoffService:
        """Its handoff service."""
        return self.app[keys.HANDOFF]

    async def visitor(self, language: str = "fr") -> Visitor:
        """Open a page."""
        return await Visitor(self.url, self.http).start(language)

    async def tool(self, type_: str, *, id: str = "", sign: str = INBOUND, **data: Any) -> int:
        """Send a signed event as a tool; return the status."""
        body = json.dumps({"type": type_, "data": data}).encode()
        headers = Signer.of(sign).headers(id or f"tool_{secrets.token_hex(8)}", body, time.time())
        async with self.http.post(
            f"{self.url}/api/v1/handoffs/events", data=body, headers=headers
        ) as answer:
            self.answer = await answer.json()
            return answer.status

    async def present(self, number: int = 1) -> None:
        """Let the tool say that somebody is there."""
        assert (
            await self.tool("presence", counsellors=number, languages=["fr", "nl"], network=None)
            == 202
        )

    async def fetch(self, handoff_id: str, after: str = "", key: str = API_KEY) -> tuple[int, Any]:
        """Read what was passed on, as a tool."""
        async with self.http.get(
            f"{self.url}/api/v1/handoffs/{handoff_id}",
            params={"after": after} if after else {},
            headers={"Authorization": f"Bearer {key}"},
        ) as answer:
            return answer.status, await answer.json()

    async def only_handoff(self) -> str:
        """Return the id of the one handoff that lives."""
        (name,) = await self.service.store.live()
        return name


@asynccontextmanager
async def gateway(
    redis_url: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    keep: bool = False,
    port: int | None = None,
    **environment: str,
) -> AsyncIterator[Gateway]:
    """Run one on the loopback, on an empty Redis unless it is to `keep` what is there."""
    monkeypatch.setattr(gateway_app, "Redactor", QuickRedactor)
    monkeypatch.setattr(gateway_app, "load_directory", lambda *_: _directory())
    quick = partial(wire.running, assess=assess, patience=PATIENCE)
    monkeypatch.setattr(gateway_app, "running", quick)
    async with fake_rasa() as rasa, aiohttp.ClientSession() as http:
        config = settings.load(
            {
                "REDIS_URL": redis_url,
                "STATE_DIR": str(folder),
                "RASA_PORT": str(rasa.port),
                "HELPLINE_INTERNAL_TOKEN": "internal",
                "HANDOFF_INBOUND_SECRET": INBOUND,
                "HANDOFF_API_KEY": API_KEY,
                "HANDOFF_ALLOW_PRIVATE": "1",
                **environment,
            }
        )
        app = gateway_app.build(config)
        server = TestServer(app, port=port, shutdown_timeout=0.2)
        await server.start_server()
        if not keep:
            await app[keys.REDIS].flushdb()
        await app[keys.HANDOFF].gateway_keys.publish()
        try:
            yield Gateway(str(server.make_url("")).rstrip("/"), http, rasa, app)
        finally:
            await server.close()
