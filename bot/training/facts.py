"""How old the directory's facts are, and how many of them a person has checked."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date

from bot.directory.check import RECHECK_AFTER
from bot.directory.model import Directory

_YEAR = 365


@dataclass(frozen=True)
class Facts:
    """Ages in days, of the records that citizens can see."""

    records: int
    checked: int
    fresh: int
    undated: int
    median_age: int | None
    oldest_age: int | None
    over_a_year: int


def newest_day(written: str | None) -> date | None:
    """Return the last day that a date such as 2026-10-20, 2025-03 or 2025 can mean.

    The last day: a year alone says no more than that the fact is at least as old as its end.
    """
    if not written:
        return None
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], parts[1] + 1) if len(parts) == 2 else (parts[0], 13)
    first_after = date(year + 1, 1, 1) if month > 12 else date(year, month, 1)
    return date.fromordinal(first_after.toordinal() - 1)


def facts_of(directory: Directory, today: date) -> Facts:
    """Return the ages.

    A fact is as old as the newest date that its source carries, or as the day when a person
    checked it by telephone, if that is later. Records whose sources carry no date are counted
    apart: how old they are isn't known.

    Args:
        directory: loaded in demo mode, so that unchecked records are in it.
        today: from which day to count.
    """
    ages: list[int] = []
    checked = fresh = undated = 0
    for service in directory.services:
        called = newest_day(service.checked.get("date"))
        if called:
            checked += 1
            fresh += today - called <= RECHECK_AFTER
        known = [day for day in (called, newest_day(service.source_date)) if day]
        if known:
            ages.append(max((today - max(known)).days, 0))
        else:
            undated += 1
    return Facts(
        records=len(directory.services),
        checked=checked,
        fresh=fresh,
        undated=undated,
        median_age=int(statistics.median(ages)) if ages else None,
        oldest_age=max(ages, default=None),
        over_a_year=sum(age > _YEAR for age in ages),
    )
