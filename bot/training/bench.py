"""`make bench`: one table of what it costs. Timings live here, never in a test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bot.settings import ROOT
from bot.training.data import examples
from bot.training.model import model_path


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ready(url: str, path: str, limit: float) -> float:
    start = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        while time.perf_counter() - start < limit:
            try:
                async with session.get(url + path) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - start
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise TimeoutError(f"{url}{path} didn't answer in {limit:.0f} s")


async def _talk(
    session: aiohttp.ClientSession, url: str, texts: list[str], spent: list[float]
) -> None:
    async with session.post(f"{url}/api/v1/conversations", json={"language": None}) as answer:
        token = (await answer.json())["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for text in texts:
        start = time.perf_counter()
        async with session.post(
            f"{url}/api/v1/messages", json={"text": text}, headers=headers
        ) as answer:
            body = await answer.json()
        spent.append(time.perf_counter() - start)
        if not body.get("messages") or body["messages"][0]["from"] == "system":
            raise RuntimeError("the assistant did not answer: " + str(body)[:200])


def _ms(values: list[float], share: float) -> str:
    ordered = sorted(values)
    return f"{ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000:.0f} ms"


def _processes(parent: int) -> list[tuple[int, str]]:
    """Return the supervisor and its processes: number and name."""
    listing = subprocess.run(
        ["/bin/ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for line in listing.splitlines():
        pid, ppid, arguments = line.split(None, 2)
        if parent in (int(pid), int(ppid)):
            for name in ("gateway", "actions", "rasa_parts", "redis", "supervisor"):
                if name in arguments or (name == "supervisor" and int(pid) == parent):
                    found.append((int(pid), name))
                    break
    return found


def _memory(parent: int) -> dict[str, float]:
    """Return the megabytes that each process holds."""
    found: dict[str, float] = {}
    for pid, name in _processes(parent):
        with contextlib.suppress(OSError):
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
            found[name] = found.get(name, 0) + pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return found


def _cpu(parent: int) -> dict[str, float]:
    """Return the seconds of processor time that each process has used."""
    tick = os.sysconf("SC_CLK_TCK")
    found: dict[str, float] = {}
    for pid, name in _processes(parent):
        with contextlib.suppress(OSError):
            fields = (
                Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            )
            found[name] = found.get(name, 0) + (int(fields[11]) + int(fields[12])) / tick
    return found


async def _measure(url: str, parent: int, rows: list[tuple[str, str]]) -> None:
    texts = [text for text, _, _ in examples()[::37]]
    async with aiohttp.ClientSession() as session:
        await _talk(session, url, texts[:20], [])
        one: list[float] = []
        await _talk(session, url, texts[:150], one)
        rows += [("message, 1 talk: p50", _ms(one, 0.5)), ("message, 1 talk: p95", _ms(one, 0.95))]
        eight: list[float] = []
        before, start = _cpu(parent), time.perf_counter()
        await asyncio.gather(
            *(_talk(session, url, texts[i * 30 : i * 30 + 50], eight) for i in range(8))
        )
        elapsed = time.perf_counter() - start
        rows += [
            ("message, 8 talks: p50", _ms(eight, 0.5)),
            ("message, 8 talks: p95", _ms(eight, 0.95)),
            ("messages a second, 8 talks", f"{len(eight) / elapsed:.0f}"),
            *(
                (
                    f"processor time a message: {name}",
                    f"{(spent - before.get(name, 0)) / len(eight) * 1000:.1f} ms",
                )
                for name, spent in sorted(_cpu(parent).items())
            ),
        ]
        long: list[float] = []
        await _talk(session, url, (texts * 3)[:200], long)
        rows += [
            ("turns 2 to 11: median", f"{statistics.median(long[1:11]) * 1000:.0f} ms"),
            ("turns 190 to 200: median", f"{statistics.median(long[189:]) * 1000:.0f} ms"),
        ]
    memory = _memory(parent)
    rows += [(f"memory: {name}", f"{size:.0f} MB") for name, size in sorted(memory.items())]
    rows.append(("memory: all", f"{sum(memory.values()):.0f} MB"))


def main() -> int:
    """Start the assistant, measure, print the table; return the exit code."""
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(prefix="hlb", dir="/tmp") as folder:
        runtime = Path(folder) / "r"
        runtime.mkdir(mode=0o700)
        port = _port()
        environment = {
            **os.environ,
            "HELPLINE_PORT": str(port),
            "RASA_PORT": str(_port()),
            "ACTIONS_PORT": str(_port()),
            "XDG_RUNTIME_DIR": str(runtime),
            "STATE_DIR": str(Path(folder) / "state"),
            "RATE_TURNS": "1000",
            "HELPLINE_BENCH_TOKEN": secrets.token_hex(16),
        }
        if not model_path().exists():
            print("training first …")
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=ROOT, check=True)
        rows.append(("train (nothing changed: none)", f"{time.perf_counter() - start:.0f} s"))
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment
        )
        url = f"http://127.0.0.1:{port}"
        try:
            healthy = asyncio.run(_ready(url, "/healthz", 60))
            ready = healthy + asyncio.run(_ready(url, "/readyz", 180))
            rows += [
                ("start: numbers answer", f"{healthy:.1f} s"),
                ("start: everything", f"{ready:.1f} s"),
            ]
            asyncio.run(_measure(url, process.pid, rows))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:{width}}  {value:>10}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
