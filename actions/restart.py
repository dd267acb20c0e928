"""From the beginning, in the same talk."""

from __future__ import annotations

from actions import constants as c
from actions.base import HelplineAction
from actions.turn import Turn


class ActionRestart(HelplineAction):
    """Forgets what was asked for and where; the alarm, if any, stays."""

    # Rasa sends the intent "restart" to an action of this name; ours replaces its own.
    action_name = "action_restart"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Clear the help slots and greet again."""
        for slot in (c.COMMUNE, c.NEED, c.SHOWN, c.MISSES, c.REFERRED):
            turn.set(slot, None)
        turn.say("utter_restart")
