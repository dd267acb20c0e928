"""Example sentences in the workshop: how many an intent has in each language, and adding some."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.scalarstring import LiteralScalarString

from bot.directory.numbers import numbers_in
from bot.language import SUPPORTED, Supported, detect
from bot.rasa_parts.text import fold
from bot.training.copies import copied
from bot.workshop.listing import known_numbers
from bot.workshop.saving import Change, RefusedError, Saved, Shelf
from bot.workshop.yaml_edit import CONTROLS, tidy

MOST_EXAMPLE = 300
MOST_AT_ONCE = 40
# One language with less than this share of the other's examples is behind.
_BEHIND = 0.75
# What Rasa reads as marks inside an example.
_MARKS = set("[]{}|`<>\\")
_HELDOUT = ("intents.jsonl", "safety.jsonl")

Redact = Callable[[str, Supported], Any]


@dataclass(frozen=True)
class Intent:
    """One intent and its examples by language."""

    name: str
    label: Mapping[str, str]
    examples: Mapping[str, Sequence[str]]
    files: Mapping[str, str]

    @property
    def behind(self) -> str | None:
        """Return the language that has clearly fewer examples, None when they are alike."""
        counts = {code: len(self.examples.get(code, ())) for code in SUPPORTED}
        few, many = sorted(counts, key=lambda code: counts[code])
        return few if counts[few] < _BEHIND * counts[many] else None


def load(shelf: Shelf) -> dict[str, Intent]:
    """Return all intents that have examples, by name.

    Raises:
        TextsError: a file can't be read.
    """
    labels = shelf.read("labels.yml") or {}
    examples: dict[str, dict[str, list[str]]] = {}
    homes: dict[str, dict[str, str]] = {}
    for path in sorted((shelf.data / "nlu").glob("*.yml")):
        language = path.stem.rsplit(".", 1)[-1]
        name = f"nlu/{path.name}"
        for block in (shelf.read(name) or {}).get("nlu", []):
            intent = block["intent"]
            lines = (x.strip().removeprefix("-").strip() for x in block["examples"].split("\n"))
            examples.setdefault(intent, {}).setdefault(language, []).extend(filter(None, lines))
            homes.setdefault(intent, {})[language] = name
    return {
        name: Intent(name, labels.get(name, {"fr": name, "nl": name}), found, homes[name])
        for name, found in sorted(examples.items())
    }


def lines_of(typed: str) -> list[str]:
    """Return the sentences that were typed, one a line, tidied."""
    found = []
    for line in typed.replace("\r\n", "\n").split("\n"):
        kept = line.strip().lstrip("-•* ")
        # With what nobody types it stays as it is, so that it is refused by name.
        found.append(kept if CONTROLS.search(kept) else tidy(kept, 20 * MOST_EXAMPLE))
    return [line for line in found if line]


def problems(
    intents: Mapping[str, Intent],
    name: str,
    wanted: Mapping[Supported, Sequence[str]],
    redact: Redact,
    frozen: Sequence[str],
    numbers: Container[str] = (),
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield each sentence that can't be an example: it, the key of why, and what that names.

    Args:
        intents: as loaded.
        name: of the intent that they are for.
        wanted: sentences by language.
        redact: gives `spans` of what identifies somebody.
        frozen: test lines, which no example may resemble.
        numbers: those of the directory, by their digits: no other stands in an example.
    """
    known = [(line, i.name) for i in intents.values() for ls in i.examples.values() for line in ls]
    home = {fold(line): intent for line, intent in known}
    seen: set[str] = set()
    for language, sentences in wanted.items():
        near = copied(sentences, [line for line, _ in known]) if sentences else []
        tests = copied(sentences, frozen) if sentences and frozen else [False] * len(sentences)
        for line, is_near, is_test in zip(sentences, near, tests, strict=True):
            other = home.get(fold(line))
            if len(line) > MOST_EXAMPLE:
                yield line[:60] + "…", "wrong_example_long", {"most": MOST_EXAMPLE}
            elif _MARKS & set(line):
                yield line, "wrong_example_marks", {}
            elif CONTROLS.search(line):
                yield line, "wrong_hidden", {}
            elif any(found not in numbers for found in numbers_in(line, numbers)):
                yield line, "wrong_example_number", {}
            elif redact(line, language).spans:
                yield line, "wrong_example_person", {}
            elif other and other != name:
                yield line, "wrong_example_elsewhere", {"intent": other}
            elif other or fold(line) in seen:
                yield line, "wrong_example_known", {}
            elif is_near:
                yield line, "wrong_example_near", {}
            elif is_test:
                yield line, "wrong_example_test", {}
            elif detect(line) in set(SUPPORTED) - {language}:
                yield line, "wrong_example_language", {"code": language.upper()}
            seen.add(fold(line))


def frozen_lines(root: Path) -> list[str]:
    """Return the frozen test lines of a checkout: they measure, nobody learns from them."""
    found = []
    for name in _HELDOUT:
        path = root / "tests" / "heldout" / name
        if path.exists():
            rows = path.read_text(encoding="utf-8").splitlines()
            found += [json.loads(row)["text"] for row in rows if row.strip()]
    return found


class ExamplesError(RefusedError):
    """Some sentences can't be examples; `found` says which and why. None was saved."""

    def __init__(self, found: list[tuple[str, str, dict[str, object]]]) -> None:
        super().__init__("wrong_examples", number=len(found))
        self.found = found


def add(
    shelf: Shelf,
    name: str,
    wanted: Mapping[Supported, Sequence[str]],
    *,
    redact: Redact,
    who: str,
    why: str,
) -> list[Saved]:
    """Add sentences to an intent, all or none.

    Raises:
        ExamplesError: some can't be examples.
        RefusedError: there is no such intent, no sentence, or too many at once.
    """
    intents = load(shelf)
    if name not in intents:
        raise RefusedError("wrong_intent", intent=name[:60])
    wanted = {code: lines for code, lines in wanted.items() if lines}
    if not wanted or sum(map(len, wanted.values())) > MOST_AT_ONCE:
        raise RefusedError("wrong_number_of_examples", most=MOST_AT_ONCE)
    homes = intents[name].files
    if set(wanted) - set(homes):
        raise RefusedError("wrong_intent", intent=name)
    numbers = known_numbers(shelf)
    found = list(problems(intents, name, wanted, redact, frozen_lines(shelf.root), numbers))
    if found:
        raise ExamplesError(found)
    changes = [Change(homes[code], _adding(name, lines)) for code, lines in wanted.items()]
    return shelf.edit_all(changes, who=who, why=why)


def _adding(name: str, lines: Sequence[str]) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        block = [block for block in data["nlu"] if block["intent"] == name][-1]
        text = str(block["examples"])
        more = "".join(f"- {line}\n" for line in lines)
        block["examples"] = LiteralScalarString(text.rstrip("\n") + "\n" + more)

    return change
