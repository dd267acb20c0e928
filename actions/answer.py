"""The written answer of an intent."""

from __future__ import annotations

from actions.answering import answer_intent, main_need
from actions.base import HelplineAction
from actions.turn import Turn


class ActionAnswer(HelplineAction):
    """Answers what was asked, with the lines and services that go with it."""

    action_name = "action_answer"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """Give the answer of the intent."""
        answer_intent(turn, main_need(turn))
