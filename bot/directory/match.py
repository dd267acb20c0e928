"""From what a person wrote to the commune that they mean. A pure function of the text.

Exact names (folded: no accents, no capitals) are looked up word by word, so the time grows with
the length of the text. Names that are also words ("Spa", "Ans", "Mol") need a sign that a place
is meant. Only after such a sign, or in a short answer, is a misspelt name looked for, by the
distance of optimal string alignment (never by weighted ratios, which turn "oui" into a village).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .message import Message
from .model import Commune, Directory
from .places import HARD, PLAIN, WORD, Place, PlaceIndex

_ANSWER = 4  # an answer to "which commune?" has at most so many words beside the small ones
_FUZZY = 0.8  # similarity from which a misspelt name counts
_PREFER_NEAR = 0.05  # a commune that we serve wins when it is about as close
_MIN_LETTERS = 5
_MAX_GUESSES = 8
_YEARS = range(1930, 2036)  # these look like postal codes, and are years more often
_BRUSSELS_CITY = "21004"
# How sure it is that help is wanted at a place.
_LIVES, _FIRST, _LOOKS, _PLAIN, _THIRD, _ELSEWHERE = 5, 4, 3, 2, 1, 0


@dataclass(frozen=True)
class CommuneMatch:
    """What was found.

    ``communes``: where help is wanted; one, or several when ``ambiguous`` (ask back), or none.
    ``mentioned``: communes that are named but aren't where help is wanted.
    ``surface``, ``start``, ``end``: the words in the text that name the first of ``communes`` (or,
    without one, of ``mentioned``), as a slice of the text.
    """

    communes: list[Commune]
    mentioned: list[Commune]
    ambiguous: bool = False
    surface: str | None = None
    start: int | None = None
    end: int | None = None


class _Mention(NamedTuple):
    ids: tuple[str, ...]
    first: int
    last: int
    role: int
    is_code: bool = False


def find_communes(text: str, directory: Directory) -> CommuneMatch:
    """The communes that ``text`` names, and which of them is where help is wanted.

    Args:
        text: a message as written, in French or Dutch; any length.
        directory: for the names.
    """
    index = directory.places
    message = Message(text, index.cues)
    mentions = _exact(message, index)
    mentions += _codes(message, index, mentions)
    mentions += _guesses(message, index, mentions)
    return _decide(message, mentions, directory)


def _exact(message: Message, index: PlaceIndex) -> list[_Mention]:
    found: list[_Mention] = []
    position = 0
    count = len(message.tokens)
    while position < count:
        step = 1
        longest = index.starts.get(message.tokens[position].word, 0)
        for size in range(min(longest, count - position), 0, -1):
            if any(token.apart for token in message.tokens[position + 1 : position + size]):
                continue
            ids = _named(message, index, position, size)
            if ids:
                role = _role(message, position)
                found.append(_Mention(ids, position, position + size - 1, role))
                step = size
                break
        position += step
    return found


def _named(message: Message, index: PlaceIndex, position: int, size: int) -> tuple[str, ...]:
    words = message.tokens[position : position + size]
    place = index.names.get(" ".join(token.word for token in words))
    if place is None or not _accepted(message, place, position, size):
        return ()
    # Some spellings are asked back although the folded name is known: "foret" without accent.
    return index.spelled.get(" ".join(token.raw.lower() for token in words), place.communes)


def _accepted(message: Message, place: Place, position: int, size: int) -> bool:
    cues = message.cues
    if message.no_town(position):
        return False
    if place.strictness == PLAIN or message.beside_code(position, size):
        return True
    alone = message.alone(position, position + size - 1)
    weak, capital = message.weak(position), message.capital(position)
    if place.strictness == WORD:
        return message.strong(position, cues.strong) or alone or capital or weak == "near"
    if message.strong(position, cues.lives | cues.towns) and (weak or message.lives(position)):
        return True
    return (alone and place.is_commune) or (bool(weak) and capital)


def _codes(message: Message, index: PlaceIndex, mentions: Sequence[_Mention]) -> list[_Mention]:
    cues = message.cues
    beside = {m.first - 1 for m in mentions} | {m.last + 1 for m in mentions}
    found = []
    for position, token in enumerate(message.tokens):
        ids = index.codes.get(token.raw)
        if not ids:
            continue
        after = message.tokens[position + 1].word if position + 1 < len(message.tokens) else ""
        before = message.tokens[position - 1].word if position else ""
        if after in cues.not_code_after or before in cues.not_code_before:
            continue
        if "€" in message.text[token.end : token.end + 2]:
            continue
        sure = position in beside or before in cues.code_words or len(message.tokens) == 1
        likely = message.strong(position, cues.strong) or bool(message.weak(position))
        likely = likely or message.alone(position, position)
        if sure or (likely and int(token.raw) not in _YEARS):
            found.append(_Mention(ids, position, position, _role(message, position), is_code=True))
    return found


def _guesses(message: Message, index: PlaceIndex, mentions: Sequence[_Mention]) -> list[_Mention]:
    """Misspelt names, where a place is expected."""
    taken = {i for m in mentions for i in range(m.first, m.last + 1)}
    answer = not mentions and 0 < message.content <= _ANSWER
    found: list[_Mention] = []
    tries, sign = 0, -9
    for position, token in enumerate(message.tokens):
        if token.word in message.cues.signs:
            sign = position
        # Without a sign of a place just before, nothing here can be a misspelt name.
        if position in taken or message.trifling[position] or (position - sign > 4 and not answer):
            continue
        expected = _expects_place(message, position)
        if not (expected or answer) or not token.raw[0].isalpha() or message.no_town(position):
            continue
        tries += 1
        if tries > _MAX_GUESSES:
            break
        for last in range(min(position + 3, len(message.tokens) - 1), position - 1, -1):
            covered = {*range(position, last + 1)}
            if taken & covered or not (expected or message.alone(position, last)):
                continue
            ids = _closest([t.word for t in message.tokens[position : last + 1]], index)
            if ids:
                found.append(_Mention(ids, position, last, _role(message, position)))
                taken |= covered
                break
    return found


def _expects_place(message: Message, position: int) -> bool:
    if message.weak(position) == "near" and message.capital(position):
        return True
    before = message.before(position, 1)
    if not before or before[0].word not in message.cues.fillers | message.cues.lives:
        return False
    return message.strong(position, message.cues.strong)


def _closest(words: list[str], index: PlaceIndex) -> tuple[str, ...]:
    written = " ".join(words)
    if len(written) < _MIN_LETTERS or any(word in index.rules.not_places for word in words):
        return ()
    near, near_names = _best(written, index.near)
    far, far_names = _best(written, index.all)
    names = near_names if near >= far - _PREFER_NEAR else far_names
    places = [index.names[name] for name in names if index.names[name].strictness != HARD]
    return tuple(dict.fromkeys(i for place in places for i in place.communes))


def _best(written: str, by_letter: dict[str, list[str]]) -> tuple[float, list[str]]:
    found = process.extract(
        written,
        by_letter.get(written[0], []),
        scorer=OSA.normalized_similarity,
        score_cutoff=_FUZZY,
        limit=5,
    )
    top = found[0][1] if found else 0.0
    return top, [name for name, score, _ in found if score == top]


def _role(message: Message, position: int) -> int:
    """Where help is wanted, or just a place in the story: the nearest sign before the name."""
    cues = message.cues
    role = _FIRST if message.strong(position, cues.is_) else _PLAIN
    before = message.before(position, 9, commas=True)
    for distance, token in enumerate(before):
        word = token.word
        if word in cues.moved:
            return _ELSEWHERE if message.weak(position) == "of" else _FIRST
        if word in cues.elsewhere:
            return _ELSEWHERE
        if word in cues.not_there and distance < 5:
            if {other.word for other in before[:distance]}.isdisjoint(cues.roughly):
                return _THIRD
        elif word in cues.first or word in cues.now:
            return max(role, _FIRST)
        elif word in cues.third:
            nearby = {other.word for other in before[distance + 1 : distance + 3]}
            if nearby.isdisjoint(cues.at_home_of):
                return _THIRD
        elif word in cues.lives:
            role = max(role, _LIVES)
        elif word in cues.looks_for:
            role = max(role, _LOOKS)
        elif word in cues.clauses and distance:
            break
    return role


def _decide(message: Message, mentions: list[_Mention], directory: Directory) -> CommuneMatch:
    if not mentions:
        return CommuneMatch([], [])
    mentions = _without_region(mentions, directory)
    best = max(m.role for m in mentions)
    chosen = [m for m in mentions if m.role == best] if best > _ELSEWHERE else []
    wanted = _together(chosen)
    named = dict.fromkeys(i for m in mentions if m.role != best or not chosen for i in m.ids)
    first = min(chosen or mentions, key=lambda m: (m.is_code, m.first))
    start, end = message.tokens[first.first].start, message.tokens[first.last].end
    return CommuneMatch(
        communes=[directory.communes[i] for i in wanted],
        mentioned=[directory.communes[i] for i in named if i not in wanted],
        ambiguous=len(wanted) > 1,
        surface=message.text[start:end],
        start=start,
        end=end,
    )


def _without_region(mentions: list[_Mention], directory: Directory) -> list[_Mention]:
    """ "1060 Bruxelles" and "Forest (Bruxelles)" name a commune of the region, not the city."""
    city = [m for m in mentions if m.ids == (_BRUSSELS_CITY,)]
    others = [m for m in mentions if m not in city] if city else mentions
    inside = any(directory.communes[i].region == "brussels" for m in others for i in m.ids)
    return others if city and inside else mentions


def _together(chosen: Sequence[_Mention]) -> list[str]:
    """One commune if the names agree ("Louveigné, 4141"), else all of them, to be asked back."""
    if not chosen:
        return []
    common = [i for i in chosen[0].ids if all(i in m.ids for m in chosen[1:])]
    return common or list(dict.fromkeys(i for m in chosen for i in m.ids))
