"""The names that actions share: slots, entities, what can be pending. No sentence here."""

from __future__ import annotations

from typing import Final

RISK: Final = "safety__risk"
WRITER: Final = "safety__writer"
CARDS: Final = "safety__cards"
COMMUNE: Final = "help__commune"
NEED: Final = "help__need"
SHOWN: Final = "help__shown"
ASKED: Final = "talk__asked"
LAST: Final = "talk__last"
MISSES: Final = "talk__misses"
TURNS: Final = "talk__turns"
REFERRED: Final = "talk__referred"
SERVICES: Final = "talk__services"

# From the least to the most urgent.
LEVELS: Final = ("none", "raised", "child", "crisis", "emergency")
WRITERS: Final = ("hurt", "hurts", "witness", "child", "professional", "unknown")
NEEDS: Final = (
    "police", "social", "shelter", "children", "perpetrators", "elders", "legal", "health",
    "sexual_violence",
)  # fmt: skip
# Who must be answered without these in front: their intent's own answer receives the person.
OWN_ANSWER: Final = frozenset(
    {
        "disclose_physical", "disclose_psychological", "disclose_sexual", "disclose_economic",
        "disclose_digital", "disclose_stalking", "disclose_honour", "disclose_elder",
        "disclose_child_to_parent", "disclose_perpetrator", "witness_report", "leave_quickly",
    }
)  # fmt: skip

# Among the cards shown: this person has told that they hurt somebody.
TOLD_THAT_HURTS: Final = "told_that_hurts"
# It is about somebody old; about sexual interest in minors. Both choose the lines of the talk.
ABOUT_ELDER: Final = "about_elder"
ABOUT_MINORS: Final = "about_minors"
# Two of these in a row, and the person is shown the line and the way to a person.
NOT_UNDERSTOOD: Final = frozenset({"nlu_fallback", "nonsense"})
# What nobody is asked "did you mean this?" about.
NEVER_GUESSED: Final = frozenset(
    {"nlu_fallback", "nonsense", "abuse_bot", "affirm", "deny", "repeat"}
)
