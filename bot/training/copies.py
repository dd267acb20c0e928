"""Test lines that the assistant has as good as learned by heart: they flatter its figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from bot.rasa_parts.text import fold

# From this likeness on (100: letter for letter), a line says the same in the same words.
_COPY = 85


def copied(lines: Sequence[str], examples: Sequence[str]) -> list[bool]:
    """Tell of each line whether a training example is (nearly) the same.

    Short ones can hardly be avoided: there are few ways to write a postal code, or "stop".

    Args:
        lines: test lines.
        examples: training examples.
    """
    known = [fold(example) for example in examples]
    likeness = process.cdist(
        [fold(line) for line in lines],
        known,
        scorer=fuzz.ratio,
        score_cutoff=_COPY,
        dtype=np.uint8,
    )
    return [bool(found) for found in (likeness > 0).any(axis=1)]
