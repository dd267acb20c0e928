"""Misspelt copies of training lines: people in fear don't proof-read.

Letters dropped, doubled, swapped or hit beside the right key, accents lost, and the short spellings
of text messages. Seeded by the line itself, so that two trainings see the same copies.
"""

from __future__ import annotations

import random
import unicodedata
import zlib

_AZERTY = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_SHORT = {
    "fr": {
        "je suis": "jsuis", "je ne sais pas": "jsp", "c'est": "c", "j'ai": "g", "que": "ke",
        "quoi": "koi", "pourquoi": "pk", "parce que": "pcq", "beaucoup": "bcp", "toujours": "tjs",
        "avec": "ac", "dans": "ds", "vous": "vs", "est-ce que": "esk", "quand": "qd", "tout": "tt",
        "tous": "ts", "rien": "ri1", "bien": "bi1", "mais": "mé", "plus": "+",
        "s'il vous plaît": "svp",
        "il m'a": "il ma", "elle m'a": "elle ma", "qu'il": "kil", "n'est pas": "é pa",
        "temps": "tps",
    },
    "nl": {
        "ik ben": "kben", "ik heb": "kheb", "ik weet niet": "kweet ni", "niet": "ni", "mijn": "mn",
        "het": "t", "een": "n", "eens": "es", "wat": "wa", "dat": "da", "altijd": "altyd",
        "jij": "gij", "alstublieft": "aub", "misschien": "mss", "morgen": "mrgn", "even": "ff",
        "ik kan": "kkan", "ik wil": "kwil", "hij heeft": "hij heef", "goed": "goe", "met": "mee",
        "weet je": "wete", "is het": "ist", "mijnheer": "mr", "vandaag": "vndg", "iets": "iet",
    },
}  # fmt: skip


def strip_accents(text: str) -> str:
    """Return `text` without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _neighbour(letter: str, dice: random.Random) -> str:
    for row in _AZERTY:
        at = row.find(letter)
        if at >= 0:
            return row[max(0, min(len(row) - 1, at + dice.choice((-1, 1))))]
    return letter


def misspell(text: str, rate: float, language: str) -> str:
    """Return a misspelt copy.

    Args:
        text: a training line.
        rate: share of letters that get an error (0.05 is hurried, 0.12 is panic).
        language: `fr` or `nl`, for the short spellings.
    """
    dice = random.Random(zlib.crc32(f"{rate}{text}".encode()))  # noqa: S311 - no secret
    line = text.lower()
    for long, short in _SHORT[language].items():
        if dice.random() < 0.5:
            line = line.replace(f" {long} ", f" {short} ")
    if dice.random() < 0.7:
        line = strip_accents(line)
    if dice.random() < 0.4:
        line = line.replace("'", dice.choice((" ", "")))
    letters: list[str] = []
    i = 0
    while i < len(line):
        letter = line[i]
        if letter.isalpha() and dice.random() < rate:
            kind = dice.randrange(4)
            if kind == 1:
                letters += [letter, letter]
            elif kind == 2 and i + 1 < len(line):
                letters += [line[i + 1], letter]
                i += 1
            elif kind == 3:
                letters.append(_neighbour(letter, dice))
        else:
            letters.append(letter)
        i += 1
    return "".join(letters)
