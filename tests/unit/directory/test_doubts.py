"""Numbers that visitors found wrong: when they are hidden, where, and when they come back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cards import card
from bot.directory.doubts import Doubts, doubted, main
from bot.directory.hours import status
from bot.directory.lines import choose_lines, emergency_lines
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.state import State
from bot.texts import texts
from tests.unit.directory.conftest import DATA, at

LINE = "ecoute-violences-conjugales"
FIRST, SECOND = "2026-11-24", "2026-11-26"
NOW = at("2026-11-26 10:00")


@pytest.fixture
def own() -> Directory:
    """A directory of its own: these tests change it."""
    return load_directory(DATA, "demo")


@pytest.mark.parametrize(
    ("days", "hidden"),
    [([], False), ([FIRST], False), ([FIRST, FIRST], False), ([FIRST, SECOND], True)],
)
def test_two_days_hide_a_number(directory: Directory, days: list[str], hidden: bool) -> None:
    assert (LINE in doubted(directory, {LINE: days})) is hidden


def test_emergency_numbers_and_unknown_ids_are_never_hidden(directory: Directory) -> None:
    emergency = {s.id: [FIRST, SECOND] for s in emergency_lines(directory, "fr")}
    assert emergency
    assert not doubted(directory, {**emergency, "nobody": [FIRST, SECOND]})


def test_a_person_who_checked_since_outweighs_the_reports(directory: Directory) -> None:
    service = directory.by_id[LINE]
    for day, hidden in ((SECOND, False), (FIRST, False), ("2026-11-01", True)):
        object.__setattr__(service, "checked", {"by_role": "social worker", "date": day})
        assert (LINE in doubted(directory, {LINE: [FIRST, SECOND]})) is hidden
    object.__setattr__(service, "checked", {})


def test_same_day_counts_once_and_nothing_else_is_kept(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.report(LINE, date(2026, 11, 24))
    state.report(LINE, date(2026, 11, 24))
    state.report(LINE, date(2026, 11, 26))
    assert state.reports() == {LINE: [FIRST, SECOND]}
    assert state.clear_reports(LINE)
    assert not state.clear_reports(LINE)
    assert state.reports() == {}
    state.close()


def test_a_doubted_number_is_nowhere_and_comes_back(own: Directory, tmp_path: Path) -> None:
    number = own.by_id[LINE].phone
    assert number
    doubts, state = Doubts(own, tmp_path), State(tmp_path)
    for day in (FIRST, SECOND):
        state.report(LINE, date.fromisoformat(day))
    doubts.refresh()
    chosen = choose_lines(
        own, language="fr", writer="victim", topic="violence", region=None, now=NOW, limit=3
    )
    assert any(c.service.phone and c.status.open_now for c in chosen)
    for service in own.services:
        shown = card(service, status(service.hours_osm, NOW), NOW, texts(), "fr")
        assert number not in str(shown), service.id
    # What takes its place on the card: the website.
    assert own.by_id[LINE].page("fr")
    assert {s.phone for s in emergency_lines(own, "fr")} >= {"112", "101"}
    state.clear_reports(LINE)
    doubts.refresh()
    assert own.by_id[LINE].phone == number
    state.close()


def test_state_that_cannot_be_read_changes_nothing(own: Directory, tmp_path: Path) -> None:
    broken = tmp_path / "file"
    broken.write_text("not a folder")
    before = own.services
    Doubts(own, broken).refresh()
    assert own.services is before


def test_the_command_lists_and_clears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    state = State(tmp_path)
    for day in (FIRST, SECOND):
        state.report(LINE, date.fromisoformat(day))
    state.report("tele-accueil", date(2026, 11, 24))
    state.close()
    assert main([]) == 0
    said = capsys.readouterr().out
    assert f"{LINE}: hidden; found wrong on {FIRST}, {SECOND}" in said
    assert "tele-accueil: still shown" in said
    assert main(["--clear", LINE]) == 0
    assert main(["--clear", LINE]) == 2
    capsys.readouterr()
    assert main([]) == 0
    assert LINE not in capsys.readouterr().out
