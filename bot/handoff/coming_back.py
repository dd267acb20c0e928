"""Coming back later, inside the chat: is it safe, four words, and what they open (R89)."""

from __future__ import annotations

import time

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff.base import Window
from bot.handoff.buttons import ASK, BACK, KEEP, LATER, NO, UNKEEP, numbered
from bot.handoff.case import Case
from bot.handoff.comeback import NUMBER, known, may_try, typed
from bot.handoff.service import HandoffService
from bot.handoff.states import State
from bot.handoff.summary import propose, weigh
from bot.handoff.voice import lines_for
from bot.language import SUPPORTED

_BACK_BUTTON = ("comeback_have", BACK)
_PERSON_BUTTON = ("talk_to_someone", ASK)


class ComingBack:
    """What is said and kept around the four words, in one conversation."""

    def __init__(self, service: HandoffService, record: Record) -> None:
        """Take the record, which the caller saves."""
        self._service, self._voice, self._record = service, service.voice, record
        self._show = lines_for(Case("", minor=record.minor))

    async def offer(self, nobody: Message) -> Message:
        """Return what is said when nobody is there, with the way to come back outside hours."""
        record = self._record
        window = self._service.next_window(record.language, record.minor)
        if window and await self._service.comeback.ready():
            label = self._voice.phrase("comeback_later", self._record.language)
            nobody["buttons"] = [*nobody["buttons"], {"label": label, "value": LATER}]
        return nobody

    def ask(self, case: Case) -> Message | None:
        """Ask whether it is safe to keep words; None when they can't be offered now."""
        window, language = self._window(case), self._record.language
        if window is None:
            return None
        weigh(self._record, self._service.assess)
        self._record.askings += 1
        said = self._voice.tell(
            "comeback_ask",
            language,
            buttons=[("comeback_yes", KEEP), ("comeback_no", NO)],
            summary=propose(self._record, self._voice.texts),
            moment=self._moment(window),
            until=self._voice.until(window.until, language),
        )
        return numbered(said, case, self._record.askings)

    async def keep(self, case: Case) -> Message | None:
        """Keep the summary, after a yes; return the words, None when they can't be offered now."""
        record, language = self._record, self._record.language
        window = self._window(case)
        if window is None:
            return None
        weigh(record, self._service.assess)
        note = {
            "summary": propose(record, self._voice.texts),
            "topic": record.topics[-1] if record.topics else None,
            "risk": record.risk,
            "minor": record.minor,
            "not_commune": record.not_commune,
        }
        if record.kept:
            # One note a talk: the words that were shown before open nothing any more.
            await self._service.comeback.forget(record.kept)
        kept = await self._service.comeback.keep(language, note, window.milliseconds)
        if kept is None:
            return self._voice.tell("comeback_failed", language, show=self._show)
        words, record.kept = kept
        # The question is answered: pressed again, its yes gives no other words.
        record.askings += 1
        return self._voice.tell(
            "comeback_words",
            language,
            show=self._show,
            buttons=[("comeback_unkeep", UNKEEP)],
            words=" ".join(words),
            moment=self._moment(window),
            until=self._voice.until(window.until, language),
        )

    def _window(self, case: Case) -> Window | None:
        # Who waited in vain may come back though the hours aren't over.
        unanswered = case.state is State.EXPIRED
        record = self._record
        return self._service.next_window(record.language, record.minor, unanswered=unanswered)

    def _moment(self, window: Window) -> str:
        language = self._record.language
        if window.opens is None:
            return self._voice.phrase("comeback_any_hour", language)
        return self._voice.when(window.opens, language)

    async def unkeep(self) -> Message:
        """Forget the note of this talk."""
        if self._record.kept:
            await self._service.comeback.forget(self._record.kept)
            self._record.kept = ""
        return self._voice.tell("comeback_unkept", self._record.language, show=self._show)

    def enter(self) -> Message:
        """Ask for the words."""
        return self._voice.tell("comeback_enter", self._record.language)

    def closed(self) -> Message:
        """Say that the words wait until somebody is there."""
        return self._voice.tell("comeback_wait", self._record.language)

    def looks_right(self, text: str) -> bool:
        """Tell whether a text can only be four words of a list, written without pressing first."""
        words = typed(text)
        return len(words) == NUMBER and any(
            known(language).issuperset(words) for language in SUPPORTED
        )

    async def open(self, text: str) -> Message | None:
        """Try words; None when they opened a note, else what is said.

        Wrong, used and expired words get the same answer.
        """
        record, language = self._record, self._record.language
        tries = may_try(record.tries, time.time())
        if tries is not None:
            record.tries = tries
        if tries is None or not await self._service.comeback.counted(self._service.network):
            return self._voice.tell("comeback_stop", language, buttons=[_PERSON_BUTTON])
        note = await self._service.comeback.take(text)
        if note is None:
            return self._voice.tell(
                "comeback_wrong", language, buttons=[_BACK_BUTTON, _PERSON_BUTTON]
            )
        record.brought = note
        record.minor = record.minor or bool(note["minor"])
        record.not_commune = record.not_commune or str(note["not_commune"])
        return None

    def right(self) -> Message:
        """Say that the words were right, and nothing of what they opened."""
        return self._voice.tell("comeback_right", self._record.language)
