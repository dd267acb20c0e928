"""A person, please."""

from __future__ import annotations

from actions.base import HelplineAction
from actions.safety import lines
from actions.turn import Turn


class ActionHuman(HelplineAction):
    """Says whether a counsellor is here now; the line that is open stands below in any case."""

    action_name = "action_human"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Offer the handoff, or say when somebody is there and who answers now."""
        here = bool((turn.message.get("metadata") or {}).get("desk_open"))
        key = "utter_ask_human" if here else "utter_ask_human_nobody"
        buttons = [turn.button("talk_to_someone", "handoff")] if here else []
        turn.say(key, services=turn.cards(lines(turn, "violence", limit=2)), buttons=buttons)
