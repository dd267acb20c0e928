"""A handoff inside the chat: what is asked, said and kept around each turn of the assistant."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff import coming_back
from bot.handoff.case import URGENT, Case, Share
from bot.handoff.coming_back import ComingBack
from bot.handoff.service import Desk, HandoffService, NobodyThereError, TooManyError
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
        "handoff:transfer",
        "handoff:stay",
    }
)
_CONSENTS = frozenset({"handoff:words", "handoff:summary", "handoff:nothing"})
_ADDRESS, _WORD, _CHECK, _COMMUNE, _WORDS = "address", "word", "check", "commune", "words"
_ELSEWHERE = "handoff:elsewhere"
_BEFORE_A_YES = frozenset({_ELSEWHERE, coming_back.LATER, coming_back.KEEP, coming_back.BACK})
# After such a silence (milliseconds) somebody else may be writing (R8).
_SILENCE = 10 * 60 * 1000
# A code word is short; anything longer was meant as talk.
_LONGEST_WORD = 40


class Dialogue:
    """One turn: what `Turns` asks before, instead of and after the assistant."""

    def __init__(
        self, service: HandoffService, keys: ConversationKeys, record: Record, case: Case
    ) -> None:
        """Take the conversation and its handoff as the turn begins."""
        self._service, self._voice = service, service.voice
        self._keys, self._record, self._case = keys, record, case
        self._desk: Desk | None = None
        self._coming_back = ComingBack(service, record)

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
        return await self._service.status(self._record, self._case, await self._there())

    async def metadata(self) -> dict[str, Any]:
        """Return what the assistant must know of the handoff in this turn."""
        return {
            "desk_open": (await self._there()).open,
            "handoff": self._case.state.value,
            "after_human": await self._service.told_of_return(self._case),
        }

    async def offer(self, card: Message) -> Message:
        """Return the card of a failed turn, with the way to a person if one is there."""
        if (await self._there()).open and not self._case.live:
            label = self._voice.phrase("talk_to_someone", self._record.language)
            card["buttons"] = [*card["buttons"], {"label": label, "value": "handoff"}]
        return card

    async def pressed(self, choice: str) -> list[Message] | None:
        """Answer a button; None when it is the assistant's to answer."""
        case, record = self._case, self._record
        if choice == "handoff":
            return await self._consent()
        if choice in _CONSENTS:
            return await self._request(cast(Share, choice.partition(":")[2]))
        if choice == "handoff:no":
            await self._service.decline(case)
            return await self._changed("utter_handoff_declined")
        if choice == "handoff:withdraw":
            await self._service.withdraw(case)
            return await self._changed("utter_handoff_withdrawn")
        if choice == "handoff:word":
            record.expects = _WORD
            return [self._voice.say("utter_handoff_word", record.language)]
        if choice == coming_back.UNKEEP:
            return [await self._coming_back.unkeep()]
        if choice in _BEFORE_A_YES:
            return await (self._consent() if case.live else self._before_a_yes(choice))
        if case.state is not State.ACTIVE:
            return [] if choice in ALWAYS else None
        if choice == "handoff:address":
            record.expects = _ADDRESS
            return [self._voice.say("utter_handoff_address_write", record.language)]
        if choice == "handoff:transfer" and case.proposed:
            await self._service.agree_to_transfer(case)
            return await self._changed("utter_handoff_released")
        # A human has the floor: the assistant is silent, and the counsellor sees what was pressed.
        if label := self._label(choice):
            record.heard("visitor", label)
            await self._service.pass_on(self._keys, record, case, "visitor")
        if choice == "handoff:no_address":
            return [self._voice.say("utter_handoff_address_kept_back", record.language)]
        return []

    async def caught(self, text: str) -> list[Message] | None:
        """Take a text that was asked for and isn't talk (before anything keeps it).

        Args:
            text: cleaned, not redacted.

        Returns:
            The answer, or None when the text goes on as talk.
        """
        record, case = self._record, self._case
        expected, record.expects = record.expects, ""
        if not expected and self._coming_back.looks_right(text) and not case.live:
            # Somebody who comes back may write the words at once; if they open nothing, it's talk.
            return await self._try_words(text) if (await self._there()).open else None
        if not expected:
            return None
        in_danger = self._service.assess(text).level != "none"
        if expected == _ADDRESS and await self._service.give_address(self._keys, case, text):
            # Whoever writes of danger here is read by the counsellor too.
            given = [self._voice.say("utter_handoff_address_given", record.language)]
            return None if in_danger else given
        if expected == _WORD and not in_danger and len(text) <= _LONGEST_WORD:
            record.code_word = _mac(self._keys, text)
            return [self._voice.say("utter_handoff_word_kept", record.language)]
        if expected == _COMMUNE and not in_danger:
            return await self._elsewhere(text)
        if expected == _WORDS and not in_danger:
            return await self._try_words(text, asked=True)
        if expected == _CHECK:
            right = hmac.compare_digest(_mac(self._keys, text), record.code_word)
            verdict = "handoff_word_right" if right else "handoff_word_wrong"
            record.heard("system", self._voice.phrase(verdict, case.language))
            await self._service.pass_on(self._keys, record, case, "visitor")
            return [self._voice.say("utter_handoff_word_right", record.language)] if right else None
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
            await self._look_again()
        if result is None or result.state is not State.ACTIVE:
            return None
        found = []
        if rose and risk.level in URGENT:
            show = ("suicide", "emergency") if risk.level == "crisis" else ("emergency",)
            found.append(
                self._voice.say("utter_handoff_danger", record.language, show=show, urgent=True)
            )
        silent = case.heard and self._service.store.now() - case.heard >= _SILENCE
        if record.code_word and silent:
            record.expects = _CHECK
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
        await self._look_again()
        if result is None or result.code != "taken":
            return answers
        # A human took the floor meanwhile: the answer is dropped, save the numbers in danger.
        self._record.words = [word for word in self._record.words if word["entry"] != ""]
        return [answer for answer in answers if answer["urgent"]]

    async def _consent(self) -> list[Message]:
        case, record = self._case, self._record
        if case.live:
            position, _ = await self._service.store.place(case)
            waiting = case.state is State.WAITING
            return [await self._service.announcement(case, position)] if waiting else []
        weigh(record, self._service.assess)
        if not (await self._there()).open:
            return [await self._nobody(await self._there())]
        await self._service.ask(case)
        await self._look_again()
        key = "utter_handoff_consent_minor" if record.minor else "utter_handoff_consent"
        hidden = self._voice.phrase("comeback_hidden", record.language)
        consent = self._voice.say(
            key,
            record.language,
            # What words have opened isn't shown: whoever found them would read it.
            summary=hidden if record.brought else propose(record, self._voice.texts),
            team=self._service.team_name(record.minor, record.language),
            tool=self._service.tool_words(record.language),
        )
        if not record.minor:
            more = [("handoff_elsewhere", _ELSEWHERE)]
            if not record.brought and self._service.has_hours(record):
                more.append(("comeback_have", coming_back.BACK))
            consent["buttons"] += [
                {"label": self._voice.phrase(label, record.language), "value": value}
                for label, value in more
            ]
        return [consent]

    async def _before_a_yes(self, choice: str) -> list[Message]:
        """Answer what may be pressed while nobody waits or speaks."""
        back, record = self._coming_back, self._record
        if choice == _ELSEWHERE:
            record.expects = _COMMUNE
            return [self._voice.tell("handoff_elsewhere_ask", record.language)]
        if choice == coming_back.BACK:
            if not (await self._there()).open:
                return [back.closed(), await self._nobody(await self._there())]
            record.expects = _WORDS
            return [back.enter()]
        said = back.ask() if choice == coming_back.LATER else await back.keep()
        # Meanwhile somebody may have come.
        return [said] if said else await self._consent()

    async def _elsewhere(self, text: str) -> list[Message]:
        record = self._record
        commune = self._voice.commune(text)
        if commune is None:
            again = [("handoff_elsewhere", _ELSEWHERE), ("talk_to_someone", "handoff")]
            return [self._voice.tell("handoff_elsewhere_unknown", record.language, buttons=again)]
        record.not_commune = commune.id
        name = commune.name[record.language]
        noted = self._voice.tell("handoff_elsewhere_noted", record.language, commune=name)
        return [noted, *await self._consent()]

    async def _try_words(self, text: str, *, asked: bool = False) -> list[Message] | None:
        wrong = await self._coming_back.open(text)
        if wrong is None:
            return [self._coming_back.right(), *await self._consent()]
        return [wrong] if asked else None

    async def _request(self, share: Share) -> list[Message]:
        try:
            case = await self._service.request(self._keys, self._record, self._case, share)
        except NobodyThereError as error:
            return [await self._nobody(error.desk)]
        except TooManyError:
            return [await self._nobody(None)]
        self._case = case
        if case.state is not State.WAITING:
            return []
        position, _ = await self._service.store.place(case)
        return [await self._service.announcement(case, position)]

    async def _changed(self, key: str) -> list[Message]:
        said = self._voice.say(key, self._record.language, show=lines_for(self._case))
        await self._look_again()
        return [said]

    async def _look_again(self) -> None:
        self._case = await self._service.case(self._keys.id) or Case(self._keys.id)

    async def _there(self) -> Desk:
        """Return who is there for this person, asked once a turn."""
        if self._desk is None:
            self._desk = await self._service.desk_for(self._record, self._case)
        return self._desk

    async def _nobody(self, desk: Desk | None) -> Message:
        when, language = "", self._record.language
        if desk and desk.opens_at:
            moment = self._voice.when(desk.opens_at, language)
            when = self._voice.phrase("handoff_opens", language, moment=moment)
        show = lines_for(Case("", minor=self._record.minor))
        said = self._voice.say("utter_handoff_nobody", language, show=show, when=when)
        return await self._coming_back.offer(said) if desk else said

    def _label(self, choice: str) -> str:
        texts, language = self._voice.texts, self._record.language
        if choice in texts.labels:
            return texts.labels[choice][language]
        for key in ("utter_handoff_address", "utter_handoff_transfer"):
            for button in texts.answer(key, language).buttons:
                if button["payload"] == choice:
                    return button["title"]
        return ""


def _mac(keys: ConversationKeys, word: str) -> str:
    return hmac.new(keys.gateway_key, fold(word).strip().encode(), hashlib.sha256).hexdigest()
