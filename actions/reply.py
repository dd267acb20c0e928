"""A bare yes or no: it answers what the assistant has just asked."""

from __future__ import annotations

from actions import constants as c
from actions.answering import communes, offer_services
from actions.base import HelplineAction
from actions.turn import Turn
from actions.yes_no import reply


class ActionReply(HelplineAction):
    """Yes and no, by what was asked."""

    action_name = "action_reply"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Answer a yes or a no."""
        if communes(turn, asked):
            offer_services(turn, turn.slots.get(c.NEED))
            return
        reply(turn, asked, yes=turn.intent == "affirm")
