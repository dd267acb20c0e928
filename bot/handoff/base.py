"""What both sides of a handoff stand on: the parts, who is there, and one way to change a state."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.record import Record
from bot.handoff.case import Case
from bot.handoff.comeback import LONGEST_MS, Comeback
from bot.handoff.events import Outgoing, outgoing
from bot.handoff.gateway_keys import GatewayKeys
from bot.handoff.ledger import Ledger
from bot.handoff.pepper import Pepper
from bot.handoff.presence import Presence
from bot.handoff.resume import Resume
from bot.handoff.states import TABLE, Event, State, Verb
from bot.handoff.store import Result, Store
from bot.handoff.summary import Assess
from bot.handoff.teams import Endpoint, Teams
from bot.handoff.voice import Voice
from bot.handoff.wait import Waits
from bot.language import Supported
from bot.state import State as Switches

MAX_TEXT = 4000
GONE = Result("gone", State.NONE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TESTED = "handoff_tested"
# Words that would die sooner after the opening aren't worth keeping.
_TIME_TO_COME = timedelta(minutes=30)


@dataclass(frozen=True)
class Desk:
    """Whether somebody can speak with this person now, how many, and when next if nobody can."""

    open: bool
    present: int
    opens_at: datetime | None


@dataclass(frozen=True)
class Window:
    """When a team answers next, until when words open a note, and how long that is from now.

    `opens` is None when somebody may be there at any hour.
    """

    opens: datetime | None
    until: datetime
    milliseconds: int


def tidy(text: str, limit: int) -> str:
    """Return a text without control characters, of at most `limit` characters."""
    return _CONTROL.sub("", text).strip()[:limit]


class Base:
    """The parts of the service."""

    def __init__(
        self,
        *,
        store: Store,
        gateway_keys: GatewayKeys,
        presence: Presence,
        teams: Teams,
        ledger: Ledger,
        switches: Switches,
        voice: Voice,
        assess: Assess,
        redact: Callable[[str, Supported, Record], str],
        network: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Take the parts.

        Args:
            store, gateway_keys, presence, teams, ledger, voice: see their modules.
            switches: where it stands that a network's desk was tried out.
            assess: sees danger in a text.
            redact: takes names and numbers out of a text.
            network: whose site this is.
            clock: the moment in Belgium.
        """
        self.store, self.gateway_keys, self.presence = store, gateway_keys, presence
        self.teams, self.ledger, self.voice, self.assess = teams, ledger, voice, assess
        self.network, self._clock = network, clock
        self._switches, self._redact = switches, redact
        self._tested: set[str] = set()
        self._waits = Waits(store.redis)
        self.pepper = Pepper(store.redis, gateway_keys)
        self.comeback = Comeback(store.redis, self.pepper)
        self.resume = Resume(store.redis, self.comeback)

    async def claimed(self, handoff_id: str, alias: str) -> Case | Result:
        """Return the talk that a counsellor has, or the refusal when it isn't theirs."""
        case = await self.store.find(handoff_id)
        if case is None:
            return GONE
        if case.state is not State.ACTIVE or case.alias != alias:
            return Result("taken" if case.live else "refused", case.state)
        return case

    async def desk_open(self, network: str, language: Supported, minor: bool = False) -> Desk:
        """Tell whether somebody can speak with a person now (R72).

        Args:
            network: of the person.
            language: theirs.
            minor: whether a minor seems to write.
        """
        now = self._clock()
        opens = self.teams.opens(network, language, now, minor)
        present = await self.presence.number(network, language, self.store.now(), minor=minor)
        # A desk that nobody has tried out offers nobody (a tool's presence counts as a trial).
        there = self.teams.answers(network, language, now, minor) and self.tested(network)
        is_open = there and present > 0
        later = opens if opens is not None and opens > now else None
        return Desk(is_open, present if is_open else 0, None if is_open else later)

    def next_window(
        self, language: Supported, minor: bool, *, unanswered: bool = False
    ) -> Window | None:
        """Return when somebody could come back with words.

        The team's next hours, words being kept 72 hours at most; None within hours, or when the
        words would be dead before anybody answers.

        Args:
            language, minor: of the person.
            unanswered: nobody came within the hours: the ones after count, or any hour of the day.
        """
        now = self._clock()
        latest = now + timedelta(milliseconds=LONGEST_MS)
        if not self.tested(self.network):
            return None
        found = self.teams.next_hours(self.network, language, now, minor)
        if found is None and unanswered:
            ends = [
                team.closes(now)
                for team in self.teams.of(self.network, language, minor)
                if team.answers(now)
            ]
            known = [end for end in ends if end is not None]
            if len(known) < len(ends):
                return Window(None, latest, LONGEST_MS)
            found = (
                self.teams.next_hours(self.network, language, max(known), minor) if known else None
            )
        if found is None:
            return None
        opens, closes = found
        until = min(closes, latest) if closes else latest
        if until - opens < _TIME_TO_COME:
            return None
        return Window(opens, until, (until - now) // timedelta(milliseconds=1))

    def tested(self, network: str) -> bool:
        """Tell whether a test handoff of this network was claimed once."""
        if network not in self._tested and self._switches.get(f"{_TESTED}:{network}") == "yes":
            self._tested.add(network)
        return network in self._tested

    def set_tested(self, network: str) -> None:
        """Remember that a test handoff of this network was claimed."""
        if not self.tested(network):
            self._switches.set(f"{_TESTED}:{network}", "yes")

    def trial_claimed(self, network: str) -> None:
        """Remember that, and when, a test handoff of this network was claimed."""
        self.set_tested(network)
        self._switches.set(f"trial_claimed:{network}", str(self.store.now()))

    async def tool_present(
        self, number: int, languages: Sequence[str], network: str | None
    ) -> None:
        """Note how many counsellors a tool has there; `network` None: in all networks."""
        for name in self.teams.networks if network is None else (network,):
            if number > 0:
                self.set_tested(name)
            minors = self.teams.tool_takes_minors(name)
            await self.presence.tool(number, [name], languages, self.store.now(), minors=minors)

    async def wait_seconds(self, case: Case, position: int | None) -> int | None:
        """Return about how long this person will wait, None when it can't be said."""
        present = await self.presence.number(
            case.network, case.language, self.store.now(), minor=case.minor
        )
        if position is None or not present:
            return None
        return await self._waits.estimate(case.network, case.language, position, present)

    def endpoints(self, network: str) -> list[Endpoint]:
        """Return the endpoints that are told of a network's handoffs, without those turned off."""
        return [e for e in self.teams.serving(network) if not self.ledger.is_stopped(e.id)]

    def has_tool(self, network: str) -> bool:
        """Tell whether counsellors work in a tool of their own (a notice leads to the desk)."""
        return any(endpoint.signer for endpoint in self.endpoints(network))

    def _told(self, case: Case) -> list[str]:
        """Return the ids of the endpoints that hear of a case: none of a trial."""
        return [] if case.trial else [endpoint.id for endpoint in self.endpoints(case.network)]

    def _event(self, event: Event, name: str, **more: object) -> Outgoing:
        return outgoing(event, name, self.store.now() / 1000, **more)

    async def _move(
        self,
        case: Case,
        verb: Verb,
        *,
        alias: str = "",
        guard: tuple[str, str] = ("", ""),
        fields: Mapping[str, str | bytes | int] | None = None,
        letters: Sequence[bytes] = (),
        receipt: str = "",
    ) -> Result:
        event = TABLE[verb].event
        more: dict[str, object] = {}
        if event is Event.REQUESTED:
            more = {"urgent": case.urgent, "share": case.share}
        return await self.store.move(
            case,
            verb,
            alias=alias,
            guard=guard,
            fields=fields,
            letters=letters,
            receipt=receipt,
            event=self._event(event, case.id, **more) if event else None,
            endpoints=self._told(case),
        )
