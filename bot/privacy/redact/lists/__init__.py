"""The lists of the redaction: text files, words on each line, `#` comments, `[name]` sections."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def read_words(name: str) -> frozenset[str]:
    """Return the words of a file without sections."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


def read_lines(name: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of each section: phrases that may hold spaces, parted by commas."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.extend(part.strip() for part in line.split(",") if part.strip())
    return {section: tuple(parts) for section, parts in sections.items()}


def read_sections(name: str) -> dict[str, frozenset[str]]:
    """Return the words of each section."""
    return {
        section: frozenset(w for line in lines for w in line.split())
        for section, lines in read_lines(name).items()
    }


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, ...]]:
    """Return the phrases of `phrases.txt`, read once."""
    return read_lines("phrases.txt")
