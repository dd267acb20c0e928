"""A counsellor who works: calls as the page's script makes them, and its stream of events."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.desk.accounts import Account
from tests.fakes.desk import Browser, somebody
from tests.fakes.handoff_gateway import Gateway, Visitor

WORDS = "il me surveille depuis des mois"


@dataclass
class Counsellor:
    """Somebody with the workspace open."""

    browser: Browser
    account: Account
    events: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    async def call(self, path: str, **data: Any) -> tuple[int, dict[str, Any]]:
        """Send a call; return its status and what came back."""
        async with self.browser.http.post(
            f"{self.browser.g.url}/desk/api/{path}",
            json=data,
            headers={"Sec-Fetch-Site": "same-origin"},
        ) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else {}

    async def ask(self, path: str) -> Any:
        """Read something."""
        async with self.browser.http.get(f"{self.browser.g.url}/desk/api/{path}") as answer:
            return json.loads(await answer.text() or "{}")

    async def say(self, talk: str, text: str, key: str = "") -> int:
        """Write to a visitor."""
        status, _ = await self.call(f"talks/{talk}/say", text=text, key=key or secrets.token_hex(8))
        return status

    @asynccontextmanager
    async def watching(self, after: str = "") -> AsyncIterator[Counsellor]:
        """Keep the stream open."""

        async def listen() -> None:
            url = f"{self.browser.g.url}/desk/api/events"
            async with self.browser.http.get(url, params={"after": after}) as answer:
                name, number = "", ""
                async for raw in answer.content:
                    key, _, value = raw.decode().rstrip("\n").partition(": ")
                    if key == "event":
                        name = value
                    elif key == "id":
                        number = value
                    elif key == "data":
                        self.events.append((name, number, json.loads(value)))

        task = asyncio.create_task(listen())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, enough: Callable[[], Any], seconds: float = 8) -> None:
        """Wait for the stream."""
        deadline = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < deadline, self.events
            await asyncio.sleep(0.02)

    @property
    def state(self) -> dict[str, Any]:
        """The last state that came."""
        found = [data for name, _, data in self.events if name == "state"]
        return found[-1] if found else {"next": [], "talks": []}

    @property
    def cursor(self) -> str:
        """How far the page has come."""
        return next((number for _, number, _ in reversed(self.events) if number), "")

    @property
    def words(self) -> list[str]:
        """All words that came, in order."""
        return [w["text"] for name, _, d in self.events if name == "words" for w in d["words"]]

    @property
    def endings(self) -> list[tuple[str, str]]:
        """Which talks have ended, and how."""
        return [(d["talk"], d["how"]) for name, _, d in self.events if name == "ended"]


async def at_work(g: Gateway, b: Browser, alias: str, **profile: Any) -> Counsellor:
    """Let somebody sign in and be there; the desk was tried out before."""
    account = await somebody(g, b, alias, **profile)
    g.service.set_tested("stopp-vif")
    made = Counsellor(b, account)
    assert (await made.call("here"))[0] == 204
    return made


async def waiting(g: Gateway, *said: str, share: str = "words", language: str = "fr") -> Visitor:
    """Return somebody who waits."""
    visitor = await g.visitor(language)
    for text in said or (WORDS,):
        await visitor.say(text)
    status, found = await visitor.handoff(action="request", share=share)
    assert status == 202, found
    return visitor
