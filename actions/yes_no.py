"""What a yes or a no says, by what was asked."""

from __future__ import annotations

from actions import constants as c
from actions.answering import offer_services
from actions.safety import answer_risk, human_button, lines
from actions.turn import Turn

_WITH_LINE = frozenset({"utter_not_helped", "utter_not_safe_to_write", "utter_no_danger_now"})


def reply(turn: Turn, asked: str | None, *, yes: bool) -> None:
    """Answer a yes or a no to a question.

    Args:
        turn: the turn under way.
        asked: the question: danger_now, safe_to_write, helped, commune, or None.
        yes: what was answered.
    """
    if asked == "danger_now" and yes:
        if not turn.alarmed:
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
