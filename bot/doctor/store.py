"""Redis: does it write anything to disk, does anybody read along, would it throw people out?"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from bot.doctor.finding import Finding, bad, note, warn
from bot.redis_client import connect
from bot.settings import Settings, embedded_redis_url

_OLDEST = (6, 2)
# Seconds; webhooks are refused when clocks are five minutes apart, waits are wrong long before.
_CLOCK_APART = 5.0
_SWITCHES = (
    "save",
    "appendonly",
    "maxmemory-policy",
    "slowlog-log-slower-than",
    "repl-diskless-sync",
)


async def look(settings: Settings) -> list[Finding]:
    """Return what is wrong with the Redis of these settings.

    Args:
        settings: the configuration; the embedded Redis may be stopped, another one may not.
    """
    embedded = settings.redis_url == embedded_redis_url()
    found = [] if embedded else list(_address(settings.redis_url))
    redis = connect(settings.redis_url)
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        await redis.aclose()
        return [*found, _away(error, embedded)]
    try:
        return [*found, *await _running(redis)]
    finally:
        await redis.aclose()


def _away(error: Exception, embedded: bool) -> Finding:
    said = str(error).lower()
    # redis-py gives a plain ConnectionError for a wrong password.
    if isinstance(error, AuthenticationError) or any(
        words in said for words in ("password", "noauth", "authentication")
    ):
        return bad("Redis refuses the name or the password.", "Correct them in REDIS_URL.")
    if embedded:
        return note("Redis isn't running: the assistant starts its own, without a disk.")
    return bad(
        f"Redis can't be reached ({type(error).__name__}).",
        "Start it, or correct REDIS_URL; without it people only see the numbers.",
    )


def _address(url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return
    far = any(not _is_loopback(host) for host in _hosts(parts.netloc))
    if far and not parts.scheme.startswith("rediss"):
        yield warn(
            "The way to Redis isn't encrypted (what is kept is, but not the password).",
            "Use rediss://… in REDIS_URL, or a network that only your machines reach.",
        )
    if far and "@" not in parts.netloc:
        yield bad(
            "Redis on another machine is used without a password.",
            "Set one (requirepass or an ACL) and write it into REDIS_URL.",
        )


def _hosts(netloc: str) -> list[str]:
    hosts = netloc.rpartition("@")[2].split(",")
    return [urlsplit(f"//{host}").hostname or "" for host in hosts]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _running(redis: Redis) -> list[Finding]:
    info: dict[str, Any] = await redis.info()
    found: list[Finding] = []
    version = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
    if version < _OLDEST:
        found.append(
            bad(f"Redis {info['redis_version']} is too old.", "Use 6.2 or newer (Valkey too).")
        )
    config = await _config(redis)
    if config is None:
        found.append(
            warn(
                "Redis doesn't let us read its configuration (CONFIG GET).",
                "Make sure by hand that save is empty, appendonly is no, maxmemory-policy is "
                "noeviction, and that nothing makes backups of it.",
            )
        )
    found += _written(info, config or {})
    found += _kept_in_memory(config or {}, info)
    if bool(info.get("connected_slaves")) and (config or {}).get("repl-diskless-sync") == "no":
        found.append(
            bad(
                "Redis writes its memory to a file for each new replica.",
                "redis-cli CONFIG SET repl-diskless-sync yes, and the same in redis.conf.",
            )
        )
    if any("monitor" in str(client.get("cmd")) for client in await _clients(redis)):
        found.append(
            bad("Somebody reads along in Redis (MONITOR).", "redis-cli CLIENT LIST shows who.")
        )
    seconds, micros = await redis.time()
    apart = abs(seconds + micros / 1e6 - time.time())
    if apart > _CLOCK_APART:
        found.append(
            bad(
                f"The clocks of Redis and of this machine are {apart:.0f} seconds apart.",
                "Let both follow a time server (chrony or systemd-timesyncd).",
            )
        )
    return found


async def _config(redis: Redis) -> dict[str, str] | None:
    config: dict[str, str] = {}
    try:
        # One by one: Redis 6.2 takes one name at a time.
        for name in _SWITCHES:
            config |= {str(k): str(v) for k, v in (await redis.config_get(name)).items()}
    except ResponseError:
        return None
    return config


async def _clients(redis: Redis) -> list[dict[str, Any]]:
    try:
        return list(await redis.client_list())
    except ResponseError:
        return []


def _written(info: dict[str, Any], config: dict[str, str]) -> Iterator[Finding]:
    if config.get("save"):
        yield bad(
            f"Redis saves snapshots on disk (save {config['save']!r}): talks would outlive "
            "their erasure there.",
            'redis-cli CONFIG SET save "", the same in redis.conf (save ""), and remove dump.rdb.',
        )
    if info.get("aof_enabled") or config.get("appendonly") == "yes":
        yield bad(
            "Redis writes every change to disk (appendonly yes): talks would outlive their "
            "erasure there.",
            "redis-cli CONFIG SET appendonly no, the same in redis.conf, and remove its files.",
        )


def _kept_in_memory(config: dict[str, str], info: dict[str, Any]) -> Iterator[Finding]:
    policy = config.get("maxmemory-policy") or str(info.get("maxmemory_policy", ""))
    if policy and policy != "noeviction":
        yield bad(
            f"When its memory is full, Redis throws talks out (maxmemory-policy {policy}).",
            "redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.",
        )
    slow = config.get("slowlog-log-slower-than")
    if slow is not None and int(slow) >= 0:
        yield warn(
            "Redis keeps a list of slow commands, with sealed pieces of talks in it.",
            "redis-cli CONFIG SET slowlog-log-slower-than -1, SLOWLOG RESET, and in redis.conf.",
        )
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if most and used > 0.8 * most:
        yield warn(
            f"Redis has used {100 * used // most} % of its memory.",
            "Raise maxmemory: when it is full, new talks only see the numbers.",
        )
