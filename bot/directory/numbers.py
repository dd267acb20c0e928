"""Telephone numbers inside sentences: found, compared by their digits, taken out."""

from __future__ import annotations

import re
from collections.abc import Container

ALWAYS_SHOWN = frozenset({"112", "101"})
_GROUPED = re.compile(r"(?<!\d)\d(?:[ ./]?\d)+(?!\d)")
_SPACED = re.compile(r"\s*" + _GROUPED.pattern)


def digits(number: str) -> str:
    """``04 222 10 12`` and ``04/222.10.12`` are the same number."""
    return re.sub(r"\D", "", number)


def numbers_in(text: str, known: Container[str]) -> list[str]:
    """The digits of each telephone number in ``text``.

    A number is one of ``known`` (short codes look like years or hours, so they must be known),
    or a leading zero with eight or nine digits after it.
    """
    found = []
    for match in _GROUPED.finditer(text):
        number = digits(match.group())
        if number in known or (number[0] == "0" and 9 <= len(number) <= 10):
            found.append(number)
    return found


def without_numbers(text: str, hidden: Container[str]) -> str:
    """``Zelfmoordlijn 1813`` without 1813: for names, where a number is only an ornament."""
    kept = _SPACED.sub(lambda m: "" if digits(m.group()) in hidden else m.group(), text)
    return re.sub(r"\s*\(\s*\)", "", kept).strip(" ,:")
