"""Every story under tests/conversations, held through the API against the whole system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.dsl import Talk
from tests.stack import Stack

HERE = Path(__file__).parent


def stories() -> list[Any]:
    """Return every story, named by its file and title."""
    found = []
    for path in sorted(HERE.rglob("*.yml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8")):
            name = f"{path.parent.name}/{path.stem}: {story['story']}"
            # What isn't understood yet is said aloud, and turns up again once it is.
            missed = story.get("not_understood_yet")
            marks = [pytest.mark.xfail(reason=missed, strict=False)] if missed else []
            found.append(pytest.param(story, id=name, marks=marks))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("story", stories())
async def test_story(story: dict[str, Any], stack: Stack, http: aiohttp.ClientSession) -> None:
    """Walk one story turn by turn."""
    talk = await Talk(stack.url, story["language"], http).start()
    for turn in story["turns"]:
        if "say" in turn:
            await talk.say(turn["say"])
        else:
            await talk.choose(turn["choose"])
        talk.expect(turn.get("expect", {}))
