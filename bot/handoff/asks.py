"""What a counsellor asks the person in a talk: may somebody else go on, where must help go."""

from __future__ import annotations

from dataclasses import replace

from bot.handoff import vault
from bot.handoff.base import Base
from bot.handoff.states import State
from bot.handoff.store import Result
from bot.handoff.voice import letter


class Asks(Base):
    """The questions; `VisitorSide` takes the answers."""

    async def propose_transfer(self, handoff_id: str, alias: str, to: str) -> Result:
        """Ask the visitor whether somebody else may go on: a colleague, another service (R78).

        Args:
            handoff_id, alias: of the talk and its counsellor.
            to: as the visitor reads it.
        """
        case = await self.claimed(handoff_id, alias)
        if isinstance(case, Result):
            return case
        said = self.voice.say("utter_handoff_transfer", case.language, to=to)
        # The buttons belong to this proposal, not to one before.
        asked = letter(replace(case, proposed=to), said)
        await self.store.mark(case, "proposed", case.proposed, to, letters=[asked])
        return Result("ok", case.state)

    async def ask_address(self, handoff_id: str, alias: str) -> Result:
        """Ask the visitor where help must go."""
        case = await self.claimed(handoff_id, alias)
        if isinstance(case, Result):
            return case
        said = self.voice.say("utter_handoff_address", case.language, show=("emergency",))
        await self.store.mark(case, "address", "", "1", letters=[letter(case, said)])
        return Result("ok", case.state)

    async def read_address(self, handoff_id: str, alias: str) -> str | None:
        """Return the address to the claimer, None when there is none or it isn't theirs."""
        case = await self.store.find(handoff_id)
        if case is None or case.state is not State.ACTIVE or case.alias != alias:
            return None
        key = vault.unwrap(case.wrapped, case.id, self.gateway_keys)
        sealed = await self.store.address(case)
        found = vault.open_(key, sealed, case.id) if key and sealed else None
        return str(found["address"]) if found else None
