"""Where webhooks may go: https, and never into a private network (R67).

The name is resolved once for each attempt, and the connection goes to the address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddressError(OSError):
    """The address isn't one of the public internet."""


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, also when it hides in another."""
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is None and address.teredo:
            hidden = address.teredo[1]
        if hidden is None and address in _NAT64:
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(hidden)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def check_url(url: str, allow_private: bool) -> None:
    """Refuse what can be refused before a name is resolved.

    Args:
        url: of an endpoint.
        allow_private: `HANDOFF_ALLOW_PRIVATE`: http and private addresses are let through.

    Raises:
        ForbiddenAddressError: it isn't https, or is the number of a private address.
    """
    parts = urlsplit(url)
    if allow_private:
        return
    if parts.scheme != "https":
        raise ForbiddenAddressError("not https")
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return
    if not is_public(address):
        raise ForbiddenAddressError("a private address")


class CheckedResolver(AbstractResolver):
    """Resolves a name to its public addresses only."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        """Use another resolver (the system's when None)."""
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where to connect.

        Raises:
            ForbiddenAddressError: one of the addresses is private: then none is used.
        """
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(ipaddress.ip_address(one["host"].split("%")[0])) for one in found):
            raise ForbiddenAddressError("a private address")
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def webhook_session(allow_private: bool) -> aiohttp.ClientSession:
    """Return an HTTP client for webhooks: no cookies, no proxy, no cache of names."""
    resolver = None if allow_private else CheckedResolver()
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=64)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )
