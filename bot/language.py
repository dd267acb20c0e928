"""Which language a message is written in: one pure function, the same for all who ask.

Two steps: the languages that people around us write first; where none of the others leads clearly,
French against Dutch alone. Short words that mean nothing in particular say no language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Literal, cast

import eldc

from bot.words import word_set

Supported = Literal["fr", "nl"]
SUPPORTED: tuple[Supported, ...] = ("fr", "nl")
# The languages in which an emergency card exists; others would only make short lines less sure.
KNOWN = ("fr", "nl", "en", "de", "ar", "tr", "es", "it", "pl", "ro", "pt", "uk", "ru")
# Below this lead over French and Dutch, "another language" is more often slang or dialect.
_LEAD = 0.05
# In so few words, one dialect or SMS word says more than letter statistics.
_SHORT = 4
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _detectors() -> tuple[Any, Any]:
    eldc.init()
    wide, narrow = eldc.instance(), eldc.instance()
    wide.set_languages(list(KNOWN))
    wide.set_scores(len(KNOWN))
    narrow.set_languages(list(SUPPORTED))
    narrow.set_scores(len(SUPPORTED))
    return wide, narrow


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of `text`, or None when the text doesn't say.

    Args:
        text: a message, as typed; only its first 600 characters are looked at.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text[:600]))
    lower = [word.lower() for word in words]
    if all(word in word_set("no_language") for word in lower):
        return None
    line = " ".join(words)
    wide, narrow = _detectors()
    result = wide.detect_details(line)
    if result.language in SUPPORTED:
        return cast(str, result.language)
    dutch = sum(word in word_set("only_dutch") for word in lower)
    french = sum(word in word_set("only_french") for word in lower)
    if len(words) <= _SHORT and dutch != french:
        return "nl" if dutch > french else "fr"
    scores = result.scores
    best = max((scores.get(code, 0.0) for code in SUPPORTED), default=0.0)
    if result.language != "und" and scores.get(result.language, 0.0) - best > _LEAD:
        return cast(str, result.language)
    answer = narrow.detect_details(line).language
    return None if answer == "und" else cast(str, answer)


def follow(text: str, current: Supported, detected: str | None) -> Supported:
    """Return the language in which to answer.

    A conversation doesn't change its language for "ok", a village or one odd word: the other
    language must be seen in at least three words.

    Args:
        text: the message.
        current: the conversation's language so far.
        detected: what `detect` said of the text.
    """
    if detected in SUPPORTED and detected != current and len(_WORD.findall(text)) >= 3:
        return detected  # type: ignore[return-value]
    return current
