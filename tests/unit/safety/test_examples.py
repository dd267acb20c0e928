"""Every pattern, guard and writer does what its own examples say."""

from __future__ import annotations

import pytest

from bot.safety.context import look
from bot.safety.patterns import LEVELS, Book, Entry, load_all
from bot.safety.situations import Situations

BOOKS = load_all()


def _cases(kind: str, examples: str) -> list[object]:
    return [
        pytest.param(book, entry, line, id=f"{book.language}-{entry.id}-{line[:40]}")
        for book in BOOKS
        for entry in book.entries.values()
        if entry.kind == kind
        for line in getattr(entry, examples)
    ]


def _seen(book: Book, entry: Entry, line: str) -> bool:
    hits = look(book, line).hits
    return any(hit.id == entry.id and hit.level == entry.risk for hit in hits)


@pytest.mark.parametrize(("book", "entry", "line"), _cases("patterns", "fires"))
def test_a_pattern_is_seen_in_its_example(book: Book, entry: Entry, line: str) -> None:
    assert _seen(book, entry, line), look(book, line).hits


@pytest.mark.parametrize(("book", "entry", "line"), _cases("patterns", "spares"))
def test_a_pattern_leaves_its_counter_example_alone(book: Book, entry: Entry, line: str) -> None:
    assert not _seen(book, entry, line), look(book, line).hits


def _level(book: Book, line: str) -> int:
    return max((LEVELS.index(hit.level) for hit in look(book, line).hits), default=0)


@pytest.mark.parametrize(("book", "entry", "line"), _cases("guards", "fires"))
def test_a_guard_leaves_no_more_than_it_says(book: Book, entry: Entry, line: str) -> None:
    assert _level(book, line) <= LEVELS.index(entry.becomes), look(book, line).hits


@pytest.mark.parametrize(("book", "entry", "line"), _cases("guards", "spares"))
def test_a_guard_silences_no_real_danger(book: Book, entry: Entry, line: str) -> None:
    assert _level(book, line) > LEVELS.index(entry.becomes)


@pytest.mark.parametrize(("book", "entry", "line"), _cases("writers", "fires"))
def test_who_writes_is_seen(book: Book, entry: Entry, line: str) -> None:
    assert entry.writer in look(book, line).writers


@pytest.mark.parametrize(("book", "entry", "line"), _cases("writers", "spares"))
def test_nobody_is_taken_for_another_writer(book: Book, entry: Entry, line: str) -> None:
    assert entry.writer not in look(book, line).writers


def test_both_languages_know_every_kind_of_danger_in_several_ways() -> None:
    for book in BOOKS:
        for level in LEVELS[1:]:
            patterns = [
                e for e in book.entries.values() if e.kind == "patterns" and e.risk == level
            ]
            assert len(patterns) >= 3, (book.language, level)


SITUATIONS = Situations.load(BOOKS)


@pytest.mark.parametrize("entry", SITUATIONS.entries, ids=lambda entry: entry.id)
def test_a_situation_is_seen_in_its_examples_only(entry: object) -> None:
    intent = next(iter(entry.intents), "disclose_physical")  # type: ignore[attr-defined]
    for line in entry.fires:  # type: ignore[attr-defined]
        assert SITUATIONS.find(line, intent) == entry.id, line  # type: ignore[attr-defined]
    for line in entry.spares:  # type: ignore[attr-defined]
        assert SITUATIONS.find(line, intent) != entry.id, line  # type: ignore[attr-defined]
