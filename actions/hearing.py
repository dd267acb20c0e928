"""What plain words settle about who writes and what it is about, after the model's reading."""

from __future__ import annotations

from typing import Any

from actions import constants as c
from actions import facts
from actions.turn import Turn

# In these talks somebody old is who it is about; a grandmother in another story isn't.
_ELDER_TALK = c.OWN_ANSWER | {
    "nlu_fallback", "ask_help_someone", "ask_listening_line", "ask_local_services",
    "ask_is_this_violence", "danger_immediate",
}  # fmt: skip


def hear(turn: Turn) -> None:
    """Correct the reading of a message where its words are plain, and remember what it is about."""
    _of_age(turn)
    _calm_question(turn)
    if turn.situation == "sexual_interest":
        turn.first_time(c.ABOUT_MINORS)
    told = turn.intent == "disclose_elder"
    if told or ("elder" in turn.signs and turn.intent in _ELDER_TALK and turn.writer != "child"):
        turn.first_time(c.ABOUT_ELDER)


def _of_age(turn: Turn) -> None:
    """Who says an age from 18 on, or "my husband", isn't spoken to as a child (any more)."""
    risk: dict[str, Any] = dict(turn.message.get("risk") or {})
    says_age = "adult" in turn.signs
    if not says_age and ("family_of_own" not in turn.signs or risk.get("writer") == "child"):
        return
    if turn.writer == "child":
        turn.set(c.WRITER, None)
    if not says_age:
        return
    if risk.get("writer") == "child" or turn.intent == "minor_seeks_help":
        for seen in ("level", "lean"):
            if risk.get(seen) == "child":
                risk[seen] = "raised"
        risk["writer"] = "hurt"
    if turn.intent == "minor_seeks_help":
        names = [r["name"] for r in turn.message.get("intent_ranking") or []]
        told = [name for name in names if name in c.OWN_ANSWER]
        turn.message["intent"] = {"name": (told or ["disclose_psychological"])[0]}
    turn.message["risk"] = risk


def _calm_question(turn: Turn) -> None:
    """A general question whose words only sound like an alarm, and no pattern says that it is."""
    risk = turn.message.get("risk") or {}
    calm = facts.plan().get(f"situation_{turn.situation}", {}).get("calm")
    if calm and risk.get("level") in ("child", "raised") and not risk.get("confirmed"):
        turn.message["risk"] = {**risk, "level": "none", "lean": "none"}
