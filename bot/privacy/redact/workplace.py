"""A named firm, school, home or club that somebody is tied to. As topics they stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from .context import pattern
from .lists import phrases, read_lines, read_words
from .model import Found
from .names import First, names
from .towns import Towns
from .view import Token, View

_JOIN = re.compile(r"[ '\-]| ?[&\-] ?|(?<=\bst)\. ?")
_PARTICLES = {
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "of",
    "et",
    "en",
    "den",
    "der",
    "het",
    "t",
    "van",
    "aux",
    "au",
    "sur",
    "ter",
    "ten",
    "op",
}
_LINKS = re.compile(
    r"(?:[^\W_]+ ){0,3}?(?:(?:pour|dans|sur|voor)\s)?(?:la |le |l'|les |ma |mon |son |sa |notre |une |un |de |het |een |onze |mijn |zijn )?"
)
_AT_WORK = re.compile(
    r"(?:\s[^\W\d_]+){0,4}?\s(?:de chez|chez|bij|pour|voor|aux|au|a la|a l|aan de|aan het|aan|a|du|de la|de l|de|d|van den|van de|van het|van|in den|in de|in het|in|op de|op het|op|dans la|dans le|dans l|dans|vanuit)(?:\s|')"
)
# Dutch puts the verb last: "hij heeft altijd bij … gewerkt".
_WORKED = re.compile(r"(?<!\w)(?:bij|voor|in)(?: de| den| het)? (?=[^\W\d_]{2})")
_WORK_AFTER = re.compile(r"(?: [^\W_]+){0,2} (?:ge)?werk(?:t|te|en)?(?!\w)")
_SAINT_SCHOOL = re.compile(
    r"(?:college|instituut|lyceum|atheneum|school|basisschool|humaniora|instituten|kinderdagverblijf)$"
)
_HOMELY = re.compile(r"(?:woonzorgcentrum|rusthuis|ziekenhuis|kliniek|hospitaal|residentie)$")
_LONGEST = 5


@lru_cache(maxsize=1)
def _kinds() -> dict[str, re.Pattern[str]]:
    lists = read_lines("institutions.txt")

    def alternatives(section: str) -> re.Pattern[str]:
        ordered = sorted(set(lists[section]), key=len, reverse=True)
        joined = "|".join(r"[\s'.\-]{1,2}".join(map(re.escape, p.split())) for p in ordered)
        return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])")

    return {section: alternatives(section) for section in lists}


def find(view: View, towns: Towns, known: Callable[[Token], bool]) -> Iterator[Found]:
    """Yield names of workplaces, schools, homes and clubs.

    Args:
        view: the text.
        towns: names of communes; "il travaille à Liège" names no firm.
        known: tells whether a word of the text is an ordinary word.
    """
    finder = _Finder(view, towns, known)
    for section in ("school", "home", "hospital", "club", "firm", "letters"):
        for kind in _kinds()[section].finditer(view.folded):
            yield from finder.after_kind(kind.start(), kind.end(), section)
    yield from finder.flemish_schools()
    yield from finder.at_work()


class _Finder:
    def __init__(self, view: View, towns: Towns, known: Callable[[Token], bool]) -> None:
        self._view, self._towns, self._known = view, towns, known
        self._brands = read_words("brands.txt")
        self._at = {token.start: token for token in view.tokens}

    def after_kind(self, start: int, end: int, section: str) -> Iterator[Found]:
        """Yield the name after "institut", "garage", "wzc" …"""
        view = self._view
        following = next((t for t in view.tokens[self._index(end) :][:1]), None)
        if following is None or _JOIN.fullmatch(view.text, end, following.start) is None:
            return
        stop = self._name(following, section)
        if stop is None:
            return
        # A home named in passing is tied to somebody by its name alone; a firm or club isn't.
        if section in ("firm", "club", "letters", "hospital") and not self._tied(start):
            return
        first = self._at[start]
        if (section == "home" and not (first.capital or first.shouted)) or (
            section == "home" and first.starts_sentence and not first.shouted
        ):
            start = following.start
        yield Found(start, stop, "EMPLOYER_OR_SCHOOL")

    def _name(self, token: Token, section: str) -> int | None:
        """Return where a name that starts with `token` ends, or None when it is no name."""
        view = self._view
        rest = view.folded[token.start : token.start + 40]
        saint = _kinds()["saints"].match(rest)
        if saint is None and not self._proper(token, section):
            if section not in ("school", "letters") or not self._of_a_town(token):
                return None
        index, end, content = token.index, token.end, 0
        while index < len(view.tokens) and content < _LONGEST:
            current = view.tokens[index]
            if current is not token and (_JOIN.fullmatch(current.gap) is None):
                break
            town = self._towns.at(view, index)
            before = view.tokens[index - 1].folded if index else ""
            if current.folded in _PARTICLES and index + 1 < len(view.tokens):
                following = next(
                    (t for t in view.tokens[index + 1 : index + 4] if t.folded not in _PARTICLES),
                    view.tokens[index + 1],
                )
                goes_on = _JOIN.fullmatch(following.gap) and (
                    self._continues(following)
                    or (
                        current.folded in ("de", "d", "van", "du")
                        and self._towns.at(view, index + 1)
                    )
                )
                if current is not token and not goes_on:
                    break
                if current is token and not (current.capital or goes_on):
                    break
                if current is token:
                    end = current.end
                index += 1
                continue
            if town and (
                before in ("de", "d", "van", "du") or section == "letters" or current.gap == "-"
            ):
                return view.tokens[index + town - 1].end
            first = content == 0
            if not (
                first
                or self._continues(current)
                or current.gap == "-"
                or before in ("saint", "sainte", "st", "sint", "ste")
            ):
                break
            end = current.end
            content += 1
            index += 1
        return end if content else None

    def _continues(self, token: Token) -> bool:
        club = _kinds()["letters"].fullmatch(token.folded) is not None
        return token.capital or (token.shouted and (club or not self._known(token)))

    def _proper(self, token: Token, section: str) -> bool:
        if token.folded in _PARTICLES:
            for following in self._view.tokens[token.index + 1 : token.index + 4]:
                if _JOIN.fullmatch(following.gap) is None:
                    return False
                if following.folded not in _PARTICLES:
                    return following.capital and self._view.capitals_mean_something
            return False
        if _kinds()["never named"].fullmatch(token.folded) and not token.capital:
            return False
        if token.capital and self._view.capitals_mean_something:
            return not self._towns.is_place(token.folded) or section == "letters"
        return (not self._known(token) and len(token.folded) > 3) and (
            (section in ("firm", "club", "letters") and not self._towns.is_place(token.folded))
            or section == "letters"
        )

    def _of_a_town(self, token: Token) -> bool:
        """Tell whether "communale de Hamoir", "royal de Verviers", "d'Esneux", "Gent" follows."""
        view = self._view
        for index in range(token.index, min(token.index + 4, len(view.tokens))):
            current = view.tokens[index]
            if index > token.index and _JOIN.fullmatch(current.gap) is None:
                return False
            if self._towns.at(view, index):
                before = view.tokens[index - 1].folded
                return index > token.index + 0 and before in ("de", "d", "du", "van", "te")
            if current.folded not in _PARTICLES and current.folded not in (
                "communale", "royal", "royale", "libre", "fondamentale", "provincial", "provinciale", "technique", "primaire", "maternelle", "secondaire", "specialise", "specialisee",
            ):  # fmt: skip
                return False
        return False

    def _tied(self, start: int) -> bool:
        """Tell whether a word of work, sport or school stands shortly before."""
        window = max(0, start - 45)
        for section in ("work", "attends"):
            for match in pattern(section).finditer(self._view.folded, window, start):
                between = self._view.folded[match.end() : start]
                if len(between) < 36 and not re.search(r"[.!?;]", between):
                    return True
        return False

    def flemish_schools(self) -> Iterator[Found]:
        """Yield "Sint-Jozefscollege", "Sint-Lievens" after "zit op", "het Heilig-Hartinstituut"."""
        view = self._view
        for saint in _kinds()["saints"].finditer(view.folded):
            index = self._index(saint.end())
            if index >= len(view.tokens):
                return
            token = view.tokens[index]
            if token.gap not in (" ", "-", ". ", "."):
                continue
            if _SAINT_SCHOOL.search(token.folded):
                yield Found(saint.start(), token.end, "EMPLOYER_OR_SCHOOL")
            elif not self._towns.at(view, self._index(saint.start())) and self._attended(
                saint.start()
            ):
                end = token.end
                following = view.tokens[index + 1 : index + 2]
                if following and following[0].gap == "-":
                    end = following[0].end
                yield Found(saint.start(), end, "EMPLOYER_OR_SCHOOL")

    def _attended(self, start: int) -> bool:
        before = self._view.folded[max(0, start - 36) : start]
        return (
            re.search(
                r"(?:zit|zitten|gaat|gaan|loopt school|leerling|les|studeert|school|werkt?|staat|ligt|verblijft|va|vont|est|eleve|inscrite?|scolarisee?|travaille)(?: \w+){0,3} (?:op|in|naar|van|bij|aan|a|au|en)(?: de| het| den)? $",
                before,
            )
            is not None
        )

    def at_work(self) -> Iterator[Found]:
        """Yield the firm in "je travaille chez …", "hij werkt bij …"."""
        view = self._view
        barred = frozenset(phrases()["not a place of work"])
        works = [(m, "work") for m in pattern("work").finditer(view.folded)]
        works += [(m, s) for s in ("studies", "plays") for m in pattern(s).finditer(view.folded)]
        for work, section in works:
            link = _AT_WORK.match(view.folded, work.end())
            if link is None:
                continue
            strong = re.search(r"(?:chez|bij|pour|voor)\s$", link.group()) is not None
            index = self._index(link.end())
            if index >= len(view.tokens) or view.tokens[index].start != link.end():
                continue
            token = view.tokens[index]
            if token.folded in barred or (
                self._towns.at(view, index) and token.folded not in self._brands
            ):
                continue
            if token.folded in _PARTICLES and not token.capital:
                continue
            if section == "plays" and not _kinds()["letters"].fullmatch(token.folded):
                continue
            end = self._firm(token, strong) if section == "work" else self._studied(token)
            if end is not None:
                yield Found(token.start, end, "EMPLOYER_OR_SCHOOL")
        for link in _WORKED.finditer(view.folded):
            index = self._index(link.end())
            token = view.tokens[index]
            if token.folded not in barred and not self._towns.at(view, index):
                end = self._firm(token, strong=True)
                if end is not None and _WORK_AFTER.match(view.folded, end):
                    yield Found(token.start, end, "EMPLOYER_OR_SCHOOL")

    def _studied(self, token: Token) -> int | None:
        """Return where the name of a school or club ends: it must have its capitals."""
        proper = token.capital or (token.shouted and len(token.text) <= 6)
        if not proper or not self._view.capitals_mean_something or token.folded in self._brands:
            return None
        return self._firm(token, strong=True)

    def _firm(self, token: Token, strong: bool) -> int | None:
        view = self._view
        brand = token.folded in self._brands
        capital = token.capital and view.capitals_mean_something
        acronym = token.shouted and view.capitals_mean_something and len(token.text) <= 6
        unknown = not self._known(token) and len(token.folded) > 3
        if brand and not (strong or capital or acronym or unknown):
            return None
        if not strong and names().first(token.folded) is First.SURE:
            # "la collègue de Monique"
            return None
        if not (
            brand
            or ((capital or acronym) and (strong or not self._known(token)))
            or (strong and unknown)
        ):
            return None
        end = token.end
        for following in view.tokens[token.index + 1 : token.index + _LONGEST]:
            if _JOIN.fullmatch(following.gap) is None:
                break
            before = view.tokens[following.index - 1].folded
            if following.folded in ("de", "d", "van") and self._towns.at(view, following.index + 1):
                continue
            town = self._towns.at(view, following.index)
            if town and (before in ("de", "d", "van") or following.gap == "-"):
                return view.tokens[following.index + town - 1].end
            after = view.tokens[following.index + 1 : following.index + 2]
            if town and not brand and not (after and after[0].gap == " " and after[0].shouted):
                break
            if following.folded in _PARTICLES and following.capital:
                end = following.end
                continue
            if not (
                self._continues(following) and view.capitals_mean_something
            ) and following.gap.strip() not in ("-", "&"):
                break
            end = following.end
        return end

    def _index(self, place: int) -> int:
        low, high = 0, len(self._view.tokens)
        while low < high:
            middle = (low + high) // 2
            if self._view.tokens[middle].start < place:
                low = middle + 1
            else:
                high = middle
        return low
