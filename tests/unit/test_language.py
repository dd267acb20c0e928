"""The language of a message, and when a conversation changes its own."""

from __future__ import annotations

import pytest

from bot.language import detect, follow


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("g peur il va rentrer", "fr"),
        ("jsuis perdue", "fr"),
        ("kzen bang van hem", "nl"),
        ("wa moet ik doen", "nl"),
        ("hij slaat mij", "nl"),
        ("please help me he is hitting me", "en"),
        ("Ich habe Angst vor meinem Mann", "de"),
        ("زوجي يضربني", "ar"),
        ("муж меня бьёт", "ru"),
        ("ok", None),
        ("Esneux", None),
        ("4130", None),
        ("?!", None),
        ("", None),
    ],
)
def test_detect(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_a_conversation_keeps_its_language_for_a_word_and_changes_for_a_sentence() -> None:
    assert follow("ja", "fr", "nl") == "fr"
    assert follow("Esneux", "nl", None) == "nl"
    assert follow("ik ben bang van mijn man", "fr", "nl") == "nl"
    assert follow("help me please now", "fr", "en") == "fr"
