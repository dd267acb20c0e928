"""Dates of birth: a whole date after a word of birth, or alone beside a person. Other dates stay."""

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
_DATE = re.compile(
    rf"(?<![\d./\-])(?:(?:0?[1-9]|[12]\d|3[01])(?:er|e|de|ste)? ?(?:(?P<s>[./\-]) ?(?:0?[1-9]|1[0-2])|(?:van |de )?(?:{_MONTHS})\.?|(?P<b>\s)(?:0?[1-9]|1[0-2]))"
    rf"[ ./\-,']{{0,2}}(?P<year>(?:19|20)\d\d|\d\d)|(?P<iso>(?:19|20)\d\d)[./\-](?:0?[1-9]|1[0-2])[./\-](?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)(?!\d|[./\-]\d)"
)
_WORDED = re.compile(
    rf"(?P<day>[a-z]+(?:[ \-](?:et[ \-])?[a-z]+)?) (?P<month>{_MONTHS}) (?P<year>[a-z\-]+(?: [a-z\-]+){{0,6}})"
)
_AFTER = re.compile(
    r"\W{0,3}(?:\(?(?:date de naissance|geboortedatum|ddn|jour de naissance|geb\b|dn\b))"
)
_LINK = re.compile(
    r"[\s:=(°*,.]{0,4}(?:(?:le|la|op|en date du|du|de|den|is|est|c ?'? ?est|:|=|datum|date)[\s:=']{1,2}){0,3}(?:(?:un|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag) )?$"
)
_PLACE_BETWEEN = re.compile(r"\s(?:a|te|in)\s[\w\-' ]{2,30}?[\s,]{1,2}(?:le|op|,)?\s?$")


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
        between = view.folded[birth:start]
        if 0 <= start - birth <= 45 and (_LINK.match(between) or _PLACE_BETWEEN.match(between)):
            return True
    if "°" in view.folded[max(0, start - 3) : start] or _AFTER.match(view.folded, end):
        return True
    # "ma mère (23/10/1941)": nobody puts the date of an event there.
    year = re.search(r"(?:19|20)\d\d", view.folded[start:end])
    alone = view.folded[:start].rstrip().endswith("(") and view.folded[end:].lstrip().startswith(
        ")"
    )
    return alone and year is not None and int(year.group()) < 2020


def _in_words(view: View, match: re.Match[str], births: list[int]) -> Iterator[Found]:
    """Yield "douze mars mille neuf cent quatre-vingt-cinq", and "12 mars mille neuf cent …"."""
    day = [w for w in re.split(r"[ \-]", match["day"]) if is_number_word(w)]
    year = re.split(r"([ \-])", match["year"])
    words: list[str] = []
    length = 0
    for piece in year:
        if piece not in (" ", "-") and not is_number_word(piece) and piece != "et":
            break
        length += len(piece)
        if piece not in (" ", "-"):
            words.append(piece)
    number = value_of(words) if words else None
    if not day or number is None or not 1900 <= number <= 2030:
        return
    start = match.start() + match["day"].index(day[0])
    end = match.start("year") + len(match["year"][:length].rstrip(" -"))
    if any(0 <= start - birth <= 45 for birth in births):
        yield Found(start, end, "DATE_OF_BIRTH")
