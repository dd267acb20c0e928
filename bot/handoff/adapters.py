"""How each kind of tool is told of an event.

A tool made for these webhooks gets the signed event. Tools that teams have already get a notice and
a link to the desk, never a word of the talk, so they have nothing to keep (R88).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.handoff.outbox import Pending
from bot.handoff.states import Event
from bot.handoff.teams import Endpoint


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered."""

    status: int
    retry_after: str | None = None
    body: bytes = b""

    @property
    def accepted(self) -> bool:
        """Whether it took the event: 2xx and nothing else (a redirect is a failure)."""
        return 200 <= self.status < 300


Call = Callable[[str, str, bytes, Mapping[str, str]], Awaitable[Answer]]
_IGNORED = Answer(204)
_JSON = {"Content-Type": "application/json", "User-Agent": "helpline-webhooks/1"}
# After these, whoever looks at another tool needn't come to the desk any more.
_SETTLED = frozenset({Event.CLAIMED.value, Event.WITHDRAWN.value, Event.EXPIRED.value})


@dataclass(frozen=True)
class Notices:
    """What people who look at another tool read: somebody waits; somebody waits in danger."""

    waiting: str
    urgent: str

    def of(self, pending: Pending) -> str:
        """Return the sentence for a request."""
        return self.urgent if json.loads(pending.body)["data"].get("urgent") else self.waiting


async def send(
    call: Call, endpoint: Endpoint, pending: Pending, moment: float, notices: Notices
) -> Answer:
    """Tell an endpoint of an event, once.

    Args:
        call: makes one request (method, address, body, headers).
        endpoint: whom.
        pending: what.
        moment: of this attempt, Unix seconds.
        notices: for the tools that get a notice.

    Raises:
        ValueError: the tool's answer isn't what its documentation says.
    """
    if endpoint.signer is not None:
        body = pending.body.encode()
        headers = {**_JSON, **endpoint.signer.headers(pending.id, body, moment)}
        return await call("POST", endpoint.url, body, headers)
    if endpoint.kind == "chatwoot":
        return await _Chatwoot(call, endpoint.url.rstrip("/"), pending).tell(notices)
    if pending.type != Event.REQUESTED.value:
        return _IGNORED
    # Mattermost: https://developers.mattermost.com/integrate/webhooks/incoming/
    return await call("POST", endpoint.url, _json({"text": notices.of(pending)}), _JSON)


class _Chatwoot:
    """An API channel: https://developers.chatwoot.com/api-reference/messages-api/create-a-message.

    Its contact is the opaque handoff id, its conversation holds the notice and is resolved when
    somebody has come. Nothing of the person or of the talk goes there.
    """

    def __init__(self, call: Call, inbox: str, pending: Pending) -> None:
        self._call, self._pending = call, pending
        self._inbox = inbox
        self._contact = f"{inbox}/contacts/{pending.handoff}"

    async def tell(self, notices: Notices) -> Answer:
        if self._pending.type == Event.REQUESTED.value:
            return await self._announce(notices.of(self._pending))
        if self._pending.type in _SETTLED:
            return await self._resolve()
        return _IGNORED

    async def _announce(self, text: str) -> Answer:
        contact = await self._post(f"{self._inbox}/contacts", {"source_id": self._pending.handoff})
        if not contact.accepted:
            return contact
        number = await self._open_conversation()
        if number is None:
            made = await self._post(f"{self._contact}/conversations", {})
            if not made.accepted:
                return made
            number = int(json.loads(made.body)["id"])
        message = {"content": text, "echo_id": self._pending.id}
        return await self._post(f"{self._contact}/conversations/{number}/messages", message)

    async def _resolve(self) -> Answer:
        number = await self._open_conversation()
        if number is None:
            return _IGNORED
        return await self._post(f"{self._contact}/conversations/{number}/toggle_status", {})

    async def _open_conversation(self) -> int | None:
        """Return the conversation that an earlier attempt or event has opened."""
        listed = await self._call("GET", f"{self._contact}/conversations", b"", _JSON)
        if not listed.accepted:
            return None
        found = [c for c in json.loads(listed.body) if c.get("status", "open") != "resolved"]
        return int(found[0]["id"]) if found else None

    async def _post(self, url: str, body: Mapping[str, object]) -> Answer:
        return await self._call("POST", url, _json(body), _JSON)


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
