"""`POST /api/v1/reports`: which service and which day, and nothing more."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import settings
from bot.directory.doubts import Doubts
from bot.directory.load import load_directory
from bot.gateway import keys, reports
from bot.gateway.rate import Limiter
from bot.state import State
from bot.texts import DATA

LINE = "ecoute-violences-conjugales"
Client = TestClient[web.Request, web.Application]


class Clock:
    """A day that a test moves on."""

    now = datetime(2026, 11, 24, 14, 0, tzinfo=ZoneInfo("Europe/Brussels"))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(tmp_path: Path, clock: Clock) -> AsyncIterator[Client]:
    app = web.Application()
    app[keys.SETTINGS] = settings.load({"STATE_DIR": str(tmp_path)})
    app[keys.DIRECTORY] = load_directory(DATA / "directory", "demo")
    app[keys.STATE] = State(tmp_path)
    app[keys.DOUBTS] = Doubts(app[keys.DIRECTORY], tmp_path)
    app[keys.LIMITER] = Limiter(20, 3)
    app[keys.CLOCK] = clock
    reports.add_routes(app)
    async with TestClient(TestServer(app)) as started:
        yield started


async def post(client: Client, body: object) -> int:
    async with client.post("/api/v1/reports", json=body) as answer:
        return answer.status


async def test_hidden_after_two_days_and_not_by_insisting(client: Client, clock: Clock) -> None:
    service = client.app[keys.DIRECTORY].by_id
    assert await post(client, {"service": LINE}) == 204
    assert await post(client, {"service": LINE}) == 204
    assert service[LINE].phone
    clock.now += timedelta(days=1)
    assert await post(client, {"service": LINE}) == 204
    assert client.app[keys.DIRECTORY].by_id[LINE].phone is None


async def test_what_is_kept(client: Client, tmp_path: Path) -> None:
    headers = {"Authorization": "Bearer SECRET", "User-Agent": "SECRET"}
    async with client.post("/api/v1/reports", json={"service": LINE}, headers=headers) as answer:
        assert answer.status == 204
    rows = sqlite3.connect(tmp_path / "state.db").execute("SELECT * FROM report").fetchall()
    assert rows == [(LINE, "2026-11-24")]
    for file in tmp_path.iterdir():
        assert b"SECRET" not in file.read_bytes()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"service": ""}, 400),
        ({"service": 5}, 400),
        ({"service": LINE, "text": "SECRET"}, 400),
        ({"service": "nobody"}, 404),
    ],
)
async def test_what_is_refused(client: Client, body: object, status: int) -> None:
    assert await post(client, body) == status
    assert client.app[keys.STATE].reports() == {}


async def test_too_many_at_once(client: Client) -> None:
    assert [await post(client, {"service": LINE}) for _ in range(4)] == [204, 204, 204, 429]
