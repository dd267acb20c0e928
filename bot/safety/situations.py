"""Situations inside an intent that get an answer of their own (`data/topics.yml`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.language import Supported
from bot.safety.normalise import Normaliser
from bot.safety.notation import Matcher, NotationError, parse
from bot.safety.patterns import Book, PatternError
from bot.yaml_files import DATA, read_yaml

TOPICS = DATA / "topics.yml"


@dataclass(frozen=True)
class Situation:
    """One entry of `data/topics.yml`."""

    id: str
    intents: frozenset[str]
    fires: tuple[str, ...]
    spares: tuple[str, ...]


class Situations:
    """Finds the situation that a message tells of; the first one in the file wins."""

    def __init__(
        self,
        entries: Sequence[Situation],
        readers: Sequence[tuple[Normaliser, Matcher[str]]],
    ) -> None:
        """Take the entries, and per language how to cut a text and what to look for."""
        self.entries = entries
        self._readers = readers

    @classmethod
    def load(cls, books: Sequence[Book], path: Path = TOPICS) -> Situations:
        """Read the file.

        Args:
            books: the pattern books, for how each language is spelt.
            path: the file.

        Raises:
            PatternError: a phrase or an entry can't be used; names file, entry and cure.
        """
        entries: list[Situation] = []
        phrases: dict[Supported, list[tuple[str, object]]] = {book.language: [] for book in books}
        for raw in read_yaml(path)["situations"]:
            for name in ("id", "phrases", "fires", "not"):
                if not raw.get(name):
                    raise PatternError(f"{path}, {raw.get('id')}: '{name}' is missing; add it.")
            entries.append(
                Situation(
                    raw["id"],
                    frozenset(raw.get("intents") or ()),
                    tuple(raw["fires"]),
                    tuple(raw["not"]),
                )
            )
            for book in books:
                for text in raw["phrases"].get(book.language, ()):
                    try:
                        phrase = parse(str(text), {}, book.normaliser.plain)
                    except NotationError as error:
                        raise PatternError(f"{path}, {raw['id']}: {text!r}: {error}.") from None
                    phrases[book.language].append((raw["id"], phrase))
        readers = [
            (book.normaliser, Matcher(phrases[book.language]))  # type: ignore[arg-type]
            for book in books
        ]
        return cls(entries, readers)

    def find(self, text: str, intent: str) -> str | None:
        """Return the id of the situation, or None.

        Args:
            text: the message, cleaned.
            intent: what it means; an entry may be limited to some intents.
        """
        seen: set[str] = set()
        for normaliser, matcher in self._readers:
            words = normaliser.words(text, matcher.vocabulary)
            seen.update(match.key for match in matcher.find(words) if match.exact)
        for entry in self.entries:
            if entry.id in seen and (not entry.intents or intent in entry.intents):
                return entry.id
        return None
