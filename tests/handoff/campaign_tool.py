"""A team's tool, written from the Standard Webhooks specification alone; nothing of `bot` is used.

It fails on purpose: three of ten attempts get 500, a stall, a connection reset or a 429.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import os
import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.stack import free_port

FAILING = 0.3
_STALL_SECONDS = 20.0
_ALIASES = ("Anne", "Bert")
# What a counsellor writes in one talk.
MESSAGES = 3


def new_secret() -> str:
    """Return a secret as the specification writes it."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """Return the `v1` signature of a message."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@dataclass(frozen=True)
class Attempt:
    """One request that arrived, and what became of it."""

    at: float
    id: str
    fate: str
    body: bytes
    headers: bytes


@dataclass
class Talk:
    """One handoff as the tool knows it."""

    id: str
    requested_at: float
    # Ids of accepted events, by type.
    events: dict[str, set[str]] = field(default_factory=dict)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    winners: list[str] = field(default_factory=list)
    # The texts that the gateway has taken (202), in order, and how the talk ended.
    said: list[str] = field(default_factory=list)
    end: str = ""
    read: bool = False


class Tool:
    """Receives, claims, writes, closes."""

    def __init__(self, seed: int) -> None:
        """Draw secrets: two in each direction, as while they are being changed."""
        self.port = free_port()
        self.out, self.inbound, self.key = new_secret(), new_secret(), secrets.token_urlsafe(24)
        self.out_old, self.inbound_old = new_secret(), new_secret()
        self.helpline = ""
        self.attempts: list[Attempt] = []
        self.talks: dict[str, Talk] = {}
        self.accepted: dict[str, list[float]] = {}
        # Whatever goes against the contract, in words.
        self.wrong: list[str] = []
        self._draw = random.Random(seed)
        self._rotating = itertools.cycle((0, 1))
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner = web.AppRunner(self._app(), access_log=None)

    @property
    def configuration(self) -> dict[str, str]:
        """What the helpline is told of this tool."""
        return {
            "HANDOFF_WEBHOOK_URL": f"http://127.0.0.1:{self.port}/hook",
            "HANDOFF_WEBHOOK_SECRET": f"{self.out},{self.out_old}",
            "HANDOFF_INBOUND_SECRET": f"{self.inbound},{self.inbound_old}",
            "HANDOFF_API_KEY": self.key,
            "HANDOFF_ALLOW_PRIVATE": "1",
        }

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        return app

    async def open(self) -> None:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, shutdown_timeout=0.1).start()

    async def work(self, helpline: str) -> None:
        """Begin: somebody is there from now on.

        Args:
            helpline: address of the gateway.
        """
        self.helpline = helpline
        await self._send("presence", counsellors=4, languages=["fr", "nl"], network=None)
        self._start(self._be_present())

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
        await self._runner.cleanup()

    # --- what comes
    async def _hook(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        message_id = request.headers.get("webhook-id", "")
        fate = self._fate()
        raw = json.dumps(dict(request.headers)).encode()
        self.attempts.append(Attempt(time.monotonic(), message_id, fate, body, raw))
        if not self._genuine(request.headers, body):
            self.wrong.append(f"an event isn't genuine: {message_id}")
            return web.Response(status=401)
        if fate == "stall":
            await asyncio.sleep(_STALL_SECONDS)
        if fate in ("stall", "reset"):
            # Nothing was taken, and the line is cut without an answer.
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fate == "429":
            return web.Response(status=429, headers={"Retry-After": "1"})
        if fate == "500":
            return web.Response(status=500)
        self._take(message_id, json.loads(body))
        return web.Response(status=204)

    def _fate(self) -> str:
        if self._draw.random() >= FAILING:
            return "taken"
        return self._draw.choice(("500", "stall", "reset", "429"))

    def _genuine(self, headers: Any, body: bytes) -> bool:
        stamp, message_id = headers.get("webhook-timestamp", ""), headers.get("webhook-id", "")
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > 300:
            return False
        # A receiver knows one secret; which of the two changes from one attempt to the next.
        known = (self.out, self.out_old)[next(self._rotating)]
        given = headers.get("webhook-signature", "").split(" ")
        return signature(known, message_id, stamp, body) in given

    def _take(self, message_id: str, event: dict[str, Any]) -> None:
        times = self.accepted.setdefault(message_id, [])
        times.append(time.monotonic())
        if len(times) > 1:
            return
        kind, name = event["type"], event["data"]["handoff_id"]
        wanted = {"handoff_id", "urgent", "share"} if kind.endswith("requested") else {"handoff_id"}
        if set(event) != {"type", "timestamp", "data"} or set(event["data"]) != wanted:
            self.wrong.append(f"{kind} isn't as thin as the contract says: {event}")
        talk = self.talks.setdefault(name, Talk(name, times[0]))
        talk.events.setdefault(kind, set()).add(message_id)
        if kind == "handoff.requested" and len(talk.events[kind]) == 1:
            talk.requested_at = times[0]
            self._start(self._speak(talk))
        elif kind == "handoff.message":
            talk.heard.set()

    # --- what the counsellors do
    async def _speak(self, talk: Talk) -> None:
        race = (self._send("claim", handoff_id=talk.id, alias=alias) for alias in _ALIASES)
        found = await asyncio.gather(*race)
        talk.winners = [a for a, status in zip(_ALIASES, found, strict=True) if status == 202]
        if not talk.winners:
            # Nobody may claim whom the visitor has withdrawn; all else is a fault.
            talk.end = "gone"
            return
        alias = talk.winners[0]
        for number in range(MESSAGES):
            text = f"{talk.id} {number}"
            again = self._draw.random() < 0.2
            message = {"handoff_id": talk.id, "alias": alias, "text": text}
            status = await self._send("message", again=again, **message)
            if status != 202:
                # The visitor has withdrawn meanwhile.
                talk.end = "gone"
                return
            talk.said.append(text)
            if number == 0:
                await self._read(talk)
                try:
                    await asyncio.wait_for(talk.heard.wait(), 120)
                except asyncio.TimeoutError:
                    self.wrong.append(f"{talk.id}: no word of the visitor came")
        end = self._draw.choice(("close", "return"))
        if await self._send(end, handoff_id=talk.id, alias=alias, again=True) == 202:
            talk.end = {"close": "closed", "return": "returned"}[end]
        else:
            talk.end = "gone"

    async def _read(self, talk: Talk) -> None:
        """Read what was passed on; sealed for seconds after the gateway was killed."""
        headers = {"Authorization": f"Bearer {self.key}"}
        url = f"{self.helpline}/api/v1/handoffs/{talk.id}"
        for _ in range(30):
            try:
                async with self._http.get(url, headers=headers) as answer:
                    if answer.status == 200 and not (await answer.json()).get("sealed"):
                        talk.read = True
                        return
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                pass
            await asyncio.sleep(1)

    async def _be_present(self) -> None:
        while True:
            await asyncio.sleep(20)
            await self._send("presence", counsellors=4, languages=["fr", "nl"], network=None)

    async def _send(self, kind: str, *, again: bool = False, **data: object) -> int:
        """Send an event until it is answered, always under one id; return the status.

        Args:
            kind: of the event.
            again: send it once more afterwards: the answer must be the same.
            data: of the event.
        """
        message_id = f"tool_{secrets.token_hex(10)}"
        body = json.dumps({"type": kind, "data": data}).encode()
        status = await self._until_answered(message_id, body)
        if again:
            second = await self._until_answered(message_id, body)
            if second != status:
                self.wrong.append(f"a replay of {kind} got {second} after {status}")
        return status

    async def _until_answered(self, message_id: str, body: bytes) -> int:
        url = f"{self.helpline}/api/v1/handoffs/events"
        for pause in self._pauses():
            stamp = str(int(time.time()))
            secret = self._draw.choice((self.inbound, self.inbound_old))
            headers = {
                "Content-Type": "application/json",
                "webhook-id": message_id,
                "webhook-timestamp": stamp,
                "webhook-signature": signature(secret, message_id, stamp, body),
            }
            try:
                async with self._http.post(url, data=body, headers=headers) as answer:
                    if answer.status not in (429, 503):
                        return answer.status
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                pass
            await asyncio.sleep(pause)
        self.wrong.append("the gateway didn't answer for minutes")
        return 0

    @staticmethod
    def _pauses() -> Iterator[float]:
        yield from (0.2, 0.5, 1)
        yield from itertools.repeat(2.0, 60)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.wrong.append(f"the tool itself failed: {task.exception()!r}")
