"""What every action does around its own part: the risk first, and the slots at the end."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import constants as c
from actions.answering import ask_danger, ask_helped, note_commune
from actions.hearing import hear
from actions.safety import answer_risk
from actions.short import answer_denial, answer_short
from actions.turn import Turn


def forget_before_a_human(turn: Turn) -> None:
    """After a person has spoken, what the machine had asked or said before is over (R69)."""
    if not (turn.message.get("metadata") or {}).get("after_human"):
        return
    turn.set(c.ASKED, None)
    turn.set(c.LAST, None)
    turn.set(c.MISSES, 0.0)
    # Whether it helped was asked at the end of that talk.
    turn.first_time("asked_helped")


class HelplineAction(Action):  # type: ignore[misc]
    """An action of this assistant; a subclass gives its name and `respond`."""

    action_name = ""

    def name(self) -> str:
        """Rasa's name of the action."""
        return self.action_name

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Give the answer, after the risk was answered.

        Args:
            turn: the turn under way.
            asked: what the assistant had asked before this message, if anything.
        """
        raise NotImplementedError

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer one turn."""
        turn = Turn(dispatcher, tracker)
        forget_before_a_human(turn)
        asked = turn.slots.get(c.ASKED)
        turn.set(c.ASKED, None)
        hear(turn)
        if turn.intent not in c.NOT_UNDERSTOOD:
            turn.set(c.MISSES, 0.0)
        note_commune(turn, asked)
        if answer_denial(turn, asked):
            return turn.events()
        level = answer_risk(turn)
        if not answer_short(turn, asked):
            self.respond(turn, asked)
        ask_danger(turn, level)
        ask_helped(turn)
        return turn.events()
