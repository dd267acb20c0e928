"""What the visitor is told about the handoff: written answers, sealed to the visitor."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import keyspace
from bot.directory.model import Commune, Directory
from bot.directory.named import named
from bot.gateway.messages import Message, lines, message, written
from bot.handoff.buttons import numbered
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

    def tell(
        self,
        key: str,
        language: Supported,
        *,
        show: tuple[str, ...] = (),
        buttons: Sequence[tuple[str, str]] = (),
        **values: str,
    ) -> Message:
        """Return a phrase as a message from the system.

        Args:
            key: of the phrase.
            language: the visitor's.
            show: which lines stand below it, as for `say`.
            buttons: the phrase of each label, and its value.
            values: for the `{names}` in the text.
        """
        found = self.lines(language) if show else {}
        return message(
            self.phrase(key, language, **values),
            language,
            author="system",
            services=[card for group in show for card in found[group]],
            buttons=[{"label": self.phrase(b, language), "value": value} for b, value in buttons],
        )

    def commune(self, typed: str) -> Commune | None:
        """Return the commune that somebody means, None when it isn't clear which."""
        found = named(self._directory, typed)
        return found[0] if len(found) == 1 else None

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
        if moment.date() == self._clock().date():
            return self.phrase("handoff_today", language, time=f"{moment:%H:%M}")
        day = self._day(moment, language)
        return self.phrase("handoff_day", language, day=day, time=f"{moment:%H:%M}")

    def until(self, moment: datetime, language: Supported) -> str:
        """Return the moment at which something ends, in words."""
        today = moment.date() == self._clock().date()
        day = self.phrase("today", language) if today else self._day(moment, language)
        return self.phrase("comeback_until", language, day=day, time=f"{moment:%H:%M}")

    def _day(self, moment: datetime, language: Supported) -> str:
        today = self._clock().date()
        if moment.date() == today + timedelta(days=1):
            return self.phrase("tomorrow", language)
        day = self.phrase(_DAYS[moment.weekday()], language)
        far = moment.date() - today >= timedelta(days=7)
        return f"{day} {moment:%d/%m}" if far else day

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


def asks_whether_it_helped(voice: Voice, case: Case) -> list[Message]:
    """Return the one question after a human has spoken (R87); none after an alarm."""
    if not case.spoke or case.urgent:
        return []
    return [voice.say("utter_handoff_helped_ask", case.language)]


def lines_for(case: Case) -> tuple[str, ...]:
    """Return the lines that stand below what this person is told."""
    return ("child",) if case.minor else ("listening",)


def letter(case: Case, content: Message) -> bytes:
    """Return a message sealed to the visitor, for the mailbox; its buttons belong to this case."""
    plain = json.dumps(numbered(content, case), ensure_ascii=False).encode()
    return seal_to(case.public_key, plain, keyspace.events(case.conversation_id))
