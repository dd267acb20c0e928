"""What only the built-in desk needs: whose talks are open, signs of the visitor, a lower alarm."""

from __future__ import annotations

from bot.handoff import vault
from bot.handoff.base import Base
from bot.handoff.case import Case, score
from bot.handoff.states import State
from bot.handoff.store import Result

# The visitor's page says no oftener that somebody writes there (milliseconds).
_TYPING_PAUSE = 2_000
# Never "none": somebody has written of danger.
_LOWERED = "raised"


class DeskSide(Base):
    """The desk's part of the service."""

    async def live_cases(self) -> list[Case]:
        """Return the cases of all who wait or speak."""
        return list((await self.store.many(list(await self.store.live()))).values())

    async def held_by(self, alias: str) -> list[Case]:
        """Return the talks that a counsellor has at the desk now, the oldest first."""
        held = [
            case
            for case in await self.live_cases()
            if case.state is State.ACTIVE and case.alias == alias and not case.tool
        ]
        return sorted(held, key=lambda case: case.claimed)

    def opens(self, case: Case) -> bool:
        """Tell whether this gateway can read a talk (after a restart: once its page came back)."""
        return vault.unwrap(case.wrapped, case.id, self.gateway_keys) is not None

    def topic(self, case: Case) -> str | None:
        """Return what a talk is about (an intent), None when that isn't known."""
        key = vault.unwrap(case.wrapped, case.id, self.gateway_keys)
        facts = vault.open_(key, case.facts, case.id) if key and case.facts else None
        return (facts or {}).get("topic")

    async def lower(self, handoff_id: str, alias: str) -> Result:
        """Take an alarm down, because the counsellor has looked; a new sign raises it again."""
        case = await self.claimed(handoff_id, alias)
        if isinstance(case, Result):
            return case
        # The place that the person would have again in the queue follows.
        fields: dict[str, str | bytes | int] = {"score": score(_LOWERED, case.asked), "urgent": 0}
        await self.store.mark(case, "risk", case.risk, _LOWERED, fields=fields)
        return Result("ok", case.state)

    async def took(self, case: Case, entry: str) -> None:
        """Note up to which message the visitor's page has taken the mail.

        Args:
            case: of the conversation.
            entry: the entry of the mailbox that was written to the page last.
        """
        if case.state is State.ACTIVE and case.took != entry:
            await self.store.mark(case, "took", case.took, entry)

    async def visitor_types(self, case: Case) -> None:
        """Show the counsellor that the visitor writes."""
        now = self.store.now()
        if case.state is State.ACTIVE and now - case.writes >= _TYPING_PAUSE:
            await self.store.mark(case, "writes", str(case.writes or ""), str(now))
