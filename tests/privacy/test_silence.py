"""No process says what a person wrote: at no log level, in no traceback, in no crash file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.privacy import places
from tests.stack import ROOT, Stack

SECRET = "mon voisin Alberic Vandenabeele"
_START = """
import sys, os
SECRET = sys.argv[1]
from bot.privacy.silence import harden_process, quiet_logging
harden_process()
"""


def said_by(script: str, **environment: str) -> str:
    """Run a script after `quiet_logging`-less start-up code; return all that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", _START + script, SECRET],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore", **environment},
        capture_output=True,
        text=True,
        timeout=100,
    )
    return done.stdout + done.stderr


def test_this_test_can_fail() -> None:
    assert SECRET in said_by("import logging; logging.error('%s', SECRET)")


def test_logging_keeps_the_place_and_drops_the_words() -> None:
    said = said_by(
        """
import logging
early = logging.getLogger("early")
early.addHandler(logging.StreamHandler())
quiet_logging(logging.DEBUG)
late = logging.getLogger("late")
late.addHandler(logging.StreamHandler())
late.setLevel(logging.DEBUG)
logging.basicConfig(level=logging.DEBUG, force=True)
for logger in (early, late, logging.getLogger(), logging.getLogger("aiohttp.access")):
    for level in (10, 20, 30, 40, 50):
        logger.log(level, "said %s", SECRET)
        logger.log(level, SECRET, extra={"text": SECRET}, stack_info=True)
try:
    raise ValueError(SECRET)
except ValueError:
    late.exception(SECRET)
try:
    late.error("%s %d", SECRET)
    late.error(SECRET, exc_info=(KeyError, KeyError(SECRET), None))
finally:
    logging.shutdown()
"""
    )
    assert SECRET not in said
    assert "Alberic" not in said
    # It still says where and what kind, so that somebody can mend it.
    assert "ERROR late:" in said
    assert "ValueError" in said


def test_structlog_says_nothing_even_when_rasa_configures_it() -> None:
    said = said_by(
        """
import logging
quiet_logging(logging.DEBUG)
import structlog
from rasa.utils import log_utils
log_utils.configure_structlog(logging.DEBUG)
structlog.configure(processors=[structlog.processors.JSONRenderer()])
log = structlog.get_logger("rasa.core.processor")
for method in (log.debug, log.info, log.warning, log.error, log.exception):
    method("processor.message", text=SECRET, event_info=SECRET)
log.bind(text=SECRET).error(SECRET)
print("done")
""",
        LOG_LEVEL="DEBUG",
    )
    assert SECRET not in said
    assert said.strip().endswith("done")


@pytest.mark.parametrize(
    "fault",
    [
        "raise ValueError(SECRET)",
        "def f(text): return 1 / 0\nf(SECRET + str(x := SECRET))",
        "import threading\nt = threading.Thread(target=int, args=(SECRET,)); t.start(); t.join()",
        "class Bad:\n    def __del__(self): raise ValueError(SECRET)\nb = Bad(); del b",
        "import asyncio\nasync def main():\n    asyncio.ensure_future(fail())\n"
        "    await asyncio.sleep(0.1)\nasync def fail(): raise ValueError(SECRET)\n"
        "asyncio.run(main(), debug=True)",
        "import warnings\nwarnings.warn(SECRET)",
        "try:\n    raise KeyError(SECRET)\nfinally:\n    raise ValueError(SECRET)",
    ],
    ids=["exception", "frame", "thread", "destructor", "task", "warning", "chain"],
)
def test_no_fault_of_ours_prints_words(fault: str) -> None:
    assert SECRET not in said_by(f"quiet_logging()\n{fault}")


def test_a_crash_of_the_interpreter_leaves_no_file(tmp_path: Path) -> None:
    script = _START + "quiet_logging(); os.chdir(sys.argv[2]); os.abort()"
    done = subprocess.run(
        [sys.executable, "-c", script, SECRET, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONFAULTHANDLER": "0"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == -6
    assert SECRET.encode() not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users")
@pytest.mark.parametrize(("harden", "readable"), [("harden_process()", False), ("", True)])
def test_the_same_user_cannot_read_a_hardened_process(harden: str, readable: bool) -> None:
    source = (ROOT / "bot" / "privacy" / "silence.py").read_text(encoding="utf-8")
    script = f"{source}\n{harden}\nprint('up', flush=True)\nsys.stdin.read()"
    python = os.path.realpath(sys.executable)
    # A user who may not run our Python can't be tried here.
    other: dict[str, int] = {"user": 65534, "group": 65534}
    system = next((p for p in ("/usr/bin/python3", python) if os.path.exists(p)), python)
    held = subprocess.Popen(
        [system, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        extra_groups=[],
        cwd="/",
        **other,  # type: ignore[call-overload]
    )
    try:
        assert held.stdout is not None
        assert held.stdout.readline() == b"up\n"
        read = subprocess.run(
            [system, "-c", f"open('/proc/{held.pid}/mem', 'rb').close()"],
            capture_output=True,
            extra_groups=[],
            cwd="/",
            **other,  # type: ignore[call-overload]
        )
        assert (read.returncode == 0) is readable, read.stderr
    finally:
        held.communicate(b"")


@pytest.mark.parametrize("child", ["", "if os.fork(): os.wait(); sys.exit()\n"])
def test_what_stands_in_a_circle_is_freed_in_a_quiet_night(child: str) -> None:
    said = said_by(
        f"""
import gc, time, weakref
from bot.privacy.silence import forget_regularly
gc.disable()
forget_regularly(0.05)
{child}
class Talk: pass
def hold():
    talk = Talk()
    talk.itself = talk
    return weakref.ref(talk)
talk = hold()
for _ in range(100):
    time.sleep(0.05)
    if talk() is None:
        break
print("freed" if talk() is None else "still there")
"""
    )
    assert said.strip() == "freed"


def test_addresses_of_requests_are_forgotten() -> None:
    said = said_by(
        """
import time
from yarl import URL
from yarl._url import encode_url
from bot.privacy.silence import forget_regularly
URL("http://127.0.0.1/?commune=" + SECRET)
held = encode_url.cache_info().currsize
forget_regularly(0.05)
for _ in range(100):
    time.sleep(0.05)
    if not encode_url.cache_info().currsize:
        break
print(held, encode_url.cache_info().currsize)
"""
    )
    assert said.split() == ["1", "0"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_memory_is_overwritten_when_it_is_given_back(stack: Stack) -> None:
    for pid, part in places.processes(stack).items():
        if part in ("gateway", "rasa", "actions"):
            held = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            assert b"PYTHONMALLOC=malloc" in held
            assert any(entry.startswith(b"MALLOC_PERTURB_=") for entry in held)
            assert b"GLIBC_TUNABLES=glibc.malloc.tcache_count=0" in held


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_running_process_can_leave_a_core_file(stack: Stack) -> None:
    seen = set()
    for pid, part in places.processes(stack).items():
        seen.add(part)
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        core = next(line for line in limits if line.startswith("Max core file size"))
        # The hard limit too: nothing in the process can raise it again.
        assert core.split()[4:6] == ["0", "0"], f"{part}: {core}"
    assert seen >= {*places.PARTS.values(), "supervisor"}


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every process")
def test_no_running_process_can_be_read_by_its_own_user(stack: Stack) -> None:
    for pid, part in places.processes(stack).items():
        if part in ("gateway", "rasa", "actions"):
            with pytest.raises(PermissionError):
                open(f"/proc/{pid}/mem", "rb").close()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nobody_is_told_of_our_use(stack: Stack) -> None:
    """Rasa's telemetry is off, and no process talks with anything but this machine."""
    for pid, part in places.processes(stack).items():
        if part in ("rasa", "actions"):
            held = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            assert b"RASA_TELEMETRY_ENABLED=false" in held
        for table in ("tcp", "tcp6"):
            own = _sockets(pid)
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                words = line.split()
                peer = words[2].partition(":")[0]
                if words[9] in own and peer.strip("0"):
                    assert peer in _LOOPBACK, f"{part} talks with {peer}"


_LOOPBACK = {
    "0100007F",
    "00000000000000000000000001000000",
    "0000000000000000FFFF00000100007F",
}


def _sockets(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def test_telemetry_of_rasa_is_off() -> None:
    script = "import rasa.telemetry as t; print('on' if t.is_telemetry_enabled() else 'off')"
    assert said_by(script, RASA_TELEMETRY_ENABLED="false").strip().endswith("off")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nothing_that_was_printed_is_more_than_places_and_kinds(stack: Stack) -> None:
    """Whatever the tests before this one did to the system, its log holds no one's words."""
    for line in stack.log.splitlines():
        assert "Traceback" not in line
        assert "Bearer" not in line
        assert "/api/v1" not in line or "openapi.json" in line
