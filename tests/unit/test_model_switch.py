"""A change of model, with processes that only pretend: the order of things, and what goes wrong."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import door, model_switch, settings
from bot.model_switch import ModelSwitch
from bot.training import service

ONE, TWO = (f"helpline-{letter * 16}.tar.gz" for letter in "12")


@dataclass
class FakeProcess:
    port: int
    ended: bool = False
    stopped: bool = False


@dataclass
class FakeHost:
    """Starts nothing; a web server of the test answers for the second Rasa."""

    events: list[str] = field(default_factory=list)
    dies: bool = False

    async def start(self, model: Path, port: int) -> FakeProcess:
        self.events.append(f"start {model.name}")
        return FakeProcess(port, ended=self.dies)

    def adopt(self, process: model_switch.Process) -> None:
        self.events.append("adopt")

    async def stop(self, process: model_switch.Process) -> None:
        assert isinstance(process, FakeProcess)
        process.stopped = True
        self.events.append(f"stop {process.port}")


@pytest.fixture
async def rasa(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Something that answers as a loaded Rasa does."""
    app = web.Application()
    app.router.add_get("/", lambda _: web.Response())
    server = TestServer(app)
    await server.start_server()
    monkeypatch.setattr(model_switch, "free_port", lambda: server.port)
    monkeypatch.setattr(model_switch, "_LONGEST_DRAIN", 0.2)
    yield server.port or 0
    await server.close()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    settings.runtime_dir().mkdir()
    return settings.load({"RASA_PORT": "5999"})


def a_switch(
    config: settings.Settings, host: FakeHost, folder: Path, said: list[str]
) -> tuple[ModelSwitch, FakeProcess]:
    for name in (ONE, TWO):
        (folder / name).write_bytes(name.encode())
    old = FakeProcess(5999)
    made = ModelSwitch(
        config, "t", host, said.append, model=folder / ONE, process=old, folder=folder
    )
    return made, old


async def good(_: str) -> list[str]:
    return []


async def test_the_gateway_is_sent_to_the_new_one_before_the_old_one_ends(
    config: settings.Settings, tmp_path: Path, rasa: int
) -> None:
    host, said = FakeHost(), []
    switch, old = a_switch(config, host, tmp_path, said)
    address = door.address(config)
    assert address() == "http://127.0.0.1:5999"
    seen: list[str] = []

    async def judge(url: str) -> list[str]:
        seen.append(f"{url} while {address()}")
        return []

    work = asyncio.create_task(switch.switch(tmp_path / TWO, judge))
    while address() == "http://127.0.0.1:5999":
        await asyncio.sleep(0.01)
    assert not old.stopped, "its last turns are still under way"
    await work
    assert seen == [f"http://127.0.0.1:{rasa} while http://127.0.0.1:5999"]
    assert host.events == [f"start {TWO}", "adopt", "stop 5999"]
    found = door.read(door.place(config))
    assert found
    assert (found.port, found.model, found.step) == (rasa, TWO, "done")
    assert found.alive
    assert said[-1] == f"{TWO} is in service"


@pytest.mark.parametrize("dies", [True, False])
async def test_whatever_goes_wrong_the_old_one_stays(
    config: settings.Settings, tmp_path: Path, rasa: int, dies: bool
) -> None:
    host, said = FakeHost(dies=dies), []
    switch, old = a_switch(config, host, tmp_path, said)
    (tmp_path / "in-service").write_text(f"{TWO} 2026-11-24T20:00+01:00\n{ONE}\n")

    async def judge(url: str) -> list[str]:
        return ["'il a un couteau': no alarm"]

    await switch.switch(tmp_path / TWO, judge)
    assert not old.stopped
    assert host.events == [f"start {TWO}", f"stop {rasa}"]
    assert door.address(config)() == "http://127.0.0.1:5999"
    found = door.read(door.place(config))
    assert found
    assert (found.model, found.wanted, found.step) == (ONE, TWO, "refused")
    assert ("ended while it loaded" if dies else "no alarm") in found.why
    # Neither does the next start try it.
    assert service.history(tmp_path) == [ONE]


async def test_a_folder_that_cannot_be_written_is_not_tried_for_ever(
    config: settings.Settings, tmp_path: Path, rasa: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_switch, "_LOOK", 0.02)

    def locked(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(service, "put_back", locked)
    host, said = FakeHost(), []
    switch, _ = a_switch(config, host, tmp_path, said)

    async def judge(_: str) -> list[str]:
        return ["no alarm"]

    (tmp_path / "in-service").write_text(f"{TWO}\n{ONE}\n")
    work = asyncio.create_task(switch.run(judge))
    await asyncio.sleep(0.5)
    assert host.events == [f"start {TWO}", f"stop {rasa}"]
    assert any("still names" in line for line in said)
    # Asked for once more, it is tried once more.
    (tmp_path / "in-service").write_text(f"{TWO}\n{ONE}\n")
    await asyncio.sleep(0.5)
    assert len(host.events) == 4
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_stopping_in_the_middle_leaves_no_process_behind(
    config: settings.Settings, tmp_path: Path, rasa: int
) -> None:
    host = FakeHost()
    switch, _ = a_switch(config, host, tmp_path, [])

    async def forever(_: str) -> list[str]:
        await asyncio.sleep(60)
        return []

    work = asyncio.create_task(switch.switch(tmp_path / TWO, forever))
    await asyncio.sleep(0.1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert host.events == [f"start {TWO}", f"stop {rasa}"]
    switch.close()
    assert door.read(door.place(config)) is None


async def test_the_file_alone_brings_the_change_about_and_a_spoilt_one_none(
    config: settings.Settings, tmp_path: Path, rasa: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_switch, "_LOOK", 0.02)
    host, said = FakeHost(), []
    switch, _ = a_switch(config, host, tmp_path, said)
    work = asyncio.create_task(switch.run(good))
    (tmp_path / "in-service").write_text("../../evil\n")
    await asyncio.sleep(0.2)
    assert host.events == []
    assert len(said) == 1, "said once, not each second"
    (tmp_path / "in-service").write_text(f"{ONE}\n")
    await asyncio.sleep(0.1)
    assert host.events == []
    (tmp_path / "in-service").write_text(f"{TWO}\n{ONE}\n")
    while "stop 5999" not in host.events:
        await asyncio.sleep(0.02)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


def test_without_the_file_rasa_is_where_the_settings_say(config: settings.Settings) -> None:
    address = door.address(config)
    assert address() == "http://127.0.0.1:5999"
    place = door.place(config)
    place.write_text("{spoilt")
    assert address() == "http://127.0.0.1:5999"
    door.write(place, door.Door(os.getpid(), 6001, TWO, ""))
    assert address() == "http://127.0.0.1:6001"
    place.unlink()
    assert address() == "http://127.0.0.1:6001", "the last one known"
    assert not door.Door(2**22 + 1, 1, TWO, "").alive
