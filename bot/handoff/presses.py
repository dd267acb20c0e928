"""What each button of the handoff does, and where things stand when its moment has passed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff import buttons, secret_word
from bot.handoff.buttons import numbered
from bot.handoff.case import Case, Share
from bot.handoff.coming_back import ComingBack
from bot.handoff.consent import Consent
from bot.handoff.service import Desk, HandoffService
from bot.handoff.states import State
from bot.handoff.voice import asks_whether_it_helped, lines_for
from bot.privacy.seal import ConversationKeys

# What the next message will be, if not talk.
ADDRESS, WORD, CHECK, WORDS = "address", "word", "check", "words"


class Presses:
    """The buttons, during one turn; `case` is the handoff as it stands."""

    def __init__(
        self, service: HandoffService, keys: ConversationKeys, record: Record, case: Case
    ) -> None:
        """Take the conversation and its handoff as the turn begins."""
        self._service, self._voice = service, service.voice
        self._keys, self._record, self.case = keys, record, case
        self._desk: Desk | None = None
        self.coming_back = ComingBack(service, record)
        self.consent = Consent(service, keys, record)
        self._acts: dict[str, Callable[[], Awaitable[list[Message]]]] = {
            buttons.ASK: self.ask,
            buttons.NO: self._decline,
            buttons.WITHDRAW: self._stop,
            buttons.END: self._stop,
            buttons.WORD: self._choose_word,
            buttons.UNKEEP: self._unkeep,
            buttons.ELSEWHERE: self._ask_commune,
            buttons.BACK: self._ask_words,
            buttons.LATER: self._later,
            buttons.KEEP: self._keep,
            buttons.ADDRESS: self._ask_address,
            buttons.NO_ADDRESS: self._no_address,
            buttons.TRANSFER: self._transfer,
            buttons.STAY: self._stay,
            buttons.HELPED: lambda: self._helped(True),
            buttons.NOT_HELPED: lambda: self._helped(False),
        }

    async def press(self, choice: str) -> list[Message] | None:
        """Answer a button; None when it is the assistant's to answer."""
        record, case = self._record, self.case
        if record.expects != CHECK:
            # Who presses something else no longer answers what was asked.
            record.expects = ""
        if not buttons.is_ours(choice):
            if case.state is not State.ACTIVE:
                return None
            # A human has the floor: the assistant is silent; the counsellor sees what was pressed.
            await self._show_pressed(choice)
            return []
        name, _ = buttons.split(choice)
        if not buttons.fits(choice, record, case):
            said = await self.stands(name)
        elif name in buttons.CONSENTS:
            share = cast(Share, name.partition(":")[2])
            self.case, said = await self.consent.request(case, share)
        else:
            said = await self._acts[name]()
        return [numbered(one, self.case) for one in said]

    # --- where things stand

    async def stands(self, name: str = "") -> list[Message]:
        """Say where things stand, after a button whose moment has passed."""
        return [numbered(one, self.case) for one in await self._standing(name)]

    async def _standing(self, name: str) -> list[Message]:
        case, record = self.case, self._record
        if case.state is State.WAITING:
            position, _ = await self._service.store.place(case)
            seconds = await self._service.wait_seconds(case, position)
            return [self._voice.waiting("utter_handoff_sign", case, position, seconds)]
        if case.state is State.ACTIVE:
            return [self._voice.say("utter_handoff_here", record.language, alias=case.alias)]
        if name in buttons.CONSENTS or name == buttons.KEEP:
            # A yes to what isn't shown any more passes nothing on: what would be is shown first.
            return [self._voice.tell("handoff_old_yes", record.language), *await self.ask()]
        return [self._voice.say("utter_handoff_nobody_reads", record.language)]

    async def look_again(self) -> None:
        """See how the handoff stands by now."""
        self.case = await self._service.case(self._keys.id) or Case(self._keys.id)

    async def there(self) -> Desk:
        """Return who is there for this person, asked once a turn."""
        if self._desk is None:
            self._desk = await self._service.desk_for(self._record, self.case)
        return self._desk

    # --- before a yes

    async def ask(self) -> list[Message]:
        """Show what would be passed on, and to whom; or say that nobody is there."""
        if self.case.live:
            return await self.stands()
        self.consent.weigh()
        if not (await self.there()).open:
            return [await self.consent.nobody(await self.there())]
        await self._service.ask(self.case)
        await self.look_again()
        return [self.consent.show(self.case)]

    async def _decline(self) -> list[Message]:
        # The question is answered: its yes does nothing any more.
        self._record.askings += 1
        await self._service.decline(self.case)
        return await self._changed("utter_handoff_declined")

    async def _ask_commune(self) -> list[Message]:
        return [self.consent.ask_commune()]

    async def _ask_words(self) -> list[Message]:
        if not (await self.there()).open:
            nobody = await self.consent.nobody(await self.there())
            return [self.coming_back.closed(), nobody]
        self._record.expects = WORDS
        return [self.coming_back.enter()]

    async def _later(self) -> list[Message]:
        # Meanwhile somebody may have come.
        said = self.coming_back.ask(self.case)
        return [said] if said else await self.ask()

    async def _keep(self) -> list[Message]:
        said = await self.coming_back.keep(self.case)
        return [said] if said else await self.ask()

    async def _unkeep(self) -> list[Message]:
        return [await self.coming_back.unkeep()]

    async def try_words(self, text: str, *, asked: bool = False) -> list[Message] | None:
        """Open what was kept with four words; None: it opens nothing and wasn't asked for."""
        wrong = await self.coming_back.open(text)
        if wrong is None:
            return [self.coming_back.right(), *await self.ask()]
        return [wrong] if asked else None

    # --- while somebody waits or speaks, and after

    async def _stop(self) -> list[Message]:
        before = self.case
        result = await self._service.withdraw(before, only_from=before.state)
        if result.code == "refused":
            # Somebody came at this very moment: the person decides again, knowing it.
            await self.look_again()
            return await self.stands()
        return [
            *await self._changed("utter_handoff_withdrawn"),
            *asks_whether_it_helped(self._voice, before),
        ]

    async def _helped(self, yes: bool) -> list[Message]:
        case, language = self.case, self._record.language
        await self._service.note_help(case, yes)
        if yes:
            return [self._voice.say("utter_handoff_helped", language)]
        return [self._voice.say("utter_handoff_not_helped", language, show=lines_for(case))]

    async def _choose_word(self) -> list[Message]:
        self._record.expects = WORD
        return [self._voice.say("utter_handoff_word", self._record.language)]

    async def check_word(self, text: str) -> list[Message] | None:
        """Hold a text against the chosen word; None when it goes on as talk."""
        record, case = self._record, self.case
        right = secret_word.is_right(self._keys, record, text)
        if case.state is not State.ACTIVE:
            # Nobody asks any more; the word itself is never talk.
            return await self.stands() if right else None
        verdict = "handoff_word_right" if right else "handoff_word_wrong"
        record.heard("system", self._voice.phrase(verdict, case.language))
        await self._service.pass_on(self._keys, record, case, "visitor")
        return [self._voice.say("utter_handoff_word_right", record.language)] if right else None

    async def _ask_address(self) -> list[Message]:
        if not self.case.address_asked:
            return await self.stands()
        self._record.expects = ADDRESS
        return [self._voice.say("utter_handoff_address_write", self._record.language)]

    async def _no_address(self) -> list[Message]:
        await self._show_pressed(buttons.NO_ADDRESS)
        return [self._voice.say("utter_handoff_address_kept_back", self._record.language)]

    async def _transfer(self) -> list[Message]:
        proposed = self.case.proposed
        if not proposed:
            return await self.stands()
        result = await self._service.agree_to_transfer(self.case)
        await self.look_again()
        if result.code != "ok":
            return await self.stands()
        show, language = lines_for(self.case), self._record.language
        return [self._voice.say("utter_handoff_transferred", language, show=show, to=proposed)]

    async def _stay(self) -> list[Message]:
        await self._show_pressed(buttons.STAY)
        await self._service.refuse_transfer(self.case)
        return []

    async def _show_pressed(self, choice: str) -> None:
        if label := self._label(choice):
            self._record.heard("visitor", label)
            await self._service.pass_on(self._keys, self._record, self.case, "visitor")

    async def _changed(self, key: str) -> list[Message]:
        said = self._voice.say(key, self._record.language, show=lines_for(self.case))
        await self.look_again()
        return [said]

    def _label(self, choice: str) -> str:
        texts, language = self._voice.texts, self._record.language
        if choice in texts.labels:
            return texts.labels[choice][language]
        for key in ("utter_handoff_address", "utter_handoff_transfer"):
            for button in texts.answer(key, language).buttons:
                if button["payload"] == choice:
                    return button["title"]
        return ""
