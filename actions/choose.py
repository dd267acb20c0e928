"""A button that stands for no intent: a need, a commune, "more", a yes or no to a question."""

from __future__ import annotations

from actions import constants as c
from actions import facts
from actions.answering import offer_services
from actions.base import HelplineAction
from actions.fallback import give_up
from actions.turn import Turn
from actions.yes_no import reply


class ActionChoose(HelplineAction):
    """Does what the pressed button says."""

    action_name = "action_choose"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Follow the button; an unknown one gives the line (the gateway refuses those before)."""
        values = [str(e["value"]) for e in turn.entities("choice")]
        kind, _, value = (values or [""])[0].partition(":")
        if kind == "need" and value in c.NEEDS:
            offer_services(turn, value)
        elif kind == "commune" and facts.directory().commune(value):
            turn.set(c.COMMUNE, value)
            offer_services(turn, turn.slots.get(c.NEED))
        elif kind == "more":
            offer_services(turn, turn.slots.get(c.NEED), int(turn.slots.get(c.SHOWN) or 0))
        elif kind in ("safe_to_write", "danger_now", "helped"):
            reply(turn, kind, yes=value == "yes")
        elif kind == "language":
            turn.say("utter_change_language")
        else:
            turn.set(c.MISSES, 1.0)
            give_up(turn)
