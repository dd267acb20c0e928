"""How the signals are put together."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.patterns import LEVELS, Book, Level
from bot.safety.risk import (
    ALARM,
    CRISIS,
    LEAN,
    RAISED,
    SENTENCE,
    SURE,
    Signal,
    assess,
    choose_writer,
    combine,
)

CALM = "bonjour je voudrais un renseignement"
PLAN: dict[str, Level] = {
    "danger_immediate": "emergency",
    "disclose_physical": "raised",
    "greet": "none",
}


def _row(level: str, likely: float) -> np.ndarray:
    row = np.zeros(len(LEVELS), dtype=np.float32)
    row[LEVELS.index(level)] = likely  # type: ignore[arg-type]
    row[0] += 1 - likely
    return row


def test_nothing_seen_is_no_risk() -> None:
    risk = combine([], frozenset())
    assert (risk.level, risk.confirmed, risk.writer, risk.because) == ("none", False, None, [])


def test_the_gravest_signal_wins_and_gives_the_reasons() -> None:
    risk = combine(
        [Signal("raised", "pattern", "me frappe"), Signal("emergency", "pattern", "a un couteau")],
        frozenset(),
    )
    assert (risk.level, risk.because) == ("emergency", ["a un couteau"])


@pytest.mark.parametrize(
    ("sources", "confirmed"),
    [
        (["pattern"], True),
        (["guess"], False),
        (["head"], False),
        (["intent"], False),
        (["head", "intent"], True),
        (["guess", "head"], True),
        (["head", "head"], False),
    ],
)
def test_only_certain_words_or_two_signals_ring_a_counsellor(
    sources: list[str], confirmed: bool
) -> None:
    signals = [Signal("emergency", source, "x") for source in sources]  # type: ignore[arg-type]
    assert combine(signals, frozenset()).confirmed is confirmed


def test_two_signals_of_different_levels_do_not_confirm_each_other() -> None:
    signals = [Signal("emergency", "head", "x"), Signal("raised", "intent", "x")]
    assert not combine(signals, frozenset()).confirmed


def test_what_happens_to_a_child_is_a_childs_risk() -> None:
    assert combine([Signal("raised", "pattern", "x")], frozenset({"child"})).level == "child"
    assert combine([Signal("emergency", "pattern", "x")], frozenset({"child"})).level == "emergency"
    assert combine([Signal("crisis", "pattern", "x")], frozenset({"child"})).level == "crisis"
    assert combine([], frozenset({"child"})).level == "none"


@pytest.mark.parametrize(
    ("writers", "writer"),
    [
        (set(), None),
        ({"hurt"}, "hurt"),
        ({"hurts"}, "hurts"),
        ({"hurt", "hurts"}, None),
        ({"hurt", "witness"}, "hurt"),
        ({"witness", "professional"}, "professional"),
        ({"hurt", "hurts", "child"}, "child"),
    ],
)
def test_who_writes(writers: set[str], writer: str | None) -> None:
    assert choose_writer(frozenset(writers)) == writer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "needed"),
    [("emergency", ALARM), ("crisis", CRISIS), ("child", ALARM), ("raised", RAISED)],
)
def test_the_head_alone_raises_a_risk_from_its_threshold_on(
    level: str, needed: float, books: list[Book]
) -> None:
    def found(likely: float) -> str:
        return assess(CALM, books, [CALM], _row(level, likely)[None]).level

    assert found(needed + 0.01) == level
    # Below its own threshold a crisis is still believed as what it sounds like.
    assert found(needed - 0.01) == ("raised" if level == "crisis" else "none")


def test_one_sentence_of_several_needs_more(books: list[Book]) -> None:
    pieces = [f"{CALM}. {CALM}", CALM, CALM]

    def found(likely: float) -> str:
        rows = np.stack([_row("none", 0), _row("none", 0), _row("emergency", likely)])
        return assess(pieces[0], books, pieces, rows).level

    assert found(SENTENCE + 0.01) == "emergency"
    assert found(SENTENCE - 0.01) == "none"


def test_several_alarms_together_pass_the_threshold(books: list[Book]) -> None:
    row = np.full(len(LEVELS), 0.0, dtype=np.float32)
    row[LEVELS.index("crisis")] = row[LEVELS.index("emergency")] = ALARM / 2 + 0.01
    row[0] = 1 - row.sum()
    # As likely as each other: the more urgent one, since 112 stands on every card.
    assert assess(CALM, books, [CALM], row[None]).level == "emergency"


def test_a_sentence_of_a_film_needs_a_head_that_is_sure(books: list[Book]) -> None:
    film = "dans le film le mari est en colère"
    unsure, sure = _row("emergency", SURE - 0.05)[None], _row("emergency", SURE + 0.05)[None]
    assert assess(film, books, [film], unsure).level == "none"
    assert assess(film, books, [film], sure).level == "emergency"


def test_a_doubtful_sentence_leaves_the_others_alone(books: list[Book]) -> None:
    film, real = "Dans le film le mari est en colère.", "Ici c'est grave."
    pieces = [f"{film} {real}", film, real]
    rows = np.stack([_row("none", 0), _row("none", 0), _row("emergency", 0.8)])
    assert assess(pieces[0], books, pieces, rows).level == "emergency"


def test_the_intent_tips_the_scales(books: list[Book]) -> None:
    def found(head: tuple[str, float], **intents: float) -> str:
        return assess(CALM, books, [CALM], _row(*head)[None], intents, PLAN).level

    assert found(("emergency", ALARM - 0.01), danger_immediate=0.95) == "emergency"
    assert found(("emergency", ALARM + 0.01), greet=1.0) == "none"
    assert found(("raised", RAISED - 0.01), disclose_physical=0.95) == "raised"
    assert found(("raised", RAISED + 0.01), greet=1.0) == "none"
    # What stands for no intent (the fallback) says nothing about danger.
    assert found(("none", 0), nlu_fallback=0.9) == "none"


def test_head_and_intent_that_agree_ring_a_counsellor(books: list[Book]) -> None:
    row = _row("emergency", 0.9)[None]
    assert assess(CALM, books, [CALM], row, {"danger_immediate": 0.9}, PLAN).confirmed
    assert not assess(CALM, books, [CALM], row, {"danger_immediate": 0.3}, PLAN).confirmed


@pytest.mark.parametrize(
    ("text", "level", "writer"),
    [
        ("j'ai 12 ans et mon père me frappe", "child", "child"),
        ("g 14 ans jveux mourir", "crisis", "child"),
        ("j'ai 11 ans papa a un couteau", "emergency", "child"),
        ("ik ben 13 en mijn stiefvader slaat mij", "child", "child"),
        ("mon élève dit que son papa le frappe", "child", "professional"),
        ("j'ai frappé ma femme", "raised", "hurts"),
        ("je vais la frapper", "emergency", "hurts"),
        ("ma voisine se fait frapper", "raised", "witness"),
        ("mijn man slaat mij", "raised", "hurt"),
        ("ik heb mijn vrouw geslagen", "raised", "hurts"),
    ],
)
def test_risk_and_writer_of_whole_messages(
    text: str, level: str, writer: str, books: list[Book]
) -> None:
    risk = assess(text, books)
    assert (risk.level, risk.writer) == (level, writer)


def test_a_denied_wish_to_die_needs_head_and_intent_to_be_sure(books: list[Book]) -> None:
    def found(text: str, level: str, likely: float, **intents: float) -> str:
        plan: dict[str, Level] = {**PLAN, "deny": "none", "suicidal_thoughts": "crisis"}
        return assess(text, books, [text], _row(level, likely)[None], intents, plan).level

    denied = "non, je ne veux pas mourir"
    assert found(denied, "crisis", 0.85, deny=1.0) == "none"
    assert found(denied, "crisis", 1.0, suicidal_thoughts=1.0) == "crisis"
    # Other dangers in the same words still count, and so does the same guess without a denial.
    assert found(denied, "emergency", 0.85, deny=1.0) == "emergency"
    assert found("je pense à la fin", "crisis", 0.85, deny=1.0) == "crisis"


def test_what_leans_to_danger_is_known_beside_the_level(books: list[Book]) -> None:
    def read(likely: float) -> tuple[str, str]:
        intents = {"disclose_physical": 1.0}
        risk = assess(CALM, books, [CALM], _row("emergency", likely)[None], intents, PLAN)
        return risk.level, risk.lean

    assert read((LEAN + 0.02) / 0.7) == ("raised", "emergency")
    assert read((LEAN - 0.02) / 0.7)[1] != "emergency"
    assert read(0.95) == ("emergency", "emergency")
