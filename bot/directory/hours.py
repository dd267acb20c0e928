"""Open or closed at a moment, from OpenStreetMap opening hours. Pure functions of ``now``."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from .model import OpenStatus

BRUSSELS = ZoneInfo("Europe/Brussels")
UNKNOWN = OpenStatus(None)


def problem(hours_osm: str) -> str | None:
    """Why ``hours_osm`` can't be read as opening hours, or ``None`` when it can."""
    try:
        OpeningHours(hours_osm, country="BE", timezone=BRUSSELS)
    except Exception as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return None


@lru_cache(maxsize=512)
def _parsed(hours_osm: str) -> OpeningHours:
    # Public holidays come from the country; without it "PH off" does nothing.
    return OpeningHours(hours_osm, country="BE", timezone=BRUSSELS)


@lru_cache(maxsize=4096)
def _at(hours_osm: str, minute: datetime) -> OpenStatus:
    hours = _parsed(hours_osm)
    change = hours.next_change(minute)
    if hours.is_open(minute):
        return OpenStatus(True, until=change)
    if hours.is_unknown(minute):
        return UNKNOWN
    return OpenStatus(False, next_open=change)


def status(service_hours_osm: str | None, now: datetime) -> OpenStatus:
    """Whether something with these hours is open at ``now``.

    Args:
        service_hours_osm: OpenStreetMap opening hours, read for Belgium (public holidays
            included), or ``None`` when no hours are sure.
        now: an aware moment, in any time zone; a naive one is taken as Brussels time.

    Returns:
        ``open_now`` True with ``until`` (``None``: no end in sight), False with ``next_open``,
        or ``open_now`` None when nothing sure is known. Times are in Brussels.
    """
    if not service_hours_osm:
        return UNKNOWN
    local = now.replace(tzinfo=BRUSSELS) if now.tzinfo is None else now.astimezone(BRUSSELS)
    return _at(
        service_hours_osm, local - timedelta(seconds=local.second, microseconds=local.microsecond)
    )
