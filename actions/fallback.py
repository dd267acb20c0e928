"""Not understood: first three guesses in plain words, then the line and a person."""

from __future__ import annotations

from actions import constants as c
from actions.answering import answer_intent, note_commune, offer_services
from actions.base import HelplineAction
from actions.safety import human_button, level_of, lines
from actions.turn import Turn

# Words of a message that can do no more than name a place.
_A_PLACE = 6


class ActionFallback(HelplineAction):
    """Never says twice in a row that it didn't understand without giving a way to people."""

    action_name = "action_fallback"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Offer guesses the first time, the line and a person the second."""
        needs = turn.message.get("needs") or []
        if needs:
            # One sentence was clear even if the whole wasn't.
            turn.set(c.MISSES, 0.0)
            answer_intent(turn, needs[0])
            return
        if turn.alarmed:
            # The card was understood even if the words weren't: no "what do you mean?" after it.
            turn.set(c.MISSES, 0.0)
            answer_intent(turn, _intent_of(turn))
            return
        a_place = turn.guesses[:1] == ["inform_commune"] and len(turn.text.split()) <= _A_PLACE
        if a_place and note_commune(turn, "commune"):
            # "ah no, I meant 1190": a place in a few words is an answer in itself.
            turn.set(c.MISSES, 0.0)
            offer_services(turn, turn.slots.get(c.NEED))
            return
        misses = float(turn.slots.get(c.MISSES) or 0)
        turn.set(c.MISSES, misses + 1)
        if misses:
            give_up(turn)
        elif turn.intent == "nonsense":
            turn.say("utter_nonsense")
        else:
            self._guess(turn)

    def _guess(self, turn: Turn) -> None:
        buttons = [turn.label(name) for name in turn.guesses]
        turn.say("utter_fallback", buttons=[*buttons, turn.button("none_of_these", "none")])


def _intent_of(turn: Turn) -> str:
    """Return the intent whose answer follows an alarm."""
    level = level_of(turn)
    if level == "child":
        return "minor_seeks_help" if turn.writer == "child" else "child_in_danger"
    return "suicidal_thoughts" if level == "crisis" else "danger_immediate"


def give_up(turn: Turn) -> None:
    """Give the line that is open and the way to a person."""
    turn.say(
        "utter_fallback_again",
        services=turn.cards(lines(turn, "violence", limit=2)),
        buttons=[human_button(turn)],
    )
