"""What a message means: three voters, put together. No Rasa here: it can be measured alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.language import detect
from bot.rasa_parts.augment import misspell
from bot.rasa_parts.encoder import CachedEncoder, Encoder, Floats, encoders
from bot.rasa_parts.text import clean, fold, pieces
from bot.rasa_parts.voters import SpellingVoter, VectorVoter, softmax

# Shares of the three voters and the sharpness of their sum, found by cross-validation
# (docs/understanding.md).
WEIGHTS = {"use": 1.0, "spelling": 1.0, "e5": 1.0}
SHARPNESS = 0.5
# A message of several sentences: how much the whole counts against its sentences.
WHOLE = 0.6
# e5 costs ten times as much as USE on a long message: it is asked only when the two others aren't
# this sure, and only about the whole and its first sentence (measured: docs/understanding.md).
SURE = 0.6
_E5_PIECES = 2
_MISSPELT = (0.1,)
_TINY = np.float32(1e-6)


@dataclass(frozen=True)
class Reading:
    """One message as understood."""

    ranking: list[tuple[str, float]]
    needs: list[str]
    pieces: list[str]
    vectors: Floats
    # Of the first pieces; None when the two other voters were sure.
    e5_vectors: Floats | None = None


class Understanding:
    """The trained voters and the names of the intents."""

    def __init__(
        self, intents: list[str], use: VectorVoter, spelling: SpellingVoter, e5: VectorVoter
    ) -> None:
        """Put trained voters together."""
        self.intents, self.use, self.spelling, self.e5 = intents, use, spelling, e5
        self._use_encoder, self._e5_encoder = encoders()
        # Filled by `warm` only: while serving, no vector of anybody's words is kept.
        self._known: dict[str, Floats] = {}

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        names: Sequence[str],
        cache: Path,
        progress: Callable[[str, int, int], None] = lambda *_: None,
    ) -> Understanding:
        """Learn from examples.

        Args:
            texts: training lines.
            names: the intent of each.
            cache: folder of the vectors that are known already.
            progress: called with (what, done, of how many).
        """
        intents = sorted(set(names))
        labels = np.array([intents.index(name) for name in names], dtype=np.int64)
        lines = [clean(text)[:600] for text in texts]
        copies, copy_labels = list(lines), [labels]
        for rate in _MISSPELT:
            copies += [misspell(line, rate, _language(line)) for line in lines]
            copy_labels.append(labels)
        all_labels = np.concatenate(copy_labels)
        use_encoder, e5_encoder = encoders()
        use_vectors = CachedEncoder(use_encoder, cache)(
            copies, lambda done, of: progress("use", done, of)
        )
        # e5 is slow, and gains nothing from misspelt lines: it learns from the clean ones.
        e5_vectors = CachedEncoder(e5_encoder, cache)(
            lines, lambda done, of: progress("e5", done, of)
        )
        progress("voters", 0, 3)
        use = VectorVoter(1536, epochs=15).fit(use_vectors, all_labels)
        progress("voters", 1, 3)
        spelling = SpellingVoter().fit([fold(copy) for copy in copies], all_labels)
        progress("voters", 2, 3)
        e5 = VectorVoter(2048, epochs=30).fit(e5_vectors, labels)
        progress("voters", 3, 3)
        return cls(intents, use, spelling, e5)

    def warm(self, texts: Sequence[str]) -> None:
        """Encode many texts at once and keep the vectors: for measuring only."""
        parts = sorted({part for text in texts for part in pieces(clean(text)) or [""]}, key=len)
        for start in range(0, len(parts), 64):
            batch = parts[start : start + 64]
            self._known.update(zip(batch, self._use_encoder(batch), strict=True))

    def _vectors(self, parts: list[str]) -> Floats:
        if self._known and all(part in self._known for part in parts):
            return np.stack([self._known[part] for part in parts])
        return self._use_encoder(parts)

    def read(self, text: str) -> Reading:
        """Understand one message (up to 2,000 characters; longer ones are cut by the gateway)."""
        parts = pieces(clean(text)) or [""]
        vectors = self._vectors(parts)
        scores = WEIGHTS["use"] * np.log(self.use.probabilities(vectors) + _TINY)
        scores += WEIGHTS["spelling"] * np.log(
            self.spelling.probabilities([fold(part) for part in parts]) + _TINY
        )
        combined = self._combine(scores, WEIGHTS["use"] + WEIGHTS["spelling"])
        e5_vectors = None
        if combined.max() < SURE:
            e5_vectors = self._e5_encoder(parts[:_E5_PIECES])
            asked = self.e5.probabilities(e5_vectors)
            full = np.full_like(scores, np.nan)
            full[: len(asked)] = WEIGHTS["e5"] * np.log(asked + _TINY)
            scores = scores + np.where(np.isnan(full), np.nanmean(full, axis=0), full)
            combined = self._combine(scores, sum(WEIGHTS.values()))
        order = np.argsort(-combined)
        ranking = [(self.intents[i], float(combined[i])) for i in order]
        needs = self._needs(scores, ranking[0][0])
        return Reading(ranking, needs, parts, vectors, e5_vectors)

    def _combine(self, scores: Floats, total: float) -> Floats:
        sharp = scores * np.float32(SHARPNESS * 3 / total)
        if len(sharp) == 1:
            return softmax(sharp)[0]
        whole, sentences = softmax(sharp[:1])[0], softmax(sharp[1:])
        return WHOLE * whole + (1 - WHOLE) * sentences.mean(axis=0)

    def _needs(self, scores: Floats, top: str) -> list[str]:
        """Return what single sentences clearly ask beside the whole."""
        found: list[str] = []
        if len(scores) > 1:
            for row in softmax(scores[1:] * np.float32(SHARPNESS)):
                name = self.intents[int(row.argmax())]
                if row.max() > 0.6 and name != top and name not in found:
                    found.append(name)
        return found

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "intents.json").write_text(json.dumps(self.intents), encoding="utf-8")
        for name, voter in (("use", self.use), ("spelling", self.spelling), ("e5", self.e5)):
            np.savez(folder / f"{name}.npz", **voter.state())

    @classmethod
    def load(cls, folder: Path) -> Understanding:
        """Read what `save` wrote, and load the encoders' weights."""
        states: dict[str, dict[str, Any]] = {}
        for name in ("use", "spelling", "e5"):
            with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
                states[name] = {key: stored[key] for key in stored.files}
        loaded = cls(
            json.loads((folder / "intents.json").read_text(encoding="utf-8")),
            VectorVoter.restore(states["use"]),
            SpellingVoter.restore(states["spelling"]),
            VectorVoter.restore(states["e5"]),
        )
        for encoder in (loaded._use_encoder, loaded._e5_encoder):
            encoder.warm()
        return loaded


def _language(line: str) -> str:
    return "nl" if detect(line) == "nl" else "fr"


__all__ = ["Encoder", "Reading", "Understanding"]
