"""What the visitor is told about the handoff: written answers, sealed to the visitor."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot import keyspace
from bot.directory.model import Directory
from bot.gateway.messages import Message, lines, message, written
from bot.handoff.case import Case
from bot.language import Supported
from bot.privacy.seal import seal_to
from bot.texts import Texts

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Voice:
    """Makes messages and letters."""

    def __init__(self, texts: Texts, directory: Directory, clock: Callable[[], datetime]) -> None:
        """Take the texts, the directory (for the lines) and the moment in Belgium."""
        self.texts, self._directory, self._clock = texts, directory, clock

    def say(
        self,
        key: str,
        language: Supported,
        *,
        show: tuple[str, ...] = (),
        urgent: bool = False,
        **values: str,
    ) -> Message:
        """Return a written answer, from the system.

        Args:
            key: its name in `data/answers`.
            language: the visitor's.
            show: which lines stand below it: emergency, listening, child, suicide.
            urgent: shown as an alarm.
            values: for the `{names}` in the text.
        """
        found = self.lines(language) if show else {}
        services = [card for group in show for card in found[group]]
        return written(
            self.texts,
            key,
            language,
            author="system",
            services=services,
            urgent=urgent,
            **values,
        )

    def lines(self, language: Supported) -> dict[str, list[dict[str, Any]]]:
        """Return the cards of the lines, as they stand now."""
        return lines(self._directory, self.texts, language, self._clock())

    def of_counsellor(self, text: str, language: Supported) -> Message:
        """Return a counsellor's words as a message."""
        return message(text, language, author="counsellor")

    def phrase(self, key: str, language: Supported, **values: object) -> str:
        """Return a phrase."""
        return self.texts.phrase(key, language, **values)

    def when(self, moment: datetime, language: Supported) -> str:
        """Return a moment to come in words: today, tomorrow, a day and an hour."""
        today = self._clock().date()
        time = f"{moment:%H:%M}"
        if moment.date() == today:
            return self.phrase("handoff_today", language, time=time)
        if moment.date() == today + timedelta(days=1):
            day = self.phrase("tomorrow", language)
        else:
            day = self.phrase(_DAYS[moment.weekday()], language)
            if moment.date() - today >= timedelta(days=7):
                day = f"{day} {moment:%d/%m}"
        return self.phrase("handoff_day", language, day=day, time=time)

    def waiting(self, key: str, case: Case, position: int | None, seconds: int | None) -> Message:
        """Return a message to who waits: the place, about how long, and the line."""
        minutes = -(-(seconds or 0) // 60)
        name = {0: "handoff_wait_unknown", 1: "handoff_wait_short"}.get(minutes, "handoff_wait")
        return self.say(
            key,
            case.language,
            show=lines_for(case),
            position=str(position or 1),
            wait=self.phrase(name, case.language, minutes=minutes),
        )


def lines_for(case: Case) -> tuple[str, ...]:
    """Return the lines that stand below what this person is told."""
    return ("child",) if case.minor else ("listening",)


def letter(case: Case, content: Message) -> bytes:
    """Return a message sealed to the visitor, for the mailbox."""
    plain = json.dumps(content, ensure_ascii=False).encode()
    return seal_to(case.public_key, plain, keyspace.events(case.conversation_id))
