"""A handoff inside the chat: what is asked, said and kept around each turn of the assistant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff import buttons, secret_word
from bot.handoff.case import URGENT, Case
from bot.handoff.consent import COMMUNE
from bot.handoff.presses import ADDRESS, CHECK, WORD, WORDS, Presses
from bot.handoff.service import HandoffService
from bot.handoff.states import State
from bot.handoff.summary import note
from bot.privacy.seal import ConversationKeys


class Dialogue:
    """One turn: what `Turns` asks before, instead of and after the assistant."""

    def __init__(
        self, service: HandoffService, keys: ConversationKeys, record: Record, case: Case
    ) -> None:
        """Take the conversation and its handoff as the turn begins."""
        self._service, self._voice = service, service.voice
        self._keys, self._record = keys, record
        self._presses = Presses(service, keys, record, case)

    @property
    def _case(self) -> Case:
        return self._presses.case

    @classmethod
    async def open(
        cls, service: HandoffService, keys: ConversationKeys, record: Record
    ) -> Dialogue:
        """Begin a turn: look at the handoff, and seal its words to gateways that came since."""
        case = await service.case(keys.id) or Case(keys.id)
        await service.seal_again(keys, case)
        return cls(service, keys, record, case)

    async def status(self) -> dict[str, Any]:
        """Return the `handoff` object of the reply."""
        return await self._service.status(self._record, self._case, await self._presses.there())

    async def metadata(self) -> dict[str, Any]:
        """Return what the assistant must know of the handoff in this turn."""
        return {
            "desk_open": (await self._presses.there()).open,
            "handoff": self._case.state.value,
            "after_human": await self._service.told_of_return(self._case),
        }

    async def offer(self, card: Message) -> Message:
        """Return the card of a failed turn, with the way to a person if one is there."""
        if (await self._presses.there()).open and not self._case.live:
            label = self._voice.phrase("talk_to_someone", self._record.language)
            card["buttons"] = [*card["buttons"], {"label": label, "value": buttons.ASK}]
        return card

    async def pressed(self, choice: str) -> list[Message] | None:
        """Answer a button; None when it is the assistant's to answer."""
        return await self._presses.press(choice)

    async def caught(self, text: str) -> list[Message] | None:
        """Take a text that was asked for and isn't talk (before anything keeps it).

        Args:
            text: cleaned, not redacted.

        Returns:
            The answer, or None when the text goes on as talk.
        """
        record, case, presses = self._record, self._case, self._presses
        expected, record.expects = record.expects, ""
        if not expected and presses.coming_back.looks_right(text) and not case.live:
            # Somebody who comes back may write the words at once; if they open nothing, it's talk.
            return await presses.try_words(text) if (await presses.there()).open else None
        if not expected:
            return None
        in_danger = self._service.assess(text).level != "none"
        if expected == ADDRESS and await self._service.give_address(self._keys, case, text):
            # Whoever writes of danger here is read by the counsellor too.
            given = [self._voice.say("utter_handoff_address_given", record.language)]
            return None if in_danger else given
        if expected == WORD and not in_danger and case.live and secret_word.may_be_one(text):
            secret_word.keep(self._keys, record, text)
            return [self._voice.say("utter_handoff_word_kept", record.language)]
        if expected == COMMUNE and not in_danger and not case.live:
            clear, said = presses.consent.elsewhere(text)
            return [said, *(await presses.ask() if clear else [])]
        if expected == WORDS and not in_danger and not case.live:
            return await presses.try_words(text, asked=True)
        if expected == CHECK:
            return await presses.check_word(text)
        return None

    async def wrote(self, text: str) -> list[Message] | None:
        """Bring a text to who waits for it; None when the assistant answers it.

        Args:
            text: cleaned, not redacted: danger is looked for in it. The record has heard it
                redacted.
        """
        case, record = self._case, self._record
        if not case.live:
            return None
        risk = self._service.assess(text)
        rose = await self._service.rise(case, risk.level)
        result = await self._service.pass_on(self._keys, record, case, "visitor")
        if result and result.state is not case.state:
            await self._presses.look_again()
        if result is None or result.state is not State.ACTIVE:
            return None
        found = []
        if rose and risk.level in URGENT:
            show = ("suicide", "emergency") if risk.level == "crisis" else ("emergency",)
            found.append(
                self._voice.say("utter_handoff_danger", record.language, show=show, urgent=True)
            )
        if secret_word.is_due(record, case.heard, self._service.store.now()):
            record.expects = CHECK
            found.append(self._voice.say("utter_handoff_word_asked", record.language))
        return found

    async def answered(
        self, raw: Sequence[Mapping[str, Any]], answers: list[Message]
    ) -> list[Message]:
        """Note what the assistant said; return what of it is still shown.

        Args:
            raw: the answers as Rasa gave them.
            answers: as messages; the record has heard them.
        """
        note(self._record, raw)
        # Only the visitor makes a handoff begin, and the visitor is in this turn.
        if not self._case.live:
            return answers
        # The assistant's own ear is finer than the patterns alone.
        await self._service.rise(self._case, self._record.risk)
        result = await self._service.pass_on(self._keys, self._record, self._case, "assistant")
        await self._presses.look_again()
        if result is None or result.code != "taken":
            return answers
        # A human took the floor meanwhile: the answer is dropped, save the numbers in danger.
        self._record.words = [word for word in self._record.words if word["entry"] != ""]
        return [answer for answer in answers if answer["urgent"]]
