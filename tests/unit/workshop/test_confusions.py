"""Confusing pairs, from what a report leaves on disk."""

from __future__ import annotations

import json
from pathlib import Path

from bot.workshop import confusions


def write(root: Path, found: object) -> None:
    (root / "reports").mkdir(exist_ok=True)
    (root / confusions.FILE).write_text(json.dumps(found))


def row(meant: str, understood: str, times: int, *sentences: str) -> dict[str, object]:
    return {"meant": meant, "understood": understood, "times": times, "sentences": sentences}


def test_both_ways_stand_in_one_pair_and_test_lines_are_not_shown(tmp_path: Path) -> None:
    write(tmp_path, {
        "when": "2026-11-24T10:00+01:00", "model": "abc",
        "crossval": [row("b", "a", 2, "vers a"), row("a", "b", 3, "vers b"), row("c", "d", 1, "x")],
        "heldout": [row("a", "b", 4, "une phrase de mesure")],
    })  # fmt: skip
    report = confusions.load(tmp_path)
    assert report
    first = report.pairs[0]
    assert (first.one, first.other, first.times, first.tests) == ("a", "b", 9, 4)
    assert (first.there, first.back) == (("vers b",), ("vers a",))
    assert "mesure" not in repr(report)


def test_without_a_report_there_is_nothing(tmp_path: Path) -> None:
    assert confusions.load(tmp_path) is None
    write(tmp_path, ["not", "ours"])
    assert confusions.load(tmp_path) is None
