"""A bare yes or no: it answers what the assistant has just asked."""

from __future__ import annotations

from actions import constants as c
from actions.answering import communes, offer_services
from actions.base import HelplineAction
from actions.safety import answer_risk, human_button, lines
from actions.turn import Turn


class ActionReply(HelplineAction):
    """Yes and no, by what was asked."""

    action_name = "action_reply"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Answer a yes or a no."""
        if communes(turn):
            offer_services(turn, turn.slots.get(c.NEED))
            return
        reply(turn, asked, yes=turn.intent == "affirm")


def reply(turn: Turn, asked: str | None, *, yes: bool) -> None:
    """Answer a yes or a no to a question.

    Args:
        turn: the turn under way.
        asked: the question: danger_now, safe_to_write, helped, commune, or None.
        yes: what was answered.
    """
    if asked == "danger_now" and yes:
        answer_risk(turn, "emergency")
        return
    key = {
        ("danger_now", False): "utter_no_danger_now",
        ("safe_to_write", True): "utter_safe_to_write",
        ("safe_to_write", False): "utter_not_safe_to_write",
        ("helped", True): "utter_helped",
        ("helped", False): "utter_not_helped",
    }.get((asked or "", yes))
    if asked == "commune":
        if yes:
            offer_services(turn, turn.slots.get(c.NEED))
        else:
            turn.say("utter_no_commune", services=turn.cards(lines(turn, "violence")))
        return
    if key is None:
        key = "utter_affirm" if yes else "utter_deny"
    services = turn.cards(lines(turn, "violence", limit=2)) if key in _WITH_LINE else []
    turn.say(key, services=services, buttons=[human_button(turn)] if services else [])


_WITH_LINE = frozenset({"utter_not_helped", "utter_not_safe_to_write", "utter_no_danger_now"})
