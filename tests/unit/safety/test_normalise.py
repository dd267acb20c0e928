"""Accents, typos, SMS spelling, dialect and tricks don't hide a word."""

from __future__ import annotations

import pytest

from bot.safety.patterns import Book


def _plain(book: Book, text: str) -> str:
    words = book.normaliser.words(text, book.matcher.vocabulary)
    return " ".join(word.readings[0] for word in words)


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        (0, "Il m'a ÉTRANGLÉE", "il me a etranglee"),
        (0, "jveu mourir", "je veux mourir"),
        (0, "g peur kil me tue", "je ai peur que il me tue"),
        (0, "chui caché ds le wc", "je suis cache dans le wc"),
        (0, "il a un 🔪", "il a un couteau"),
        (0, "il a un c o u t e a u", "il a un couteau"),
        (0, "il a un c.o.u.t.e.a.u", "il a un couteau"),
        (0, "il a un c0ut3au", "il a un couteau"),
        (0, "il a un cou\u200bteau", "il a un couteau"),
        (0, "il a un ｃｏｕｔｅａｕ", "il a un couteau"),
        (0, "il a un couteauuuuu", "il a un couteau"),
        (0, "aidezmoiilfrappe", "aidez moi il frappe"),
        (1, "kwil dood", "ik wil dood"),
        (1, "'k ben bang", "ik ben bang"),
        (1, "mijne vent hee een mes", "mijn vent heeft een mes"),
        (1, "ge gaat eraan", "je gaat eraan"),
        (1, "kheb pille genome 💊", "ik heb pille genome pillen"),
        (1, "hijslaatmij", "hij slaat mij"),
        (1, "ik wil niiiiet meer leven", "ik wil niet meer leven"),
    ],
)
def test_what_is_written_becomes_what_is_meant(
    language: int, written: str, meant: str, books: list[Book]
) -> None:
    assert _plain(books[language], written) == meant


@pytest.mark.parametrize(
    ("language", "typo", "word"),
    [(0, "couetau", "couteau"), (0, "mouirr", "mourir"), (0, "s*icide", "suicide"),
     (1, "vermorden", "vermoorden"), (1, "benzne", "benzine"), (1, "zelfm*ord", "zelfmoord")],
)  # fmt: skip
def test_a_misspelt_word_is_guessed(language: int, typo: str, word: str, books: list[Book]) -> None:
    (found,) = books[language].normaliser.words(typo, books[language].matcher.vocabulary)
    assert word in found.readings[1:]


def test_a_word_that_exists_is_not_taken_for_another(books: list[Book]) -> None:
    for book, text in ((books[0], "le port est tout près"), (books[1], "een rood fietsje")):
        words = book.normaliser.words(text, book.matcher.vocabulary)
        assert all(len(word.readings) == 1 for word in words)


def test_a_word_knows_its_place_and_its_sentence(books: list[Book]) -> None:
    text = "Œuvre. Il m'étrangle... là"
    words = books[0].normaliser.words(text, None)
    assert [text[w.start : w.end] for w in words] == ["Œuvre", "Il", "m", "étrangle", "là"]
    assert [w.sentence for w in words] == [0, 1, 1, 1, 1]
