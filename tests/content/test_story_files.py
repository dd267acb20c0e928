"""The conversation stories: well formed, in both languages, and true to the directory.

A story that names a service or a number that isn't there would fail at night for the wrong reason,
or, in a `not`, could never fail.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.directory.load import load_directory
from bot.language import SUPPORTED
from bot.texts import DATA, load_texts, read_yaml

FOLDER = DATA.parent / "tests" / "conversations"
# What the page itself offers at all times.
ALWAYS_OFFERED = ("language:fr", "language:nl", "erase", "ask_human", "handoff")
KINDS = (
    "handoff",
    "safety", "disclosure", "lines", "services", "knowledge", "service", "conversation", "mixed",
)  # fmt: skip
# Played by maintainers in the workshop: as they come, in either language.
OWN = "own"
FIELDS: dict[str, type] = {
    "contains": list, "not": list, "first_contains": list, "services": list, "no_services": list,
    "buttons": list, "urgent": bool, "language": str, "state": str,
}  # fmt: skip
DIRECTORY = load_directory(DATA / "directory", "demo")
NUMBERS = {n for s in DIRECTORY.services for n in (s.phone, s.sms) if n}
BUTTON = re.compile(
    r"erase|more|none|language:(fr|nl)|(safe_to_write|danger_now|helped):(yes|no)|need:\w+|"
    r"commune:\d{5}"
)


def stories() -> list[Any]:
    """Return every story with its file."""
    found = []
    for path in sorted(FOLDER.rglob("*.yml")):
        for story in read_yaml(path):
            name = f"{path.parent.name}/{path.stem}: {story['story']}"
            found.append(pytest.param(path, story, id=name))
    return found


STORIES = stories()


def expectations(story: dict[str, Any], field: str) -> list[Any]:
    """Return all that a story expects under one field, over its turns."""
    return [item for turn in story["turns"] for item in turn.get("expect", {}).get(field, [])]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_played_as_often_in_both_languages(kind: str) -> None:
    count = Counter(story.values[1]["language"] for story in STORIES if kind == _kind(story))
    assert count["fr"] == count["nl"] > 0


def _kind(story: Any) -> str:
    path: Path = story.values[0]
    return path.parent.name


@pytest.mark.parametrize(("path", "story"), STORIES)
def test_a_story_is_written_as_the_runner_reads_it(path: Path, story: dict[str, Any]) -> None:
    assert set(story) - {"not_understood_yet"} == {"story", "language", "turns"}
    assert path.parent.name in (*KINDS, OWN)
    assert story["language"] in SUPPORTED
    assert 2 <= len(story["turns"]) <= 7
    offered: list[str] = []
    for turn in story["turns"]:
        assert len({"say", "choose"} & set(turn)) == 1
        assert set(turn) <= {"say", "choose", "expect"}
        assert isinstance(turn.get("say", ""), str)
        # A button can be pressed only if it was shown just before.
        assert "choose" not in turn or turn["choose"] in {*offered, *ALWAYS_OFFERED}
        expect = turn["expect"]
        assert expect
        for field, value in expect.items():
            assert isinstance(value, FIELDS[field]), f"{field}: {value!r}"
            assert not isinstance(value, list) or all(isinstance(item, str) for item in value)
        offered = expect.get("buttons", [])


@pytest.mark.parametrize(("path", "story"), STORIES)
def test_the_services_and_buttons_of_a_story_exist(path: Path, story: dict[str, Any]) -> None:
    for field in ("services", "no_services"):
        for name in expectations(story, field):
            assert name in DIRECTORY.by_id, f"{name} isn't shown in demo mode"
    intents = load_texts().labels
    for value in expectations(story, "buttons"):
        assert value in intents or BUTTON.fullmatch(value), value
        kind, _, detail = value.partition(":")
        assert kind != "commune" or detail in DIRECTORY.communes


@pytest.mark.parametrize(("path", "story"), STORIES)
def test_the_numbers_that_a_story_wants_are_in_the_directory(
    path: Path, story: dict[str, Any]
) -> None:
    for field in ("contains", "first_contains"):
        for part in expectations(story, field):
            if re.fullmatch(r"[\d ]+", part):
                assert part in NUMBERS, part
