"""The whole assistant, started as its users start it, on ports and folders of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port that nobody uses on the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """A running assistant."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    environment: dict[str, str]

    @property
    def redis_socket(self) -> Path:
        """The socket of its embedded Redis."""
        return next(Path(self.environment["XDG_RUNTIME_DIR"]).glob("helpline-*/redis.sock"))

    @property
    def log(self) -> str:
        """All that its processes have printed."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def helpline(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run the command line beside it, with its configuration."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )


def answers(url: str) -> bool:
    """Tell whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def wait_for(url: str, seconds: float) -> None:
    """Wait until an address answers 200."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline:
            raise TimeoutError(url)
        time.sleep(0.2)


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Stack]:
    """Start everything, wait until it is ready, and stop it cleanly at the end."""
    runtime = Path("/tmp") / f"hl{os.getpid()}-{free_port()}"
    runtime.mkdir(mode=0o700)
    port = free_port()
    env = {
        **os.environ,
        "HELPLINE_PORT": str(port),
        "RASA_PORT": str(free_port()),
        "ACTIONS_PORT": str(free_port()),
        "XDG_RUNTIME_DIR": str(runtime),
        "STATE_DIR": str(folder / "state"),
        **environment,
    }
    env.pop("REDIS_URL", None)
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    stack = Stack(f"http://127.0.0.1:{port}", process, folder, env)
    try:
        wait_for(f"{stack.url}/readyz", 180)
        yield stack
    except TimeoutError as error:
        raise AssertionError(f"not ready: {error}\n{stack.log[-3000:]}") from None
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        runtime.rmdir()
