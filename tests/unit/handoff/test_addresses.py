"""Webhooks go to the public internet by https, or nowhere (R67)."""

from __future__ import annotations

import ipaddress
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.handoff.addresses import (
    CheckedResolver,
    ForbiddenAddressError,
    check_url,
    is_public,
    webhook_session,
)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) == public


@pytest.mark.parametrize(
    "url",
    [
        "http://tool.example/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.0.0.1:8443/hook",
        "ftp://tool.example",
    ],
)
def test_what_is_refused_before_any_name_is_asked_for(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        check_url(url, allow_private=False)
    check_url(url, allow_private=True)


def test_a_public_https_address_is_fine() -> None:
    check_url("https://tool.example/hook", allow_private=False)
    check_url("https://8.8.8.8/hook", allow_private=False)


class Scripted(AbstractResolver):
    """Gives another answer each time, as a rebinding name server does."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            {"hostname": host, "host": a, "port": port, "family": family, "proto": 0, "flags": 0}
            for a in self.answers.pop(0)
        ]

    async def close(self) -> None:
        pass


async def test_one_private_address_among_public_ones_spoils_the_name() -> None:
    resolver = CheckedResolver(Scripted(["8.8.8.8"], ["8.8.8.8", "127.0.0.1"], ["fe80::1%eth0"]))
    assert [one["host"] for one in await resolver.resolve("tool.example", 443)] == ["8.8.8.8"]
    for _ in range(2):
        with pytest.raises(ForbiddenAddressError):
            await resolver.resolve("tool.example", 443)


async def test_the_name_is_asked_once_and_the_checked_address_is_used() -> None:
    async with webhook_session(allow_private=False) as session:
        names = Scripted(["127.0.0.1"], ["8.8.8.8"])
        session.connector._resolver._inner = names  # type: ignore[union-attr]
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.post("https://tool.example/hook", data=b"{}")
        assert isinstance(caught.value.__cause__, ForbiddenAddressError)
        assert names.asked == 1
