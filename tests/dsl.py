"""The language of the conversation tests: say, choose, expect."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_SPACES = re.compile(r"\s+")


@dataclass
class Talk:
    """One visitor's conversation through the API."""

    url: str
    language: str
    session: aiohttp.ClientSession
    token: str = ""
    last: dict[str, Any] = field(default_factory=dict)
    transcript: list[str] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """The header that opens the conversation."""
        return {"Authorization": f"Bearer {self.token}"}

    async def start(self) -> Talk:
        """Begin."""
        async with self.session.post(
            f"{self.url}/api/v1/conversations", json={"language": self.language}
        ) as answer:
            assert answer.status == 201, await answer.text()
            self.last = await answer.json()
        self.token = self.last["token"]
        return self

    async def _post(self, body: dict[str, str]) -> dict[str, Any]:
        async with self.session.post(
            f"{self.url}/api/v1/messages", json=body, headers=self.headers
        ) as answer:
            assert answer.status == 200, f"{body}: {answer.status} {await answer.text()}"
            self.last = await answer.json()
        self.transcript.append(f"> {body}")
        self.transcript += [f"< {m['text']}" for m in self.last["messages"]]
        return self.last

    async def say(self, text: str) -> dict[str, Any]:
        """Write something."""
        return await self._post({"text": text})

    async def choose(self, value: str) -> dict[str, Any]:
        """Press a button."""
        return await self._post({"choice": value})

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The answers of the last turn."""
        return list(self.last["messages"])

    @property
    def text(self) -> str:
        """All that is shown after the last turn, cards and buttons too, on one line."""
        parts: list[str] = []
        for message in self.messages:
            parts.append(message["text"])
            for s in message["services"]:
                parts += [s["name"], s["phone"] or "", s.get("sms") or "", s["hours"], s["note"]]
                parts.append(s.get("address") or "")
                parts.append(s["url"] or "")
            parts += [button["label"] for button in message["buttons"]]
        return _SPACES.sub(" ", " ".join(parts))

    @property
    def services(self) -> list[str]:
        """The ids of the services shown after the last turn."""
        return [s["id"] for m in self.messages for s in m["services"]]

    @property
    def choices(self) -> list[str]:
        """The values of the buttons offered after the last turn."""
        return [b["value"] for m in self.messages for b in m["buttons"]]

    def expect(self, wanted: dict[str, Any]) -> None:
        """Hold the last turn against what a story expects.

        Args:
            wanted: `contains`, `not` (texts), `services`, `no_services`, `buttons` (ids),
                `urgent`, `language`, `first_contains` (text of the very first answer).
        """
        shown, story = self.text, "\n".join(self.transcript[-8:])
        folded = shown.lower()
        for part in wanted.get("contains", []):
            assert part.lower() in folded, f"{part!r} isn't in: {shown}\n{story}"
        for part in wanted.get("not", []):
            assert part.lower() not in folded, f"{part!r} is in: {shown}\n{story}"
        if "first_contains" in wanted:
            first = self.messages[0]
            text = first["text"] + " ".join(str(s["phone"]) for s in first["services"])
            for part in wanted["first_contains"]:
                assert part.lower() in text.lower(), f"{part!r} isn't first: {text}\n{story}"
        for service in wanted.get("services", []):
            assert service in self.services, f"{service} isn't in {self.services}\n{story}"
        for service in wanted.get("no_services", []):
            assert service not in self.services, f"{service} is in {self.services}\n{story}"
        for value in wanted.get("buttons", []):
            assert value in self.choices, f"{value} isn't in {self.choices}\n{story}"
        if "urgent" in wanted:
            urgent = any(m["urgent"] for m in self.messages)
            assert urgent == wanted["urgent"], f"urgent is {urgent}: {shown}\n{story}"
        if "language" in wanted:
            assert self.last["language"] == wanted["language"], story
        if "state" in wanted:
            assert self.last["handoff"]["state"] == wanted["state"], story
