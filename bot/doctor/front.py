"""What visitors reach: the gateway that runs here, and the public address with its certificate."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.finding import Finding, bad, note, warn
from bot.settings import Settings

_DAY = 24 * 3600
_RENEW_DAYS = 14
_SECONDS = aiohttp.ClientTimeout(total=5)
# The value that browsers' preload lists ask for at least.
_HSTS_SECONDS = 365 * _DAY


def configured(settings: Settings) -> list[Finding]:
    """Return what in the configuration makes the way in less safe than it could be."""
    found = []
    real = settings.mode != "demo"
    if settings.debug_api:
        say = bad if real else warn
        found.append(
            say("Answers tell the intent (HELPLINE_DEBUG_API=1).", "Take it out in service.")
        )
    if settings.host not in {"127.0.0.1", "::1", "localhost"}:
        found.append(
            warn(
                f"The gateway listens on {settings.host}: without a proxy in front, nothing is "
                "encrypted.",
                "HELPLINE_HOST=127.0.0.1 behind a proxy on this machine, or a firewall that lets "
                "only the proxy through.",
            )
        )
    if settings.public_url and not settings.trusted_proxies:
        found.append(
            warn(
                "Behind a proxy all visitors look like one: the limit on new talks hits them "
                "together.",
                "TRUSTED_PROXIES=127.0.0.1 (or the proxy's address).",
            )
        )
    if not settings.public_url:
        found.append(
            (warn if real else note)(
                "PUBLIC_URL isn't set: the certificate wasn't looked at.",
                "PUBLIC_URL=https://… in .env, the address that visitors see.",
            )
        )
    return found


async def gateway(settings: Settings) -> list[Finding]:
    """Return what a running gateway says of itself."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    address = f"http://{host}:{settings.port}/readyz"
    try:
        async with (
            aiohttp.ClientSession(timeout=_SECONDS) as session,
            session.get(address) as answer,
        ):
            said: Mapping[str, object] = await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
        return [note(f"Nothing answers on {host}:{settings.port}: the assistant isn't running.")]
    away = [name for name, works in said.items() if name != "ready" and not works]
    if away:
        return [
            bad(
                f"The assistant runs, but without: {', '.join(away)}. People only see numbers.",
                "Wait a minute after a start; then read its messages (docs/operations.md).",
            )
        ]
    return []


async def public(url: str, trust: ssl.SSLContext | None = None) -> list[Finding]:
    """Return what is wrong with the public address.

    Args:
        url: `PUBLIC_URL`.
        trust: which certificates count; those of this machine when None.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return [bad(f"PUBLIC_URL is {url}: not encrypted.", "Use https://, see deploy/proxy.")]
    context = trust or ssl.create_default_context()
    try:
        certificate = await _certificate(parts.hostname, parts.port or 443, context)
    except ssl.SSLCertVerificationError as error:
        return [bad(f"The certificate of {url} isn't good: {error.verify_message}.", "Renew it.")]
    except (OSError, asyncio.TimeoutError) as error:
        return [
            bad(
                f"{url} can't be reached from here ({type(error).__name__}).",
                "Look at the proxy, the name server and the firewall.",
            )
        ]
    found = []
    ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    days = int((ends - time.time()) // _DAY)
    if days < _RENEW_DAYS:
        found.append(warn(f"The certificate of {url} ends in {days} days.", "Renew it now."))
    return [*found, *await _answers(url.rstrip("/"), context)]


async def _certificate(host: str, port: int, context: ssl.SSLContext) -> Mapping[str, object]:
    opened = asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    _, writer = await asyncio.wait_for(opened, 5)
    try:
        found: Mapping[str, object] = writer.get_extra_info("peercert")
        return found
    finally:
        writer.close()


async def _answers(url: str, context: ssl.SSLContext) -> list[Finding]:
    found = []
    connector = aiohttp.TCPConnector(ssl=context)
    try:
        async with aiohttp.ClientSession(timeout=_SECONDS, connector=connector) as session:
            async with session.get(f"{url}/healthz") as answer:
                status, headers = answer.status, answer.headers
            async with session.get(f"{url}/metrics") as answer:
                shown = "helpline_" in await answer.text()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        return [bad(f"{url} doesn't answer ({type(error).__name__}).", "Look at the proxy.")]
    if status != 200:
        found.append(
            bad(f"{url}/healthz answers {status}.", "Let the proxy pass everything to the gateway.")
        )
    if _age(headers.get("Strict-Transport-Security", "")) < _HSTS_SECONDS:
        found.append(
            warn(
                f"{url} doesn't tell browsers to come encrypted only (HSTS).",
                "Add Strict-Transport-Security: max-age=63072000 in the proxy (deploy/proxy).",
            )
        )
    if shown:
        found.append(
            bad(f"{url}/metrics shows the measurements.", "Let the proxy pass only HELPLINE_PORT.")
        )
    return found


def _age(header: str) -> int:
    for part in header.lower().split(";"):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return int(value.strip('"'))
    return 0
