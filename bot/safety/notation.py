"""The notation of the patterns, and the matcher that runs them all over a message in one pass.

Notation (the same in data/safety/fr.yml, nl.yml and data/topics.yml):
    word        this word, after folding (case, accents, SMS spelling)
    a|b|c       one of these; an apostrophe or hyphen may stand inside: m'a|ma
    word*       a word that begins so
    (word)      may be missing; (a|b) too
    <name>      one of the words listed under `lists:` in the same file
    ...         nothing up to four words, within the sentence
    x + y       both in the same sentence, in any order, at most 14 words apart

spaCy's Matcher was measured first: 31 ms for 100 words and 1,200 patterns, since word lists and
near-misses are decided in Python for every pattern at every word. Here patterns are found by
their first word, a word may have several readings, and the time grows with the message only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.safety.normalise import Vocabulary, Word

GAP = 4
# How far apart, in words, the two sides of a + may be.
NEAR = 14
Key = TypeVar("Key", bound=Hashable)
Plain = Callable[[str], list[str]]


class NotationError(ValueError):
    """A phrase can't be read; the message says what is wrong and how to cure it."""


@dataclass(frozen=True)
class Step:
    """One place of a phrase: any of the `options` (each one or more symbols in a row)."""

    options: tuple[tuple[str, ...], ...]
    optional: bool
    gap: bool


Segment = tuple[Step, ...]
Phrase = tuple[Segment, ...]


@dataclass(frozen=True)
class Match(Generic[Key]):
    """A phrase that was found.

    `places` are the numbers of the words that matched, `gaps` those of the words between them;
    `exact` says that no word had to be guessed.
    """

    key: Key
    places: tuple[int, ...]
    gaps: tuple[int, ...]
    exact: bool

    @property
    def start(self) -> int:
        """Return the number of the first word."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Return the number of the word after the last."""
        return self.places[-1] + 1


def parse(phrase: str, lists: Mapping[str, Sequence[str]], plain: Plain) -> Phrase:
    """Read one phrase of the notation.

    Args:
        phrase: as written by the author.
        lists: the named lists of words.
        plain: folds an author's word as a citizen's is folded.

    Raises:
        NotationError: says what is wrong and the cure.
    """
    return tuple(_segment(part, lists, plain) for part in phrase.split(" + "))


def _segment(text: str, lists: Mapping[str, Sequence[str]], plain: Plain) -> Segment:
    steps: list[Step] = []
    gap = False
    items = text.split()
    for previous, item in zip(["...", *items], items):  # noqa: B905
        if item == "...":
            if previous == "...":
                raise NotationError(
                    f"'...' can't begin a phrase nor follow itself in '{text}'; put a word before"
                )
            gap = True
            continue
        optional = item.startswith("(") and item.endswith(")")
        inner = item[1:-1] if optional else item
        if any(c in inner for c in "()"):
            raise NotationError(
                f"'{item}' has a bracket too many or too few; brackets go round one item: (a|b)"
            )
        steps.append(Step(_options(inner, lists, plain), optional, gap))
        # What follows a word that is missing may stand as far away as that word.
        gap = gap and optional
    if gap:
        raise NotationError(f"'...' can't end a phrase in '{text}'; put a word after it")
    if not steps or all(step.optional for step in steps):
        raise NotationError(f"'{text}' has no word that must be there; leave one without brackets")
    return tuple(steps)


def _options(
    item: str, lists: Mapping[str, Sequence[str]], plain: Plain
) -> tuple[tuple[str, ...], ...]:
    options: list[tuple[str, ...]] = []
    for choice in item.split("|"):
        if choice.startswith("<") and choice.endswith(">"):
            if choice[1:-1] not in lists:
                known = ", ".join(sorted(lists))
                raise NotationError(f"the list {choice} doesn't exist; add it, or use: {known}")
            for entry in lists[choice[1:-1]]:
                options += _words(entry, plain)
        else:
            options += _words(choice, plain)
    return tuple(dict.fromkeys(options))


def _words(choice: str, plain: Plain) -> list[tuple[str, ...]]:
    stem = choice.endswith("*")
    words = plain(choice[:-1] if stem else choice)
    if not words or "*" in choice[:-1] or "<" in choice or ">" in choice:
        raise NotationError(f"'{choice}' isn't a word; use letters, and '*' only at the end")
    if stem:
        if len(words[-1]) < 3:
            raise NotationError(f"'{choice}' is too short before '*'; give three letters or more")
        words[-1] += "*"
    return [tuple(words)]


class Matcher(Generic[Key]):
    """All the phrases of one language; finds every key in one pass over a message."""

    def __init__(self, phrases: Iterable[tuple[Key, Phrase]]) -> None:
        """Number the symbols and sort the phrases by their first word."""
        self._numbers: dict[str, int] = {}
        self._phrases: list[tuple[Key, tuple[_Compiled, ...]]] = []
        self._first: dict[int, list[int]] = {}
        for number, (key, phrase) in enumerate(phrases):
            compiled = tuple(_Compiled(segment, self._number) for segment in phrase)
            self._phrases.append((key, compiled))
            for symbol in compiled[0].firsts:
                self._first.setdefault(symbol, []).append(number)
        stems = {symbol[:-1] for symbol in self._numbers if symbol.endswith("*")}
        self._stem_numbers = {stem: self._numbers[stem + "*"] for stem in stems}
        self._shortest = min((len(stem) for stem in stems), default=99)
        self.vocabulary = Vocabulary(set(self._numbers) - {stem + "*" for stem in stems}, stems)

    def _number(self, symbol: str) -> int:
        return self._numbers.setdefault(symbol, len(self._numbers))

    def find(self, words: Sequence[Word]) -> list[Match[Key]]:
        """Return all matches, at most one a phrase and starting word."""
        written = [self._symbols(word.readings[:1]) for word in words]
        views = [_View(words, written)]
        if any(len(word.readings) > 1 for word in words):
            guessed = [
                symbols | self._symbols(word.readings[1:]) if len(word.readings) > 1 else symbols
                for word, symbols in zip(words, written, strict=True)
            ]
            views.append(_View(words, guessed))
        found: list[Match[Key]] = []
        seen: set[tuple[int, int]] = set()
        for exact, view in zip((True, False), views, strict=False):
            for start, symbols in enumerate(view.symbols):
                numbers: set[int] = set()
                for symbol in symbols:
                    numbers.update(self._first.get(symbol, ()))
                for number in numbers:
                    if (number, start) in seen:
                        continue
                    key, segments = self._phrases[number]
                    if not view.possible(number, segments):
                        continue
                    spans = view.spans(segments, start)
                    if spans:
                        seen.add((number, start))
                        found.append(_match(key, spans, exact))
        return found

    def _symbols(self, readings: tuple[str, ...]) -> frozenset[int]:
        symbols: set[int] = set()
        for reading in readings:
            number = self._numbers.get(reading)
            if number is not None:
                symbols.add(number)
            for length in range(self._shortest, len(reading) + 1):
                number = self._stem_numbers.get(reading[:length])
                if number is not None:
                    symbols.add(number)
        return frozenset(symbols)


class _View:
    """A message with the symbols that each of its words stands for."""

    def __init__(self, words: Sequence[Word], symbols: list[frozenset[int]]) -> None:
        self.sentences, self.symbols = [word.sentence for word in words], symbols
        self.stops = [bisect_right(self.sentences, number) for number in self.sentences]
        self.all = frozenset().union(*symbols)
        self._known: dict[tuple[int, int], tuple[int, ...] | None] = {}
        self._possible: dict[int, bool] = {}

    def possible(self, number: int, segments: tuple[_Compiled, ...]) -> bool:
        """Tell whether all that phrase `number` needs is somewhere in the message."""
        known = self._possible.get(number)
        if known is None:
            known = all(
                not needed.isdisjoint(self.all) for segment in segments for needed in segment.needed
            )
            self._possible[number] = known
        return known

    def spans(self, segments: tuple[_Compiled, ...], start: int) -> list[tuple[int, ...]]:
        """Return the places matched by each segment, the first from `start` on; [] if one fails."""
        spans: list[tuple[int, ...]] = []
        for number, segment in enumerate(segments):
            span = segment.run(self, start) if number == 0 else self._near(segment, start)
            if span is None:
                return []
            spans.append(span)
        return spans

    def _near(self, segment: _Compiled, start: int) -> tuple[int, ...] | None:
        """Return the match of `segment` nearest to `start`, in its sentence."""
        memory = (id(segment), start)
        if memory not in self._known:
            self._known[memory] = next(
                (
                    span
                    for distance in range(NEAR + 1)
                    for place in dict.fromkeys((start + distance, start - distance))
                    if 0 <= place < len(self.symbols)
                    and self.sentences[place] == self.sentences[start]
                    and not self.symbols[place].isdisjoint(segment.firsts)
                    and (span := segment.run(self, place)) is not None
                ),
                None,
            )
        return self._known[memory]


def _match(key: Key, spans: list[tuple[int, ...]], exact: bool) -> Match[Key]:
    places = sorted({place for span in spans for place in span})
    gaps = {place for span in spans for place in range(span[0], span[-1])} - set(places)
    return Match(key, tuple(places), tuple(sorted(gaps)), exact)


class _Compiled:
    """A segment with its symbols as numbers."""

    def __init__(self, segment: Segment, number: Callable[[str], int]) -> None:
        self.steps = [_CompiledStep(step, number) for step in segment]
        self.firsts: frozenset[int] = frozenset()
        for step in self.steps:
            self.firsts |= step.firsts
            if not step.optional:
                break
        self.needed = [step.firsts for step in self.steps if not step.optional]

    def run(self, view: _View, start: int) -> tuple[int, ...] | None:
        """Return the places of the words that match from `start` on, or None."""
        steps, symbols = self.steps, view.symbols
        last = len(steps)
        # The place after the last word of the sentence: a match never goes beyond.
        stop = view.stops[start]
        failed: set[tuple[int, int]] = set()

        def follow(place: int, number: int) -> tuple[int, ...] | None:
            if number == last:
                return ()
            if (place, number) in failed:
                return None
            step = steps[number]
            for at in range(place, min(place + (GAP if step.gap else 0) + 1, stop)):
                here = symbols[at]
                if step.firsts.isdisjoint(here):
                    continue
                if not step.singles.isdisjoint(here):
                    rest = follow(at + 1, number + 1)
                    if rest is not None:
                        return (at, *rest)
                for option in step.longs:
                    end = at + len(option)
                    if end <= stop and all(
                        symbol in symbols[at + i] for i, symbol in enumerate(option)
                    ):
                        rest = follow(end, number + 1)
                        if rest is not None:
                            return (*range(at, end), *rest)
            if step.optional:
                rest = follow(place, number + 1)
                if rest is not None:
                    return rest
            failed.add((place, number))
            return None

        return follow(start, 0)


class _CompiledStep:
    """A step with its options sorted into single words and rows of words."""

    def __init__(self, step: Step, number: Callable[[str], int]) -> None:
        options = [tuple(number(symbol) for symbol in option) for option in step.options]
        self.singles = frozenset(option[0] for option in options if len(option) == 1)
        self.longs = tuple(option for option in options if len(option) > 1)
        self.firsts = frozenset(option[0] for option in options)
        self.optional, self.gap = step.optional, step.gap


__all__ = ["Match", "Matcher", "NotationError", "Phrase", "parse"]
