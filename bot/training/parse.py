"""`helpline parse` and `helpline redact`: JSON Lines in, JSON Lines out, in the same order."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from bot.language import Supported, detect
from bot.privacy.redact import Redactor
from bot.training.reader import Reader, load_directory_once


class LineError(ValueError):
    """A line of the input can't be used; the message says which and why."""


def _lines(source: TextIO) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError:
            raise LineError(f"line {number}: not JSON; write one object a line.") from None
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            raise LineError(f'line {number}: needs a "text" that is a string.')
        found.append(data)
    return found


def _write(target: TextIO, data: dict[str, Any]) -> None:
    target.write(json.dumps(data, ensure_ascii=False) + "\n")


def parse_lines(source: TextIO, target: TextIO) -> int:
    """Read `{"text"}` a line; write intent, confidence, ranking, language, risk, entities.

    Each line stands for itself. Names and numbers are redacted first, as in the gateway.
    """
    try:
        rows = _lines(source)
    except LineError as error:
        print(error, file=sys.stderr)
        return 2
    reader = Reader.load()
    redactor = Redactor(load_directory_once())
    texts = [_redacted(redactor, row["text"]) for row in rows]
    reader.warm(texts)
    for row, text in zip(rows, texts, strict=True):
        reading = reader.read(text)
        _write(
            target,
            {
                "intent": reading.intent,
                "confidence": round(reading.confidence, 4),
                "ranking": [[name, round(score, 4)] for name, score in reading.ranking[:5]],
                "language": detect(row["text"]),
                "risk": reading.risk.level,
                "because": reading.risk.because,
                "writer": reading.risk.writer,
                "situation": reading.situation,
                "needs": reading.needs,
                "entities": reading.entities,
            },
        )
    return 0


def _redacted(redactor: Redactor, text: str) -> str:
    return redactor.redact(text, _supported(detect(text))).text


def _supported(language: str | None) -> Supported:
    return "nl" if language == "nl" else "fr"


def redact_lines(source: TextIO, target: TextIO) -> int:
    """Read `{"text", "lang"}` a line; write the redacted text and the spans that were replaced."""
    try:
        rows = _lines(source)
    except LineError as error:
        print(error, file=sys.stderr)
        return 2
    redactor = Redactor(load_directory_once())
    redactor.warm()
    for row in rows:
        language = row.get("lang") or detect(row["text"])
        result = redactor.redact(row["text"], _supported(language))
        spans = [{"start": s.start, "end": s.end, "type": s.type} for s in result.spans]
        _write(target, {"text": result.text, "spans": spans})
    return 0
