"""A risk builds up over a talk: what was told before makes the next account weigh more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions import constants as c
from actions.safety import level_of
from actions.turn import Turn


def _turn(before: str, level: str, lean: str, planned: str) -> Turn:
    turn: Any = SimpleNamespace(
        message={"risk": {"level": level, "lean": lean}},
        plan={"risk": planned},
        slots={c.RISK: before},
    )
    return cast(Turn, turn)


@pytest.mark.parametrize(
    ("before", "level", "lean", "planned", "found"),
    [
        ("none", "raised", "emergency", "raised", "raised"),
        ("raised", "raised", "emergency", "raised", "emergency"),
        ("raised", "raised", "raised", "raised", "raised"),
        # A question after an account is answered, not alarmed at.
        ("raised", "none", "crisis", "none", "none"),
        ("emergency", "emergency", "emergency", "emergency", "emergency"),
    ],
)
def test_what_was_told_before_weighs(
    before: str, level: str, lean: str, planned: str, found: str
) -> None:
    assert level_of(_turn(before, level, lean, planned)) == found


def test_a_button_has_the_risk_of_its_intent() -> None:
    turn: Any = SimpleNamespace(message={}, plan={"risk": "crisis"}, slots={c.RISK: "raised"})
    assert level_of(cast(Turn, turn)) == "crisis"
