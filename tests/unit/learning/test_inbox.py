"""The inbox: held, mixed, withdrawn, forgotten; and what a thief of its file finds."""

from __future__ import annotations

import secrets
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.learning import codes
from bot.learning.inbox import FILE, Inbox, Sentence, week_of

MONDAY = date(2026, 11, 23)
KEY = bytes(range(32))
THREE = [
    ["mes clés disparaissent sans cesse du tiroir", "le chien dort dans la voiture"],
    ["de sleutels liggen nooit op hun plaats", "ze telt elke stap die ik zet"],
    ["il compte les kilomètres du compteur"],
]
ALL = [text for texts in THREE for text in texts]


class Calendar:
    """A day that a test moves."""

    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def today() -> Calendar:
    return Calendar()


@pytest.fixture
def box(tmp_path: Path, today: Calendar) -> Inbox:
    return Inbox(tmp_path, today)


def give(box: Inbox, texts: list[str], key: bytes = KEY) -> str:
    code = codes.new_code()
    box.give(code, [Sentence(t, "fr", ("ask_guilt", "thank")) for t in texts], key)
    return code


def loot(folder: Path) -> bytes:
    """Return every byte that a thief finds in the folder, temporary files too."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@contextmanager
def peek(folder: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(folder / FILE)
    yield db
    db.close()


def test_nothing_is_made_before_somebody_gives(box: Inbox, tmp_path: Path) -> None:
    box.expire()
    assert (box.sentences(), box.waiting(), box.wipe(), box.withdraw(codes.new_code())) == (
        [], {}, 0, 0,
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_it_is_held_until_three_conversations_have_given(box: Inbox) -> None:
    for texts in THREE[:2]:
        give(box, texts)
        assert box.sentences() == []
    assert box.waiting() == {"2026-W48": 4}
    give(box, THREE[2])
    assert sorted(s.text for s in box.sentences()) == sorted(ALL)
    assert box.waiting() == {}
    assert {(s.week, s.guesses, s.decision) for s in box.sentences()} == {
        ("2026-W48", ("ask_guilt", "thank"), None)
    }
    # The next ones wait for two others again: alone, they could be told apart.
    give(box, ["une phrase de plus après coup"])
    assert len(box.sentences()) == 5
    assert box.waiting() == {"2026-W48": 1}


def test_conversations_of_two_weeks_are_not_put_together(box: Inbox, today: Calendar) -> None:
    give(box, THREE[0])
    give(box, THREE[1])
    today.day = MONDAY + timedelta(days=7)
    give(box, THREE[2])
    assert box.sentences() == []
    # What was held in a week that is over will never be three people's: it is gone.
    assert box.waiting() == {"2026-W49": 1}


def test_after_a_restart_what_was_held_cannot_be_opened_or_counted(box: Inbox) -> None:
    give(box, THREE[0])
    give(box, THREE[1])
    give(box, THREE[2], key=secrets.token_bytes(32))
    assert box.sentences() == []


def test_a_code_takes_back_its_own_wherever_they_lie(box: Inbox) -> None:
    first = give(box, THREE[0])
    assert box.withdraw(first) == 2
    assert box.waiting() == {}
    # The one who left doesn't count: two others aren't three.
    give(box, THREE[1])
    second = give(box, THREE[2])
    assert box.sentences() == []
    give(box, THREE[0])
    assert len(box.sentences()) == 5
    assert box.withdraw(second.lower().replace("-", "")) == 1
    assert sorted(s.text for s in box.sentences()) == sorted(THREE[0] + THREE[1])
    assert box.withdraw(second) == 0
    assert box.withdraw(codes.new_code()) == 0


def test_a_code_works_on_the_last_day_and_30_days_are_the_most(box: Inbox, today: Calendar) -> None:
    codes_given = [give(box, texts) for texts in THREE]
    today.day = MONDAY + timedelta(days=29)
    assert box.withdraw(codes_given[2]) == 1
    assert len(box.sentences()) == 4
    today.day = MONDAY + timedelta(days=30)
    assert box.sentences() == []


def test_decisions(box: Inbox) -> None:
    for texts in THREE:
        give(box, texts)
    ids = [s.id for s in box.sentences()]
    assert box.decide(ids[:2], "ask_guilt") == 2
    assert box.decide(["", "zz", "00" * 16], "ask_guilt") == 0
    assert [s.decision for s in box.sentences()] == ["ask_guilt", "ask_guilt", None, None, None]
    assert box.decide(ids[:1], None) == 1
    assert box.drop(ids[1:3]) == 2
    assert len(box.sentences()) == 3
    assert box.wipe() == 3


@pytest.mark.parametrize("number", [0, codes.MOST + 1])
def test_none_or_too_many_are_not_kept(box: Inbox, number: int) -> None:
    with pytest.raises(ValueError, match="one to eight"):
        give(box, ["une phrase"] * number)
    assert box.waiting() == {}


def test_a_week_is_the_only_time() -> None:
    assert week_of(date(2027, 1, 3)) == "2026-W53"
    assert week_of(date(2027, 1, 4)) == "2027-W01"


# --- a thief


def test_a_thief_reads_nothing_before_three_conversations(box: Inbox, tmp_path: Path) -> None:
    code = give(box, THREE[0])
    give(box, THREE[1])
    stolen = loot(tmp_path)
    for text in ALL:
        assert text.encode() not in stolen
        assert all(word.encode() not in stolen for word in text.split() if len(word) > 4)
    assert b"ask_guilt" not in stolen
    assert code.encode() not in stolen
    assert code.replace("-", "").encode() not in stolen
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with peek(tmp_path) as db:
        # Not even which sentences are one person's: as long, and in an order that is chance.
        rows = db.execute("SELECT tag, LENGTH(sealed), nest, week FROM held").fetchall()
    assert len({row[1:] for row in rows}) == 1
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_a_thief_cannot_tie_sentences_together_afterwards(box: Inbox, tmp_path: Path) -> None:
    give(box, THREE[0])
    give(box, THREE[1])
    with peek(tmp_path) as db:
        before = {bytes(tag) for (tag,) in db.execute("SELECT tag FROM held")}
    give(box, THREE[2])
    # No tag of an earlier copy of the file comes back, and nothing of the held rows is left.
    kept = [bytes.fromhex(s.id) for s in box.sentences()]
    assert not before & set(kept)
    stolen = loot(tmp_path)
    assert not [tag for tag in before if tag in stolen]
    # On the pages too the sentences lie in the order of their tags, not of their arrival.
    places = [stolen.index(s.text.encode()) for s in box.sentences()]
    assert len(places) == 5
    assert places in (sorted(places), sorted(places, reverse=True))
    with peek(tmp_path) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(kept)")]
        assert db.execute("SELECT COUNT(*) FROM givers").fetchone() == (0,)
    assert columns == ["tag", "week", "language", "text", "guesses", "decision"]


@pytest.mark.parametrize("how", ["wipe", "expire", "withdraw", "drop"])
def test_a_thief_finds_nothing_of_what_was_deleted(
    box: Inbox, tmp_path: Path, today: Calendar, how: str
) -> None:
    given = [give(box, texts) for texts in THREE]
    stolen = loot(tmp_path)
    # The test means something only if the words were there.
    assert all(text.encode() in stolen for text in ALL)
    ids = [s.id for s in box.sentences()]
    if how == "wipe":
        box.wipe()
    elif how == "drop":
        box.drop(ids)
    elif how == "withdraw":
        assert sum(box.withdraw(code) for code in given) == 5
    else:
        today.day = MONDAY + timedelta(days=30)
        box.expire()
    stolen = loot(tmp_path)
    for text in ALL:
        assert all(word.encode() not in stolen for word in text.split() if len(word) > 4)
    assert not [one for one in ids if bytes.fromhex(one) in stolen]
