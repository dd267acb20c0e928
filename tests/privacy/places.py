"""Where a needle could be: files, Redis, logs, memory."""

from __future__ import annotations

import os
import stat
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import redis

from tests.privacy.needles import Finder, Hit
from tests.stack import ROOT, Stack

# A word of each part's command line, and how it is called in reports.
PARTS = {
    "actions.server": "actions",
    "rasa_parts.server": "rasa",
    "bot.gateway": "gateway",
    "redis-server": "redis",
}
_CHUNK = 16 << 20
_OVERLAP = 256


def folders(stack: Stack) -> tuple[Path, ...]:
    """Return every folder in which a process of ours could write."""
    home = Path(os.environ.get("HOME", "/nonexistent"))
    named = (ROOT, stack.folder, Path(stack.environment["XDG_RUNTIME_DIR"]), home)
    shared = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/var/log", "/var/crash")
    found: list[Path] = []
    for folder in (*named, *map(Path, shared)):
        if folder.is_dir() and not any(folder.is_relative_to(known) for known in found):
            found.append(folder)
    return tuple(found)


def written_since(since: float, roots: Iterable[Path]) -> Iterator[Path]:
    """Yield every file that was written since a moment (seconds since 1970)."""
    todo = [str(root) for root in roots]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode) and status.st_mtime >= since - 2:
                        yield Path(entry.path)
        except OSError:
            # It went away meanwhile.
            continue


def files_since(finder: Finder, since: float, roots: Iterable[Path]) -> Iterator[Hit]:
    """Yield the needles in the files that were written since a moment, and in their names."""
    for path in written_since(since, roots):
        yield from finder.search(str(path).encode(), f"the name of {path}")
        try:
            with path.open("rb") as file:
                rest = b""
                while piece := file.read(_CHUNK):
                    yield from finder.search(rest + piece, str(path))
                    rest = piece[-_OVERLAP:]
        except OSError:
            # It went away meanwhile.
            continue


def deleted_but_open(finder: Finder, stack: Stack) -> Iterator[Hit]:
    """Yield the needles in files that have no name any more but are still held by a process."""
    for pid, part in processes(stack).items():
        try:
            held = list(Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            continue
        for link in held:
            try:
                if " (deleted)" in os.readlink(link):
                    yield from finder.search(link.read_bytes(), f"a deleted file of {part}")
            except OSError:
                continue


def web_hits(finder: Finder, stack: Stack) -> Iterator[Hit]:
    """Yield the needles in what the gateway tells anybody who asks, metrics among it."""
    pages = ("/", "/metrics", "/healthz", "/readyz", "/desk/", "/api/v1/lines")
    addresses = [stack.url + path for path in pages]
    if port := stack.environment.get("METRICS_PORT"):
        addresses.append(f"http://127.0.0.1:{port}/metrics")
    for address in addresses:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                said = answer.read() + str(answer.headers).encode()
        except urllib.error.HTTPError as error:
            said = error.read() + str(error.headers).encode()
        yield from finder.search(said, address)


def client(stack: Stack) -> redis.Redis:
    """Return a client of the stack's Redis, as a thief of its socket would have one."""
    return redis.Redis(unix_socket_path=str(stack.redis_socket))


def redis_content(store: redis.Redis) -> dict[bytes, list[bytes]]:
    """Return every key with all that it holds, plain and as a dump (which Redis compresses)."""
    found: dict[bytes, list[bytes]] = {}
    for key in store.scan_iter(count=1000):
        values = [store.dump(key) or b""]
        kind = store.type(key)
        if kind == b"string":
            values.append(store.get(key) or b"")  # type: ignore[arg-type]
        elif kind == b"hash":
            values += _flat(store.hgetall(key))
        elif kind == b"list":
            values += _flat(store.lrange(key, 0, -1))
        elif kind == b"set":
            values += _flat(store.smembers(key))
        elif kind == b"zset":
            values += _flat(store.zrange(key, 0, -1))
        elif kind == b"stream":
            values += _flat(store.xrange(key))
        found[key] = values
    return found


def _flat(value: Any) -> list[bytes]:
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return [part for item in value or () for part in _flat(item)]


def redis_hits(finder: Finder, store: redis.Redis) -> Iterator[Hit]:
    """Yield the needles in Redis: names of keys and all values."""
    for key, values in redis_content(store).items():
        yield from finder.search(key, "the name of a Redis key")
        for value in values:
            yield from finder.search(value, f"Redis key {key[:2].decode('latin-1')}…")
    for command in ("INFO", "CLIENT LIST", "SLOWLOG GET"):
        answer: Any = store.execute_command(*command.split())  # type: ignore[no-untyped-call]
        yield from finder.search(repr(answer).encode(), f"Redis' {command}")


def processes(stack: Stack) -> dict[int, str]:
    """Return the process ids of the stack (the supervisor and all below it) with their names."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(after_name[1]), []).append(int(entry.name))
    found: dict[int, str] = {}
    todo = [stack.process.pid]
    while todo:
        pid = todo.pop()
        found[pid] = part_of(pid)
        todo += children.get(pid, [])
    return found


def part_of(pid: int) -> str:
    """Return which part of the assistant a process is."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "gone"
    return next((name for word, name in PARTS.items() if word in command), "supervisor")


def memory_can_be_read(stack: Stack) -> bool:
    """Tell whether this process may read the memory of the stack's: root with CAP_SYS_PTRACE."""
    try:
        for pid in processes(stack):
            with open(f"/proc/{pid}/mem", "rb"):
                pass
    except OSError:
        return False
    return True


def memory_hits(finder: Finder, pid: int, place: str) -> Iterator[Hit]:
    """Yield the needles in what a process has written into its memory."""
    for piece in memory(pid):
        yield from finder.search(piece, f"the memory of {place}")


def memory(pid: int) -> Iterator[bytes]:
    """Yield the pages that a process could write to and has touched, in overlapping pieces."""
    try:
        maps = Path(f"/proc/{pid}/smaps").read_text().splitlines()
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
            for start, end in _touched(maps):
                for begin in range(start, end, _CHUNK):
                    try:
                        file.seek(begin)
                        yield file.read(min(_CHUNK + _OVERLAP, end - begin))
                    except OSError:
                        break
    except (FileNotFoundError, ProcessLookupError):
        return


def _touched(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    area = (0, 0)
    for line in maps:
        words = line.split()
        if "-" in words[0] and not words[0].endswith(":"):
            low, _, high = words[0].partition("-")
            writable = words[1][1] == "w" and words[-1] not in ("[vvar]", "[vsyscall]")
            area = (int(low, 16), int(high, 16)) if writable else (0, 0)
        elif words[0] == "Rss:" and int(words[1]) and area[1]:
            yield area
