"""Visitors of the campaign: they know the public interface and nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.handoff.campaign_tool import MESSAGES

_OVER = ("closed", "returned", "withdrawn", "expired")
_PATIENCE = 400.0
_SAYS = "Je m'appelle {name}, je vis rue du Moulin-aux-Lierres 77 à Esneux, mon GSM est {phone}"


@dataclass
class Person:
    """One visitor, and all that they have seen."""

    number: int
    url: str
    http: aiohttp.ClientSession
    share: str
    language: str
    leaves: bool
    token: str = ""
    # The moment from which the server may have had the request; 0 before that.
    asked: float = 0
    refused: str = ""
    state: str = "none"
    seen: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    # Words written to the counsellor: how often sent, and how often answered.
    sent: int = 0
    answered: int = 0
    stuck: bool = False
    _last: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """A name that nobody has."""
        return f"Zoelline Vanbraekelmont{self.number}"

    @property
    def phone(self) -> str:
        """A number that nobody has."""
        return f"0470 99 {self.number // 100:02d} {self.number % 100:02d}"

    @property
    def needles(self) -> tuple[str, ...]:
        """What must not be on the wire."""
        return (self.token, "Zoelline", "Vanbraekelmont", self.phone, self.phone.replace(" ", ""))

    @property
    def words(self) -> list[str]:
        """The counsellor's words, as they came."""
        return [m["text"] for _, _, m in self.seen if m["from"] == "counsellor"]

    def line_after(self, *, told: bool = False) -> float | None:
        """Return the seconds from the request to a line that is open, None if none was seen.

        Args:
            told: count only what came after the announcement (the tool doesn't answer).
        """
        shown = [
            at - self.asked
            for at, _, message in self.seen
            if message["from"] == "system"
            and any(card["open_now"] and card["phone"] for card in message["services"])
        ]
        return next(iter(shown[1:] if told else shown), None)

    async def live(self) -> None:
        """Ask, wait, speak, until it is over."""
        headers = {"language": self.language}
        status, found = await self._call("POST", "/api/v1/conversations", headers)
        if status != 201:
            self.refused = f"no conversation: {status}"
            return
        self.token = found["token"]
        said = _SAYS.format(name=self.name, phone=self.phone)
        if self.share == "words":
            await self._call("POST", "/api/v1/messages", {"text": said})
        stream = asyncio.create_task(self._listen())
        try:
            await asyncio.wait_for(self._until_over(said), _PATIENCE)
        except asyncio.TimeoutError:
            self.stuck = True
        finally:
            # What comes last comes at once.
            await asyncio.sleep(1)
            stream.cancel()
            await asyncio.gather(stream, return_exceptions=True)

    async def _until_over(self, said: str) -> None:
        body = {"action": "request", "share": self.share}
        if self.share == "summary":
            body["summary"] = said
        status, found = await self._call("POST", "/api/v1/handoff", body, asking=True)
        if status != 202:
            self.refused = f"{status} {found.get('error')}"
            return
        self.state = found["state"]
        if self.leaves:
            await self._call("POST", "/api/v1/handoff", {"action": "withdraw"})
        wrote = False
        while self.state not in _OVER:
            await self._wait()
            if self.words and not wrote and not self.leaves:
                wrote = True
                await self._call("POST", "/api/v1/messages", {"text": "je suis là"}, writing=True)
        while len(self.words) < MESSAGES and not self.leaves:
            await self._wait()

    async def _wait(self) -> None:
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), 5)
        except asyncio.TimeoutError:
            # The page looks too when the stream is silent.
            status, found = await self._call("GET", "/api/v1/handoff")
            self.state = found.get("state", "expired") if status in (200, 404) else self.state

    async def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        asking: bool = False,
        writing: bool = False,
    ) -> tuple[int, dict[str, Any]]:
        """Call until there is an answer, as a page does whose server is being started again."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        while True:
            start = time.monotonic()
            self.sent += writing
            try:
                async with self.http.request(
                    method, self.url + path, json=body, headers=headers
                ) as answer:
                    found = await answer.json()
                    if answer.status not in (429, 503):
                        if asking and not self.asked:
                            self.asked = start
                        self.answered += writing
                        return answer.status, found
            except aiohttp.ClientConnectorError:
                # Nobody was there: nothing was taken.
                self.sent -= writing
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
                # Cut in the middle: it may have been taken.
                if asking and not self.asked:
                    self.asked = start
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        """Keep the stream open, and go on after the last message that came."""
        while True:
            headers = {"Authorization": f"Bearer {self.token}"}
            if self._last:
                headers["Last-Event-ID"] = self._last
            try:
                async with self.http.get(
                    f"{self.url}/api/v1/events",
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=None, sock_read=45),
                ) as answer:
                    if answer.status == 404:
                        return
                    await self._follow(answer)
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                pass
            await asyncio.sleep(0.5)

    async def _follow(self, answer: aiohttp.ClientResponse) -> None:
        event = number = data = ""
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                number = value
            elif name == "data":
                data = value
            elif not line and data:
                self._got(event, number, json.loads(data))
                event = number = data = ""

    def _got(self, event: str, number: str, data: dict[str, Any]) -> None:
        if event == "message":
            self.seen.append((time.monotonic(), number, data))
            self._last = number
        elif event == "handoff":
            self.state = data["state"]
        self._news.set()
