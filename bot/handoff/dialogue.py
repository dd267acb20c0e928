"""A handoff inside the chat: what is asked, said and kept around each turn of the assistant."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff.case import URGENT, Case, Share
from bot.handoff.service import HandoffService, NobodyThereError, TooManyError
from bot.handoff.states import State
from bot.handoff.summary import note, propose, weigh
from bot.handoff.voice import lines_for
from bot.privacy.seal import ConversationKeys
from bot.rasa_parts.text import fold

# These can be pressed whenever they make sense: they come in messages that aren't answers.
ALWAYS = frozenset(
    {
        "handoff",
        "handoff:no",
        "handoff:withdraw",
        "handoff:word",
        "handoff:address",
        "handoff:no_address",
    }
)
_CONSENTS = frozenset({"handoff:words", "handoff:summary", "handoff:nothing"})
_ADDRESS, _WORD, _CHECK = "address", "word", "check"
# After such a silence (milliseconds) somebody else may be writing (R8).
_SILENCE = 10 * 60 * 1000
# A code word is short; anything longer was meant as talk.
_LONGEST_WORD = 40


class Dialogue:
    """What `Turns` asks before, instead of and after the assistant."""

    def __init__(self, service: HandoffService) -> None:
        """Speak for one service."""
        self.service, self._voice = service, service.voice

    async def status(self, keys: ConversationKeys, record: Record) -> dict[str, Any]:
        """Return the `handoff` object of a reply."""
        case = await self.service.case(keys.id) or Case(keys.id)
        await self.service.seal_again(keys, case)
        return await self.service.status(record, case)

    async def metadata(self, keys: ConversationKeys, record: Record) -> dict[str, Any]:
        """Return what the assistant must know of the handoff in this turn."""
        case = await self.service.case(keys.id) or Case(keys.id)
        desk = await self.service.desk_open(self.service.network, record.language, record.minor)
        return {
            "desk_open": desk.open,
            "handoff": case.state.value,
            "after_human": await self.service.told_of_return(case),
        }

    async def offer(self, record: Record, card: Message) -> Message:
        """Return the card of a failed turn, with the way to a person if one is there."""
        desk = await self.service.desk_open(self.service.network, record.language, record.minor)
        if desk.open:
            label = self._voice.phrase("talk_to_someone", record.language)
            card["buttons"] = [*card["buttons"], {"label": label, "value": "handoff"}]
        return card

    async def pressed(
        self, keys: ConversationKeys, record: Record, choice: str
    ) -> list[Message] | None:
        """Answer a button; None when it is the assistant's to answer."""
        case = await self.service.case(keys.id) or Case(keys.id)
        say, language = self._voice.say, record.language
        if choice == "handoff":
            return await self._consent(keys, record, case)
        if choice in _CONSENTS:
            return await self._request(keys, record, case, cast(Share, choice.partition(":")[2]))
        if choice == "handoff:no":
            await self.service.decline(case)
            return [say("utter_handoff_declined", language, show=lines_for(case))]
        if choice == "handoff:withdraw":
            await self.service.withdraw(case)
            return [say("utter_handoff_withdrawn", language, show=lines_for(case))]
        if choice == "handoff:word":
            record.expects = _WORD
            return [say("utter_handoff_word", language)]
        if case.state is not State.ACTIVE:
            return [] if choice in ALWAYS else None
        if choice == "handoff:address":
            record.expects = _ADDRESS
            return [say("utter_handoff_address_write", language)]
        # A human has the floor: the assistant is silent, and the counsellor sees what was pressed.
        if label := self._label(choice, record):
            record.heard("visitor", label)
            await self.service.pass_on(keys, record, case, "visitor")
        if choice == "handoff:no_address":
            return [say("utter_handoff_address_kept_back", language)]
        return []

    async def caught(
        self, keys: ConversationKeys, record: Record, text: str
    ) -> list[Message] | None:
        """Take a text that was asked for and isn't talk (before anything keeps it).

        Args:
            keys, record: of the conversation.
            text: cleaned, not redacted.

        Returns:
            The answer, or None when the text goes on as talk.
        """
        expected, record.expects = record.expects, ""
        if not expected:
            return None
        case = await self.service.case(keys.id) or Case(keys.id)
        language = record.language
        in_danger = self.service.assess(text).level != "none"
        if expected == _ADDRESS and await self.service.give_address(keys, case, text):
            # Whoever writes of danger here is read by the counsellor too.
            given = [self._voice.say("utter_handoff_address_given", language)]
            return None if in_danger else given
        if expected == _WORD and not in_danger and len(text) <= _LONGEST_WORD:
            record.code_word = _mac(keys, text)
            return [self._voice.say("utter_handoff_word_kept", language)]
        if expected == _CHECK:
            right = hmac.compare_digest(_mac(keys, text), record.code_word)
            verdict = "handoff_word_right" if right else "handoff_word_wrong"
            record.heard("system", self._voice.phrase(verdict, case.language))
            await self.service.pass_on(keys, record, case, "visitor")
            return [self._voice.say("utter_handoff_word_right", language)] if right else None
        return None

    async def wrote(
        self, keys: ConversationKeys, record: Record, text: str
    ) -> list[Message] | None:
        """Bring a text to who waits for it; None when the assistant answers it.

        Args:
            keys: of the conversation.
            record: of the conversation; has heard the redacted text.
            text: cleaned, not redacted: danger is looked for in it.
        """
        case = await self.service.case(keys.id)
        if case is None or not case.live:
            return None
        risk = self.service.assess(text)
        rose = await self.service.rise(case, risk.level)
        result = await self.service.pass_on(keys, record, case, "visitor")
        if result is None or result.state is not State.ACTIVE:
            return None
        found = []
        if rose and risk.level in URGENT:
            show = ("suicide", "emergency") if risk.level == "crisis" else ("emergency",)
            found.append(
                self._voice.say("utter_handoff_danger", record.language, show=show, urgent=True)
            )
        silent = case.heard and self.service.store.now() - case.heard >= _SILENCE
        if record.code_word and silent:
            record.expects = _CHECK
            found.append(self._voice.say("utter_handoff_word_asked", record.language))
        return found

    async def answered(
        self,
        keys: ConversationKeys,
        record: Record,
        raw: Sequence[Mapping[str, Any]],
        answers: list[Message],
    ) -> list[Message]:
        """Note what the assistant said; return what of it is still shown.

        Args:
            keys: of the conversation.
            record: of the conversation; has heard the answers.
            raw: the answers as Rasa gave them.
            answers: as messages.
        """
        note(record, raw)
        case = await self.service.case(keys.id)
        if case is None or not case.live:
            return answers
        result = await self.service.pass_on(keys, record, case, "assistant")
        if result is None or result.code != "taken":
            return answers
        # A human took the floor meanwhile: the answer is dropped, save the numbers in danger.
        record.words = [word for word in record.words if word["entry"] != ""]
        return [answer for answer in answers if answer["urgent"]]

    async def _consent(self, keys: ConversationKeys, record: Record, case: Case) -> list[Message]:
        if case.live:
            position, _ = await self.service.store.place(case)
            waiting = case.state is State.WAITING
            return [await self.service.announcement(case, position)] if waiting else []
        weigh(record, self.service.assess)
        language, minor = record.language, record.minor
        desk = await self.service.desk_open(self.service.network, language, minor)
        if not desk.open:
            return [self._nobody(record, NobodyThereError(desk))]
        await self.service.ask(case)
        key = "utter_handoff_consent_minor" if minor else "utter_handoff_consent"
        return [
            self._voice.say(
                key,
                language,
                summary=propose(record, self._voice.texts),
                team=self.service.team_name(minor, language),
                tool=self.service.tool_words(language),
            )
        ]

    async def _request(
        self, keys: ConversationKeys, record: Record, case: Case, share: Share
    ) -> list[Message]:
        try:
            after = await self.service.request(keys, record, case, share)
        except NobodyThereError as error:
            return [self._nobody(record, error)]
        except TooManyError:
            return [self._nobody(record, None)]
        if after.state is not State.WAITING:
            return []
        position, _ = await self.service.store.place(after)
        return [await self.service.announcement(after, position)]

    def _nobody(self, record: Record, error: NobodyThereError | None) -> Message:
        when = ""
        if error and error.desk.opens_at:
            moment = self._voice.when(error.desk.opens_at, record.language)
            when = self._voice.phrase("handoff_opens", record.language, moment=moment)
        case = Case("", minor=record.minor)
        return self._voice.say(
            "utter_handoff_nobody", record.language, show=lines_for(case), when=when
        )

    def _label(self, choice: str, record: Record) -> str:
        texts = self._voice.texts
        if choice in texts.labels:
            return texts.labels[choice][record.language]
        for button in texts.answer("utter_handoff_address", record.language).buttons:
            if button["payload"] == choice:
                return button["title"]
        return ""


def _mac(keys: ConversationKeys, word: str) -> str:
    return hmac.new(keys.gateway_key, fold(word).strip().encode(), hashlib.sha256).hexdigest()
