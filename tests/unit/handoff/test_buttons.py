"""A button belongs to a state and to one asking."""

from __future__ import annotations

import pytest

from bot.conversation.record import Record
from bot.handoff import buttons
from bot.handoff.buttons import fits, known, numbered, split
from bot.handoff.case import Case
from bot.handoff.states import LIVE, OVER, State


def record(askings: int = 0, *offered: str) -> Record:
    return Record("fr", 0.0, "", offered=list(offered), askings=askings)


@pytest.mark.parametrize("state", State)
def test_each_button_does_something_in_its_states_only(state: State) -> None:
    case = Case("c", state=state, number=2)
    yes = "handoff:words:1"
    assert fits(yes, record(1, yes), case) == (state is State.ASKED)
    assert fits("handoff:withdraw:2", record(), case) == (state is State.WAITING)
    assert fits("handoff:end:2", record(), case) == (state is State.ACTIVE)
    assert fits("handoff:word:2", record(), case) == (state in LIVE)
    assert fits("handoff:helped:2", record(), case) == (state in OVER)
    assert fits("handoff:later_yes:1", record(1, "handoff:later_yes:1"), case) == (
        state not in LIVE
    )


@pytest.mark.parametrize("name", ["handoff:withdraw", "handoff:word"])
def test_a_button_of_another_handoff_does_nothing(name: str) -> None:
    case = Case("c", state=State.WAITING, number=2)
    assert fits(f"{name}:2", record(), case)
    assert fits(name, record(), case)
    assert not fits(f"{name}:1", record(), case)


def test_a_yes_counts_for_the_asking_that_was_shown_last() -> None:
    asked = Case("c", state=State.ASKED)
    offered = ("handoff:words:1", "handoff:words:2")
    assert not fits("handoff:words:1", record(2, *offered), asked)
    assert fits("handoff:words:2", record(2, *offered), asked)
    # A number that is right by chance isn't enough: it must have been shown.
    assert not fits("handoff:words:3", record(3, *offered), asked)


def test_a_yes_to_one_proposal_is_none_to_the_next() -> None:
    said = {"buttons": [{"label": "Oui", "value": buttons.TRANSFER}]}
    first = Case("c", state=State.ACTIVE, number=1, proposed="Bart")
    second = Case("c", state=State.ACTIVE, number=1, proposed="le CPAS")
    (button,) = numbered(said, first)["buttons"]
    assert fits(button["value"], record(), first)
    assert not fits(button["value"], record(), second)


def test_numbers_are_given_once_and_to_ours_only() -> None:
    said = {"buttons": [{"label": "", "value": v} for v in ("handoff:no", "ask_human", "handoff")]}
    once = numbered(said, Case("c", number=4), 3)
    assert [b["value"] for b in once["buttons"]] == ["handoff:no:3", "ask_human", "handoff"]
    assert numbered(once, Case("c", number=5), 9) == once
    assert split("handoff:later_yes:12") == ("handoff:later_yes", "12")
    assert split("need:police") == ("need:police", "")


def test_what_no_answer_has_offered() -> None:
    assert known("handoff:withdraw")
    assert known("handoff:withdraw:1")
    assert known("handoff:words:1")
    assert not known("handoff:words")
    assert not known("handoff:later_yes")
    assert not known("handoff:dance:1")
