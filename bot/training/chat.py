"""`helpline chat`: a conversation in the terminal, through the running gateway."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp

from bot import settings


def _print(messages: list[dict[str, Any]]) -> list[str]:
    """Print answers; return the values of their buttons, in order of the numbers shown."""
    values: list[str] = []
    for message in messages:
        print(f"\n{'! ' if message['urgent'] else ''}{message['text']}")
        for service in message["services"]:
            way = service["phone"] or service["url"] or ""
            print(f"   • {service['name']}: {way}\n     {service['hours']} {service['note']}")
        for button in message["buttons"]:
            values.append(button["value"])
            print(f"   [{len(values)}] {button['label']}")
    return values


async def chat(url: str | None, language: str) -> int:
    """Talk until an empty line or the end of input; return the exit code.

    Args:
        url: address of the gateway; the configured one by default.
        language: `fr` or `nl`.
    """
    config = settings.load()
    base = url or f"http://{config.host}:{config.port}"
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(
                f"{base}/api/v1/conversations", json={"language": language}
            ) as answer:
                started = await answer.json()
        except aiohttp.ClientError:
            print(f"Nothing answers at {base}: start it with 'make run'.", file=sys.stderr)
            return 2
        values = _print(started["messages"])
        headers = {"Authorization": f"Bearer {started['token']}"}
        while True:
            try:
                line = (await asyncio.to_thread(input, "\n> ")).strip()
            except EOFError:
                line = ""
            if not line:
                break
            picked = line.isdigit() and 1 <= int(line) <= len(values)
            body = {"choice": values[int(line) - 1]} if picked else {"text": line}
            async with session.post(
                f"{base}/api/v1/messages", json=body, headers=headers
            ) as answer:
                data = await answer.json()
            if answer.status != 200:
                print(data.get("detail", data))
                continue
            values = _print(data["messages"])
            if data.get("erased"):
                return 0
        await session.delete(f"{base}/api/v1/conversations", headers=headers)
    return 0
