"""The learned part of seeing danger: small networks on sentence vectors, and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.language import Supported, detect
from bot.rasa_parts.augment import misspell
from bot.rasa_parts.encoder import Floats
from bot.rasa_parts.text import clean, fold
from bot.rasa_parts.voters import Labels, SpellingVoter, VectorVoter, softmax
from bot.safety.patterns import LEVELS, SAFETY, Book, Level, PatternError
from bot.yaml_files import DATA, read_yaml

# Share of letters that are wrong in the copies (the same as for the intents: vectors are shared).
_MISSPELT = (0.1,)
# How much more a line counts whose risk a person has set than one that has its intent's.
_OWN = 3.0
_TINY = np.float32(1e-5)
_SIGNS = re.compile(r"[^\w]+")


def risk_of_intents(path: Path = DATA / "plan.yml") -> dict[str, Level]:
    """Return the risk that each intent has by itself."""
    return {name: (fields or {}).get("risk", "none") for name, fields in read_yaml(path).items()}


def examples(folder: Path = SAFETY, names: str = "examples*.yml") -> dict[str, Level]:
    """Return the lines of the files `names` (data/safety/examples*.yml) with their risk.

    Raises:
        PatternError: a risk isn't known; names file and cure.
    """
    lines: dict[str, Level] = {}
    for path in sorted(folder.glob(names)):
        for risk, texts in read_yaml(path)["risk_examples"].items():
            if risk not in LEVELS:
                raise PatternError(f"{path}: '{risk}' isn't a risk; use {', '.join(LEVELS)}.")
            lines.update((clean(str(text)), risk) for text in texts)
    return lines


def by_heart(path: Path = SAFETY / "examples-short.yml") -> dict[str, Level]:
    """Return the shortest, most frequent messages with the risk that a person has set.

    A sentence vector of two or three words is close to too much: "he is asleep now" to a wound
    that makes nobody wake up. These lines aren't guessed at; they are known (keys: `key`).
    """
    return {key(line): risk for line, risk in examples(path.parent, path.name).items()}


def key(text: str) -> str:
    """Return the bare words of a message: folded, without signs."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


def taught(books: Iterable[Book]) -> dict[str, Level]:
    """Return the examples of the patterns and guards: what an author adds there is learned too."""
    return {
        clean(line): entry.risk if entry.kind == "patterns" else entry.becomes
        for book in books
        for entry in book.entries.values()
        if entry.kind in ("patterns", "guards")
        for line in entry.fires
    }


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
    """Three voters, as for the intents: USE vectors, e5 vectors and character n-grams."""

    def __init__(self, use: VectorVoter, e5: VectorVoter, spelling: SpellingVoter) -> None:
        """Take trained voters."""
        self._use, self._e5, self._spelling = use, e5, spelling

    @classmethod
    def train(
        cls,
        use_vectors: Floats,
        e5_vectors: Floats,
        texts: list[str],
        risks: Sequence[Level],
        own: Sequence[bool],
    ) -> RiskHead:
        """Learn.

        Args:
            use_vectors: of the lines, then of their misspelt copies.
            e5_vectors: of the lines.
            texts: the lines, then their misspelt copies.
            risks: the level of each line; every level must be there at least once.
            own: whether a person has set the line's risk itself; those count more.

        Raises:
            PatternError: a level has no example.
        """
        labels: Labels = np.array([LEVELS.index(risk) for risk in risks], dtype=np.int64)
        counts = np.bincount(labels, minlength=len(LEVELS))
        if not counts.all():
            names = ", ".join(LEVELS[i] for i in np.flatnonzero(counts == 0))
            raise PatternError(f"no example has the risk {names}; add some to data/safety.")
        # Danger is rare in the data as in life, and must not be missed: it counts more.
        balance = np.sqrt(len(labels) / len(LEVELS) / counts)[labels]
        weights = (balance * np.where(np.array(own), _OWN, 1.0)).astype(np.float32)
        times = len(texts) // len(labels)
        spelt = np.tile(labels, times)
        again = np.concatenate(
            [np.arange(len(spelt)), *[np.flatnonzero(spelt >= LEVELS.index("child"))] * 2]
        )
        return cls(
            VectorVoter(1024, epochs=14).fit(use_vectors, spelt, np.tile(weights, times)),
            VectorVoter(1024, epochs=20).fit(e5_vectors, labels, weights),
            SpellingVoter(epochs=4).fit([fold(texts[i]) for i in again], spelt[again]),
        )

    def probabilities(
        self, use_vectors: Floats, e5_vectors: Floats | None, texts: Sequence[str]
    ) -> Floats:
        """Return one row a text, columns as `LEVELS`.

        Args:
            use_vectors: of the texts.
            e5_vectors: of the first of them, or None when e5 wasn't asked.
            texts: as written.
        """
        total = np.log(self._use.probabilities(use_vectors) + _TINY)
        total += np.log(self._spelling.probabilities([fold(text) for text in texts]) + _TINY)
        voters = np.full((len(texts), 1), 2.0, dtype=np.float32)
        if e5_vectors is not None:
            asked = np.log(self._e5.probabilities(e5_vectors) + _TINY)
            total[: len(asked)] += asked
            voters[: len(asked)] += 1
        return softmax(total / voters)

    def state(self) -> dict[str, Any]:
        """Return what must be stored, as numpy arrays."""
        parts: dict[str, VectorVoter | SpellingVoter] = {
            "use": self._use,
            "e5": self._e5,
            "spelling": self._spelling,
        }
        return {f"{name}.{k}": v for name, part in parts.items() for k, v in part.state().items()}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> RiskHead:
        """Return the head that `state` came from."""

        def part(name: str) -> dict[str, Any]:
            return {k.partition(".")[2]: v for k, v in state.items() if k.startswith(f"{name}.")}

        return cls(
            VectorVoter.restore(part("use")),
            VectorVoter.restore(part("e5")),
            SpellingVoter.restore(part("spelling")),
        )


__all__ = [
    "RiskHead",
    "by_heart",
    "copies",
    "examples",
    "key",
    "lessons",
    "risk_of_intents",
    "taught",
]
