"""Which number to call, and when."""

from __future__ import annotations

from actions import constants as c
from actions.answering import offer_services
from actions.base import HelplineAction
from actions.safety import human_button, lines
from actions.turn import Turn


class ActionLines(HelplineAction):
    """Gives the lines for this person, this language and this hour."""

    action_name = "action_lines"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Show up to three lines, the best open one first; a service that is named, instead."""
        needs = [str(entity["value"]) for entity in turn.entities("need")]
        if needs:
            offer_services(turn, needs[0])
            return
        chosen = lines(turn, "violence")
        turn.say(f"utter_{turn.intent}", services=turn.cards(chosen), buttons=[human_button(turn)])
        turn.set(c.REFERRED, turn.slots[c.TURNS])
