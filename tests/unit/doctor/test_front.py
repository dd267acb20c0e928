"""The public address with a real certificate, and the configuration of the way in."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import settings
from bot.doctor import front

HSTS = {"Strict-Transport-Security": "max-age=63072000"}


def certificate(folder: Path, days: int) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@asynccontextmanager
async def site(
    folder: Path, days: int, headers: dict[str, str], metrics: str = ""
) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    path = certificate(folder, days)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(path)
    app = web.Application()
    app.router.add_get("/healthz", lambda _: web.Response(headers=headers))
    app.router.add_get("/metrics", lambda _: web.Response(text=metrics))
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=served)
    try:
        yield f"https://localhost:{server.port}", ssl.create_default_context(cafile=str(path))
    finally:
        await server.close()


async def test_a_good_site(tmp_path: Path) -> None:
    async with site(tmp_path, 60, HSTS) as (url, trust):
        assert await front.public(url, trust) == []


async def test_without_hsts_with_metrics_and_a_certificate_that_ends(tmp_path: Path) -> None:
    async with site(tmp_path, 5, {}, "helpline_turns_total 5") as (url, trust):
        found = await front.public(url, trust)
    assert [f.severity for f in found] == ["warn", "warn", "bad"]
    assert "ends in 5 days" in found[0].what
    assert "HSTS" in found[1].what
    assert "/metrics" in found[2].what


async def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    async with site(tmp_path, 60, HSTS) as (url, _):
        (found,) = await front.public(url)
    assert "isn't good" in found.what


async def test_a_certificate_that_has_ended(tmp_path: Path) -> None:
    async with site(tmp_path, -3, HSTS) as (url, trust):
        (found,) = await front.public(url, trust)
    assert "expired" in found.what


async def test_no_encryption_and_nobody_there() -> None:
    (plain,) = await front.public("http://chat.example")
    assert "not encrypted" in plain.what
    (away,) = await front.public("https://127.0.0.1:1")
    assert "can't be reached" in away.what


@pytest.mark.parametrize(
    ("given", "severities"),
    [
        ({}, ["note"]),
        ({"HELPLINE_MODE": "pilot"}, ["warn"]),
        ({"HELPLINE_DEBUG_API": "1", "HELPLINE_MODE": "pilot"}, ["bad", "warn"]),
        ({"HELPLINE_HOST": "0.0.0.0"}, ["warn", "note"]),
        ({"PUBLIC_URL": "https://x.be"}, ["warn"]),
        ({"PUBLIC_URL": "https://x.be", "TRUSTED_PROXIES": "127.0.0.1"}, []),
    ],
)
def test_the_configuration(given: dict[str, str], severities: list[str]) -> None:
    assert [f.severity for f in front.configured(settings.load(given))] == severities


async def test_a_gateway_that_lacks_a_part() -> None:
    app = web.Application()
    parts = {"ready": False, "redis": True, "rasa": False, "redaction": True}
    app.router.add_get("/readyz", lambda _: web.json_response(parts, status=503))
    async with TestServer(app) as server:
        (found,) = await front.gateway(settings.load({"HELPLINE_PORT": str(server.port)}))
    assert (found.severity, "without: rasa." in found.what) == ("bad", True)
