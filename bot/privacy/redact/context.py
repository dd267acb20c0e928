"""Words around a place in the text that say what a number or a word stands for."""

from __future__ import annotations

import re
from functools import lru_cache

from .lists import phrases
from .view import View


@lru_cache(maxsize=32)
def pattern(section: str) -> re.Pattern[str]:
    """Return a pattern for the phrases of a section of `phrases.txt`, longest first."""
    ordered = sorted(set(phrases()[section]), key=len, reverse=True)
    joined = "|".join(r"[\s'.\-]{1,2}".join(map(re.escape, p.split())) for p in ordered)
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])")


def near(view: View, start: int, section: str, reach: int = 30) -> bool:
    """Tell whether a phrase of `section` stands in the `reach` characters before `start`."""
    return pattern(section).search(view.folded, max(0, start - reach), start) is not None


def around(view: View, start: int, end: int, section: str, reach: int = 30) -> bool:
    """Tell whether a phrase of `section` stands shortly before or after a piece of the text."""
    return near(view, start, section, reach) or (
        pattern(section).search(view.folded, end, end + reach) is not None
    )
