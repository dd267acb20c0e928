"""Readers that need no model, and small test lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

INTENTS = [
    {"text": "il a un couteau", "lang": "fr", "intent": "danger_immediate", "alt": []},
    {"text": "merci beaucoup", "lang": "fr", "intent": "thank", "alt": ["goodbye"]},
    {"text": "hij heeft een mes", "lang": "nl", "intent": "danger_immediate", "alt": []},
    {"text": "dank u <b>zeer</b>", "lang": "nl", "intent": "thank", "alt": ["goodbye"]},
]
SAFETY = [
    {"text": "il a un couteau", "lang": "fr", "risk": "emergency"},
    {"text": "hij heeft een mes", "lang": "nl", "risk": "emergency"},
    {"text": "je veux mourir", "lang": "fr", "risk": "crisis"},
    {"text": "ik wil dood", "lang": "nl", "risk": "crisis"},
    {"text": "papa tape mon petit frère", "lang": "fr", "risk": "child"},
    {"text": "papa slaat mijn broertje", "lang": "nl", "risk": "child"},
    {"text": "je suis mort de rire", "lang": "fr", "risk": "none"},
    {"text": "ik lach me dood", "lang": "nl", "risk": "none"},
]
LANGUAGE = [
    {"text": "je ne sais pas quoi faire", "lang": "fr"},
    {"text": "ik weet niet wat ik moet doen", "lang": "nl"},
    {"text": "I do not know what I should do now", "lang": "en"},
    {"text": "ok", "lang": None},
]


def heldout(folder: Path) -> Path:
    """Write the small test lines; return their folder."""
    for name, rows in (("intents", INTENTS), ("safety", SAFETY), ("language", LANGUAGE)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@dataclass
class FakeReader:
    """Answers from a table; what isn't in it is `other` without danger."""

    intents: Mapping[str, list[str]] = field(default_factory=dict)
    risks: Mapping[str, str] = field(default_factory=dict)
    warmed: list[str] = field(default_factory=list)

    def warm(self, texts: list[str]) -> None:
        self.warmed += texts

    def read(self, text: str) -> Any:
        names = self.intents.get(text, ["other"])
        found = self.risks.get(text, "none")
        return SimpleNamespace(
            ranking=[(name, 0.9 / (i + 1)) for i, name in enumerate(names)],
            confidence=0.9,
            risk=SimpleNamespace(level=found),
            alarm=0.8 if found in ("emergency", "crisis", "child") else 0.1,
        )


def good_reader() -> FakeReader:
    """Understands all of the small test lines."""
    return FakeReader(
        {row["text"]: [row["intent"], "other"] for row in INTENTS},
        {row["text"]: row["risk"] for row in SAFETY},
    )


def bad_reader() -> FakeReader:
    """Understands nothing and takes everything for a crisis that isn't one."""
    return FakeReader(risks={row["text"]: "crisis" for row in SAFETY if row["risk"] == "none"})
