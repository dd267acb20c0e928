"""What the words around a pattern make of it: negation, time, doubt, others' words, fiction.

Pure functions over the matches of one language. In doubt the danger stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rasa_parts.text import fold
from bot.safety.normalise import Word
from bot.safety.notation import Match
from bot.safety.patterns import LEVELS, Book, Entry, Kind, Level, Writer

# How far, in words, a word of time reaches within its sentence.
REACH = 25
_SIGNS = ".,;:!?…'\"()"
Found = Match[tuple[Kind, str]]


@dataclass(frozen=True)
class Hit:
    """A pattern that stands after a look at its context."""

    id: str
    level: Level
    exact: bool
    because: str
    writer: Writer | None


@dataclass(frozen=True)
class Sighting:
    """What the patterns of one language see in a message.

    `doubtful` are stretches of the message (from, to) told as fiction, as a figure of speech or as
    long past: there the learned head has to be surer.
    """

    hits: tuple[Hit, ...]
    writers: frozenset[Writer]
    doubtful: tuple[tuple[int, int], ...]


def look(book: Book, text: str) -> Sighting:
    """Return what the patterns of `book` see in `text` (cleaned: one line, up to 2,000 letters)."""
    words, found = book.find(text)
    scene = _Scene(book, words, found)
    hits: list[Hit] = []
    writers: set[Writer] = set()
    for match in found:
        entry = book.entries[match.key]
        if entry.kind == "writers" and entry.writer and not scene.denied(match):
            writers.add(entry.writer)
        if entry.kind != "patterns":
            continue
        level = scene.level(match, entry)
        if level != "none":
            because = text[words[match.start].start : words[match.end - 1].end]
            hits.append(Hit(entry.id, level, match.exact, because, entry.writer))
            if entry.writer:
                writers.add(entry.writer)
    return Sighting(tuple(hits), frozenset(writers), tuple(scene.doubtful()))


def denies_wish(book: Book, text: str) -> bool:
    """Tell whether `text` says a wish to die with a word of denial, and none without it.

    "I do not want to die": without its "not", a pattern of `crisis` stands; as written, none does.
    """
    denial = book.denial.inside
    said = text.split()
    kept = [word for word in said if fold(word).strip(_SIGNS) not in denial]
    if len(kept) == len(said):
        return False

    def wished(words: str) -> bool:
        return any(hit.level == "crisis" and hit.exact for hit in look(book, words).hits)

    return wished(" ".join(kept)) and not wished(text)


class _Scene:
    def __init__(self, book: Book, words: Sequence[Word], found: Iterable[Found]) -> None:
        self.book, self.words = book, words
        self.guards: list[tuple[Found, Entry]] = []
        self.context: dict[str, list[Found]] = {}
        for match in found:
            entry = book.entries[match.key]
            # Only words that are written, not guessed, may take a danger away.
            if entry.kind == "guards" and match.exact:
                self.guards.append((match, entry))
            elif entry.kind == "context" and match.exact:
                self.context.setdefault(entry.id, []).append(match)

    def level(self, match: Found, entry: Entry) -> Level:
        """Return the risk that is left of a pattern in its context."""
        if self.denied(match):
            return "none"
        level = entry.risk
        for guard, rule in self.guards:
            if self._silences(guard, rule, match):
                level = _lower(level, rule.becomes)
        if level == "emergency" and self._before("doubt", match, range(-2, 1)):
            level = "raised"
        if level == "crisis" and self._before("said", match, range(2)):
            level = "raised"
        now = self._beside("now", match)
        if not now and any(self._beside(time, match) for time in entry.fades):
            level = _lower(level, "raised")
        return level

    def denied(self, match: Found) -> bool:
        """Tell whether the words in or beside a match say its contrary."""
        denial = self.book.denial
        if any(self._word(place) in denial.inside for place in match.gaps):
            return True
        before = self._word(match.start - 1) if self._same(match.start - 1, match) else ""
        if before in denial.before:
            return True
        after = self._word(match.end) if self._same(match.end, match) else ""
        return after in denial.after and self._word(match.end + 1) not in denial.unless

    def doubtful(self) -> Iterable[tuple[int, int]]:
        """Yield the stretches of the message that are told as fiction, figure or long past."""
        doubts = [guard for guard, _ in self.guards]
        doubts += [m for m in self.context.get("past", []) if not self._beside("now", m)]
        for match in doubts:
            yield self.words[match.start].start, self.words[match.end - 1].end

    def _silences(self, guard: Found, rule: Entry, match: Found) -> bool:
        if rule.scope == "words":
            covered = {*guard.places, *guard.gaps}
            return sum(place in covered for place in match.places) * 2 >= len(match.places)
        if not rule.own and (
            any(self._word(place) in self.book.own_words for place in match.places)
            or self._beside("now", match)
        ):
            return False
        if self._sentence(guard) == self._sentence(match):
            return True
        # A story goes on until a sentence speaks of the writer.
        return (
            rule.scope == "story"
            and guard.start < match.start
            and not any(
                word.readings[0] in self.book.own_words
                for word in self.words
                if word.sentence == self._sentence(match)
            )
        )

    def _before(self, name: str, match: Found, apart: range) -> bool:
        """Tell whether a context ends so many words before the match (below 0: inside it)."""
        return any(
            match.start - found.end in apart and self._same(found.start, match)
            for found in self.context.get(name, [])
        )

    def _beside(self, name: str, match: Found) -> bool:
        return any(
            self._same(found.start, match)
            and found.start - match.end < REACH
            and match.start - found.end < REACH
            for found in self.context.get(name, [])
        )

    def _word(self, place: int) -> str:
        return self.words[place].readings[0] if 0 <= place < len(self.words) else ""

    def _sentence(self, match: Found) -> int:
        return self.words[match.start].sentence

    def _same(self, place: int, match: Found) -> bool:
        return 0 <= place < len(self.words) and self.words[place].sentence == self._sentence(match)


def _lower(level: Level, to: Level) -> Level:
    return min(level, to, key=LEVELS.index)


__all__ = ["Hit", "Sighting", "denies_wish", "look"]
