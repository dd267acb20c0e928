"""What a message names: a commune, who does it, a language asked for, a need. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.directory.match import find_communes
from bot.directory.model import Directory
from bot.rasa_parts.text import fold
from bot.words import word_lists

_GAP = r"[\s\-'’]+"


@dataclass(frozen=True)
class Words:
    """The word lists of `data/words.yml`, as patterns over folded text."""

    relations: tuple[tuple[str, re.Pattern[str]], ...]
    languages: tuple[tuple[str, re.Pattern[str]], ...]
    needs: tuple[tuple[str, re.Pattern[str]], ...]


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    # Longest first, so that "mon ex mari" isn't read as "mari"; words only, so it stays linear.
    ordered = sorted({fold(p) for p in phrases}, key=len, reverse=True)
    joined = "|".join(_GAP.join(map(re.escape, re.split(r"[\s\-']+", p))) for p in ordered)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the word lists, read once."""
    data = word_lists()
    return Words(
        *(
            tuple((name, _pattern(phrases)) for name, phrases in data[group].items())
            for group in ("relations", "languages", "needs")
        )
    )


def _first(patterns: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> list[tuple[str, Any]]:
    found = [(name, match) for name, pattern in patterns if (match := pattern.search(text))]
    return sorted(found, key=lambda item: (item[1].start(), -len(item[1].group())))


def extract(text: str, intent: str, directory: Directory) -> list[dict[str, Any]]:
    """Return the entities of a message in Rasa's shape.

    Args:
        text: the message.
        intent: what it means; a language is an entity only where one is asked for.
        directory: for the communes.
    """
    found: list[dict[str, Any]] = []
    match = find_communes(text, directory)
    for commune in match.communes:
        found.append(
            {
                "entity": "commune",
                "value": commune.own_name,
                "id": commune.id,
                "start": match.start,
                "end": match.end,
            }
        )
    for commune in match.mentioned:
        if commune not in match.communes:
            found.append(
                {
                    "entity": "commune",
                    "value": commune.own_name,
                    "id": commune.id,
                    "role": "mentioned",
                    "start": match.start,
                    "end": match.end,
                }
            )
    folded = fold(text)
    lists = words()
    for kind, patterns in (("relation", lists.relations), ("need", lists.needs)):
        hits = _first(patterns, folded)
        if hits:
            found.append(_entity(kind, *hits[0]))
    if intent in ("change_language", "ask_disability_access"):
        hits = _first(lists.languages, folded)
        if hits:
            found.append(_entity("language", *hits[0]))
    return found


def _entity(kind: str, name: str, match: re.Match[str]) -> dict[str, Any]:
    return {"entity": kind, "value": name, "start": match.start(), "end": match.end()}
