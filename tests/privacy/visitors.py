"""Invented visitors: each conversation carries needles of its own, and is sometimes odd."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.privacy import places
from tests.privacy.needles import Finder, Hit, Needles
from tests.privacy.team import Team
from tests.stack import Stack, wait_for

_AT_ONCE = 4
# Every so many conversations one is handed to a team (one of those that aren't erased at once).
_HANDED_OVER = 4
_ERASING = {"fr": "efface tout", "nl": "wis alles"}
# While a part starts again, requests may fail; the next conversation begins afterwards.
_FAULTS = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class Crowd:
    """Sends conversations through a running assistant and remembers their tokens."""

    def __init__(
        self, stack: Stack, needles: Needles, finder: Finder, team: Team | None = None
    ) -> None:
        """Take the assistant, what to send, how to look for it in answers, and who takes over."""
        self._stack, self._needles, self._finder, self._team = stack, needles, finder, team
        self.tokens: list[str] = []
        self.echoes: list[Hit] = []
        self.sent = 0
        self.turns = 0

    async def send(self, conversations: int, kills: Mapping[str, str] | None = None) -> None:
        """Send that many conversations; a few at once.

        Args:
            conversations: how many.
            kills: parts to kill on the way, one after the other, each when its share is done.
        """
        parts = list(kills or ())
        share = -(-conversations // (len(parts) + 1))
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for first in range(0, conversations, share):
                numbers = iter(range(first, min(first + share, conversations)))
                workers = [
                    asyncio.create_task(self._worker(session, numbers)) for _ in range(_AT_ONCE)
                ]
                if parts:
                    # In the middle of what they say, not between two conversations.
                    await asyncio.sleep(1)
                    self._kill(parts.pop())
                await asyncio.gather(*workers)
                await asyncio.to_thread(wait_for, f"{self._stack.url}/readyz", 120)

    def _kill(self, word: str) -> None:
        for pid, part in places.processes(self._stack).items():
            if part == places.PARTS[word]:
                os.kill(pid, signal.SIGKILL)

    async def _worker(self, session: aiohttp.ClientSession, numbers: Any) -> None:
        for number in numbers:
            try:
                await self._talk(session, number)
                self.sent += 1
            except _FAULTS:
                await asyncio.sleep(0.5)

    async def _talk(self, session: aiohttp.ClientSession, number: int) -> None:
        needles = self._needles
        language = "fr" if number % 2 else "nl"
        started = await self._ask(session, "POST", "/conversations", json={"language": language})
        if "token" not in started:
            return
        token = started["token"]
        self.tokens.append(token)
        headers = {
            "Authorization": f"Bearer {token}",
            # What a browser or a proxy could add (R12).
            "User-Agent": needles.sentence(number, "fr").encode("ascii", "replace").decode(),
            "Referer": f"https://site.example/{needles.core}ou",
            "X-Forwarded-For": f"{needles.core}im, 203.0.113.9",
        }
        name, mail = needles.name(number), needles.mail(number)
        first = f"je m'appelle {name}" if language == "fr" else f"mijn naam is {name}"
        for text in (
            first,
            needles.sentence(number, language),
            f"{mail} {needles.iban(number, spaced=bool(number % 3))}",
        ):
            await self._ask(session, "POST", "/messages", headers, json={"text": text})
            self.turns += 1
        await self._odd(session, headers, number)
        if self._team and number % _HANDED_OVER == 3:
            said = needles.sentence(number, language)
            await self._team.answer(session, self._stack.url, headers, said)
        if number % 4 == 0:
            await self._ask(session, "DELETE", "/conversations", headers)
        elif number % 4 == 1:
            text = _ERASING[language]
            await self._ask(session, "POST", "/messages", headers, json={"text": text})
        elif number % 4 == 2:
            await self._ask(session, "POST", "/messages", headers, json={"choice": "erase"})

    async def _odd(
        self, session: aiohttp.ClientSession, headers: dict[str, str], number: int
    ) -> None:
        """Send one thing that isn't as it should be, with needles in it."""
        sentence, name = self._needles.sentence(number, "fr"), self._needles.name(number)
        mail = self._needles.mail(number)
        odd: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", "/messages", {"json": {"text": f"/inform{json.dumps({'name': sentence})}"}}),
            ("POST", "/messages", {"data": f'{{"text": "{name}'.encode()}),
            ("POST", "/messages", {"data": name.encode("utf-16")}),
            ("POST", "/messages", {"json": {"text": f"{name} {'é' * 2001}"}}),
            ("POST", "/messages", {"json": {"choice": name}}),
            ("POST", "/messages", {"json": {"text": "?", name: mail}}),
            ("POST", "/messages", {"json": {"text": f"\x00\u202e{sentence}\ud800 😀"}}),
            ("GET", f"/lines?language={name.replace(' ', '%20')}", {}),
            ("GET", f"/{mail}", {}),
            ("PUT", "/messages", {"json": {"text": sentence}}),
        ]
        method, path, more = odd[number % len(odd)]
        await self._ask(session, method, path, headers, **more)
        wrong = {"Authorization": f"Bearer {mail}"}
        await self._ask(session, "POST", "/messages", wrong, json={"text": sentence})

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        address = f"{self._stack.url}/api/v1{path}"
        async with session.request(method, address, headers=headers, **more) as answer:
            body = await answer.read()
            said = body + repr(sorted(answer.headers.items())).encode()
        # An answer that repeats what was said would leave it wherever answers are kept.
        self.echoes += self._finder.search(said, f"the answer to {method} {path.split('?')[0]}")
        try:
            data = json.loads(body)
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    async def erase_all(self) -> None:
        """Erase the conversations that still live."""
        async with aiohttp.ClientSession() as session:
            for token in self.tokens:
                await self._ask(
                    session, "DELETE", "/conversations", {"Authorization": f"Bearer {token}"}
                )
