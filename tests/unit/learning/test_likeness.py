"""A near-copy of a visitor's sentence is told from a new one; what says the same is grouped."""

from __future__ import annotations

import pytest

from bot.learning.inbox import Kept
from bot.learning.likeness import groups, near_copy

THEIRS = [
    "il compte les kilomètres de ma voiture et vérifie le ticket du Colruyt",
    "ze telt elke stap die ik zet",
]


@pytest.mark.parametrize(
    "line",
    [
        THEIRS[0],
        "Il compte les kilometres de ma voiture, et vérifie le ticket du Colruyt !",
        "il vérifie le ticket du Colruyt et compte les kilomètres de ma voiture",
        "il compte les kilomètres de ma moto et vérifie le ticket du Delhaize",
        "bonjour, il compte les kilomètres de ma voiture, que faire",
        "ze telt elke stap die ik doe",
        "mijn vrouw is streng: ze telt elke stap die ik zet, en daarna belt ze",
    ],
)
def test_a_near_copy(line: str) -> None:
    copy = near_copy(line, THEIRS)
    assert copy is not None
    assert copy.likeness > 30
    assert copy.words


@pytest.mark.parametrize(
    "line",
    [
        "mon compagnon contrôle mes trajets et mes dépenses",
        "elle regarde le compteur quand je rentre des courses",
        "mijn partner wil weten waar ik elke minuut ben",
        "ik moet altijd zeggen hoeveel ik heb gewandeld",
        "",
    ],
)
def test_a_new_sentence_in_its_spirit(line: str) -> None:
    assert near_copy(line, THEIRS) is None


def test_what_says_the_same_stands_together() -> None:
    texts = [
        "chaque mois il prend ma paie",
        "où est le bureau de poste",
        "il me prend mon salaire chaque mois",
    ]
    kept = [Kept(text, "fr", (), str(n), "2026-W48") for n, text in enumerate(texts)]
    found = [sorted(one.text for one in group) for group in groups(kept)]
    assert found == [sorted([texts[0], texts[2]]), [texts[1]]]
    assert groups([]) == []
