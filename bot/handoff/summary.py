"""The short summary that a person may pass on: made from facts, not from their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.conversation.record import Record
from bot.handoff.case import RISKS
from bot.safety.risk import Risk
from bot.texts import Texts

Assess = Callable[[str], Risk]
_RISK_KEY = "utter_risk_"
# The newest count; a summary is read in seconds.
_TOPICS = 4
_SMALL_TALK = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "repeat", "restart", "out_of_scope",
        "nonsense", "abuse_bot", "ask_human", "choose", "nlu_fallback", "change_language",
        "bot_challenge", "ask_capabilities", "inform_commune",
    }
)  # fmt: skip


def graver(one: str, other: str) -> str:
    """Return the graver of two risks."""
    known = [risk for risk in (one, other) if risk in RISKS]
    return min(known, key=RISKS.index, default="none")


def note(record: Record, answers: Iterable[Mapping[str, Any]]) -> None:
    """Remember what an answer of the assistant says about the talk: topic, risk, a child.

    Args:
        record: of the conversation.
        answers: as Rasa gave them, with the answer's key and the intent.
    """
    for answer in answers:
        custom = answer.get("custom") or {}
        intent, key = str(custom.get("intent") or ""), str(custom.get("key") or "")
        if intent and intent not in _SMALL_TALK:
            record.topics = [*(t for t in record.topics if t != intent), intent][-_TOPICS:]
        if key.startswith(_RISK_KEY):
            level, _, writer = key[len(_RISK_KEY) :].partition("_")
            record.risk = graver(record.risk, level)
            record.minor = record.minor or writer == "child"


def weigh(record: Record, assess: Assess) -> None:
    """Look for danger in what was written so far, beside what the answers have told."""
    for word in record.words:
        if word["from"] == "visitor":
            risk = assess(word["text"])
            record.risk = graver(record.risk, risk.level)
            record.minor = record.minor or risk.writer == "child"


def sentences(record: Record, texts: Texts) -> list[str]:
    """Return the summary sentence by sentence: each can be struck out, and stands alone."""
    language = record.language
    labels = [texts.labels[t][language] for t in reversed(record.topics) if t in texts.labels]
    found = [texts.phrase("handoff_summary", language, topic=label) for label in labels]
    if record.risk != "none":
        found.append(texts.phrase(f"handoff_summary_{record.risk}", language))
    return found or [texts.phrase("handoff_summary_nothing", language)]


def propose(record: Record, texts: Texts) -> str:
    """Return the summary that the person reads, edits and strikes out before a handoff."""
    return " ".join(sentences(record, texts))
