"""Meanings that are taken for each other, as the last `make evaluate` found them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path("reports", "understanding.json")


@dataclass(frozen=True)
class Pair:
    """Two meanings; `there` are sentences of the first taken for the second, `back` the others.

    `times` counts both ways, `tests` the frozen test lines among them: those aren't shown here, so
    that nobody writes examples after them.
    """

    one: str
    other: str
    times: int
    tests: int
    there: tuple[str, ...]
    back: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """When, and of which model, the pairs were found; the worst first."""

    when: str
    model: str
    pairs: tuple[Pair, ...]


def load(root: Path) -> Report | None:
    """Return the pairs of the last report, None when there is none that can be read."""
    try:
        found = json.loads((root / FILE).read_text(encoding="utf-8"))
        pairs = sorted(_pairs(found), key=lambda pair: -pair.times)
        return Report(str(found["when"]), str(found["model"]), tuple(pairs))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _pairs(found: dict[str, Any]) -> Iterator[Pair]:
    rows: dict[frozenset[str], list[tuple[bool, dict[str, Any]]]] = {}
    for kind in ("crossval", "heldout"):
        for row in found[kind]:
            both = frozenset((row["meant"], row["understood"]))
            rows.setdefault(both, []).append((kind == "heldout", row))
    for both, mine in rows.items():
        one, *rest = sorted(both)
        if not rest:
            continue
        learned = [row for is_test, row in mine if not is_test]
        yield Pair(
            one,
            rest[0],
            sum(int(row["times"]) for _, row in mine),
            sum(int(row["times"]) for is_test, row in mine if is_test),
            tuple(str(x) for row in learned if row["meant"] == one for x in row["sentences"]),
            tuple(str(x) for row in learned if row["meant"] != one for x in row["sentences"]),
        )
