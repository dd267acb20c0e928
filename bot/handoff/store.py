"""Handoffs in Redis: each change in one step, by the scripts; nothing here decides anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from bot import keyspace
from bot.handoff import scripts
from bot.handoff.case import Case
from bot.handoff.events import Outgoing
from bot.handoff.reader import Reader
from bot.handoff.states import TABLE, State, Verb

# A tool may send an event again for hours (with a fresh timestamp): what has changed something
# counts once for longer than any conversation lives. What changes nothing needn't.
RECEIPT_MS = 25 * 3600 * 1000
_SHORT_RECEIPT_MS = 10 * 60 * 1000


@dataclass(frozen=True)
class Result:
    """What a script did: its code, the state afterwards, the entries of written words."""

    code: str
    state: State
    entries: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it is so now."""
        return self.code in {"ok", "same"}


class Store(Reader):
    """Reads and changes handoffs."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.time) -> None:
        """Use a Redis; `clock` gives Unix seconds (tests give their own)."""
        super().__init__(redis)
        self._clock = clock
        self._move = redis.register_script(scripts.MOVE)
        self._say = redis.register_script(scripts.SAY)
        self._mark = redis.register_script(scripts.MARK)
        self._alarm = redis.register_script(scripts.ALARM)
        self._bury = redis.register_script(scripts.BURY)
        self._give_address = redis.register_script(scripts.GIVE_ADDRESS)

    def now(self) -> int:
        """Return the moment in milliseconds."""
        return int(self._clock() * 1000)

    def _keys(self, case: Case, name: str, receipt: str, outboxes: Iterable[str]) -> list[str]:
        own = case.conversation_id
        return [
            keyspace.record(own),
            keyspace.handoff(own),
            keyspace.words(own),
            keyspace.events(own),
            keyspace.address(own),
            keyspace.handoff_index(name),
            keyspace.queue(case.network, case.language),
            keyspace.live_handoffs(),
            keyspace.receipt(receipt),
            keyspace.bell(own),
            keyspace.DESK_BELL,
            *(keyspace.outbox(endpoint) for endpoint in outboxes),
        ]

    async def move(
        self,
        case: Case,
        verb: Verb,
        *,
        handoff_id: str | None = None,
        alias: str = "",
        guard: tuple[str, str] = ("", ""),
        event: Outgoing | None = None,
        endpoints: Iterable[str] = (),
        score: int = 0,
        fields: Mapping[str, str | bytes | int] | None = None,
        letters: Sequence[bytes] = (),
        words: Sequence[bytes] = (),
        receipt: str = "",
    ) -> Result:
        """Change a state.

        Args:
            case: as it was seen; if another handoff is current by now, nothing changes.
            verb: what is done.
            handoff_id: of the handoff that begins (`request` only).
            alias: who does it, for what only the claimer may do.
            guard: a field and the value that must stand there.
            event: what is told outside.
            endpoints: the ids of the endpoints that are told.
            score: the place in the queue (`request` only).
            fields: what is written beside the state.
            letters: sealed messages for the visitor.
            words: sealed, what was said before and is passed on (`request` only).
            receipt: the id of the incoming event that asks for it.
        """
        rule = TABLE[verb]
        name = handoff_id or case.id
        written: dict[str, str | bytes | int] = dict(fields or {})
        if verb is Verb.REQUEST:
            written["score"] = score
        pairs = [part for pair in written.items() for part in pair]
        answer = await self._move(
            keys=self._keys(case, name, receipt, endpoints if event else ()),
            args=[
                RECEIPT_MS if receipt else 0,
                self.now(),
                verb.value,
                name,
                case.id,
                f",{','.join(sorted(o.value for o in rule.origins))},",
                rule.target.value,
                alias,
                *guard,
                event.type if event else "",
                event.id if event else "",
                event.body if event else "",
                score,
                f"{case.network}:{case.language}",
                len(written),
                len(letters),
                case.conversation_id,
                len(words),
                *pairs,
                *letters,
                *words,
            ],
        )
        return _result(answer)

    async def say(
        self,
        case: Case,
        who: str,
        words: Sequence[bytes],
        *,
        alias: str = "",
        event: Outgoing | None = None,
        endpoints: Iterable[str] = (),
        letters: Sequence[bytes] = (),
        receipt: str = "",
    ) -> Result:
        """Keep words for the counsellor, and post letters to the visitor.

        Args:
            case: the handoff.
            who: visitor, assistant or counsellor.
            words: sealed.
            alias: of the counsellor.
            event: told when the visitor speaks to a counsellor.
            endpoints: the ids of the endpoints that are told.
            letters: sealed messages for the visitor.
            receipt: the id of the incoming event that brings the words.
        """
        answer = await self._say(
            keys=self._keys(case, case.id, receipt, endpoints if event else ()),
            args=[
                RECEIPT_MS if receipt else 0,
                self.now(),
                who,
                case.id,
                alias,
                event.type if event else "",
                event.id if event else "",
                event.body if event else "",
                len(words),
                len(letters),
                *words,
                *letters,
            ],
        )
        return _result(answer)

    async def mark(
        self,
        case: Case,
        field: str,
        was: str,
        becomes: str,
        *,
        fields: Mapping[str, str | bytes | int] | None = None,
        letters: Sequence[bytes] = (),
    ) -> bool:
        """Change a field if it still has the value `was`; True for the one who did it."""
        own = case.conversation_id
        written = dict(fields or {})
        code = await self._mark(
            keys=[
                keyspace.record(own),
                keyspace.handoff(own),
                keyspace.events(own),
                keyspace.bell(own),
                keyspace.DESK_BELL,
            ],
            args=[
                case.id,
                field,
                was,
                becomes,
                len(written),
                *(part for pair in written.items() for part in pair),
                *letters,
            ],
        )
        return bool(code == b"ok")

    async def alarm(self, case: Case, risk: str, score: int, urgent: bool) -> bool:
        """Let the place in the queue follow a graver risk; True when it rose."""
        own = case.conversation_id
        return bool(
            await self._alarm(
                keys=[
                    keyspace.record(own),
                    keyspace.handoff(own),
                    keyspace.queue(case.network, case.language),
                    keyspace.DESK_BELL,
                ],
                args=[case.id, risk, score, int(urgent)],
            )
        )

    async def bury(
        self, handoff_id: str, place: str, event: Outgoing, endpoints: Iterable[str], until: int
    ) -> bool:
        """Tell once that a conversation died while somebody waited or spoke."""
        network, _, language = place.rpartition(":")
        return bool(
            await self._bury(
                keys=[
                    keyspace.live_handoffs(),
                    keyspace.handoff_index(handoff_id),
                    keyspace.queue(network, language),
                    keyspace.DESK_BELL,
                    *(keyspace.outbox(endpoint) for endpoint in endpoints),
                ],
                args=[handoff_id, event.type, event.id, event.body, until],
            )
        )

    async def give_address(self, case: Case, sealed: bytes, milliseconds: int) -> bool:
        """Keep the address for a while, if a counsellor has asked for it."""
        own = case.conversation_id
        return bool(
            await self._give_address(
                keys=[keyspace.address(own), keyspace.handoff(own)],
                args=[case.id, sealed, milliseconds],
            )
        )

    async def keep_receipt(self, message_id: str, code: str) -> None:
        """Remember the code of an incoming event that no script has handled."""
        await self.redis.set(keyspace.receipt(message_id), code, px=_SHORT_RECEIPT_MS, nx=True)


def _result(answer: Sequence[bytes]) -> Result:
    code, state, entries = (part.decode() for part in answer)
    return Result(code, State(state or "none"), tuple(entries.split()))
