"""Messages of the contract: what the page gets, made from what Rasa or the texts give."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from bot.cards import cards, plain
from bot.directory.lines import choose_lines, emergency_lines
from bot.directory.model import Directory, Mode
from bot.easy import easy as easy_words
from bot.language import Supported
from bot.texts import Texts

Message = dict[str, Any]


def message(
    text: str,
    language: Supported,
    *,
    author: str = "assistant",
    buttons: list[dict[str, str]] | None = None,
    services: list[dict[str, Any]] | None = None,
    urgent: bool = False,
    intent: str | None = None,
    easy: str | None = None,
) -> Message:
    """Return a message object.

    Args:
        text: what is said.
        language: in which language.
        author: assistant, counsellor or system.
        buttons: `{"label", "value"}`.
        services: cards.
        urgent: shown as an alarm.
        intent: only for debugging.
        easy: the same in easy words, where somebody wrote it.
    """
    return {
        "id": secrets.token_urlsafe(9),
        "from": author,
        "text": text,
        "language": language,
        "buttons": buttons or [],
        "services": services or [],
        "urgent": urgent,
        "intent": intent,
        "easy": easy,
    }


def from_rasa(
    answers: list[dict[str, Any]], language: Supported, mode: Mode, *, debug: bool
) -> list[Message]:
    """Return the messages of one turn from what our Rasa channel collected."""
    made = []
    for answer in answers:
        custom = answer.get("custom") or {}
        made.append(
            message(
                answer["text"].strip(),
                language,
                buttons=[{"label": b["title"], "value": b["payload"]} for b in answer["buttons"]],
                services=custom.get("services"),
                urgent=bool(custom.get("urgent")),
                intent=custom.get("intent") if debug else None,
                easy=easy_words(str(custom.get("key")), language, mode),
            )
        )
    return made


def written(
    texts: Texts,
    key: str,
    language: Supported,
    *,
    author: str = "assistant",
    services: list[dict[str, Any]] | None = None,
    urgent: bool = False,
    **values: str,
) -> Message:
    """Return a written answer as a message, without Rasa."""
    answer = texts.answer(key, language)
    return message(
        answer.text.format(**values) if values else answer.text,
        language,
        author=author,
        buttons=[{"label": b["title"], "value": b["payload"]} for b in answer.buttons],
        services=services,
        urgent=urgent,
    )


def line_cards(
    directory: Directory,
    texts: Texts,
    writer: str,
    topic: str,
    limit: int,
    language: Supported,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the cards of the lines for a writer and a topic, whatever the region."""
    choices = choose_lines(
        directory,
        language=language,
        writer=writer,
        topic=topic,
        region=None,
        now=now,
        limit=limit,
    )
    return cards(choices, now, texts, language)


def lines(
    directory: Directory, texts: Texts, language: Supported, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return the numbers that stand on every card: emergency, listening, children, suicide."""

    def chosen(writer: str, topic: str, limit: int) -> list[dict[str, Any]]:
        return line_cards(directory, texts, writer, topic, limit, language, now)

    return {
        "emergency": cards(plain(emergency_lines(directory, language), now), now, texts, language),
        "listening": chosen("unknown", "violence", 2),
        "child": chosen("child", "child", 1),
        "suicide": chosen("unknown", "suicide", 1),
    }


def numbers_card(
    key: str, directory: Directory, texts: Texts, language: Supported, now: datetime
) -> Message:
    """Return the card that is shown whatever fails: 112, 101, the line, and a way out."""
    found = lines(directory, texts, language, now)
    return written(
        texts,
        key,
        language,
        author="system",
        services=[*found["emergency"], *found["listening"], *found["child"], *found["suicide"]],
        urgent=True,
    )
