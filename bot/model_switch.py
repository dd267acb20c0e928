"""A new model takes over while people talk: a second Rasa is started, tried, and then answers.

Swapping the model inside one process is known to grow its memory. So there are two processes for a
while (twice the memory of Rasa): the new one loads and holds the talks of `data/rehearsal.yml`; if
all goes well, the gateway sends each further turn to it (`bot/door.py`), and the old one ends once
none of its turns can be under way any more. If anything goes wrong, the old one just stays.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import aiohttp

from bot import door
from bot.door import Door
from bot.rehearsal import load, rehearse
from bot.settings import Settings
from bot.texts import TextsError
from bot.training import service

# Seconds: to look whether another model is wanted, to load one, to let the old one finish.
_LOOK = 1.0
_LOAD = 600.0
_LONGEST_DRAIN = 30.0


class Process(Protocol):
    """What is needed of a Rasa process: it ended or not."""

    @property
    def ended(self) -> bool:
        """It isn't running."""


class Host(Protocol):
    """Who starts and stops processes: the supervisor, or a fake in the tests."""

    async def start(self, model: Path, port: int) -> Process:
        """Start a Rasa; nobody starts it again if it ends."""

    def adopt(self, process: Process) -> None:
        """From now on, start it again when it ends."""

    async def stop(self, process: Process) -> None:
        """End it for good."""


def free_port() -> int:
    """Return a port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


async def loaded(url: str, process: Process, seconds: float = _LOAD) -> str:
    """Wait until a Rasa answers; return what went wrong, empty when nothing did."""
    limit = aiohttp.ClientTimeout(total=2)
    deadline = time.monotonic() + seconds
    async with aiohttp.ClientSession(timeout=limit) as session:
        while time.monotonic() < deadline:
            if process.ended:
                return "Rasa ended while it loaded the model"
            try:
                async with session.get(f"{url}/") as answer:
                    if answer.status == 200:
                        return ""
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                pass
            await asyncio.sleep(0.5)
    return f"Rasa didn't load the model in {seconds:.0f} seconds"


class ModelSwitch:
    """Keeps the model in service the one that `models/in-service` names."""

    def __init__(
        self,
        settings: Settings,
        token: str,
        host: Host,
        say: Callable[[str], None],
        *,
        model: Path,
        process: Process,
        folder: Path,
    ) -> None:
        """Take what runs, and write it into the door's file.

        Args:
            settings: the configuration.
            token: the secret between gateway and Rasa.
            host: starts and stops processes.
            say: tells the operator.
            model: in service.
            process: the Rasa that serves it, on `RASA_PORT`.
            folder: of the models.
        """
        self._settings, self._token, self._host, self._say = settings, token, host, say
        self._model, self._process, self._folder = model, process, folder
        self._place = door.place(settings)
        self._door = Door(os.getpid(), settings.rasa_port, model.name, _now())
        door.write(self._place, self._door)
        self._complained = ""
        # The refused model, and when `in-service` was written: not tried again each second where
        # that file can't be mended (a folder that only root may write).
        self._refused: tuple[str, int] = ("", 0)

    async def run(self, judge: Callable[[str], Awaitable[list[str]]] | None = None) -> None:
        """Look for another model to be in service, until cancelled.

        Args:
            judge: holds the talks with a Rasa at an address; tests give their own.
        """
        while True:
            await asyncio.sleep(_LOOK)
            wanted = self._wanted()
            if wanted is None or wanted.name == self._model.name:
                continue
            if (wanted.name, self._written()) != self._refused:
                await self.switch(wanted, judge or self._rehearse)

    def close(self) -> None:
        """Take the file away."""
        self._place.unlink(missing_ok=True)

    def _wanted(self) -> Path | None:
        try:
            return service.in_service(self._folder)
        except (TextsError, OSError) as error:
            # Said once; what runs goes on.
            if str(error) != self._complained:
                self._complained = str(error)
                self._say(self._complained)
            return None

    async def switch(self, wanted: Path, judge: Callable[[str], Awaitable[list[str]]]) -> None:
        """Put `wanted` in service, or say why not and keep the old model."""
        port = free_port()
        self._note(wanted, "loading")
        self._say(f"{wanted.name}: loading beside {self._model.name}")
        process = await self._host.start(wanted, port)
        kept = False
        try:
            why = await self._tried(wanted, process, f"http://127.0.0.1:{port}", judge)
            if why:
                self._put_back(wanted)
                self._note(wanted, "refused", why)
                self._say(f"{wanted.name} isn't put in service: {why}. {self._model.name} stays.")
                return
            kept = True
            self._host.adopt(process)
        finally:
            if not kept:
                await self._host.stop(process)
        old, self._process, self._model = self._process, process, wanted
        self._door = replace(self._door, port=port, model=wanted.name, since=_now())
        self._note(wanted, "draining")
        # No turn lives longer than the gateway waits for it.
        await asyncio.sleep(min(_LONGEST_DRAIN, self._settings.turn_timeout + 1))
        await self._host.stop(old)
        self._note(wanted, "done")
        self._say(f"{wanted.name} is in service")

    def _put_back(self, refused: Path) -> None:
        try:
            service.put_back(self._model.name, refused.name, self._folder)
        except (TextsError, OSError) as error:
            self._say(f"{self._folder}/in-service still names {refused.name}: {error}")
        self._refused = (refused.name, self._written())

    def _written(self) -> int:
        try:
            return (self._folder / "in-service").stat().st_mtime_ns
        except OSError:
            return 0

    async def _tried(
        self,
        wanted: Path,
        process: Process,
        url: str,
        judge: Callable[[str], Awaitable[list[str]]],
    ) -> str:
        why = await loaded(url, process)
        if why:
            return why
        self._note(wanted, "testing")
        try:
            return "; ".join(await judge(url))
        except TextsError as error:
            return str(error)

    async def _rehearse(self, url: str) -> list[str]:
        return await rehearse(self._settings, self._token, url, load())

    def _note(self, wanted: Path, step: str, why: str = "") -> None:
        self._door = replace(self._door, wanted=wanted.name, step=step, why=why)
        door.write(self._place, self._door)
