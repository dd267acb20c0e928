"""One message of a visitor: cleaned, its language found, redacted, answered. Never silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from redis.asyncio import Redis

from bot import keyspace
from bot.conversation.lock import hold
from bot.conversation.record import Record, Records
from bot.directory.model import Directory
from bot.gateway.messages import Message, from_rasa, message, numbers_card, written
from bot.gateway.notice import ANSWERS_WITH_NOTICE, Notice, at_the_end
from bot.gateway.rasa import ConversationGoneError, RasaClient, RasaUnavailableError
from bot.handoff.dialogue import ALWAYS as HANDOFF_CHOICES
from bot.handoff.dialogue import Dialogue
from bot.handoff.service import HandoffService
from bot.language import SUPPORTED, Supported, detect, follow
from bot.metrics import Metrics
from bot.privacy.seal import ConversationKeys
from bot.rasa_parts.text import clean, fold
from bot.texts import Texts

_NOT_WORDS = re.compile(r"[^\w]+")
# Three words in Latin letters: "ok jappel", "le numero" look like Italian to any detector.
_OTHER_LANGUAGE_WORDS = 3
# What the page itself offers at all times.
_ALWAYS_OFFERED = frozenset({"language:fr", "language:nl", "erase", "ask_human"})


class UnknownChoiceError(ValueError):
    """A button that wasn't offered in this conversation."""


@dataclass(frozen=True)
class Reply:
    """What a turn gives back; `erased` when the conversation is gone after it."""

    messages: list[Message]
    language: str
    erased: bool = False
    handoff: dict[str, Any] | None = None


def choice_to_turn(value: str, language: Supported) -> dict[str, Any]:
    """Return what Rasa gets for a pressed button: an intent and entities, never text.

    Args:
        value: the button's value: an intent's name, or `kind:detail`.
        language: the conversation's language.
    """
    entities = [{"entity": "conversation_language", "value": language}]
    intent = value
    if ":" in value or value in ("more", "none"):
        intent = "choose"
        entities.append({"entity": "choice", "value": value})
    return {
        "text": value,
        "parse_data": {
            "text": value,
            "intent": {"name": intent, "confidence": 1.0},
            "intent_ranking": [],
            "entities": entities,
        },
    }


@dataclass
class _Talk:
    """One conversation during one turn; `off`: the card of numbers stands in for the assistant."""

    keys: ConversationKeys
    record: Record
    off: bool
    handoff: Dialogue | None


class Turns:
    """Answers the messages of visitors."""

    def __init__(
        self,
        *,
        redis: Redis,
        records: Records,
        rasa: RasaClient,
        texts: Texts,
        directory: Directory,
        redact: Callable[[str, Supported, Record], str],
        clock: Callable[[], datetime],
        erase_words: frozenset[str],
        debug: bool,
        notice: Notice = lambda _: "",
        handoff: HandoffService | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Take what a turn needs; `redact` cleans a text before anything else sees it.

        Without `handoff`, nobody is ever there.
        """
        self._redis, self._records, self._rasa = redis, records, rasa
        self._texts, self._directory, self._redact = texts, directory, redact
        self._clock, self._erase_words, self._debug = clock, erase_words, debug
        self._handoff, self._notice, self._metrics = handoff, notice, metrics

    async def handle(
        self, keys: ConversationKeys, *, text: str | None, choice: str | None, off: bool = False
    ) -> Reply | None:
        """Answer one message or one pressed button; None when there is no such conversation.

        With `off` the card of numbers stands in for the assistant; people still reach people.

        Raises:
            UnknownChoiceError: the button wasn't offered here.
        """
        async with hold(self._redis, keyspace.gate(keys.id)):
            record = await self._records.load(keys)
            if record is None:
                return None
            handoff = await Dialogue.open(self._handoff, keys, record) if self._handoff else None
            talk = _Talk(keys, record, off, handoff)
            if choice is not None:
                return await self._pressed(talk, choice)
            return await self._wrote(talk, text or "")

    async def _pressed(self, talk: _Talk, choice: str) -> Reply | None:
        record = talk.record
        if choice not in {*record.offered, *_ALWAYS_OFFERED, *HANDOFF_CHOICES}:
            raise UnknownChoiceError(choice)
        if choice == "erase":
            return await self._erase(talk)
        if choice.startswith("language:"):
            record.language = cast(Supported, choice.partition(":")[2])
            record.chosen_language = True
        if talk.handoff:
            said = await talk.handoff.pressed(choice)
            if said is not None:
                return await self._reply(talk, said)
        return await self._ask(talk, choice_to_turn(choice, record.language), [])

    async def _wrote(self, talk: _Talk, raw: str) -> Reply | None:
        record = talk.record
        # A text that starts with "/" would be a command to Rasa.
        text = clean(raw).lstrip("/ ").strip()
        if _NOT_WORDS.sub(" ", fold(text)).strip() in self._erase_words:
            return await self._erase(talk)
        if talk.handoff:
            said = await talk.handoff.caught(text)
            if said is not None:
                return await self._reply(talk, said)
        detected = detect(text)
        if not record.chosen_language:
            record.language = follow(text, record.language, detected)
        before = self._card_in(detected, text, record)
        safe = self._redact(text, record.language, record)
        record.heard("visitor", safe)
        if talk.handoff:
            said = await talk.handoff.wrote(text)
            if said is not None:
                return await self._reply(talk, [*before, *said])
        body = {"text": safe or "?", "metadata": {"language": record.language}}
        return await self._ask(talk, body, before)

    async def _ask(self, talk: _Talk, body: dict[str, Any], before: list[Message]) -> Reply | None:
        record, handoff = talk.record, talk.handoff
        raw: list[dict[str, Any]] = []
        if handoff:
            body = {**body, "metadata": {**body.get("metadata", {}), **await handoff.metadata()}}
        try:
            if talk.off:
                answers = [self.off(record.language)]
            else:
                raw = await self._rasa.turn(talk.keys, body)
                if self._metrics:
                    self._metrics.answered(talk.keys.id, raw)
                answers = self._told(raw, record.language)
        except ConversationGoneError:
            return None
        except RasaUnavailableError:
            if self._metrics:
                self._metrics.failed()
            answers = [self.failed(record.language)]
        if handoff and not raw:
            answers = [await handoff.offer(card) for card in answers]
        answers = [*before, *answers]
        for answer in answers:
            record.heard("assistant", answer["text"])
        if handoff:
            answers = await handoff.answered(raw, answers)
        return await self._reply(talk, answers)

    def _told(self, raw: list[dict[str, Any]], language: Supported) -> list[Message]:
        """Return Rasa's answers; who answers for the data stands behind "is this anonymous?"."""
        answers = from_rasa(raw, language, self._directory.mode, debug=self._debug)
        return [
            at_the_end(answer, self._notice(language))
            if (said.get("custom") or {}).get("key") in ANSWERS_WITH_NOTICE
            else answer
            for said, answer in zip(raw, answers, strict=True)
        ]

    async def _reply(self, talk: _Talk, answers: list[Message]) -> Reply | None:
        record = talk.record
        record.offer([b["value"] for answer in answers for b in answer["buttons"]])
        if not await self._records.save(talk.keys, record):
            return None
        status = await talk.handoff.status() if talk.handoff else None
        if status and self._metrics:
            self._metrics.handoff(talk.keys.id, str(status["state"]))
        return Reply(answers, record.language, handoff=status)

    async def _erase(self, talk: _Talk) -> Reply:
        await self._records.erase(talk.keys)
        language = talk.record.language
        said = [written(self._texts, "utter_erased", language, author="system")]
        if talk.record.kept:
            # What was kept with four words was promised to outlive the talk.
            stays = self._texts.phrase("comeback_stays", language)
            said.append(message(stays, language, author="system"))
        return Reply(said, language, erased=True)

    def _card_in(self, detected: str | None, text: str, record: Record) -> list[Message]:
        """Return the card in the writer's own language, once, where one exists."""
        if detected is None or detected in SUPPORTED or f"card:{detected}" in record.offered:
            return []
        key = f"utter_card_{detected}"
        words = [w for w in _NOT_WORDS.split(text) if w]
        few = len(words) < _OTHER_LANGUAGE_WORDS and all(w.isascii() for w in words)
        if key not in self._texts.answers or few:
            return []
        record.offer([f"card:{detected}"])
        answer = next(iter(self._texts.answers[key].values()))
        shown = message(
            answer.text,
            cast(Supported, detected),
            buttons=[{"label": b["title"], "value": b["payload"]} for b in answer.buttons],
            services=numbers_card(
                "utter_failed", self._directory, self._texts, record.language, self._clock()
            )["services"],
            urgent=True,
        )
        return [shown]

    def failed(self, language: Supported) -> Message:
        """Return what is said when the assistant can't answer: 112, the line, a person."""
        return numbers_card("utter_failed", self._directory, self._texts, language, self._clock())

    def off(self, language: Supported) -> Message:
        """Return the card that stands in for an assistant that was switched off (R38)."""
        return numbers_card("utter_off", self._directory, self._texts, language, self._clock())
