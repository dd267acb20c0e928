"""One way to reach Redis, for every process: plain, TLS, Unix socket or Sentinel."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel

_CONNECTIONS = 64
_WAIT_SECONDS = 5.0


def connect(url: str) -> Redis:
    """Return a client for `url`; nothing is sent before the first command.

    Args:
        url: `unix://…`, `redis://…`, `rediss://…` (options as redis-py reads them), or
            `redis+sentinel://user:pass@host1:26379,host2:26379/master/db?ssl_ca_certs=…`.

    Raises:
        ValueError: the Sentinel address names no master.
    """
    if "+sentinel://" not in url:
        # The plain pool fails at its 101st command at once; this one lets it wait its turn.
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_WAIT_SECONDS,
            socket_connect_timeout=2,
            health_check_interval=30,
        )
        return Redis.from_pool(pool)
    parts = urlsplit(url)
    credentials, _, hosts = parts.netloc.rpartition("@")
    nodes = []
    for host in hosts.split(","):
        name, _, port = host.rpartition(":")
        nodes.append((name, int(port)) if name else (host, 26379))
    path = [piece for piece in parts.path.split("/") if piece]
    if not path:
        raise ValueError("REDIS_URL: a Sentinel address ends in the master's name, /mymaster")
    options: dict[str, object] = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    if parts.scheme.startswith("rediss"):
        options["ssl"] = True
    user, _, password = credentials.partition(":")
    if password:
        options["password"] = unquote(password)
    if user:
        options["username"] = unquote(user)
    if len(path) > 1:
        options["db"] = int(path[1])
    sentinel: Any = Sentinel(  # type: ignore[no-untyped-call]
        nodes, sentinel_kwargs={"socket_connect_timeout": 2}, **options
    )
    master: Redis = sentinel.master_for(path[0], redis_class=Redis)
    return master
