"""The papers on privacy name files and tests: each of them exists, and each promise has both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.stack import ROOT

PAPERS = ("privacy", "threat-model", "dpia", "ai-act", "breach", "redaction")
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINKED = re.compile(r"\]\((?!https?:)([^)#]+)\)")
_TOP = tuple(f"{folder}/" for folder in ("bot", "tests", "docs", "data", "actions", "scripts"))


def missing(text: str, folder: Path) -> list[str]:
    """Return the files, folders and tests that a paper names and that don't exist."""
    found = [link for link in _LINKED.findall(text) if not (folder / link).exists()]
    for quoted in _QUOTED.findall(text):
        # A command may stand before the file: "pytest -s tests/…".
        name = next((word for word in quoted.split() if word.startswith(_TOP)), None)
        if name is None:
            continue
        path, _, test = name.partition("::")
        file = ROOT / path
        known = any(ROOT.glob(path)) if "*" in path else file.exists()
        if known and test:
            known = (
                re.search(rf"^(?:async )?def {test}\(", file.read_text("utf-8"), re.M) is not None
            )
        if not known:
            found.append(name)
    return found


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_names_exists(paper: str) -> None:
    path = ROOT / "docs" / f"{paper}.md"
    assert missing(path.read_text(encoding="utf-8"), path.parent) == []


@pytest.mark.parametrize(
    "text",
    [
        "`bot/privacy/unknown.py`",
        "`tests/privacy/test_live.py::test_that_nobody_wrote`",
        "`pytest -s tests/unknown.py`",
        "[a paper](unknown.md)",
    ],
)
def test_a_name_that_leads_nowhere_is_found(text: str) -> None:
    assert len(missing(text, ROOT / "docs")) == 1


def test_each_promise_names_a_file_and_a_test() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15
    for promise, kept, tested in rows:
        assert any(name.startswith(_TOP) for name in _QUOTED.findall(kept)), promise
        assert "::test_" in tested, promise


def test_the_times_in_the_papers_are_the_codes() -> None:
    from bot import settings
    from bot.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS
    from bot.handoff.comeback import LONGEST_MS
    from bot.handoff.visitor import ADDRESS_MS

    loaded = settings.load({})
    privacy, dpia, threats = (
        (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for name in ("privacy", "dpia", "threat-model")
    )
    for paper in (privacy, dpia):
        assert f"`IDLE_MINUTES` ({loaded.idle_minutes})" in paper
        assert f"`MAX_HOURS` ({loaded.max_hours})" in paper
        assert f"{ADDRESS_MS // 60_000} minutes" in paper
        assert f"{LONGEST_MS // 3_600_000} hours" in paper
    assert f"{IDLE_SECONDS // 60} minutes" in threats
    assert f"{LONGEST_SECONDS // 3600} hours" in threats
