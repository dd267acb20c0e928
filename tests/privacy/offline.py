"""Runs the whole assistant where there is no network but the loopback; for test_no_network.py."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
import tempfile
from pathlib import Path

import aiohttp

from tests.dsl import Talk
from tests.stack import running

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
SAID = {"fr": ["bonjour", "mon mari me frappe"], "nl": ["goeiedag", "mijn man slaat mij"]}


def raise_loopback() -> None:
    """Switch the loopback on; in a new namespace it is off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


async def talk(url: str) -> None:
    """Hold one conversation in each language."""
    async with aiohttp.ClientSession() as session:
        for language, lines in SAID.items():
            visitor = await Talk(url, language, session).start()
            for line in lines:
                await visitor.say(line)
                assert visitor.messages[0]["from"] == "assistant", visitor.messages
            assert "112" in visitor.text
            print(language, "talked")
        for page in ("/", "/embed.js", "/api/v1/lines?language=nl"):
            async with session.get(f"{url}{page}") as answer:
                assert answer.status == 200


def main() -> int:
    """Return 0 when everything works without a network."""
    names = [name for _, name in socket.if_nameindex()]
    if names != ["lo"]:
        print("there is more than a loopback:", names)
        return 2
    raise_loopback()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as stack:
        asyncio.run(talk(stack.url))
    return 0


if __name__ == "__main__":
    sys.exit(main())
