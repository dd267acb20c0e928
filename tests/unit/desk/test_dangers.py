"""What an alarm names: each pattern that alarms has a kind; no word of a visitor is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.dangers import HEAVY, Kinds, kinds, seen_in
from bot.handoff.watch import Watch
from bot.safety.patterns import load_all
from bot.texts import TextsError

WATCH = Watch()


def word(text: str, who: str = "visitor") -> dict[str, str]:
    return {"from": who, "text": text}


def test_every_pattern_that_alarms_is_named() -> None:
    known = set(kinds().by_pattern)
    patterns = {
        entry.id: entry.risk
        for book in load_all()
        for entry in book.entries.values()
        if entry.kind == "patterns"
    }
    assert known <= set(patterns)
    assert {name for name, risk in patterns.items() if risk in HEAVY} == known


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("il a un couteau et il arrive", "weapon"),
        ("hij heeft een mes en hij komt binnen", "weapon"),
        ("je veux mourir", "wish"),
        ("ik wil dood", "wish"),
    ],
)
def test_the_words_of_a_visitor_become_a_kind(text: str, kind: str) -> None:
    assert kind in seen_in([word(text)], WATCH)


def test_only_the_visitors_words_and_only_alarms_count() -> None:
    said = [word("il a un couteau", "counsellor"), word("merci, à demain")]
    assert seen_in(said, WATCH) == []


def test_the_newest_comes_first_and_few_are_shown() -> None:
    first = seen_in([word("je veux mourir")], WATCH)
    assert seen_in([word("il a un couteau")], WATCH, first)[0] == "weapon"
    assert len(seen_in([], WATCH, ["a", "b", "c", "d"])) == 3


def test_a_kind_without_a_name_or_a_pattern_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kinds.yml"
    path.write_text("kinds:\n- {id: a, name: {fr: x}, patterns: [p]}\n")
    with pytest.raises(TextsError, match="fr and nl"):
        Kinds(path)
    both = "{id: %s, name: {fr: x, nl: y}, patterns: [p]}"
    path.write_text(f"kinds:\n- {both % 'a'}\n- {both % 'b'}\n")
    with pytest.raises(TextsError, match="two kinds"):
        Kinds(path)
