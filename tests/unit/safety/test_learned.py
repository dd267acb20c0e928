"""What the learned head learns from. Its training is measured by the gates, not here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.rasa_parts.voters import SpellingVoter, VectorVoter
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
from bot.safety.patterns import LEVELS, Book, PatternError


def test_a_persons_word_comes_before_the_intent() -> None:
    lines = lessons(
        [("il me frappe", "disclose_physical"), ("bonjour", "greet"), ("quoi", "unknown")],
        {"disclose_physical": "raised", "greet": "none"},
        {"il me frappe": "emergency"},
    )
    assert lines == {"il me frappe": "emergency", "bonjour": "none", "quoi": "none"}


def test_the_examples_of_patterns_and_guards_are_learned(books: list[Book]) -> None:
    lines = taught(books)
    assert lines["il a un couteau"] == "emergency"
    assert lines["mort de rire"] == "none"
    assert lines["ik wil dood"] == "crisis"


def test_every_level_has_examples_that_a_person_wrote() -> None:
    levels = list(examples().values())
    assert all(levels.count(level) > 50 for level in LEVELS)


def test_every_intent_of_the_plan_has_a_known_risk() -> None:
    plan = risk_of_intents()
    assert set(plan.values()) <= set(LEVELS)
    assert plan["danger_immediate"] == "emergency"
    assert plan["greet"] == "none"


def test_an_unknown_risk_in_the_examples_is_named_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "examples.fr.yml").write_text("risk_examples: {danger: [aïe]}", encoding="utf-8")
    with pytest.raises(PatternError, match=r"examples\.fr\.yml.*'danger'.*use none"):
        examples(tmp_path)


def test_misspelt_copies_keep_the_order_of_the_lines() -> None:
    plain, *misspelt = copies(["il va me tuer ce soir", "x" * 700])
    assert plain == ["il va me tuer ce soir", "x" * 600]
    assert misspelt
    assert all(len(copy) == 2 and copy[0] != plain[0] for copy in misspelt)


def test_a_stored_head_answers_as_before() -> None:
    dice = np.random.default_rng(0)
    levels = len(LEVELS)

    def voter() -> VectorVoter:
        made = VectorVoter(4)
        made.mean = np.zeros(6, dtype=np.float32)
        made.scale = np.ones(6, dtype=np.float32)
        shapes = ((6, 4), (4,), (4, levels), (levels,))
        made.layers = [tuple(dice.normal(size=s).astype(np.float32) for s in shapes)]  # type: ignore[list-item]
        return made

    texts = [f"mot {word}" for word in ("couteau", "bonjour", "mourir", "enfant", "peur")]
    spelling = SpellingVoter(features=50, epochs=1).fit(texts * 2, np.tile(np.arange(levels), 2))
    head = RiskHead(voter(), voter(), spelling)
    vectors = dice.normal(size=(levels, 6)).astype(np.float32)
    again = RiskHead.restore(head.state())
    for e5 in (vectors, vectors[:1], None):
        before = head.probabilities(vectors, e5, texts)
        assert before.shape == (levels, levels)
        np.testing.assert_allclose(before.sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(again.probabilities(vectors, e5, texts), before, atol=1e-2)


def test_the_shortest_messages_are_known_by_heart() -> None:
    known = by_heart()
    for text, risk in {
        "Il dort.": "none",
        "hij slaapt nu": "none",
        "NON je veux pas mourir !": "raised",
        "geen zelfmoord": "raised",
        "Je veux mourir…": "crisis",
        "il est là": "emergency",
    }.items():
        assert known[key(text)] == risk, text
    # One more word is another message: it is judged, not looked up.
    assert key("il dort avec le couteau") not in known
