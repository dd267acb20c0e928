"""The machine as files of /proc and /etc show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.doctor import machine

HEAD = "Filename\t\tType\t\tSize\tUsed\tPriority\n"
NO_LIMIT = "Max core file size        0                    unlimited            bytes     \n"
UNLIMITED = "Max core file size        unlimited            unlimited            bytes     \n"


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("line", "number"),
    [("", 0), ("/swap.img file 2097148 0 -2\n", 1), ("/dev/zram0 partition 16000 0 100\n", 0)],
)
def test_swap(tmp_path: Path, line: str, number: int) -> None:
    put(tmp_path, "proc/swaps", HEAD + line)
    assert len(list(machine.swap(tmp_path))) == number


@pytest.mark.parametrize(
    ("pattern", "coredump", "number"),
    [
        ("core", "", 0),
        ("|/bin/false", "", 0),
        ("|/usr/share/apport/apport -p%p", "", 1),
        ("|/usr/lib/systemd/systemd-coredump %P", "[Coredump]\n", 1),
        ("|/usr/lib/systemd/systemd-coredump %P", "[Coredump]\nStorage = none\n", 0),
    ],
)
def test_where_crashes_go(tmp_path: Path, pattern: str, coredump: str, number: int) -> None:
    put(tmp_path, "proc/sys/kernel/core_pattern", pattern + "\n")
    put(tmp_path, "etc/systemd/coredump.conf", coredump)
    assert len(list(machine.core_dumps(tmp_path))) == number


@pytest.mark.parametrize(
    ("command", "limits", "number"),
    [
        ("python\0-m\0bot.gateway\0", UNLIMITED, 1),
        ("python\0-m\0bot.gateway\0", NO_LIMIT, 0),
        ("redis-server unixsocket:/run/helpline-12/redis.sock\0", UNLIMITED, 1),
        ("redis-server *:6379\0", UNLIMITED, 0),
        ("bash\0", UNLIMITED, 0),
    ],
)
def test_our_running_processes(tmp_path: Path, command: str, limits: str, number: int) -> None:
    put(tmp_path, "proc/41/cmdline", command)
    put(tmp_path, "proc/41/limits", limits)
    assert [f.severity for f in machine.core_dumps(tmp_path)] == ["bad"] * number


def test_which_model_runs(tmp_path: Path) -> None:
    assert machine.running_model(tmp_path) is None
    put(
        tmp_path,
        "proc/7/cmdline",
        "python\0-m\0bot.rasa_parts.server\0/m/helpline-1.tar.gz\x005005\0",
    )
    assert machine.running_model(tmp_path) == Path("/m/helpline-1.tar.gz")


def test_who_may_read_our_files(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    secret = folder / "desk.sqlite"
    secret.touch(mode=0o600)
    config = settings.load({"STATE_DIR": str(folder)})
    env = tmp_path / ".env"
    env.touch(mode=0o600)
    assert list(machine.files(config, env)) == []
    secret.chmod(0o644)
    env.chmod(0o640)
    folder.chmod(0o755)
    found = list(machine.files(config, env))
    assert [f.severity for f in found] == ["bad"] * 3
    assert {f.cure for f in found} == {
        f"chmod 700 {folder}",
        f"chmod 600 {secret}",
        f"chmod 600 {env}",
    }


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("nginx/nginx.conf", "http { access_log /var/log/nginx/access.log; }", 1),
        ("nginx/nginx.conf", "http { server { } }", 1),
        ("nginx/nginx.conf", "http { access_log off; }", 0),
        ("nginx/conf.d/chat.conf", "server { # access_log /x;\n}", 0),
        ("nginx/conf.d/chat.conf", "server { access_log /x; }", 1),
        ("caddy/Caddyfile", "chat.example {\n\tlog\n}", 1),
        ("caddy/Caddyfile", "chat.example {\n\treverse_proxy 127.0.0.1:8080\n}", 0),
        ("haproxy/haproxy.cfg", "defaults\n  option httplog\n", 1),
        ("apache2/sites-enabled/chat.conf", "CustomLog /x combined", 1),
    ],
)
def test_a_proxy_that_writes_down_who_came(
    tmp_path: Path, name: str, text: str, number: int
) -> None:
    put(tmp_path, f"etc/{name}", text)
    assert [f.severity for f in machine.proxies(tmp_path)] == ["warn"] * number


def test_the_samples_that_we_give_keep_no_log(tmp_path: Path) -> None:
    samples = settings.ROOT / "deploy" / "proxy"
    put(tmp_path, "etc/nginx/conf.d/a.conf", (samples / "nginx.conf").read_text(encoding="utf-8"))
    put(tmp_path, "etc/caddy/Caddyfile", (samples / "Caddyfile").read_text(encoding="utf-8"))
    assert list(machine.proxies(tmp_path)) == []


def test_no_proxy_here_means_look_elsewhere(tmp_path: Path) -> None:
    (found,) = machine.proxies(tmp_path)
    assert found.severity == "note"


def test_the_clock_can_be_asked() -> None:
    assert all(f.severity == "warn" for f in machine.clock())
