"""When words to come back are offered to who waited in vain."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.directory.hours import BRUSSELS
from bot.handoff.teams import Team, Teams
from tests.fakes.handoff import NETWORK, World, world

# The world's clock stands on Wednesday 25 November 2026, ten in the morning.


def teams(hours: str) -> Teams:
    return Teams({NETWORK: (Team(id="desk", hours=hours),)})


@pytest.mark.parametrize(
    ("hours", "opens", "until"),
    [
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 26, 9), datetime(2026, 11, 26, 17)),
        ("24/7", None, datetime(2026, 11, 28, 10)),
    ],
)
async def test_within_hours_only_who_waited_in_vain(
    w: World, hours: str, opens: datetime | None, until: datetime
) -> None:
    w.service.set_tested(NETWORK)
    w.service.teams = teams(hours)
    assert w.service.next_window("fr", False) is None
    found = w.service.next_window("fr", False, unanswered=True)
    assert found is not None
    assert found.opens == (opens.replace(tzinfo=BRUSSELS) if opens else None)
    assert found.until == until.replace(tzinfo=BRUSSELS)


async def test_not_when_the_next_hours_are_too_far_away(w: World) -> None:
    w.service.set_tested(NETWORK)
    w.service.teams = teams("2026 Nov 25 09:00-17:00; 2026 Dec 07 09:00-17:00")
    assert w.service.next_window("fr", False, unanswered=True) is None


async def test_the_letter_of_the_end_offers_it(redis_url: str, tmp_path: Path) -> None:
    async with world(redis_url, tmp_path) as made:
        keys, _, _ = await made.waiting("bonjour")
        await made.service.pepper.share()
        made.later(301)
        await made.sweeper.tick()
        (last,) = (await made.letters(keys))[-1:]
        assert [b["value"] for b in last["buttons"]] == ["ask_human", "handoff:later"]
        assert any(card["phone"] and card["open_now"] for card in last["services"])
