"""Names of places, folded, and what they stand for: the index that ``match`` looks things up in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .cues import Cues
from .model import Commune

# How sure a name must be before it counts as a place.
PLAIN, WORD, HARD = 0, 1, 2
_MIN_FUZZY = 5  # shorter names are too close to ordinary words
_SAINTS = {"saint": ("st",), "sainte": ("ste", "st"), "sint": ("st",), "sankt": ("st",)}
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_WORDS = re.compile(r"[^\W_]+")


def fold_word(word: str) -> str:
    """Lower case without accents: ``Méry`` and ``MERY`` give ``mery``."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def fold(name: str) -> str:
    """A whole name, its words separated by single spaces: ``L'Écluse`` gives ``l ecluse``."""
    return " ".join(fold_word(word) for word in _WORDS.findall(name))


@dataclass(frozen=True)
class NameRules:
    """``belgium/name-rules.yml``: names that are also words, and spellings to ask back."""

    words: frozenset[str] = frozenset()
    hard: frozenset[str] = frozenset()
    not_places: frozenset[str] = frozenset()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """What a name stands for: the communes, how strict to be, and whether it may be asked back."""

    communes: tuple[str, ...]
    strictness: int
    is_commune: bool


class PlaceIndex:
    """Every known name and postal code, built once when the directory is loaded."""

    def __init__(
        self,
        communes: Iterable[Commune],
        sections: Mapping[str, Iterable[str]],
        rules: NameRules,
        cues: Cues,
    ) -> None:
        """``sections`` gives names by postal code, ``rules`` the names that are also words."""
        self.rules, self.cues = rules, cues
        self.codes: dict[str, tuple[str, ...]] = {}
        self.names: dict[str, Place] = {}
        self.spelled = {name: tuple(ids) for name, ids in rules.ambiguous.items()}
        known = list(communes)
        self._add_codes(known)
        own, local, far = self._collect(known, sections)
        for name in {*own, *local, *far} - rules.not_places:
            # A commune's own name wins over a section elsewhere, never over a network's village.
            ids = own.get(name, []) + local.get(name, [])
            ids += [] if name in own else far.get(name, [])
            self.names[name] = Place(
                tuple(dict.fromkeys(ids)), self._strictness(name, own, local), name in own
            )
        # How many words to try after a first word: most words of a message begin no name at all.
        self.starts: dict[str, int] = {}
        for name in self.names:
            words = name.split()
            self.starts[words[0]] = max(len(words), self.starts.get(words[0], 0))
        served = {c.id for c in known if c.network}
        ours = [n for n, ids in own.items() if served & {*ids}]
        self.near = _by_letter(n for n in sorted({*ours, *local}) if n in self.names)
        self.all = _by_letter(n for n in own if n in self.names)

    def _add_codes(self, communes: Iterable[Commune]) -> None:
        codes: dict[str, list[str]] = {}
        for commune in communes:
            for code in commune.postal_codes:
                codes.setdefault(code, []).append(commune.id)
        self.codes = {code: tuple(ids) for code, ids in codes.items()}

    def _collect(
        self, communes: Iterable[Commune], sections: Mapping[str, Iterable[str]]
    ) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
        own: dict[str, list[str]] = {}
        local: dict[str, list[str]] = {}
        far: dict[str, list[str]] = {}
        for commune in communes:
            for name in (*commune.name.values(), *commune.also):
                _add(own, name, (commune.id,))
            for locality in commune.localities:
                for name in (locality.name, *locality.also):
                    _add(local, name, (commune.id,))
        for code, names in sections.items():
            for name in names:
                _add(far, name, self.codes.get(code, ()))
        return own, local, far

    def _strictness(self, name: str, own: dict[str, list[str]], local: dict[str, list[str]]) -> int:
        if name in self.rules.hard:
            return HARD
        if name in self.rules.words or len(name) <= 4 or (name not in own and name not in local):
            return WORD
        return PLAIN


def _variants(name: str) -> Iterator[str]:
    folded = fold(name)
    yield folded
    words = folded.split()
    for index, word in enumerate(words):
        for short in _SAINTS.get(word, ()):
            yield " ".join([*words[:index], short, *words[index + 1 :]])


def _add(names: dict[str, list[str]], name: str, ids: tuple[str, ...]) -> None:
    for variant in _variants(name):
        if variant:
            known = names.setdefault(variant, [])
            known.extend(i for i in ids if i not in known)


def _by_letter(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        if len(name) >= _MIN_FUZZY:
            found.setdefault(name[0], []).append(name)
    return found
