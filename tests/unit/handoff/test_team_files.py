"""The networks' own team files, as they are shipped."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.directory.check import check
from bot.handoff.teams import load_teams
from bot.language import SUPPORTED
from bot.texts import DATA

NETWORKS = ("stopp-vif", "gent", "verviers-dison", "rezone-midi")


@pytest.mark.parametrize("network", NETWORKS)
def test_a_visitor_reads_who_answers_and_the_default_hours_count(network: str) -> None:
    assert (DATA / "directory" / network / "team.yml").exists()
    teams = load_teams(DATA / "directory", (network,), "Mo 10:00-11:00", {})
    for team in teams.current(network):
        assert all(team.name[language] for language in SUPPORTED)
        assert team.hours == "Mo 10:00-11:00"
        assert team.endpoint is None


@pytest.mark.parametrize(
    "broken",
    [
        "teams: []",
        "teams:\n- {id: desk}",
        "teams:\n- {id: desk, name: {fr: x, nl: y}, horaires: x}",
        "teams:\n- {id: desk, name: {fr: x, nl: y}, languages: [de]}",
        "teams:\n- {id: desk, name: {fr: x}}",
    ],
)
def test_helpline_directory_check_finds_a_broken_one(tmp_path: Path, broken: str) -> None:
    shutil.copytree(DATA / "directory", tmp_path / "directory")
    path = tmp_path / "directory" / "gent" / "team.yml"
    path.write_text(broken, encoding="utf-8")
    found = check(tmp_path / "directory", date(2026, 11, 24))
    assert [p for p in found if p.severity == "error" and p.file == str(path)]
