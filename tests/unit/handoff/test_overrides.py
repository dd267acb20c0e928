"""What the supervisor sets at the desk stands above the team's file, and only where it should."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.handoff.teams import Endpoint, Override, Team, Teams
from bot.handoff.wire import override
from bot.state import State

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
TOOL = Endpoint(id="t", url="https://tool.example", signer=None)


def teams(**network: Team) -> Teams:
    return Teams({name: (team,) for name, team in network.items()})


def test_hours_of_the_desk_are_replaced_and_those_of_a_tool_stay() -> None:
    found = teams(a=Team("desk", "24/7"), b=Team("tool", "24/7", endpoint=TOOL))
    found.overrides = lambda network: Override(hours="Tu 09:00-12:00")
    assert not found.answers("a", "fr", MONDAY)
    assert found.answers("b", "fr", MONDAY)


def test_the_later_of_two_closings_counts() -> None:
    found = teams(a=Team("desk", "24/7", closed_until=date(2026, 12, 1)))
    found.overrides = lambda network: Override(closed_until=date(2026, 11, 25))
    opens = found.opens("a", "fr", MONDAY)
    assert opens is not None
    assert opens.date() == date(2026, 12, 1)


def test_one_network_is_not_another(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.set("closed_until:a", "2026-11-25")
    state.set("hours:a", "")
    found = teams(a=Team("desk", "24/7"), b=Team("desk", "24/7"))
    found.overrides = lambda network: override(state, network)
    assert not found.answers("a", "fr", MONDAY)
    assert found.answers("b", "fr", MONDAY)
    state.set("closed_until:a", "")
    assert found.answers("a", "fr", MONDAY)
    state.close()
