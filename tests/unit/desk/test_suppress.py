"""Small numbers: hidden, and not to be worked out from what is shown (R84)."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.statistics import hours_of, topic_group, topic_groups
from bot.desk.suppress import LEAST, suppress, table
from bot.texts import texts

VALUES = ("a", "b", "c", "d", "e")
COUNTS = st.fixed_dictionaries({value: st.integers(0, 40) for value in VALUES})


def test_a_small_cell_takes_the_next_one_along() -> None:
    shown = suppress({"a": 40, "b": 12, "c": 3}, ("a", "b", "c", "d"))
    assert shown == {"a": 40, "b": None, "c": None, "d": 0}


def test_two_small_cells_that_are_few_together_take_a_third() -> None:
    shown = suppress({"a": 40, "b": 12, "c": 3, "d": 4}, VALUES)
    assert shown == {"a": 40, "b": None, "c": None, "d": None, "e": 0}


def test_a_small_month_is_hidden_whole() -> None:
    assert suppress({"a": 9}, VALUES) == dict.fromkeys(VALUES)
    (row,) = table({"2026-01": {"a": 9}}, VALUES, "2026-02")
    assert row.total is None


def test_the_open_month_is_not_shown() -> None:
    counted = {"2026-01": {"a": 20}, "2026-02": {"a": 20}, "2026-03": {"a": 20}}
    assert [row.month for row in table(counted, VALUES, "2026-02")] == ["2026-01"]


@given(COUNTS)
def test_no_hidden_number_can_be_worked_out(counts: dict[str, int]) -> None:
    shown = suppress(counts, VALUES)
    hidden = [value for value in VALUES if shown[value] is None]
    for value, number in shown.items():
        assert number in (None, counts[value])
        assert number is None or number == 0 or number >= LEAST
    if 0 < len(hidden) < len(VALUES):
        # The total less what is shown gives the sum of the hidden ones: never of one alone, and
        # never of fewer people than may be shown.
        assert len(hidden) >= 2
        assert sum(counts[value] for value in hidden) >= LEAST


def test_every_counted_topic_is_an_intent() -> None:
    intents = [intent for group in topic_groups().values() for intent in group]
    assert len(intents) == len(set(intents))
    assert set(intents) <= set(texts().labels)
    assert topic_group("disclose_stalking") == "violence"
    assert topic_group("greet") == "unknown"


def test_no_time_finer_than_a_quarter_of_the_day() -> None:
    found = {hours_of(datetime(2026, 1, 1, hour)) for hour in range(24)}
    assert found == {"night", "morning", "afternoon", "evening"}
