"""Say it again."""

from __future__ import annotations

from actions.base import HelplineAction
from actions.turn import Turn


class ActionRepeat(HelplineAction):
    """Repeats the answers of the last turn, in the language of now."""

    action_name = "action_repeat"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Repeat, or say that there is nothing to repeat."""
        if not turn.repeat():
            turn.say("utter_repeat")
