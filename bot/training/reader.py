"""A message read as Rasa's pipeline reads it, without Rasa: the same parts, loaded directly.

Rasa needs half a minute and 700 MB to start; measuring needs neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.entities import extract
from bot.rasa_parts.understanding import Understanding
from bot.safety.detector import RiskReader
from bot.safety.patterns import LEVELS
from bot.safety.risk import Risk
from bot.texts import DATA
from bot.training.model import component_folder, model_path


@lru_cache(maxsize=1)
def load_directory_once() -> Directory:
    """Return the directory (for names of communes and for known numbers)."""
    return load_directory(DATA / "directory", "demo")


@dataclass(frozen=True)
class Parsed:
    """All that is understood of one message.

    `alarm`: what the learned part alone gives to emergency, crisis and child together, in the
    sentence where that is highest.
    """

    intent: str
    confidence: float
    ranking: list[tuple[str, float]]
    needs: list[str]
    risk: Risk
    alarm: float
    situation: str | None
    entities: list[dict[str, Any]]


class Reader:
    """Reads messages with a trained model."""

    def __init__(self, understanding: Understanding, risk: RiskReader, directory: Directory):
        """Put the parts together."""
        self._understanding, self._risk, self._directory = understanding, risk, directory

    @classmethod
    def load(cls, model: Path | None = None) -> Reader:
        """Load a model (today's by default).

        Raises:
            FileNotFoundError: it isn't trained yet; says how.
        """
        path = model or model_path()
        if not path.exists():
            raise FileNotFoundError(f"{path} isn't there yet: run 'make train' first.")
        with component_folder(path, "IntentClassifier") as folder:
            understanding = Understanding.load(folder)
        with component_folder(path, "RiskDetector") as folder:
            risk = RiskReader.load(folder)
        return cls(understanding, risk, load_directory_once())

    def warm(self, texts: list[str]) -> None:
        """Encode many texts at once, which is several times faster than one by one."""
        self._understanding.warm(texts)

    def read(self, text: str) -> Parsed:
        """Read one message."""
        reading = self._understanding.read(text)
        risk, situation = self._risk.read(text, reading)
        name, confidence = reading.ranking[0]
        # From "child" on, every level is an alarm.
        alarms = self._risk.heard(reading)[:, LEVELS.index("child") :].sum(axis=1)
        return Parsed(
            name,
            confidence,
            reading.ranking,
            reading.needs,
            risk,
            float(alarms.max()),
            situation,
            extract(text, name, self._directory),
        )
