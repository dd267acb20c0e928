"""Dates of birth: a whole date after a word of birth, or alone in brackets. Other dates stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .context import pattern
from .model import Found
from .numerals import is_number_word, value_of
from .view import View

_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "janv|fevr|avr|juil|sept|oct|nov|dec|jan|feb|febr|mrt|apr|jun|jul|aug|sep|okt"
)
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d\d|\d\d)"
_DATE = re.compile(
    rf"(?<![\d./\-])(?:(?:{_DAY}(?:er|e|de|ste)?|premier|eerste) ?"
    rf"(?:[./\-] ?{_MONTH}|(?:van |de )?(?:{_MONTHS})\.?|\s{_MONTH})[ ./\-,']{{0,2}}{_YEAR}"
    rf"|(?:19|20)\d\d[./\-]{_MONTH}[./\-]{_DAY}"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)(?!\d|[./\-]\d)"
)
_WORDED = re.compile(
    rf"(?P<day>[a-z]+(?:[ \-](?:et[ \-])?[a-z]+)?) (?P<month>{_MONTHS}) "
    r"(?P<year>[a-z\-]+(?: [a-z\-]+){0,6})"
)
_AFTER = re.compile(
    r"\W{0,3}(?:\(?(?:date de naissance|geboortedatum|ddn|jour de naissance|geb\b|dn\b))"
)
_WEEKDAYS = (
    "un|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
)
_LINK = re.compile(
    r"[\s:=(°*,.]{0,4}(?:(?:le|la|op|en date du|du|de|den|is|est|c ?'? ?est|:|=|datum|date)"
    rf"[\s:=']{{1,2}}){{0,3}}(?:(?:{_WEEKDAYS}) )?$"
)
_PLACE_BETWEEN = re.compile(r"\s(?:a|te|in|en)\s[\w\-' ]{2,30}?[\s,]{1,2}(?:le|op|,)?\s?$")
_FIRST = ("premier", "eerste")
# As far as a date may stand from the word of birth ("née à Liège, le …").
_REACH = 45
# A later year is more likely that of an event.
_RECENT = 2020


def find(view: View) -> Iterator[Found]:
    """Yield whole dates of birth (day, month and year)."""
    births = [m.end() for m in pattern("birth").finditer(view.folded)]
    for match in _DATE.finditer(view.folded):
        if _is_birth(view, match.start(), match.end(), births):
            yield Found(match.start(), match.end(), "DATE_OF_BIRTH")
    if births:
        for match in _WORDED.finditer(view.folded, births[0]):
            yield from _in_words(view, match, births)


def _is_birth(view: View, start: int, end: int, births: list[int]) -> bool:
    for birth in births:
        if not 0 <= start - birth <= _REACH:
            continue
        between = view.folded[birth:start]
        if _LINK.match(between) or _PLACE_BETWEEN.match(between):
            return True
    if "°" in view.folded[max(0, start - 3) : start] or _AFTER.match(view.folded, end):
        return True
    # "ma mère (23/10/1941)": nobody puts the date of an event there.
    year = re.search(r"(?:19|20)\d\d", view.folded[start:end])
    before, after = view.folded[max(0, start - 2) : start], view.folded[end : end + 2]
    alone = before.rstrip().endswith("(") and after.lstrip().startswith(")")
    return alone and year is not None and int(year.group()) < _RECENT


def _in_words(view: View, match: re.Match[str], births: list[int]) -> Iterator[Found]:
    """Yield "douze mars mille neuf cent quatre-vingt-cinq", and "12 mars mille neuf cent …"."""
    day = [w for w in re.split(r"[ \-]", match["day"]) if is_number_word(w) or w in _FIRST]
    year = re.split(r"([ \-])", match["year"])
    words: list[str] = []
    length = 0
    for piece in year:
        if piece not in (" ", "-", "et", "en") and not is_number_word(piece):
            break
        length += len(piece)
        if piece not in (" ", "-", "en"):
            words.append(piece)
    number = value_of(words) if words else None
    if not day or number is None or not 1900 <= number <= 2030:
        return
    start = match.start() + match["day"].index(day[0])
    end = match.start("year") + len(match["year"][:length].rstrip(" -"))
    if any(0 <= start - birth <= _REACH for birth in births):
        yield Found(start, end, "DATE_OF_BIRTH")
