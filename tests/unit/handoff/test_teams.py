"""When a team answers: hours, holidays, the last intake, closed until; and broken files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.directory.hours import BRUSSELS
from bot.handoff.teams import Team, TeamsError, load_teams
from tests.fakes.handoff import secret


def at(text: str) -> datetime:
    """Return a moment in Brussels."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


OFFICE = "Mo-Fr 09:00-17:00; PH off"


@pytest.mark.parametrize(
    ("moment", "answers", "opens"),
    [
        ("2026-11-25T08:59", False, "2026-11-25T09:00"),
        ("2026-11-25T09:00", True, None),
        ("2026-11-25T16:39", True, None),
        # Twenty minutes before the end, a talk can't end well any more (R77).
        ("2026-11-25T16:40", False, "2026-11-26T09:00"),
        ("2026-11-25T17:00", False, "2026-11-26T09:00"),
        ("2026-11-27T18:00", False, "2026-11-30T09:00"),
        ("2026-12-25T10:00", False, "2026-12-28T09:00"),
        # Armistice Day.
        ("2026-11-11T10:00", False, "2026-11-12T09:00"),
    ],
)
def test_hours_to_the_minute(moment: str, answers: bool, opens: str | None) -> None:
    team = Team("t", OFFICE, last_intake=timedelta(minutes=20))
    now = at(moment)
    assert team.answers(now) == answers
    assert team.opens(now) == (at(opens) if opens else now)


def test_closed_until_a_day() -> None:
    team = Team("t", OFFICE, closed_until=date(2026, 12, 1))
    assert not team.answers(at("2026-11-30T10:00"))
    assert team.answers(at("2026-12-01T10:00"))
    assert team.opens(at("2026-11-30T10:00")) == at("2026-12-01T09:00")


def test_always_and_never() -> None:
    now = at("2026-11-25T03:00")
    assert Team("t", "24/7", last_intake=timedelta(minutes=20)).answers(now)
    assert Team("t", "off").opens(now) is None


FILE = """
teams:
- id: cpas
  name: {fr: "le CPAS", nl: "het OCMW"}
  hours: "Mo-Fr 09:00-17:00; PH off"
  last_intake_minutes: 20
  languages: [fr]
  takes_minors: false
  tool:
    url: https://tool.example/hook
    secret: CPAS_SECRET
    name: "Outil"
    keeps: {fr: "L'outil ne garde rien.", nl: "De tool bewaart niets."}
- id: caw
  languages: [fr, nl]
"""


def load(folder: Path, text: str, **environment: str):  # type: ignore[no-untyped-def]
    """Read one file."""
    (folder / "net").mkdir(exist_ok=True)
    (folder / "net" / "team.yml").write_text(text, encoding="utf-8")
    return load_teams(folder, ("net", "other"), "Sa 10:00-12:00", environment)


def test_a_file_of_two_teams(tmp_path: Path) -> None:
    teams = load(tmp_path, FILE, CPAS_SECRET=secret())
    now = at("2026-11-25T10:00")
    assert teams.answers("net", "fr", now)
    # The second team has the default hours; a minor may speak with it only.
    assert not teams.answers("net", "nl", now)
    assert not teams.answers("net", "fr", now, minor=True)
    assert teams.opens("net", "nl", now) == at("2026-11-28T10:00")
    # A network without a file has a desk with the default hours.
    assert teams.opens("other", "nl", now) == at("2026-11-28T10:00")
    assert [e.url for e in teams.serving("net")] == ["https://tool.example/hook"]
    assert teams.serving("other") == []


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("Mo-Fr 09:00-17:00; PH off", "Mo-Fr nine to five", "hours"),
        ("languages: [fr]", "languages: [de]", "fr and nl"),
        ("takes_minors", "takes_children", "takes_children"),
        ("last_intake_minutes: 20", "last_intake_minutes: soon", "minutes"),
        ("secret: CPAS_SECRET", "secret: OTHER", "OTHER"),
        ("secret: CPAS_SECRET", "kind: pigeon", "pigeon"),
        ("- id: cpas\n  name", "- name", "'id'"),
        ("teams:", "groups:", "teams:"),
        ("hours:", "closed_until: soon\n  hours:", "date"),
    ],
)
def test_a_broken_file_names_file_team_and_cure(
    tmp_path: Path, old: str, new: str, hint: str
) -> None:
    assert old in FILE
    with pytest.raises(TeamsError) as caught:
        load(tmp_path, FILE.replace(old, new, 1), CPAS_SECRET=secret())
    assert "team.yml" in str(caught.value)
    assert hint in str(caught.value)
