"""The small words around a place's name (``belgium/cues.yml``), as sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

Words = frozenset[str]


@dataclass(frozen=True)
class Cues:
    """The groups of the file, under the same names; the file says what each is for."""

    lives: Words
    # "is" is a word of Python.
    is_: Words
    looks_for: Words
    towns: Words
    fillers: Words
    near: Words
    of: Words
    titles: Words
    streets: Words
    street_fillers: Words
    larger: Words
    first: Words
    third: Words
    now: Words
    at_home_of: Words
    moved: Words
    clauses: Words
    not_there: Words
    roughly: Words
    elsewhere: Words
    small: Words
    not_code_after: Words
    not_code_before: Words
    code_words: Words
    # Put together from the groups.
    strong: Words = field(init=False)
    trifles: Words = field(init=False)
    signs: Words = field(init=False)
    no_town: Words = field(init=False)

    def __post_init__(self) -> None:
        strong = self.lives | self.is_ | self.looks_for
        object.__setattr__(self, "strong", strong)
        object.__setattr__(self, "trifles", self.small | strong | self.fillers)
        # "à" is written "a" as often as not.
        object.__setattr__(self, "signs", strong | self.near | {"a"})
        object.__setattr__(self, "no_town", self.titles | self.streets | self.larger)


def read_cues(groups: Mapping[str, str]) -> Cues:
    """The sets, from words separated by spaces.

    Raises:
        KeyError: a group is missing.
    """
    names = [f.name for f in fields(Cues) if f.init]
    return Cues(**{name: frozenset(groups[name.rstrip("_")].split()) for name in names})
