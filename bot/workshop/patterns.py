"""The patterns of danger in the workshop: read, changed, added; all examples are run before a save.

The examples are the patterns' own (`fires`, `not`), those of every other entry, and the harmless
lines of `data/safety/examples-harmless.*.yml`: a pattern that fires on one of those cries wolf.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.language import SUPPORTED, Supported
from bot.rasa_parts.text import clean
from bot.safety.context import look
from bot.safety.patterns import LEVELS, Book, Entry, PatternError
from bot.safety.patterns import load as load_book
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.typed import lines_of, one_line
from bot.workshop.yaml_edit import plain, styled
from bot.yaml_files import TextsError, read_yaml

TIMES = ("past", "recent", "often")
RISKS = LEVELS[1:]
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,6}")
_MOST_ID, _MOST_LINE, _MOST_LINES = 50, 300, 60
_ALARMS = LEVELS[LEVELS.index("child") :]


@dataclass(frozen=True)
class Typed:
    """A form on a pattern, as typed; the texts hold one phrase or example a line."""

    id: str
    risk: str
    phrases: str
    fires: str
    spares: str
    fades: Sequence[str] = ()


def file_of(language: Supported) -> str:
    """Return the name of a language's file, as the shelf knows it."""
    return f"safety/{language}.yml"


def load(shelf: Shelf, language: str) -> Mapping[str, Any]:
    """Return what the file of a language holds.

    Raises:
        RefusedError: there is no such language.
        TextsError: it can't be read.
    """
    for code in SUPPORTED:
        if code == language:
            found: Mapping[str, Any] = shelf.read(file_of(code))
            return found
    raise RefusedError("wrong_file", file=language[:20])


def find(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return one pattern.

    Raises:
        RefusedError: there is none of that name.
    """
    for entry in content["patterns"]:
        if str(entry["id"]) == name:
            found: Mapping[str, Any] = entry
            return found
    raise RefusedError("wrong_pattern", id=name[:60])


def part_of(name: str) -> Any:
    """Return what gives one pattern of a file, as plain lists; None while there is none."""

    def part(content: Any) -> Any:
        for entry in content["patterns"]:
            if str(entry["id"]) == name:
                return dict(entry)
        return None

    return part


def change(
    shelf: Shelf,
    language: Supported,
    typed: Typed,
    *,
    new: bool,
    who: str,
    why: str,
    before: str | None = None,
) -> Saved:
    """Change a pattern, or add one; its examples and all others are run first.

    Raises:
        StaleError: somebody else has changed it since `before`.
        RefusedError: something can't be used, or an example fails: its `key` says which sort.
    """
    wanted = _wanted(typed)

    def apply(data: Any) -> None:
        found = [entry for entry in data["patterns"] if str(entry["id"]) == wanted["id"]]
        if new and _taken(data, wanted["id"]):
            raise RefusedError("wrong_pattern_taken", id=wanted["id"])
        if new:
            data["patterns"].append(_made(wanted))
            return
        if not found:
            raise RefusedError("wrong_pattern", id=wanted["id"])
        _put(found[0], wanted)

    return shelf.edit(
        file_of(language),
        apply,
        who=who,
        why=why,
        part=part_of(wanted["id"]),
        before=before,
        check=Trial(shelf, language, wanted["id"]),
    )


def _taken(data: Any, name: str) -> bool:
    return any(str(entry["id"]) == name for entry in data["patterns"])


def _wanted(typed: Typed) -> dict[str, Any]:
    name = typed.id.strip()
    if not _ID.fullmatch(name) or len(name) > _MOST_ID:
        raise RefusedError("wrong_pattern_id", id=name[:60])
    if typed.risk not in RISKS:
        raise RefusedError("wrong_pattern_risk")
    found: dict[str, Any] = {"id": one_line(name, _MOST_ID), "risk": typed.risk}
    found["fades"] = [time for time in TIMES if time in typed.fades]
    for key, text in (("phrases", typed.phrases), ("fires", typed.fires), ("not", typed.spares)):
        lines = list(dict.fromkeys(lines_of(text, _MOST_LINE, _MOST_LINES)))
        if not lines:
            raise RefusedError(f"wrong_pattern_no_{key}")
        found[key] = lines
    return found


def _made(wanted: Mapping[str, Any]) -> CommentedMap:
    made = CommentedMap({"id": wanted["id"], "risk": wanted["risk"]})
    if wanted["fades"]:
        made["fades"] = plain(wanted["fades"])
    for key in ("phrases", "fires", "not"):
        made[key] = CommentedSeq([styled(line) for line in wanted[key]])
    return made


def _put(entry: Any, wanted: Mapping[str, Any]) -> None:
    """Change an entry line by line: what stays, stays as it is written."""
    if entry["risk"] != wanted["risk"]:
        entry["risk"] = wanted["risk"]
    if list(entry.get("fades") or []) != wanted["fades"]:
        if wanted["fades"] and "fades" not in entry:
            entry.insert(list(entry).index("risk") + 1, "fades", plain(wanted["fades"]))
        elif wanted["fades"]:
            entry["fades"] = plain(wanted["fades"])
        else:
            entry.pop("fades", None)
    for key in ("phrases", "fires", "not"):
        lines, kept = wanted[key], [str(line) for line in entry[key]]
        for place in reversed(range(len(kept))):
            if kept[place] not in lines:
                del entry[key][place]
        for line in lines:
            if line not in kept:
                entry[key].append(styled(line))


class Trial:
    """Runs every example on a pattern file as it would be."""

    def __init__(self, shelf: Shelf, language: Supported, name: str) -> None:
        """Take the data, the language, and the pattern that is changed."""
        self._shelf, self._language, self._name = shelf, language, name

    def __call__(self, path: Path, text: str) -> None:
        """Try the text.

        Raises:
            RefusedError: the notation is wrong, an own example fails, or another one breaks.
        """
        folder = path.parent
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(folder / "spellings.yml", place)
            (Path(place) / path.name).write_text(text, encoding="utf-8")
            try:
                book = load_book(self._language, Path(place))
            except (PatternError, TextsError) as error:
                why = re.sub(r"^.*?, line \d+: ", "", str(error))
                raise RefusedError("wrong_pattern_notation", why=why[:300]) from None
        own = next(e for e in book.entries.values() if (e.kind, e.id) == ("patterns", self._name))
        for line in failing(book, own):
            key = "fires" if line in own.fires else "spares"
            raise RefusedError(f"wrong_pattern_{key}", line=line[:160])
        for entry in book.entries.values():
            for line in failing(book, entry):
                raise RefusedError("wrong_pattern_breaks", id=entry.id, line=line[:160])
        for line in self._wolf(book):
            raise RefusedError("wrong_pattern_harmless", line=line[:160])

    def _wolf(self, book: Book) -> Iterator[str]:
        """Yield harmless lines on which this pattern raises an alarm."""
        path = self._shelf.data / "safety" / f"examples-harmless.{self._language}.yml"
        if not path.exists():
            return
        for line in read_yaml(path)["risk_examples"]["none"]:
            hits = look(book, clean(str(line))).hits
            if any(hit.id == self._name and hit.level in _ALARMS for hit in hits):
                yield str(line)


def failing(book: Book, entry: Entry) -> Iterator[str]:
    """Yield the examples of an entry that don't do what they must."""
    for line in entry.fires:
        if not _does(book, entry, line):
            yield line
    for line in entry.spares:
        if _does(book, entry, line):
            yield line


def _does(book: Book, entry: Entry, line: str) -> bool:
    sight = look(book, line)
    if entry.kind == "patterns":
        return any(hit.id == entry.id and hit.level == entry.risk for hit in sight.hits)
    if entry.kind == "writers":
        return entry.writer in sight.writers
    worst = max((LEVELS.index(hit.level) for hit in sight.hits), default=0)
    return worst <= LEVELS.index(entry.becomes)
