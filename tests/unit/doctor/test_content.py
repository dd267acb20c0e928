"""What people are told, and what live mode would hide."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import settings
from bot.directory.hours import BRUSSELS
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.doctor import content, examine
from bot.doctor.finding import bad, note, warn
from bot.handoff.ledger import DeadLetter, Ledger
from bot.state import State
from bot.texts import DATA, texts

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=BRUSSELS)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DATA / "directory", "demo")


def config(tmp_path: Path, **more: str) -> settings.Settings:
    return settings.load({"STATE_DIR": str(tmp_path), **more})


def only(directory: Directory, keep: str, hours: str) -> Directory:
    kept = tuple(
        replace(s, hours_osm=hours, chat_hours_osm=None, chat_url=None) if s.line else s
        for s in directory.services
        if not s.line or s.id == keep
    )
    return replace(directory, services=kept, by_id={s.id: s for s in kept})


def test_somebody_answers_at_every_hour_today(directory: Directory) -> None:
    assert list(content.hours(directory, NOW)) == []


def test_a_gap_in_the_night_is_found(directory: Directory) -> None:
    found = list(
        content.hours(only(directory, "ecoute-violences-conjugales", "Mo-Su 08:00-22:00"), NOW)
    )
    assert {f.severity for f in found} == {"bad"}
    french = next(f for f in found if "'fr'" in f.what and "violence" in f.what)
    assert "70 hours" in french.what
    assert "24/11 at 22:00" in french.what


def test_what_blocks_live_names_the_most_used_first(directory: Directory, tmp_path: Path) -> None:
    said = content.live_blockers(directory, texts(), config(tmp_path), NOW)
    first = said[: content.MOST_USED]
    assert len([line for line in first if "no person has checked" in line]) == content.MOST_USED
    assert any("0800 30 030" in line for line in first[:8])
    assert any("1712" in line for line in first[:8])
    assert not [line for line in said if line.startswith(("112 ", "101 "))]
    assert "CONTROLLER_NAME" in said[-1]


def test_what_was_checked_blocks_no_more(directory: Directory, tmp_path: Path) -> None:
    done = {"by_role": "coordination", "date": "2026-11-20"}
    services = tuple(replace(s, checked=done) for s in directory.services)
    checked = replace(directory, services=services, by_id={s.id: s for s in services})
    named = {"CONTROLLER_NAME": "A", "CONTROLLER_CONTACT": "B", "SUPERVISORY_AUTHORITY": "C"}
    said = content.live_blockers(checked, texts(), config(tmp_path, **named), NOW)
    assert not [line for line in said if "checked" in line or "CONTROLLER" in line]


def test_a_number_that_is_too_old(tmp_path: Path) -> None:
    folder = tmp_path / "directory"
    shutil.copytree(DATA / "directory", folder)
    file = folder / "national" / "listening.yml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace(
        "checked: {by_role: null, date: null}",
        "checked: {by_role: coordination, date: '2026-01-10'}",
        1,
    )
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    assert list(content.numbers(DATA / "directory", NOW)) == []
    (found,) = content.numbers(folder, NOW)
    assert (found.severity, "180 days" in found.what) == ("warn", True)


def test_a_desk_that_never_answers(directory: Directory, tmp_path: Path) -> None:
    assert not [f for f in content.desk(config(tmp_path), directory, NOW) if f.severity == "bad"]
    State(tmp_path).set("hours:stopp-vif", "off")
    found = list(content.desk(config(tmp_path), directory, NOW))
    assert "never answers" in " ".join(f.what for f in found if f.severity == "bad")


def test_an_assistant_that_is_off_is_told(directory: Directory, tmp_path: Path) -> None:
    State(tmp_path).set("assistant", "off")
    assert any("is off" in f.what for f in content.desk(config(tmp_path), directory, NOW))


def test_webhooks_left_over(tmp_path: Path) -> None:
    assert list(content.left_over(tmp_path)) == []
    ledger = Ledger(tmp_path)
    assert list(content.left_over(tmp_path)) == []
    ledger.bury(DeadLetter("m", "e", "handoff.requested", "h", "{}", "status 500", 2e9))
    ledger.stop("e")
    assert [f.severity for f in content.left_over(tmp_path)] == ["warn", "warn"]
    ledger.close()


def test_a_model_older_than_its_data(tmp_path: Path) -> None:
    today = tmp_path / "helpline-2.tar.gz"
    today.touch()
    assert list(content.model(None, today)) == []
    assert list(content.model(Path("/x/helpline-2.tar.gz"), today)) == []
    (old,) = content.model(Path("/x/helpline-1.tar.gz"), today)
    assert "older" in old.what
    (none,) = content.model(None, tmp_path / "helpline-3.tar.gz")
    assert "no model" in none.what


def test_the_exit_code_and_the_report() -> None:
    assert examine.exit_code([note("a")]) == 0
    assert examine.exit_code([note("a"), warn("b", "c")]) == 1
    assert examine.exit_code([warn("b", "c"), bad("d", "e")]) == 2
    said = examine.told([warn("b.", "c."), bad("d.", "e.")], ["x"], "demo")
    assert said.index("d. e.") < said.index("b. c.") < said.index("1. x")
    assert "Nothing to correct" in examine.told([note("a")], [], "demo")
