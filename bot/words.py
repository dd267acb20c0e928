"""The word lists of `data/words.yml`, read once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.yaml_files import DATA, read_yaml


@lru_cache(maxsize=1)
def word_lists() -> dict[str, Any]:
    """Return all lists."""
    lists: dict[str, Any] = read_yaml(DATA / "words.yml")
    return lists


@lru_cache(maxsize=16)
def word_set(name: str) -> frozenset[str]:
    """Return one flat list as a set of lower-case words."""
    return frozenset(str(word).lower() for word in word_lists()[name])
