"""The patterns of danger, read from data/safety/<language>.yml and run over a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.language import SUPPORTED, Supported
from bot.safety.normalise import Normaliser, Spellings, Word
from bot.safety.notation import Match, Matcher, NotationError, Phrase, parse
from bot.yaml_files import DATA, read_yaml

Level = Literal["none", "raised", "child", "crisis", "emergency"]
LEVELS: tuple[Level, ...] = get_args(Level)
Writer = Literal["hurt", "hurts", "witness", "child", "professional"]
Kind = Literal["patterns", "guards", "writers", "context"]
Time = Literal["past", "recent", "often"]
# What the sentence around a pattern may say: a time, a doubt, somebody else's words.
CONTEXTS = ("past", "recent", "often", "now", "doubt", "said")
SAFETY = DATA / "safety"
_FIELDS: Mapping[Kind, Mapping[str, bool]] = {
    "patterns": {"risk": True, "fades": False, "writer": False},
    "guards": {"scope": True, "becomes": False, "self": False},
    "writers": {"writer": True},
    "context": {},
}
_COMMON = {"id": True, "phrases": True, "fires": True, "not": True}


class PatternError(ValueError):
    """A pattern file can't be used; the message names the file, the line and the cure."""


@dataclass(frozen=True)
class Entry:
    """One entry of a pattern file.

    Patterns have `risk` and `fades` (the times that make it `raised`: past, recent, often);
    guards have `scope` (words, sentence, story), `becomes` (the level that is left) and `own`
    (it also holds for words about the writer, as a dream does); writers have `writer`.
    """

    id: str
    kind: Kind
    fires: tuple[str, ...]
    spares: tuple[str, ...]
    risk: Level = "none"
    fades: frozenset[Time] = frozenset()
    writer: Writer | None = None
    scope: Literal["words", "sentence", "story"] = "words"
    becomes: Level = "none"
    own: bool = False


@dataclass(frozen=True)
class Denial:
    """The words that turn a pattern into its contrary.

    `inside` its gaps, or right `after` it, unless the word after those is one of `unless`;
    `before` it, immediately.
    """

    inside: frozenset[str]
    after: frozenset[str]
    unless: frozenset[str]
    before: frozenset[str]


@dataclass(frozen=True)
class Book:
    """Everything that is known about danger in one language."""

    language: Supported
    entries: dict[tuple[Kind, str], Entry]
    denial: Denial
    own_words: frozenset[str]
    normaliser: Normaliser
    matcher: Matcher[tuple[Kind, str]]

    def find(self, text: str) -> tuple[list[Word], list[Match[tuple[Kind, str]]]]:
        """Return the words of `text` and all that matches in them, whatever the context."""
        words = self.normaliser.words(text, self.matcher.vocabulary)
        return words, self.matcher.find(words)


def load(language: Supported, folder: Path = SAFETY) -> Book:
    """Read the pattern file of one language.

    Raises:
        PatternError: an entry can't be used; names file, line and cure.
        TextsError: the file isn't YAML, or is missing.
    """
    path = folder / f"{language}.yml"
    content = read_yaml(path)
    normaliser = Normaliser(Spellings.of(read_yaml(folder / "spellings.yml"), language))
    reader = _Reader(path, content, normaliser)
    phrases: list[tuple[tuple[Kind, str], Phrase]] = []
    entries: dict[tuple[Kind, str], Entry] = {}
    kinds: tuple[Kind, ...] = ("patterns", "guards", "writers")
    for kind in kinds:
        for raw in content.get(kind) or []:
            entry = reader.entry(kind, raw)
            key = (entry.kind, entry.id)
            if key in entries:
                raise reader.error(f"id: {entry.id}", "this id is used twice", "rename one")
            entries[key] = entry
            phrases += [(key, phrase) for phrase in reader.phrases(raw["phrases"])]
    for name in CONTEXTS:
        key = ("context", name)
        entries[key] = Entry(name, "context", (), ())
        phrases += [(key, phrase) for phrase in reader.phrases(content["context"][name])]
    denial = content["denial"]
    return Book(
        language,
        entries,
        Denial(*(frozenset(denial[name].split()) for name in Denial.__dataclass_fields__)),
        frozenset(content["own_words"].split()),
        normaliser,
        Matcher(phrases),
    )


def load_all(folder: Path = SAFETY) -> list[Book]:
    """Read the pattern files of both languages: both always run, since people mix them."""
    return [load(language, folder) for language in SUPPORTED]


class _Reader:
    """Turns raw entries into checked ones, with errors that a social worker can act on."""

    def __init__(self, path: Path, content: Mapping[str, Any], normaliser: Normaliser) -> None:
        self._path = path
        self._lists: Mapping[str, Sequence[str]] = content.get("lists") or {}
        self._plain = normaliser.plain
        for name, words in self._lists.items():
            for word in words:
                if not isinstance(word, str):
                    # YAML reads on, yes, no and numbers as something else than words.
                    raise self.error(
                        f"{name}: ", f"{word!r} isn't read as a word", "put it in quotes"
                    )

    def error(self, near: str, wrong: str, cure: str) -> PatternError:
        lines = self._path.read_text(encoding="utf-8").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if near in text), 1)
        return PatternError(f"{self._path}, line {line}: {wrong}; {cure}.")

    def entry(self, kind: Kind, raw: Mapping[str, Any]) -> Entry:
        near = f"id: {raw.get('id', '')}"
        fields = {**_COMMON, **_FIELDS[kind]}
        for name in raw:
            if name not in fields:
                raise self.error(near, f"'{name}' isn't known here", f"use {', '.join(fields)}")
        for name, needed in fields.items():
            if needed and not raw.get(name):
                raise self.error(near, f"'{name}' is missing", f"add it under '{raw.get('id')}'")
        self._one_of(near, raw, "risk", LEVELS)
        self._one_of(near, raw, "becomes", LEVELS)
        self._one_of(near, raw, "writer", get_args(Writer))
        self._one_of(near, raw, "scope", ("words", "sentence", "story"))
        for time in raw.get("fades") or []:
            if time not in get_args(Time):
                raise self.error(near, f"'{time}' isn't a time", "use past, recent or often")
        return Entry(
            str(raw["id"]),
            kind,
            tuple(map(str, raw["fires"])),
            tuple(map(str, raw["not"])),
            raw.get("risk", "none"),
            frozenset(raw.get("fades") or []),
            raw.get("writer"),
            raw.get("scope", "words"),
            raw.get("becomes", "none"),
            bool(raw.get("self")),
        )

    def _one_of(self, near: str, raw: Mapping[str, Any], name: str, allowed: Sequence[str]) -> None:
        if name in raw and raw[name] not in allowed:
            raise self.error(near, f"{name} '{raw[name]}' isn't known", f"use {', '.join(allowed)}")

    def phrases(self, raw: Sequence[str]) -> Iterator[Phrase]:
        for text in raw:
            try:
                yield parse(str(text), self._lists, self._plain)
            except NotationError as error:
                raise self.error(
                    str(text), str(error), "the notation is told atop the file"
                ) from None


__all__ = [
    "LEVELS",
    "Book",
    "Denial",
    "Entry",
    "Level",
    "PatternError",
    "Writer",
    "load",
    "load_all",
]
