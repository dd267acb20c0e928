"""The machine: what could end up on disk, who can read our files, is its clock right."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, bad, note, warn
from bot.settings import Settings

_TIME_ERROR = 5
_TIMEX_BYTES = 512
_LEAST_FREE = 200 * 1024 * 1024
_PARTS = ("bot.gateway", "actions.server", "bot.rasa_parts.server", "redis-server")
_PROXY_FILES = (
    "etc/nginx/nginx.conf",
    "etc/nginx/conf.d/*.conf",
    "etc/nginx/sites-enabled/*",
    "etc/caddy/Caddyfile",
    "etc/apache2/sites-enabled/*",
    "etc/haproxy/haproxy.cfg",
)


def swap(root: Path = Path("/")) -> Iterator[Finding]:
    """Look for swap on a disk; memory that is compressed in memory (zram) is none."""
    lines = _read(root / "proc/swaps").splitlines()[1:]
    on_disk = [line.split()[0] for line in lines if line.strip() and "/zram" not in line.split()[0]]
    if on_disk:
        yield warn(
            f"Swap is on ({', '.join(on_disk)}): words of a talk can be written to disk.",
            "swapoff -a and take it out of /etc/fstab, or encrypt it with a key of each start.",
        )


def core_dumps(root: Path = Path("/")) -> Iterator[Finding]:
    """Look whether the kernel could write the memory of a crashed process to disk."""
    pattern = _read(root / "proc/sys/kernel/core_pattern").strip()
    # The kernel hands a dump to a program even where the limit is 0; that program decides.
    if (
        pattern.startswith("|")
        and "systemd-coredump" not in pattern
        and "/bin/false" not in pattern
    ):
        yield warn(
            f"The kernel gives crash dumps to a program ({pattern.split()[0][1:]}).",
            "sysctl kernel.core_pattern='|/bin/false', also in /etc/sysctl.d; our processes "
            "refuse dumps, Redis has only its limit.",
        )
    if "systemd-coredump" in pattern:
        settings = "\n".join(
            _read(path)
            for path in (
                root / "etc/systemd/coredump.conf",
                *sorted((root / "etc/systemd/coredump.conf.d").glob("*.conf")),
            )
        )
        if "Storage=none" not in settings.replace(" ", ""):
            yield warn(
                "systemd-coredump keeps crash dumps of this machine.",
                "Write Storage=none and ProcessSizeMax=0 under [Coredump] in "
                "/etc/systemd/coredump.conf.",
            )
    for folder in (root / "proc").glob("[0-9]*"):
        name = _our_part(folder)
        limit = [x for x in _read(folder / "limits").splitlines() if x.startswith("Max core")]
        if name and limit and limit[0].split()[4] != "0":
            yield bad(
                f"{name} (process {folder.name}) may leave a core file.",
                "Start it with 'helpline run' or deploy/systemd, or with ulimit -c 0.",
            )


def running_model(root: Path = Path("/")) -> Path | None:
    """Return the model that a running Rasa was started with, None when none runs."""
    for folder in (root / "proc").glob("[0-9]*"):
        words = _read(folder / "cmdline").split("\0")
        if "bot.rasa_parts.server" in words[:-1]:
            return Path(words[words.index("bot.rasa_parts.server") + 1])
    return None


def _our_part(folder: Path) -> str:
    command = _read(folder / "cmdline").replace("\0", " ")
    if "redis-server" in command and "/helpline-" not in command:
        return ""
    return next((part for part in _PARTS if part in command), "")


def clock() -> Iterator[Finding]:
    """Ask the kernel whether the clock follows a time server (adjtimex(2): TIME_ERROR)."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) == _TIME_ERROR:
        yield warn(
            "Nothing tells that this machine's clock is right.",
            "Let it follow a time server (chrony or systemd-timesyncd): opening hours and "
            "signatures of webhooks depend on it. In a container, look at its host.",
        )


def files(settings: Settings, env_file: Path) -> Iterator[Finding]:
    """Look at who may read what we keep, and whether there is room."""
    folder = settings.state_dir
    if not folder.exists():
        yield note(f"{folder} doesn't exist yet; the assistant makes it, for itself alone.")
        return
    if folder.stat().st_uid != os.getuid():
        yield bad(
            f"{folder} belongs to another user (number {folder.stat().st_uid}).",
            "Run this as the assistant's own user, or give that user the folder (chown -R).",
        )
    for path in (folder, *sorted(p for p in folder.rglob("*") if not p.is_symlink())):
        yield from _others(path)
    if env_file.exists():
        yield from _others(env_file)
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        yield warn(f"The disk of {folder} is almost full.", "Make room: switches are kept there.")


def _others(path: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        right = "700" if path.is_dir() else "600"
        yield bad(f"Other users may open {path} (mode {mode:o}).", f"chmod {right} {path}")


def proxies(root: Path = Path("/")) -> Iterator[Finding]:
    """Look for a web server on this machine that writes down who came.

    Only files can be seen: a proxy on another machine has to be looked at there.
    """
    seen = False
    for path in sorted(p for pattern in _PROXY_FILES for p in root.glob(pattern)):
        text = "\n".join(x.split("#")[0] for x in _read(path).splitlines())
        seen = seen or bool(text.strip())
        if _logs(path, text):
            yield warn(
                f"{path} lets the web server write down who came (addresses, browsers, hours).",
                "Switch its access log off for the helpline's address: deploy/proxy shows how.",
            )
    if not seen:
        yield note(
            "No web server's configuration was found on this machine.",
            "Look where yours is: it must keep no access log for the helpline's address.",
        )


def _logs(path: Path, text: str) -> bool:
    if "nginx" in path.parts:
        written = re.findall(r"\baccess_log\s+([^;\s]+)", text)
        # Without a word, nginx writes one.
        return any(x != "off" for x in written) or (path.name == "nginx.conf" and not written)
    if path.name == "Caddyfile":
        # In the first block, without an address, stands how Caddy tells of itself.
        sites = re.sub(r"\A\s*\{\n.*?\n\}", "", text, flags=re.S)
        return any(x.split()[:1] == ["log"] for x in sites.splitlines())
    if "haproxy" in path.parts:
        return any(x.split()[:2] == ["option", "httplog"] for x in text.splitlines())
    return "CustomLog" in text


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
