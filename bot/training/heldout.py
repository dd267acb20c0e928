"""The frozen test lines, read with a model: everything that the report and the gates look at.

The lines were written before the training examples, by somebody who hadn't seen any. They measure;
nobody writes examples or patterns from them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.language import SUPPORTED, detect
from bot.settings import ROOT
from bot.training.evaluate import ALARMS, IntentRow, read_rows, seen, share

HELDOUT = ROOT / "tests" / "heldout"
_FILES = ("intents.jsonl", "safety.jsonl", "language.jsonl", "redaction.jsonl")


class MessageReader(Protocol):
    """What is asked of a reader: `bot.training.reader.Reader`, or a fake in the tests."""

    def warm(self, texts: list[str]) -> None:
        """Encode many texts at once."""

    def read(self, text: str) -> Any:
        """Return a `Parsed`."""


@dataclass(frozen=True)
class SafetyRow:
    """One line of which the danger is known, what was found, and how much the head feared it."""

    text: str
    lang: str
    risk: str
    found: str
    alarm: float

    @property
    def seen(self) -> bool:
        """The risk was seen, itself or a more urgent alarm that shows the same help."""
        return seen(self.risk, self.found)

    @property
    def alarmed(self) -> bool:
        """An alarm was raised."""
        return self.found in ALARMS


@dataclass(frozen=True)
class LanguageRow:
    """One line and its language; None: its words belong to no language in particular."""

    text: str
    lang: str | None
    found: str | None

    @property
    def right(self) -> bool:
        """The language was recognised."""
        return self.lang == self.found


@dataclass(frozen=True)
class RedactionRow:
    """One line: the personal data in it, what of it was covered, and harmless words that went."""

    lang: str
    meant: Sequence[str]
    covered: Sequence[bool]
    words: int
    words_gone: int


@dataclass(frozen=True)
class Measured:
    """All held-out lines as one model read them."""

    intents: list[IntentRow]
    safety: list[SafetyRow]
    language: list[LanguageRow]
    redaction: list[RedactionRow] = field(default_factory=list)


def digest(folder: Path = HELDOUT) -> str:
    """Return a short hash of the test lines: two runs compare only on the same ones."""
    found = hashlib.blake2b(digest_size=6)
    for name in _FILES:
        path = folder / name
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


def measure(
    reader: MessageReader,
    folder: Path = HELDOUT,
    redact: Callable[[str, str], Any] | None = None,
) -> Measured:
    """Read every held-out line.

    Args:
        reader: the model.
        folder: where the lines lie.
        redact: gives what `Redactor.redact` gives for (text, language); needed when there is a
            `redaction.jsonl`.

    Raises:
        FileNotFoundError, ValueError: a file is missing, or a line lacks something (named).
    """
    intents = read_rows(folder / _FILES[0], "text", "lang", "intent")
    safety = read_rows(folder / _FILES[1], "text", "lang", "risk")
    language = read_rows(folder / _FILES[2], "text")
    reader.warm([row["text"] for row in (*intents, *safety)])
    personal = folder / _FILES[3]
    return Measured(
        [_intent(reader, row) for row in intents],
        [_safety(reader, row) for row in safety],
        [LanguageRow(row["text"], row.get("lang"), detect(row["text"])) for row in language],
        [_redaction(redact, row) for row in read_rows(personal, "text", "lang", "spans")]
        if redact and personal.exists()
        else [],
    )


def _intent(reader: MessageReader, row: dict[str, Any]) -> IntentRow:
    parsed = reader.read(row["text"])
    return IntentRow(
        row["text"],
        row["lang"],
        row["intent"],
        tuple(row.get("alt") or ()),
        tuple(name for name, _ in parsed.ranking),
        parsed.confidence,
    )


def _safety(reader: MessageReader, row: dict[str, Any]) -> SafetyRow:
    parsed = reader.read(row["text"])
    return SafetyRow(row["text"], row["lang"], row["risk"], parsed.risk.level, parsed.alarm)


def _redaction(redact: Callable[[str, str], Any], row: dict[str, Any]) -> RedactionRow:
    """Compare spans: personal data counts as covered when none of its characters is left."""
    found = [(span.start, span.end) for span in redact(row["text"], row["lang"]).spans]
    gone = {place for start, end in found for place in range(start, end)}
    covered = [set(range(s["start"], s["end"])) <= gone for s in row["spans"]]
    words = words_gone = place = 0
    if not row["spans"]:
        for word in row["text"].split():
            place = row["text"].index(word, place)
            words += 1
            words_gone += place in gone
            place += len(word)
    return RedactionRow(row["lang"], [s["type"] for s in row["spans"]], covered, words, words_gone)


def groups(measured: Measured) -> dict[str, list[bool]]:
    """Return what was right and wrong, line by line, under the name of each figure.

    `recall.*` counts the lines with that risk that were seen; `false_alarms` the harmless ones on
    which an alarm was raised (less is better); `redaction.*` the pieces of personal data covered.
    """
    found: dict[str, list[bool]] = defaultdict(list)
    for row in measured.intents:
        for name in ("all", row.lang):
            found[f"accuracy.{name}"].append(row.exact)
            found[f"accepted.{name}"].append(row.accepted)
            found[f"top3.{name}"].append(row.top3)
    for line in measured.safety:
        for suffix in ("", f".{line.lang}"):
            if line.risk == "none":
                found[f"false_alarms{suffix}"].append(line.alarmed)
            elif line.risk in ALARMS:
                found[f"recall.{line.risk}{suffix}"].append(line.seen)
    for said in measured.language:
        name = "none" if said.lang is None else said.lang if said.lang in SUPPORTED else "other"
        found[f"language.{name}"].append(said.right)
    for hidden in measured.redaction:
        for kind, covered in zip(hidden.meant, hidden.covered, strict=True):
            found[f"redaction.{kind}"].append(covered)
            found["redaction.all"].append(covered)
    return dict(found)


def figures(measured: Measured) -> dict[str, float]:
    """Return one number for each name of `groups`, the difference of the languages, and removal."""
    found = {name: share(values) for name, values in groups(measured).items()}
    found["difference"] = abs(found.get("accepted.fr", 0.0) - found.get("accepted.nl", 0.0))
    words = sum(row.words for row in measured.redaction)
    if words:
        found["removed_for_nothing"] = sum(row.words_gone for row in measured.redaction) / words
    return found
