"""What people type about a service, as the directory writes it, or why it can't be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import phonenumbers

from bot.directory import hours
from bot.directory.numbers import digits
from bot.workshop.saving import RefusedError
from bot.workshop.yaml_edit import CONTROLS, tidy

MOST = {"name": 120, "note": 400, "hours": 120, "url": 500, "seen": 300, "role": 60}
_PAGE_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_TYPED_NUMBER = re.compile(r"\+?[0-9 ./()-]{2,25}")
_ADDRESS = ("street", "postal_code", "locality")


@dataclass(frozen=True)
class Wanted:
    """A form on a service, as typed; `hours` and `name` have languages, `hours` also `osm`."""

    name: Mapping[str, str]
    note: Mapping[str, str]
    phone: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    source_url: str = ""
    source_seen: str = ""
    source_date: str = ""


def one_line(typed: str, most: int) -> str:
    """Return typed text as one line.

    Raises:
        RefusedError: it is longer than `most`, or holds characters that nobody sees.
    """
    text = tidy(typed, len(typed))
    if len(text) > most:
        raise RefusedError("wrong_long", most=most)
    if CONTROLS.search(typed):
        raise RefusedError("wrong_hidden")
    return text


def lines_of(typed: str, most: int, count: int) -> list[str]:
    """Return what was typed, one a line, without empty ones.

    Args:
        typed: by a person.
        most: characters a line.
        count: lines at most.

    Raises:
        RefusedError: a line is too long, there are too many, or one holds hidden characters.
    """
    found = [one_line(line, most) for line in typed.replace("\r\n", "\n").split("\n")]
    kept = [line for line in found if line]
    if len(kept) > count:
        raise RefusedError("wrong_many_lines", most=count)
    return kept


def number(typed: str, banned: Mapping[str, str]) -> tuple[str, str | None]:
    """Return a number as it shall be written, and in the form +32….

    Args:
        typed: by a person.
        banned: numbers never to be used, by their digits, and why.

    Raises:
        RefusedError: it isn't a Belgian number, or must not be used.
    """
    text = tidy(typed, 40)
    if not _TYPED_NUMBER.fullmatch(text):
        raise RefusedError("wrong_number", number=text)
    try:
        parsed = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        raise RefusedError("wrong_number", number=text) from None
    national = digits(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    for known in {digits(text), national}:
        if known in banned:
            raise RefusedError("wrong_banned", number=text, why=banned[known])
    if phonenumbers.is_valid_number_for_region(parsed, "BE"):
        shown = text if text.startswith("0") else "0" + text.split("32", 1)[-1].strip(" ()0./-")
        if digits(shown) != national:
            shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        return shown, phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    short = not text.startswith("0") and phonenumbers.is_valid_short_number_for_region(parsed, "BE")
    if not short:
        raise RefusedError("wrong_number", number=text)
    return text, None


def both_languages(
    texts: Mapping[str, str], most: int, key: str, *, needed: bool
) -> dict[str, str]:
    """Return a text in both languages, tidied; {} when neither is there and it may be left out.

    Raises:
        RefusedError: it is too long, or one language is missing.
    """
    found = {code: tidy(texts.get(code, ""), most) for code in ("fr", "nl")}
    if any(len(texts.get(code, "")) > most for code in found):
        raise RefusedError("wrong_long", most=most)
    if bool(found["fr"]) != bool(found["nl"]) or (needed and not found["fr"]):
        raise RefusedError(f"wrong_{key}")
    return found if found["fr"] else {}


def opening_hours(typed: Mapping[str, str]) -> dict[str, str]:
    """Return hours in words and, if known, in the syntax of OpenStreetMap.

    Raises:
        RefusedError: they can't be read, or the words are missing.
    """
    found = both_languages(typed, MOST["hours"], "hours_languages", needed=False)
    osm = tidy(typed.get("osm", ""), MOST["hours"])
    if osm:
        trouble = hours.problem(osm)
        if trouble:
            raise RefusedError("wrong_hours_osm", why=trouble[:160])
        if not found:
            raise RefusedError("wrong_hours_languages")
        found["osm"] = osm
    return found


def address(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of an address that were typed.

    Raises:
        RefusedError: the postal code isn't one.
    """
    found = {key: tidy(typed.get(key, ""), MOST["name"]) for key in _ADDRESS}
    if found["postal_code"] and not re.fullmatch(r"[1-9][0-9]{3}", found["postal_code"]):
        raise RefusedError("wrong_postal_code")
    return {key: value for key, value in found.items() if value}


def web_address(typed: str) -> str:
    """Return an address of a web page, empty when none was typed.

    Raises:
        RefusedError: it isn't one.
    """
    url = tidy(typed, MOST["url"])
    if url and not re.fullmatch(r"https?://[^\s\"'<>\\]+\.[^\s\"'<>\\]+", url):
        raise RefusedError("wrong_url")
    return url


def source_of(wanted: Wanted, today: date) -> dict[str, Any] | None:
    """Return the source that was typed, None when none was.

    Raises:
        RefusedError: a part of it is missing, or its day isn't one.
    """
    url, seen = web_address(wanted.source_url), tidy(wanted.source_seen, MOST["seen"])
    if not url and not seen:
        return None
    day = tidy(wanted.source_date, 10)
    if not url or not seen or (day and not _is_day(day, today)):
        raise RefusedError("wrong_source")
    return {"url": url, "seen": seen, "page_date": day or None}


def _is_day(day: str, today: date) -> bool:
    if not _PAGE_DATE.fullmatch(day):
        return False
    try:
        return date.fromisoformat((day + "-01-01")[:10]) <= today
    except ValueError:
        return False
