"""The command line of webhooks: what is dead is listed, and goes out again when asked to."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot import keyspace
from bot.handoff import webhooks
from bot.handoff.ledger import DeadLetter, Ledger
from bot.redis_client import connect


@pytest.fixture
def ledger(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger with one dead letter and one endpoint that is off."""
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", redis_url)
    made = Ledger(tmp_path)
    made.bury(DeadLetter("msg_1", "e1", "handoff.closed", "h1", "{}", "status 500", time.time()))
    made.stop("e1")
    return made


def test_what_is_dead_is_listed(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.count("webhooks_in_refused")
    assert webhooks.main(["list"]) == 0
    shown = capsys.readouterr().out
    for part in ("msg_1", "handoff.closed", "status 500", "e1 is off", "webhooks_in_refused: 1"):
        assert part in shown


def test_an_endpoint_is_turned_on_again(ledger: Ledger) -> None:
    assert webhooks.main(["start", "e1"]) == 0
    ledger.refresh()
    assert not ledger.is_stopped("e1")
    assert webhooks.main(["start", "e1"]) == 1


def test_a_dead_letter_goes_out_again_under_its_id(ledger: Ledger, redis_url: str) -> None:
    assert webhooks.main(["replay", "other"]) == 1
    assert webhooks.main(["replay", "msg_1"]) == 0
    assert ledger.dead() == []

    async def waiting() -> list[bytes]:
        redis = connect(redis_url)
        entries = await redis.xrange(keyspace.outbox("e1"))
        await redis.delete(keyspace.outbox("e1"))
        await redis.aclose()
        return [fields[b"id"] for _, fields in entries]

    assert asyncio.run(waiting()) == [b"msg_1"]
    assert webhooks.main(["replay"]) == 1


def test_the_file_is_its_owners_only(ledger: Ledger, tmp_path: Path) -> None:
    assert (tmp_path / "handoff.db").stat().st_mode & 0o777 == 0o600


def test_what_is_older_than_a_month_is_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    old = time.time() - 31 * 24 * 3600
    ledger.bury(DeadLetter("msg_0", "e1", "handoff.closed", "h0", "{}", "status 500", old))
    again = Ledger(tmp_path)
    assert [letter.id for letter in again.dead()] == ["msg_1"]
    again.close()
