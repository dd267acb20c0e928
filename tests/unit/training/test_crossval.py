"""Cross-validation asks every example once, of a model that hasn't seen it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.rasa_parts import understanding
from bot.training import crossval

EXAMPLES = [
    (f"{word} {i}", intent, language)
    for intent, words in (("thank", ("merci", "bedankt")), ("danger", ("couteau", "mes")))
    for word, language in zip(words, ("fr", "nl"), strict=True)
    for i in range(6)
]


class _Voter:
    """Knows the intent of the lines that it was taught, by heart."""

    def __init__(self, taught: dict[str, int]) -> None:
        self.taught = taught

    def probabilities(self, lines):
        rows = [[0.5, 0.5] for _ in lines]
        for row, line in zip(rows, lines, strict=True):
            if str(line) in self.taught:
                raise AssertionError(f"{line} was taught and asked")
            row[0 if any(w in str(line) for w in ("couteau", "mes")) else 1] = 0.9
        return np.array(rows, dtype=np.float32)


class _Model:
    def __init__(self, texts: list[str], names: list[str]) -> None:
        self.intents = sorted(set(names))
        self.use = self.spelling = self.e5 = _Voter(dict.fromkeys(texts, 0))


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    seen: list[list[str]] = []

    def train(texts, names, cache):
        seen.append(list(texts))
        return _Model(texts, names)

    monkeypatch.setattr(understanding.Understanding, "train", train)
    monkeypatch.setattr(crossval, "CachedEncoder", lambda encoder, cache: lambda lines: lines)
    return seen


def test_each_example_is_asked_once_of_a_model_that_has_not_seen_it(
    taught: list[list[str]], tmp_path: Path
):
    rows = crossval.cross_validate(EXAMPLES, tmp_path)
    assert set(rows) == {"together", "use", "spelling", "e5"}
    for found in rows.values():
        assert sorted(row.text for row in found) == sorted(text for text, _, _ in EXAMPLES)
        assert all(row.exact for row in found)
    assert len(taught) == 3


def test_each_part_has_its_share_of_every_intent_and_language(
    taught: list[list[str]], tmp_path: Path
):
    crossval.cross_validate(EXAMPLES, tmp_path)
    for texts in taught:
        for word in ("merci", "bedankt", "couteau", "mes"):
            assert sum(text.startswith(f"{word} ") for text in texts) == 4
