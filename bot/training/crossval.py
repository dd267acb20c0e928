"""Cross-validation: three times, two thirds of the examples teach and one third is asked.

Only the small networks on top are trained anew; the sentence vectors come from the cache. A line
is scored whole, as short messages are; cutting into sentences is measured on the held-out lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from bot.rasa_parts.encoder import CachedEncoder, Floats, encoders
from bot.rasa_parts.text import clean, fold
from bot.rasa_parts.understanding import SHARPNESS, SURE, WEIGHTS, Understanding
from bot.rasa_parts.voters import softmax
from bot.training.evaluate import IntentRow

Example = tuple[str, str, str]
_TINY = np.float32(1e-6)
_RANKED = 5


def cross_validate(
    examples: Sequence[Example],
    cache: Path,
    folds: int = 3,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> dict[str, list[IntentRow]]:
    """Return how each example is understood by a model that hasn't seen it.

    Args:
        examples: (text, intent, language) of the training data.
        cache: folder of the sentence vectors.
        folds: how many parts; each is asked once.
        progress: called with (folds done, of how many).

    Returns:
        The rows under `together`, and under the name of each voter alone.
    """
    rows: dict[str, list[IntentRow]] = {name: [] for name in ("together", *WEIGHTS)}
    for done, (taught, asked) in enumerate(_parts(examples, folds), start=1):
        model = Understanding.train(
            [examples[i][0] for i in taught], [examples[i][1] for i in taught], cache
        )
        chosen = [examples[i] for i in asked]
        for name, scores in _scores(model, [text for text, _, _ in chosen], cache).items():
            rows[name] += _rows(model.intents, chosen, scores)
        progress(done, folds)
    return rows


def _parts(
    examples: Sequence[Example], folds: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Cut so that each part has its share of every intent in each language."""
    kinds = [f"{intent} {language}" for _, intent, language in examples]
    cutter = StratifiedKFold(folds, shuffle=True, random_state=0)
    yield from cutter.split(np.zeros(len(kinds)), kinds)


def _scores(model: Understanding, texts: list[str], cache: Path) -> dict[str, Floats]:
    lines = [clean(text)[:600] for text in texts]
    use, e5 = encoders()
    alone = {
        "use": model.use.probabilities(CachedEncoder(use, cache)(lines)),
        "spelling": model.spelling.probabilities([fold(line) for line in lines]),
        "e5": model.e5.probabilities(CachedEncoder(e5, cache)(lines)),
    }
    votes = {name: WEIGHTS[name] * np.log(scores + _TINY) for name, scores in alone.items()}
    two = _fused([votes["use"], votes["spelling"]], WEIGHTS["use"] + WEIGHTS["spelling"])
    three = _fused(list(votes.values()), sum(WEIGHTS.values()))
    # As in service: e5 is asked only where the two others aren't sure.
    sure = two.max(axis=1, keepdims=True) >= SURE
    return {"together": np.where(sure, two, three), **alone}


def _fused(votes: list[Floats], total: float) -> Floats:
    return softmax(np.sum(votes, axis=0) * np.float32(SHARPNESS * 3 / total))


def _rows(intents: list[str], chosen: Sequence[Example], scores: Floats) -> list[IntentRow]:
    order = np.argsort(-scores, axis=1)[:, :_RANKED]
    return [
        IntentRow(
            text,
            language,
            intent,
            (),
            tuple(intents[i] for i in ranked),
            float(line[ranked[0]]),
        )
        for (text, intent, language), ranked, line in zip(chosen, order, scores, strict=True)
    ]
