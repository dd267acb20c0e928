"""Reading the risk of a message: patterns, learned head and intent. Without Rasa."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from bot.rasa_parts.encoder import CachedEncoder, Encoder, Floats
from bot.rasa_parts.text import clean
from bot.rasa_parts.understanding import Reading
from bot.safety.learned import (
    RiskHead,
    by_heart,
    copies,
    examples,
    key,
    lessons,
    risk_of_intents,
    taught,
)
from bot.safety.patterns import LEVELS, load_all
from bot.safety.risk import Risk, assess
from bot.safety.situations import Situations

_FILE = "head.npz"


class RiskReader:
    """The trained head with the patterns and situations of `data/`."""

    def __init__(self, head: RiskHead) -> None:
        """Take a trained head; read the patterns."""
        self._head = head
        self._books = load_all()
        self._risk_of = risk_of_intents()
        self._by_heart = by_heart()
        self._situations = Situations.load(self._books)

    @classmethod
    def train(
        cls,
        labelled: Iterable[tuple[str, str]],
        cache: Path,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> RiskReader:
        """Learn from lines with their intent and from the lines whose risk a person has set.

        Args:
            labelled: (text, intent).
            cache: folder of the vectors that are known already.
            progress: called with (done, of how many) while encoding.
        """
        written = taught(load_all()) | examples()
        lines = lessons(labelled, risk_of_intents(), written)
        spelt = [text for copy in copies(lines) for text in copy]
        plain = spelt[: len(lines)]
        return cls(
            RiskHead.train(
                CachedEncoder(Encoder("use"), cache)(spelt, progress),
                CachedEncoder(Encoder("e5"), cache)(plain, progress),
                spelt,
                list(lines.values()),
                [line in written for line in lines],
            )
        )

    def heard(self, reading: Reading) -> Floats:
        """Return how probable each risk is, one row a sentence, columns as `LEVELS`.

        The learned head says so, but for the short messages that are known by heart.
        """
        shares = self._head.probabilities(reading.vectors, reading.e5_vectors, reading.pieces)
        for row, piece in zip(shares, reading.pieces, strict=True):
            known = self._by_heart.get(key(piece))
            if known:
                row[:] = [level == known for level in LEVELS]
        return shares

    def read(self, text: str, reading: Reading) -> tuple[Risk, str | None]:
        """Return the risk of a message, and the situation that it tells of, if any.

        Args:
            text: the message.
            reading: what it means, with its sentences and their vectors.
        """
        plain = clean(text)
        risk = assess(
            plain,
            self._books,
            reading.pieces,
            self.heard(reading),
            dict(reading.ranking),
            self._risk_of,
        )
        return risk, self._situations.find(plain, reading.ranking[0][0])

    def save(self, folder: Path) -> None:
        """Write the head into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / _FILE, **self._head.state())

    @classmethod
    def load(cls, folder: Path) -> RiskReader:
        """Read what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            return cls(RiskHead.restore({key: stored[key] for key in stored.files}))
