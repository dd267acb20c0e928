"""The written answers and phrases, read from `data/`, for all who show them.

Rasa reads the same answer files; the gateway needs them too when Rasa is down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.language import Supported
from bot.yaml_files import DATA, TextsError, read_yaml

# Who approves: the first may approve what `data/approvals.yml` keeps for nobody else.
APPROVERS = ("social_worker", "lawyer", "native_speaker")

__all__ = ["DATA", "Answer", "Texts", "TextsError", "load_texts", "read_yaml", "texts"]


@dataclass(frozen=True)
class Answer:
    """One written answer in one language."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Texts:
    """All written answers (`utter_…`) and phrases, by key and language."""

    answers: dict[str, dict[str, Answer]]
    phrases: dict[str, dict[str, str]]
    labels: dict[str, dict[str, str]]
    approvers: dict[str, str] = field(default_factory=dict)

    def answer(self, key: str, language: Supported) -> Answer:
        """Return an answer.

        Raises:
            KeyError: there is no such answer in that language.
        """
        return self.answers[key][language]

    def phrase(self, key: str, language: Supported, **values: object) -> str:
        """Return a phrase with its `{names}` filled in.

        Raises:
            KeyError: there is no such phrase, or a name isn't given.
        """
        return self.phrases[key][language].format(**values)

    def approved(self, key: str) -> bool:
        """Tell whether the right sort of person has approved this answer.

        Its French variant carries the mark; a card in another language has one variant only.
        """
        variants = self.answers.get(key, {})
        first = variants.get("fr") or next(iter(variants.values()), None)
        mark = first.metadata.get("approved") if first else None
        return approval_holds(mark, self.approvers.get(key))

    def withheld(self, key: str) -> bool:
        """Tell whether this answer must not be given to somebody who has told that they hurt."""
        french = self.answers.get(key, {}).get("fr")
        return bool(french and french.metadata.get("if_read_by_violent_person") == "withhold")


def approval_holds(mark: Mapping[str, str] | None, needed: str | None) -> bool:
    """Tell whether an approval is whole, and by the sort of person who is needed.

    Args:
        mark: `{by_role, date, as}` of the answer, or None.
        needed: one of `APPROVERS`, or None when anybody's will do.
    """
    if not mark or not mark.get("by_role") or not mark.get("date"):
        return False
    return needed is None or mark.get("as") == needed


def approvers(data: Path = DATA) -> dict[str, str]:
    """Return which answers are kept for one sort of approver, by key.

    What holds for an answer holds for its words for a child.

    Raises:
        TextsError: the file is broken, or names another sort.
    """
    path = data / "approvals.yml"
    found: dict[str, str] = {}
    for kind, keys in ((read_yaml(path) or {}) if path.exists() else {}).items():
        if kind not in APPROVERS:
            raise TextsError(f"{path}: {kind} isn't known; use {', '.join(APPROVERS)}.")
        for key in keys:
            found[str(key)] = found[f"{key}_child"] = str(kind)
    return found


def _language_of(variant: dict[str, Any]) -> str | None:
    for condition in variant.get("condition", ()):
        if condition.get("name") == "language":
            return str(condition.get("value"))
    return None


def load_texts(data: Path = DATA) -> Texts:
    """Read every answer, phrase and label under `data`.

    Raises:
        TextsError: a file is broken, or a key stands in two files (Rasa would lose one silently).
    """
    answers: dict[str, dict[str, Answer]] = {}
    home: dict[str, Path] = {}
    for path in sorted((data / "answers").glob("*.yml")):
        for key, variants in (read_yaml(path) or {}).get("responses", {}).items():
            if key in home:
                raise TextsError(f"{path}: {key} stands in {home[key]} too; keep one of them.")
            home[key] = path
            answers[key] = {}
            for variant in variants:
                language = _language_of(variant)
                if language:
                    answers[key][language] = Answer(
                        text=str(variant.get("text", "")).strip(),
                        buttons=tuple(variant.get("buttons", ())),
                        metadata=variant.get("metadata") or {},
                    )
    phrases = read_yaml(data / "phrases.yml") or {}
    labels = read_yaml(data / "labels.yml") or {}
    return Texts(answers, phrases, labels, approvers(data))


@lru_cache(maxsize=1)
def texts() -> Texts:
    """Return the texts of this checkout, read once."""
    return load_texts()
