"""The learned part of seeing danger: a small network on the sentence vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bot.language import SUPPORTED, Supported, detect
from bot.rasa_parts.augment import misspell
from bot.rasa_parts.encoder import Floats
from bot.rasa_parts.text import clean
from bot.rasa_parts.voters import Labels, VectorVoter
from bot.safety.patterns import LEVELS, SAFETY, Level, PatternError
from bot.yaml_files import DATA, read_yaml

# Share of letters that are wrong in the copies (the same as for the intents: vectors are shared).
_MISSPELT = (0.1,)


def risk_of_intents(path: Path = DATA / "plan.yml") -> dict[str, Level]:
    """Return the risk that each intent has by itself."""
    return {name: (fields or {}).get("risk", "none") for name, fields in read_yaml(path).items()}


def examples(folder: Path = SAFETY) -> dict[str, Level]:
    """Return the lines of data/safety/examples.<language>.yml with their risk.

    Raises:
        PatternError: a risk isn't known; names file and cure.
    """
    lines: dict[str, Level] = {}
    for language in SUPPORTED:
        path = folder / f"examples.{language}.yml"
        for risk, texts in read_yaml(path)["risk_examples"].items():
            if risk not in LEVELS:
                raise PatternError(f"{path}: '{risk}' isn't a risk; use {', '.join(LEVELS)}.")
            lines.update((clean(str(text)), risk) for text in texts)
    return lines


def lessons(
    labelled: Iterable[tuple[str, str]],
    plan: Mapping[str, Level],
    written: Mapping[str, Level],
) -> dict[str, Level]:
    """Return every line to learn from with its risk.

    Args:
        labelled: lines with their intent.
        plan: the risk of each intent.
        written: lines whose risk a person has set; they come before the intent's.
    """
    lines: dict[str, Level] = {clean(text): plan.get(name, "none") for text, name in labelled}
    lines.update(written)
    return lines


def copies(lines: Iterable[str]) -> list[list[str]]:
    """Return the lines and their misspelt copies, one list a rate, in the order of the lines."""
    kept = list(lines)
    spelt = [[line[:600] for line in kept]]
    for rate in _MISSPELT:
        spelt.append([misspell(line[:600], rate, _language(line)) for line in kept])
    return spelt


def _language(line: str) -> Supported:
    return "nl" if detect(line) == "nl" else "fr"


class RiskHead:
    """Gives the probability of each level for a sentence vector."""

    def __init__(self, voter: VectorVoter | None = None) -> None:
        """Take a trained voter, or none to train later."""
        self._voter = voter or VectorVoter(hidden=256, seeds=2, epochs=8)

    def fit(self, vectors: Floats, risks: Iterable[Level]) -> RiskHead:
        """Learn from vectors and their levels; every level must be there at least once."""
        labels: Labels = np.array([LEVELS.index(risk) for risk in risks], dtype=np.int64)
        missing = set(range(len(LEVELS))) - set(labels.tolist())
        if missing:
            names = ", ".join(LEVELS[i] for i in sorted(missing))
            raise PatternError(f"no example has the risk {names}; add some to data/safety.")
        self._voter.fit(vectors, labels)
        return self

    def probabilities(self, vectors: Floats) -> Floats:
        """Return one row a vector, columns as `LEVELS`."""
        return self._voter.probabilities(vectors)

    def state(self) -> dict[str, Any]:
        """Return what must be stored, as numpy arrays."""
        return self._voter.state()

    @classmethod
    def restore(cls, state: dict[str, Any]) -> RiskHead:
        """Return the head that `state` came from."""
        return cls(VectorVoter.restore(state))


__all__ = ["RiskHead", "copies", "examples", "lessons", "risk_of_intents"]
