"""One message of a visitor: cleaned, its language found, redacted, answered. Never silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
from bot.handoff import buttons
from bot.handoff.dialogue import Dialogue
from bot.handoff.service import HandoffService
from bot.language import SUPPORTED, Supported, detect, follow
from bot.learning.sentences import Sentences
from bot.metrics import Metrics
from bot.privacy.seal import ConversationKeys
from bot.rasa_parts.text import clean, fold
from bot.texts import Texts
from bot.words import word_set

_NOT_WORDS = re.compile(r"[^\w]+")
_NUMBERS = "112 · 101"
# Three words in Latin letters: "ok jappel", "le numero" look like Italian to any detector.
_OTHER_LANGUAGE_WORDS = 3
# What the page itself offers at all times.
_ALWAYS_OFFERED = frozenset({"language:fr", "language:nl", "erase", "ask_human"})
# States of a handoff in which a person is asked for, awaited or speaking.
_WITH_A_PERSON = frozenset({"asked", "waiting", "active"})


class UnknownChoiceError(ValueError):
    """A button that wasn't offered in this conversation."""


@dataclass(frozen=True)
class Reply:
    """What a turn gives back; `erased` when the conversation is gone after it."""

    messages: list[Message]
    language: str
    erased: bool = False
    handoff: dict[str, Any] | None = None
    learning: dict[str, Any] | None = None


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


@dataclass(frozen=True)
class _Card:
    """The card in another language; `again`: its short form, for whoever goes on in it."""

    shown: Message
    again: bool


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
        sentences: Sentences | None = None,
    ) -> None:
        """Take what a turn needs; `redact` cleans a text before anything else sees it.

        Without `handoff`, nobody is ever there; without `sentences`, nobody is asked for any.
        """
        self._redis, self._records, self._rasa = redis, records, rasa
        self._texts, self._directory, self._redact = texts, directory, redact
        self._clock, self._erase_words, self._debug = clock, erase_words, debug
        self._handoff, self._notice, self._metrics = handoff, notice, metrics
        self._sentences = sentences

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
        if choice not in {*record.offered, *_ALWAYS_OFFERED} and not buttons.known(choice):
            raise UnknownChoiceError(choice)
        if choice == "erase":
            return await self._erase(talk)
        if choice.startswith("language:"):
            record.language = cast(Supported, choice.partition(":")[2])
            record.chosen_language, record.card_language = True, ""
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
        if self._sentences:
            self._sentences.wrote(record, text)
        if talk.handoff:
            said = await talk.handoff.caught(text)
            if said is not None:
                return await self._reply(talk, said)
        detected = detect(text)
        if not record.chosen_language:
            record.language = follow(text, record.language, detected)
        card = self._card_in(detected, text, record)
        before = [] if card is None else [card.shown]
        safe = self._redact(text, record.language, record)
        record.heard("visitor", safe)
        if talk.handoff:
            said = await talk.handoff.wrote(text)
            if said is not None:
                # A person who speaks needs no card at each line.
                return await self._reply(talk, said if card and card.again else [*before, *said])
        body = {"text": safe or "?", "metadata": {"language": record.language}}
        return await self._ask(talk, body, before, alone=card is not None and card.again)

    async def _ask(
        self, talk: _Talk, body: dict[str, Any], before: list[Message], *, alone: bool = False
    ) -> Reply | None:
        """Ask Rasa; with `alone`, its words stay away: who reads them reads neither language."""
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
        answers = before if alone else [*before, *answers]
        for answer in answers:
            record.heard("assistant", answer["text"])
        if handoff:
            answers = await handoff.answered(raw, answers)
        if self._sentences:
            self._sentences.answered(record, body, raw)
        return await self._reply(talk, answers, raw)

    def _told(self, raw: list[dict[str, Any]], language: Supported) -> list[Message]:
        """Return Rasa's answers; who answers for the data stands behind "is this anonymous?"."""
        answers = from_rasa(raw, language, self._directory.mode, debug=self._debug)
        return [
            at_the_end(answer, self._notice(language))
            if str((said.get("custom") or {}).get("key")).removesuffix("_child")
            in ANSWERS_WITH_NOTICE
            else answer
            for said, answer in zip(raw, answers, strict=True)
        ]

    async def _reply(
        self, talk: _Talk, answers: list[Message], raw: Sequence[dict[str, Any]] = ()
    ) -> Reply | None:
        record = talk.record
        buttons = [b["value"] for answer in answers for b in answer["buttons"]]
        record.offer(buttons)
        status = await talk.handoff.status() if talk.handoff else None
        asked = None
        if self._sentences:
            person = status is not None and status["state"] in _WITH_A_PERSON
            asked = self._sentences.ask(record, raw, buttons, person=person)
        if not await self._records.save(talk.keys, record):
            return None
        if status and self._metrics:
            self._metrics.handoff(talk.keys.id, str(status["state"]))
        return Reply(answers, record.language, handoff=status, learning=asked)

    async def _erase(self, talk: _Talk) -> Reply:
        await self._records.erase(talk.keys)
        language = talk.record.language
        key = "utter_erased_child" if talk.record.minor else "utter_erased"
        said = [written(self._texts, key, language, author="system")]
        if talk.record.kept:
            # What was kept with four words was promised to outlive the talk.
            stays = self._texts.phrase("comeback_stays", language)
            said.append(message(stays, language, author="system"))
        return Reply(said, language, erased=True)

    def _card_in(self, detected: str | None, text: str, record: Record) -> _Card | None:
        """Return the card in the writer's own language, where one exists: whole once, then short.

        Who has got it stays in that language until they write French or Dutch, or choose one.
        """
        words = [w for w in _NOT_WORDS.split(text.lower()) if w]
        few = len(words) < _OTHER_LANGUAGE_WORDS and all(w.isascii() for w in words)
        if detected in SUPPORTED or detected is None:
            # "ja" is German as well, "ok" is every language.
            ours = any(w in word_set("only_french") | word_set("only_dutch") for w in words)
            if detected and (ours or not few):
                record.card_language = ""
            language = record.card_language
        else:
            known = f"utter_card_{detected}" in self._texts.answers
            language = detected if known and not few else record.card_language
        if not language:
            return None
        record.card_language = language
        again = f"card:{language}" in record.offered
        record.offer([f"card:{language}"])
        return _Card(self._card(language, record.language, again=again), again)

    def _card(self, language: str, ours: Supported, *, again: bool) -> Message:
        key = f"utter_card_{'again_' if again else ''}{language}"
        answer = next(iter(self._texts.answers[key].values()))
        held_back = self._directory.mode == "live" and not self._texts.approved(key)
        return message(
            # Until somebody whose language it is has approved it: numbers need no language.
            _NUMBERS if held_back else answer.text,
            cast(Supported, language),
            buttons=[{"label": b["title"], "value": b["payload"]} for b in answer.buttons],
            services=numbers_card(
                "utter_failed", self._directory, self._texts, ours, self._clock()
            )["services"],
            urgent=True,
        )

    def failed(self, language: Supported) -> Message:
        """Return what is said when the assistant can't answer: 112, the line, a person."""
        return numbers_card("utter_failed", self._directory, self._texts, language, self._clock())

    def off(self, language: Supported) -> Message:
        """Return the card that stands in for an assistant that was switched off (R38)."""
        return numbers_card("utter_off", self._directory, self._texts, language, self._clock())
