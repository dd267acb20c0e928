"""Talks in which something isn't understood, through the real gateway."""

from __future__ import annotations

from typing import Any

from bot.gateway.learning_api import INBOX
from bot.learning.inbox import Inbox
from tests.fakes.gateway import SERVICE
from tests.fakes.handoff_gateway import Gateway, Visitor

GUESSES = ["ask_guilt", "disclose_digital", "thank"]


def inbox(g: Gateway) -> Inbox:
    """Return the inbox of a running gateway."""
    return g.app[INBOX]


async def misses(g: Gateway, visitor: Visitor, *said: str) -> None:
    """Write what the assistant doesn't understand."""
    g.rasa.custom = {"key": "utter_fallback", "guesses": GUESSES}
    for text in said:
        await visitor.say(text)


async def leaves(g: Gateway, visitor: Visitor, text: str = "au revoir") -> dict[str, Any]:
    """Say goodbye; return what is asked then, empty when nothing is."""
    g.rasa.custom = {"key": "utter_goodbye", "services": [SERVICE]}
    await visitor.say(text)
    return dict(visitor.last.get("learning") or {})


async def asked(g: Gateway, *said: str, language: str = "fr") -> tuple[Visitor, dict[str, Any]]:
    """Return a visitor who has been asked at the end of a talk, and the question."""
    visitor = await g.visitor(language)
    await misses(g, visitor, *said)
    return visitor, await leaves(g, visitor)


async def gives(g: Gateway, visitor: Visitor, question: dict[str, Any], *ticked: int) -> int:
    """Tick sentences by their place; return the status."""
    ids = [question["sentences"][place]["id"] for place in ticked]
    async with visitor.http.post(
        f"{g.url}/api/v1/learning", json={"sentences": ids}, headers=visitor.headers
    ) as answer:
        return answer.status
