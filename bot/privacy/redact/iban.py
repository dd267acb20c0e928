"""Bank accounts and card numbers. What looks like one goes, even mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from .context import near
from .model import Found
from .view import View

# Length of an IBAN by country (ISO 13616), for the countries that people here have accounts in.
_LENGTHS = {
    "be": 16, "nl": 18, "fr": 27, "de": 22, "lu": 20, "gb": 22, "es": 24, "it": 27, "pt": 25,
    "pl": 28, "ro": 24, "at": 20, "ch": 21, "ie": 22, "lt": 20, "bg": 22, "hu": 28, "cz": 24,
    "sk": 24, "gr": 27, "tr": 26, "hr": 21, "si": 19, "fi": 18, "se": 24, "dk": 18, "no": 15,
    "mt": 31, "cy": 28, "ee": 20,
}  # fmt: skip
# Groups of one to four signs; only the bank's code (and in Malta the account) may be letters.
_IBAN = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(_LENGTHS)}) ?\d\d(?:[ .\-]{{0,2}}(?:[a-z]{{4}}[ .\-]?)?\d){{8,30}}"
    rf"(?:[ .\-]?[a-z]\d\d)?"
)
_OLD = re.compile(r"(?<![\d\-])\d{3}-\d{7}-\d\d(?![\d\-])")
_CARD = re.compile(r"(?<!\d)\d{4}([ \-]?)\d{4}\1\d{4}\1\d{4}(?:\1\d)?(?!\d)")
# Belgian ones are all digits: one digit too few or too many is a slip of the finger.
_SLIP = 2


def find(view: View) -> Iterator[Found]:
    """Yield account numbers."""
    for match in _IBAN.finditer(view.folded):
        end = _cut(view.folded, match.start(), match.end())
        if end is not None:
            yield Found(match.start(), end, "IBAN")
    for match in _OLD.finditer(view.folded):
        # Identity cards are numbered in the same groups.
        if near(view, match.start(), "national"):
            continue
        yield Found(match.start(), match.end(), "IBAN")
    for match in _CARD.finditer(view.folded):
        digits = re.sub(r"\D", "", match.group())
        if luhn.is_valid(digits) or match.group(1):
            yield Found(match.start(), match.end(), "IBAN")


def _cut(text: str, start: int, end: int) -> int | None:
    """Return where the account number ends, or None when this is none."""
    length = _LENGTHS[text[start : start + 2]]
    digits_only = text.startswith("be", start)
    count, place = 0, start
    for place in range(start, end):
        letter = text[place]
        if not letter.isalnum():
            continue
        if digits_only and count >= 2 and not letter.isdigit():
            break
        count += 1
        if count == length and (place + 1 == len(text) or not text[place + 1].isdigit()):
            return place + 1
    else:
        place = end
    if count < length - _SLIP or (not digits_only and count < length):
        return None
    return start + len(text[start:place].rstrip(" .-"))
