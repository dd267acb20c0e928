"""How each kind of tool is told of an event.

A tool made for these webhooks gets the signed event. Tools that teams have already get a notice and
a link to the desk, never a word of the talk, so they have nothing to keep (R88).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.handoff.outbox import Pending
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


Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[Answer]]


@dataclass(frozen=True)
class Notices:
    """What people who look at another tool read: somebody waits; somebody waits in danger."""

    waiting: str
    urgent: str


async def send(
    post: Post, endpoint: Endpoint, pending: Pending, moment: float, notices: Notices
) -> Answer:
    """Tell an endpoint of an event, once.

    Args:
        post: makes one request.
        endpoint: whom.
        pending: what.
        moment: of this attempt, Unix seconds.
        notices: for the tools that get a notice.
    """
    signer = endpoint.signer
    if signer is None:
        raise ValueError("an endpoint of the standard kind has a secret")
    body = pending.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "helpline-webhooks/1",
        **signer.headers(pending.id, body, moment),
    }
    return await post(endpoint.url, body, headers)
