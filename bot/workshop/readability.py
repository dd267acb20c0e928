"""How easy a text is to read: Flesch's reading ease, as adapted to Dutch and to French.

Dutch: W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960. French: L. Kandel and
A. Moles, Application de l'indice de Flesch à la langue française, Cahiers d'études de
radio-télévision 19, 1958. Both measure length only: a low figure is a reason to read again, a high
one proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language import Supported

# (constant, weight of words per sentence, weight of syllables per word)
_WEIGHTS: dict[str, tuple[float, float, float]] = {
    "nl": (206.835, 0.93, 77.0),
    "fr": (207.0, 1.015, 73.6),
}
# "Standard" begins at 60 on Flesch's scale; below, a text is marked as above B1. A rule of thumb.
EASY_FROM = 60
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = {
    "nl": re.compile(r"ij|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ei|[aeiouyàáâäèéêëìíîïòóôöùúûü]"),
    "fr": re.compile(r"[aeiouyàâäæéèêëîïôöœùûüÿ]+"),
}
_SILENT = re.compile(r"(?<=[^aeiouyéèê])(e|es|ent)$")


@dataclass(frozen=True)
class Ease:
    """Reading ease: 100 very easy, 0 very hard; `hard` when above B1."""

    score: float
    words_per_sentence: float
    hard: bool


def syllables(word: str, language: Supported) -> int:
    """Count the syllables of a word, at least one."""
    plain = word.lower()
    found = len(_VOWELS[language].findall(plain))
    # French final e, es, ent are silent. "ent" isn't in nouns and adverbs: close enough for means.
    if language == "fr" and found > 1 and _SILENT.search(plain) and not plain.endswith("ment"):
        found -= 1
    return max(found, 1)


def ease(text: str, language: Supported) -> Ease:
    """Return how easy a text is; one without words is easy."""
    words = _WORD.findall(text)
    if not words:
        return Ease(100.0, 0.0, False)
    parts = re.split(r"[.!?…:]+(?=\s|$)|\n", text)
    per_sentence = len(words) / max(1, sum(bool(_WORD.search(part)) for part in parts))
    per_word = sum(syllables(word, language) for word in words) / len(words)
    constant, by_sentence, by_word = _WEIGHTS[language]
    score = constant - by_sentence * per_sentence - by_word * per_word
    return Ease(round(score, 1), round(per_sentence, 1), score < EASY_FROM)
