"""Open now, until when, open next: by Belgian public holidays and Brussels time."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.directory.hours import problem, status

from .conftest import at

OFFICE = "Mo-Fr 09:00-12:00,13:30-17:00; PH off"


@pytest.mark.parametrize(
    ("when", "open_now", "until", "next_open"),
    [
        ("2026-11-24 08:59", False, None, "2026-11-24 09:00"),
        ("2026-11-24 09:00", True, "2026-11-24 12:00", None),
        ("2026-11-24 11:59", True, "2026-11-24 12:00", None),
        ("2026-11-24 12:00", False, None, "2026-11-24 13:30"),
        ("2026-11-27 17:00", False, None, "2026-11-30 09:00"),
        ("2026-07-21 10:00", False, None, "2026-07-22 09:00"),
        ("2026-11-11 10:00", False, None, "2026-11-12 09:00"),
        ("2026-07-11 10:00", False, None, "2026-07-13 09:00"),
    ],
)
def test_office_hours(when: str, open_now: bool, until: str | None, next_open: str | None) -> None:
    found = status(OFFICE, at(when))
    assert found.open_now is open_now
    assert found.until == (at(until) if until else None)
    assert found.next_open == (at(next_open) if next_open else None)


def test_day_and_night_has_no_end() -> None:
    found = status("24/7", at("2026-11-24 03:00"))
    assert found.open_now
    assert found.until is None


def test_midnight() -> None:
    assert status("Mo-Su 10:00-24:00", at("2026-11-24 23:59")).until == at("2026-11-25 00:00")
    assert status("Mo-Su 10:00-24:00", at("2026-11-25 00:00")).next_open == at("2026-11-25 10:00")


def test_without_hours_nothing_is_said() -> None:
    assert status(None, at("2026-11-24 10:00")).open_now is None
    assert status("", at("2026-11-24 10:00")).open_now is None


def test_the_time_zone_of_the_moment_does_not_matter() -> None:
    summer = datetime(2026, 7, 14, 7, 30, tzinfo=timezone.utc)
    assert status(OFFICE, summer).open_now
    assert not status(OFFICE, datetime(2026, 11, 24, 7, 30, tzinfo=timezone.utc)).open_now
    assert status(OFFICE, datetime(2026, 11, 24, 9, 30)).open_now


def test_hours_that_cannot_be_read_are_named() -> None:
    assert problem(OFFICE) is None
    assert problem("Mo-Fr 9h-17h")
