"""What the assistant forgets when a person has spoken meanwhile (R69)."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import constants as c
from actions.reply import ActionReply


def answer(after_human: bool) -> tuple[str, dict[str, Any]]:
    """Say "yes" after a question of the machine; return the answer's key and the slots."""
    slots = {
        "language": "fr", c.ASKED: "danger_now", c.TURNS: 3.0, c.MISSES: 1.0,
        c.LAST: [{"key": "utter_ask_danger_now_hurt"}], c.CARDS: [],
    }  # fmt: skip
    message = {
        "intent": {"name": "affirm"},
        "entities": [],
        "metadata": {"after_human": after_human},
    }
    tracker = Tracker("c", slots, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = ActionReply().run(dispatcher, tracker, {})
    keys = [said["custom"]["key"] for said in dispatcher.messages if said.get("custom")]
    return keys[0], {event["name"]: event["value"] for event in events}


@pytest.mark.parametrize(("after", "alarm"), [(False, True), (True, False)])
def test_a_yes_after_a_person_answers_no_question_from_before(after: bool, alarm: bool) -> None:
    key, slots = answer(after)
    assert key.startswith("utter_risk_emergency") == alarm
    assert ("asked_helped" in (slots.get(c.CARDS) or [])) == after
