"""While a human speaks, the patterns still see danger in both languages, without Rasa."""

from __future__ import annotations

import pytest

from bot.handoff.watch import Watch

WATCH = Watch()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("il a un couteau et il arrive", "emergency"),
        ("hij heeft een mes en hij komt binnen", "emergency"),
        ("merci, à demain", "none"),
        ("dank u, tot morgen", "none"),
    ],
)
def test_danger_is_seen_in_both_languages(text: str, level: str) -> None:
    assert WATCH(text).level == level
