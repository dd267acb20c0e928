"""The written answers and phrases, read from `data/`, for all who show them.

Rasa reads the same answer files; the gateway needs them too when Rasa is down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.language import Supported
from bot.yaml_files import DATA, TextsError, read_yaml

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
        """Tell whether a person has approved this answer (its French variant carries the mark)."""
        french = self.answers.get(key, {}).get("fr")
        mark = french.metadata.get("approved") if french else None
        return bool(mark and mark.get("by_role") and mark.get("date"))

    def withheld(self, key: str) -> bool:
        """Tell whether this answer must not be given to somebody who has told that they hurt."""
        french = self.answers.get(key, {}).get("fr")
        return bool(french and french.metadata.get("if_read_by_violent_person") == "withhold")


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
    return Texts(answers=answers, phrases=phrases, labels=labels)


@lru_cache(maxsize=1)
def texts() -> Texts:
    """Return the texts of this checkout, read once."""
    return load_texts()
