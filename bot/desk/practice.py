"""Scripted visitors to practise with. The talk runs in the counsellor's browser alone.

Nothing is sent, stored or counted, and no tool hears of it: there is no call that could.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.language import SUPPORTED
from bot.texts import DATA, TextsError, read_yaml


def load(path: Path = DATA / "desk-practice.yml") -> list[dict[str, Any]]:
    """Read the scripts.

    Raises:
        TextsError: the file is broken, or a sentence stands in one language only.
    """
    scripts: list[dict[str, Any]] = (read_yaml(path) or {}).get("visitors", [])
    for script in scripts:
        for where, said in sentences(script):
            if set(said) != set(SUPPORTED) or not all(said.values()):
                raise TextsError(f"{path}: {script.get('id')}: {where} must stand in fr and nl.")
    return scripts


def sentences(script: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Go through all sentences of a script, each with the place where it stands."""
    for name in ("title", "summary", "topic", "goal", "last"):
        yield name, script[name]
    for said in script["opening"]:
        yield "opening", said
    if "address" in script:
        yield "address", script["address"]
    for number, step in enumerate(script["steps"], 1):
        yield f"step {number}, note", step["note"]
        for said in step["say"]:
            yield f"step {number}", said
