"""A threat is seen through errors, haste, mixed languages and tricks."""

from __future__ import annotations

import time

import pytest

from bot.rasa_parts.text import clean
from bot.safety.patterns import Book
from bot.safety.risk import assess

CLEAREST = [
    ("il va me tuer ce soir", "emergency"),
    ("mon mari a un couteau dans la main", "emergency"),
    ("il est en train de défoncer la porte", "emergency"),
    ("il m'étrangle aidez moi", "emergency"),
    ("je suis enfermée dans la salle de bain et il frappe", "emergency"),
    ("j'ai avalé plein de médicaments", "emergency"),
    ("je veux mourir maintenant", "crisis"),
    ("hij gaat mij vermoorden vanavond", "emergency"),
    ("mijn man heeft een mes in zijn hand", "emergency"),
    ("hij stampt de voordeur in", "emergency"),
    ("ik heb al mijn slaappillen ingenomen", "emergency"),
    ("ik wil niet meer leven", "crisis"),
]


def _every_seventh_wrong(text: str) -> str:
    return "".join("x" if n % 7 == 6 and c.isalpha() else c for n, c in enumerate(text))


@pytest.mark.parametrize(("text", "level"), CLEAREST)
def test_every_seventh_letter_may_be_wrong(text: str, level: str, books: list[Book]) -> None:
    assert assess(text, books).confirmed
    damaged = assess(_every_seventh_wrong(text), books)
    assert damaged.level in {level, "emergency"}, _every_seventh_wrong(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("IL VA ME TUER", "emergency"),
        ("ilvametuer", "emergency"),
        ("aidezmoiilfrappe", "emergency"),
        ("hijheefteenmes", "emergency"),
        ("il a un 🔪", "emergency"),
        ("hij heeft een 🔫 vast", "emergency"),
        ("il m'a ecrit : « je vais te tuer ce soir »", "emergency"),
        ("hij stuurt: ik maak je vanavond kapot", "emergency"),
        ("ma copine zegt hij gaat mij vermoorden", "emergency"),
        ("hij slaat mij et il a un couteau", "emergency"),
        ("bonjour, ik wil dood", "crisis"),
        ("j v me tué ce soir", "emergency"),
        ("IK WIL DOOD!!!", "crisis"),
        ("jveuxmourir", "crisis"),
    ],
)
def test_no_spelling_hides_a_threat(text: str, level: str, books: list[Book]) -> None:
    assert assess(clean(text), books).level == level


def test_one_threat_is_seen_at_the_end_of_a_long_message(books: list[Book]) -> None:
    story = "On s'est rencontrés à la fête du village et tout allait bien entre nous. " * 26
    assert len(story) > 1800
    risk = assess(clean(story + "Il a un couteau dans la main."), books)
    assert risk.level == "emergency"
    assert any("couteau" in words for words in risk.because)


@pytest.mark.parametrize(
    "text",
    ["il a " * 400, "a" * 2000, "x y z " * 333, "pas " * 500, "?!." * 666, "🔪" * 2000,
     "je vais la " * 181, "aidezmoi" * 250, "\u0301" * 2000, "ik heb een " * 181, "qzjxv " * 333,
     " ".join(f"q{chr(97 + n // 26)}{chr(97 + n % 26)}xv" for n in range(333))],
)  # fmt: skip
def test_two_thousand_hostile_letters_take_no_time(text: str, books: list[Book]) -> None:
    start = time.perf_counter()
    assess(clean(text[:2000]), books)
    # Measured: under 60 ms; the margin is for a busy machine.
    assert time.perf_counter() - start < 0.5
