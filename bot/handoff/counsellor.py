"""What a counsellor does, at the desk or through a tool."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from bot.handoff import vault
from bot.handoff.asks import Asks
from bot.handoff.base import GONE, MAX_TEXT, tidy
from bot.handoff.buttons import LATER
from bot.handoff.case import Case, score
from bot.handoff.states import State, Verb
from bot.handoff.store import Result
from bot.handoff.voice import asks_whether_it_helped, letter, lines_for
from bot.language import Supported


@dataclass(frozen=True)
class Waiting:
    """What a counsellor may know before a claim."""

    handoff_id: str
    network: str
    language: Supported
    risk: str
    topic: str | None
    minor: bool
    since: int
    alarm: int
    trial: bool
    meant_for: str


_BEFORE = frozenset({State.NONE, State.ASKED})


class CounsellorSide(Asks):
    """The counsellor's side of the service."""

    async def queue(
        self,
        networks: Sequence[str],
        languages: Sequence[str],
        *,
        minors: bool,
        commune: str = "",
        who: str = "",
    ) -> list[Waiting]:
        """Return who waits for this counsellor at the desk, the gravest and longest first (R74).

        Args:
            networks, languages: that they answer for.
            minors: whether they may speak with minors.
            commune: where they work: who said "nobody from there" isn't shown.
            who: their account: whom they may know isn't shown to them again.
        """
        found: list[tuple[int, Waiting]] = []
        for network in networks:
            for language in languages:
                names = await self.store.queued(network, language)
                for case in (await self.store.many(names)).values():
                    facts = self._facts(case)
                    if case.desk and self._may_claim(case, facts, minors, commune, who):
                        waiting = Waiting(
                            case.id,
                            case.network,
                            case.language,
                            case.risk,
                            facts.get("topic"),
                            case.minor,
                            case.asked,
                            case.alarm,
                            case.trial,
                            case.meant_for,
                        )
                        found.append((score(case.risk, case.asked), waiting))
        return [waiting for _, waiting in sorted(found, key=lambda one: one[0])]

    async def claim(
        self,
        handoff_id: str,
        alias: str,
        *,
        minors: bool = True,
        commune: str = "",
        who: str = "",
        tool: bool = False,
        receipt: str = "",
    ) -> Result:
        """Take a person from the queue; exactly one counsellor gets "ok" (R76).

        Args:
            handoff_id: which.
            alias: the name that the visitor sees.
            minors, commune, who: as for `queue`.
            tool: it is taken in a tool: the desk's page of somebody of that name doesn't show it.
            receipt: the id of the incoming event.
        """
        case = await self.store.find(handoff_id)
        if case is None:
            return GONE
        if not self._may_claim(case, self._facts(case), minors, commune, who):
            return Result("refused", case.state)
        said = self.voice.say("utter_handoff_claimed", case.language, alias=alias)
        result = await self._move(
            case,
            Verb.CLAIM,
            alias=alias,
            fields={"tool": int(tool)},
            letters=[letter(case, said)],
            receipt=receipt,
        )
        if result.code == "ok":
            await self._waits.note(case.network, case.language, self.store.now() - case.since)
            if case.trial:
                self.trial_claimed(case.network)
        return result

    async def claim_by_tool(self, handoff_id: str, alias: str, *, receipt: str) -> Result:
        """Claim for somebody who works with a tool: minors as the team's file says."""
        case = await self.store.find(handoff_id)
        minors = case is not None and self.teams.tool_takes_minors(case.network)
        return await self.claim(handoff_id, alias, minors=minors, tool=True, receipt=receipt)

    async def counsellor_said(
        self, handoff_id: str, alias: str, text: str, *, receipt: str = ""
    ) -> Result:
        """Bring a counsellor's words to the visitor; the first one takes the floor."""
        case = await self.store.find(handoff_id)
        if case is None:
            return GONE
        text = tidy(text, MAX_TEXT)
        key = vault.unwrap(case.wrapped, case.id, self.gateway_keys)
        word = {"from": "counsellor", "text": text, "at": str(int(time.time()))}
        said = self.voice.of_counsellor(text, case.language)
        return await self.store.say(
            case,
            "counsellor",
            # Without the key (after a restart, until the page has sealed it again) the visitor
            # still gets the words; only the counsellor's own copy isn't kept.
            [vault.close(key, word, case.id)] if key else [],
            alias=alias,
            letters=[letter(case, said)],
            receipt=receipt,
        )

    async def typing(self, handoff_id: str, alias: str) -> Result:
        """Show the visitor that the counsellor writes; a tool may leave the alias out."""
        case = await self.store.find(handoff_id)
        if case is None:
            return GONE
        if case.state is not State.ACTIVE:
            return Result("refused", case.state)
        if alias and case.alias != alias:
            return Result("taken", case.state)
        before = str(case.typing) if case.typing else ""
        await self.store.mark(case, "typing", before, str(self.store.now()))
        return Result("ok", case.state)

    async def close(
        self, handoff_id: str, alias: str, *, receipt: str = "", ask: bool = True
    ) -> Result:
        """End the talk; nothing of the words remains for the counsellor.

        Args:
            handoff_id, alias: of the talk and its counsellor.
            receipt: the id of the incoming event.
            ask: let the assistant ask whether it helped (not after misuse).
        """
        return await self._end(
            handoff_id, alias, Verb.CLOSE, "utter_handoff_closed", receipt, ask=ask
        )

    async def give_back(self, handoff_id: str, alias: str, *, receipt: str = "") -> Result:
        """Return the conversation to the assistant, which then knows of it (R69)."""
        return await self._end(
            handoff_id, alias, Verb.RETURN, "utter_handoff_returned", receipt, ask=True
        )

    async def release(self, handoff_id: str, alias: str, *, who: str = "") -> Result:
        """Put the person back into the queue, at the same place ("I may know this person").

        Args:
            handoff_id, alias: of the talk and its counsellor.
            who: the account that won't be shown this person again.
        """
        case = await self.store.find(handoff_id)
        # Whoever gives somebody back isn't the one whom that person is kept for any more.
        fields: dict[str, str | bytes | int] = {"for": ""}
        if case and who:
            fields["known"] = f"{case.known},{who},"
        key = "utter_handoff_released"
        return await self._end(handoff_id, alias, Verb.RELEASE, key, "", fields)

    async def fetch(
        self, handoff_id: str, after: str = "", *, alias: str | None = None
    ) -> dict[str, Any] | None:
        """Return what a counsellor may read, None when there is no such handoff.

        The reading is noted, without its content (R33).

        Args:
            handoff_id: which.
            after: the id of the last word that is known already.
            alias: at the desk, who reads: only the claimer gets words; None for a tool's key.
        """
        case = await self.store.find(handoff_id)
        if case is None:
            return None
        # While the same person is being asked once more, the talk that was is closed.
        state = State.CLOSED if case.state in _BEFORE else case.state
        found: dict[str, Any] = {
            "state": state.value,
            "network": case.network,
            "language": case.language,
            "risk": case.risk,
            "topic": None,
            "summary": None,
            "words": [],
        }
        if not case.live or alias not in (None, case.alias):
            return found
        key = vault.unwrap(case.wrapped, case.id, self.gateway_keys)
        # After a restart, until the visitor's page has sealed the key again.
        found["sealed"] = key is None
        if key is None:
            return found
        reader = alias or "tool"
        await self.ledger.later(lambda: self.ledger.note_reading(handoff_id, reader))
        facts = vault.open_(key, case.facts, case.id) or {}
        found.update({name: facts.get(name) for name in ("topic", "summary", "not_commune")})
        for entry, sealed in await self.store.words(case, after):
            word = vault.open_(key, sealed, case.id)
            if word:
                at = datetime.fromtimestamp(int(word["at"]), tz=timezone.utc).isoformat()
                found["words"].append({**word, "id": entry, "at": at.replace("+00:00", "Z")})
        return found

    async def accepted(self, handoff_id: str) -> None:
        """Note that a tool has taken a request: its people will see it."""
        case = await self.store.find(handoff_id)
        if case is not None:
            await self.store.mark(case, "accepted", "", "1")

    async def expire(self, case: Case) -> Result:
        """Give up: nobody came; the person gets the line that is open now."""
        said = self.voice.say("utter_handoff_expired", case.language, show=lines_for(case))
        window = self.next_window(case.language, case.minor, unanswered=True)
        if window and await self.comeback.ready():
            label = self.voice.phrase("comeback_later", case.language)
            said["buttons"] = [*said["buttons"], {"label": label, "value": LATER}]
        return await self._move(
            case, Verb.EXPIRE, guard=("since", str(case.since)), letters=[letter(case, said)]
        )

    async def take_back(self, case: Case) -> Result:
        """Put somebody back who was claimed without a word (R76)."""
        said = self.voice.say("utter_handoff_released", case.language, show=lines_for(case))
        return await self._move(
            case,
            Verb.RELEASE,
            guard=("spoke", ""),
            fields={"desk": 1, "for": ""},
            letters=[letter(case, said)],
        )

    async def _end(
        self,
        handoff_id: str,
        alias: str,
        verb: Verb,
        key: str,
        receipt: str,
        fields: Mapping[str, str | bytes | int] | None = None,
        *,
        ask: bool = False,
    ) -> Result:
        case = await self.store.find(handoff_id)
        if case is None:
            return GONE
        said = [self.voice.say(key, case.language, show=lines_for(case))]
        if ask:
            said += asks_whether_it_helped(self.voice, case)
        letters = [letter(case, one) for one in said]
        return await self._move(
            case, verb, alias=alias, fields=fields, letters=letters, receipt=receipt
        )

    def _facts(self, case: Case) -> dict[str, Any]:
        key = vault.unwrap(case.wrapped, case.id, self.gateway_keys)
        return (vault.open_(key, case.facts, case.id) if key and case.facts else None) or {}

    def _may_claim(
        self, case: Case, facts: Mapping[str, Any], minors: bool, commune: str, who: str = ""
    ) -> bool:
        if (case.minor and not minors) or (who and f",{who}," in case.known):
            return False
        # After a restart the commune can't be read until the visitor's page has sealed it again.
        if commune and case.elsewhere and not facts:
            return False
        return not commune or facts.get("not_commune") != commune
