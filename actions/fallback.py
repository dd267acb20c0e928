"""Not understood: first three guesses in plain words, then the line and a person."""

from __future__ import annotations

from actions import constants as c
from actions import facts
from actions.answering import answer_intent
from actions.base import HelplineAction
from actions.safety import human_button, lines
from actions.turn import Turn

_NEVER_GUESSED = frozenset({"nlu_fallback", "nonsense", "abuse_bot", "affirm", "deny", "repeat"})


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
        misses = float(turn.slots.get(c.MISSES) or 0)
        turn.set(c.MISSES, misses + 1)
        if misses:
            give_up(turn)
        elif turn.intent == "nonsense":
            turn.say("utter_nonsense")
        else:
            self._guess(turn)

    def _guess(self, turn: Turn) -> None:
        ranking = turn.message.get("intent_ranking") or []
        names = [r["name"] for r in ranking if r["name"] not in _NEVER_GUESSED]
        buttons = [turn.label(name) for name in names[:3] if name in facts.plan()]
        turn.say("utter_fallback", buttons=[*buttons, turn.button("none_of_these", "none")])


def give_up(turn: Turn) -> None:
    """Give the line that is open and the way to a person."""
    turn.say(
        "utter_fallback_again",
        services=turn.cards(lines(turn, "violence", limit=2)),
        buttons=[human_button(turn)],
    )
