"""What a visitor does: ask, say yes or no, stop, write; always with the token of the talk."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from bot import keyspace
from bot.conversation.record import Record, public_key
from bot.handoff import vault
from bot.handoff.base import MAX_TEXT, Base, Desk, tidy
from bot.handoff.case import RISKS, URGENT, Case, Share, score
from bot.handoff.states import Event, State, Verb
from bot.handoff.store import Result
from bot.handoff.summary import graver, propose, weigh
from bot.handoff.voice import asks_whether_it_helped, letter, lines_for
from bot.privacy.seal import ConversationKeys

ADDRESS_MS = 30 * 60 * 1000
_MAX_ADDRESS = 300


class NobodyThereError(Exception):
    """Nobody can speak with this person now; `desk` says when next."""

    def __init__(self, desk: Desk) -> None:
        """Keep what is known of the desk."""
        super().__init__("nobody is there")
        self.desk = desk


class TooManyError(Exception):
    """This conversation has had more handoffs than anybody needs."""


class VisitorSide(Base):
    """The visitor's side of the service."""

    async def case(self, conversation_id: str) -> Case | None:
        """Return the case of a conversation, None when the conversation is over."""
        return await self.store.view(conversation_id)

    async def desk_for(self, record: Record, case: Case) -> Desk:
        """Tell whether somebody is there for this person: as they asked, or as they would."""
        if case.live:
            return await self.desk_open(case.network, case.language, case.minor)
        return await self.desk_open(self.network, record.language, record.minor)

    async def status(self, record: Record, case: Case, desk: Desk | None = None) -> dict[str, Any]:
        """Return the `handoff` object of the contract; `desk` if it is known already."""
        desk = desk or await self.desk_for(record, case)
        position = seconds = None
        if case.state is State.WAITING:
            position, _ = await self.store.place(case)
            seconds = await self.wait_seconds(case, position)
        elif not case.live and desk.open:
            place = score(record.risk, self.store.now())
            ahead = await self.store.ahead(self.network, record.language, place)
            seconds = await self._waits.estimate(
                self.network, record.language, ahead + 1, desk.present
            )
        return {
            "state": case.state.value,
            "position": position,
            "wait_seconds": seconds,
            "desk_open": desk.open,
            "opens_at": desk.opens_at.isoformat() if desk.opens_at else None,
            "summary": record.summary if case.live else propose(record, self.voice.texts),
        }

    async def ask(self, case: Case) -> Result:
        """Note that the consent is on the visitor's screen; tells nobody."""
        return await self.store.move(case, Verb.ASK)

    async def decline(self, case: Case) -> Result:
        """Note a no; tells nobody."""
        return await self.store.move(case, Verb.DECLINE)

    async def request(
        self,
        keys: ConversationKeys,
        record: Record,
        case: Case,
        share: Share,
        *,
        summary: str | None = None,
        not_commune: str = "",
        announce: bool = False,
        trial: bool = False,
    ) -> Case:
        """Pass the conversation on, with the person's yes (R18); return the case afterwards.

        Asking twice changes nothing. The caller saves the record.

        Args:
            keys: of the conversation.
            record: of the conversation.
            case: as it stands.
            share: what was said so far that is passed on: words, summary or nothing.
            summary: as the person left it; None for the proposal.
            not_commune: the NIS code of the commune whose counsellors must not be the ones, if the
                person says so now (else what the record knows counts).
            announce: leave the announcement in the mailbox (the caller doesn't show it).
            trial: the desk is tried out: nobody must be there, and no tool hears of it.

        Raises:
            NobodyThereError: nobody can speak with this person now.
            TooManyError: too many handoffs in one conversation.
        """
        if case.live:
            return case
        weigh(record, self.assess)
        desk = await self.desk_open(self.network, record.language, record.minor)
        if not desk.open and not trial:
            raise NobodyThereError(desk)
        number = case.number + 1
        if number > keyspace.MAX_HANDOFFS:
            raise TooManyError
        name = keyspace.handoff_id(keys.id, number)
        key = vault.handoff_key(keys, name)
        record.summary = self._approved(record, share, summary)
        passed = []
        for word in record.words:
            word["entry"] = "" if share == "words" else "-"
            if share == "words":
                passed.append(word)
        asked = self.store.now()
        # What four words have opened goes along unseen (R89), unless nothing from before may.
        brought = record.brought if share != "nothing" else {}
        risk = graver(record.risk, str(brought.get("risk", "none")))
        place = score(risk, asked)
        urgent = risk in URGENT
        facts = {
            "summary": "\n".join(s for s in (brought.get("summary"), record.summary) if s) or None,
            "topic": record.topics[-1] if record.topics else brought.get("topic"),
            "not_commune": not_commune or record.not_commune or None,
        }
        new = Case(
            conversation_id=keys.id,
            id=name,
            network=self.network,
            language=record.language,
            public_key=public_key(record),
            number=number,
            minor=record.minor,
            trial=trial,
        )
        letters = []
        if announce:
            ahead = await self.store.ahead(self.network, record.language, place)
            letters.append(letter(new, await self.announcement(new, ahead + 1)))
        result = await self.store.move(
            Case(conversation_id=keys.id, id=case.id, network=new.network, language=new.language),
            Verb.REQUEST,
            handoff_id=name,
            event=self._event(Event.REQUESTED, name, urgent=urgent, share=share),
            endpoints=self._told(new),
            score=place,
            fields={
                "id": name,
                "n": number,
                "network": self.network,
                "language": record.language,
                "risk": risk,
                "minor": int(record.minor),
                "share": share,
                "public": base64.b64encode(new.public_key),
                "asked": asked,
                # With a tool, the desk comes second: when it doesn't answer or nobody claims.
                "desk": int(trial or not self.has_tool(self.network)),
                "trial": int(trial),
                "elsewhere": int(bool(facts["not_commune"])),
                "facts": vault.close(key, facts, name),
                **vault.wrap(key, name, await self.gateway_keys.live()),
            },
            letters=letters,
            words=[vault.close(key, _word(word), name) for word in passed],
        )
        for word, entry in zip(passed, result.entries, strict=False):
            word["entry"] = entry
        record.brought, record.handoff = {}, number
        return await self.store.peek(keys.id)

    async def announcement(self, case: Case, position: int | None) -> dict[str, Any]:
        """Return what is said to somebody who waits from now on."""
        seconds = await self.wait_seconds(case, position)
        return self.voice.waiting("utter_handoff_waiting", case, position, seconds)

    async def withdraw(
        self, case: Case, *, announce: bool = False, only_from: State | None = None
    ) -> Result:
        """Stop, because the visitor wants to.

        Args:
            case: as it stands.
            announce: leave what is said in the mailbox (the caller doesn't show it).
            only_from: what must be stopped; when it is something else by now, nothing is.
        """
        letters = []
        if announce and case.live:
            said = self.voice.say("utter_handoff_withdrawn", case.language, show=lines_for(case))
            letters = [
                letter(case, one) for one in (said, *asks_whether_it_helped(self.voice, case))
            ]
        guard = ("state", only_from.value) if only_from else ("", "")
        return await self._move(case, Verb.WITHDRAW, guard=guard, letters=letters)

    async def note_help(self, case: Case, yes: bool) -> None:
        """Count, once a handoff, whether it helped; nothing else is kept of the answer (R87)."""
        if await self.store.mark(case, "helped", "", "1"):
            name = "helped_yes" if yes else "helped_no"
            await self.ledger.later(lambda: self.ledger.count(name))

    async def left(self, conversation_id: str) -> None:
        """Tell a counsellor who waits or speaks that the visitor is gone (before all is erased)."""
        case = await self.store.peek(conversation_id)
        if case.live:
            await self._move(case, Verb.WITHDRAW)

    async def agree_to_transfer(self, case: Case) -> Result:
        """Go on with whom the counsellor has proposed: back to the queue, marked for them (R78)."""
        fields = {"for": case.proposed, "proposed": ""}
        return await self._move(
            case, Verb.RELEASE, guard=("proposed", case.proposed), fields=fields
        )

    async def refuse_transfer(self, case: Case) -> None:
        """End a proposal with a no: its yes does nothing any more."""
        await self.store.mark(case, "proposed", case.proposed, "")

    async def pass_on(
        self, keys: ConversationKeys, record: Record, case: Case, who: str
    ) -> Result | None:
        """Give the counsellor what wasn't passed on yet; None when there is nothing to give.

        Args:
            keys, record: of the conversation.
            case: as it stands.
            who: visitor, or assistant ("taken": a human has the floor, drop the answer).
        """
        if record.handoff != case.number:
            # The gateway died between the yes and the record. What had been said was passed on
            # with the yes or held back, as the person chose: neither may come now.
            for word in record.words:
                if word["entry"] == "" and int(word["at"]) * 1000 <= case.asked:
                    word["entry"] = "-"
            record.handoff = case.number
        new = [word for word in record.words if word["entry"] == ""]
        if not case.live or not new:
            return None
        key = vault.handoff_key(keys, case.id)
        result = await self.store.say(
            case,
            who,
            [vault.close(key, _word(word), case.id) for word in new],
            event=self._event(Event.MESSAGE, case.id),
            endpoints=self._told(case),
        )
        for word, entry in zip(new, result.entries, strict=False):
            word["entry"] = entry
        return result

    async def seal_again(self, keys: ConversationKeys, case: Case) -> None:
        """Seal the handoff's key to the gateways that have come since (R: after a restart)."""
        if not case.live:
            return
        missing = [g for g in await self.gateway_keys.live() if g.id not in case.wrapped]
        if missing:
            wrapped = vault.wrap(vault.handoff_key(keys, case.id), case.id, missing)
            first, *others = wrapped.items()
            await self.store.mark(case, first[0], "", "", fields=dict([first, *others]))

    async def rise(self, case: Case, risk: str) -> bool:
        """Let the counsellor know of a graver danger; True when it rose."""
        if not case.live or RISKS.index(risk) >= RISKS.index(case.risk):
            return False
        return await self.store.alarm(case, risk, score(risk, case.asked), risk in URGENT)

    async def told_of_return(self, case: Case) -> bool:
        """Tell, once, whether a human stretch has just ended (R69)."""
        return case.human and not case.live and await self.store.mark(case, "human", "1", "0")

    async def give_address(self, keys: ConversationKeys, case: Case, text: str) -> bool:
        """Keep the address for the claimer, for half an hour; False when nobody asked for it."""
        key = vault.handoff_key(keys, case.id)
        sealed = vault.close(key, {"address": tidy(text, _MAX_ADDRESS)}, case.id)
        return await self.store.give_address(case, sealed, ADDRESS_MS)

    def _approved(self, record: Record, share: Share, summary: str | None) -> str | None:
        if share == "nothing":
            return None
        if summary is None:
            return propose(record, self.voice.texts)
        return self._redact(tidy(summary, MAX_TEXT), record.language, record) or None


def _word(word: Mapping[str, str]) -> dict[str, str]:
    return {name: word[name] for name in ("from", "text", "at")}
