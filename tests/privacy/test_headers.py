"""Headers on every route, errors too: nothing kept, nothing framed by strangers, nothing inline."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import settings
from bot.gateway.app import build
from bot.gateway.pages import WEB
from bot.privacy.redact import Redactor
from tests.dsl import Talk
from tests.stack import Stack, free_port

pytestmark = pytest.mark.asyncio(loop_scope="module")
COMMUNE = "https://www.chaudfontaine.be"
ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


def held(headers: Mapping[str, str], *, everybody: bool = False, desk: bool = False) -> list[str]:
    """Return what is wrong with the headers of an answer; the desk signs its people in."""
    wanted = dict(ALWAYS)
    if everybody:
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    wrong = [f"{n}: {headers.get(n)}" for n, value in wanted.items() if headers.get(n) != value]
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
        if part.strip()
    )
    # The desk frames nothing (default-src holds), and nobody frames it.
    rules = {**POLICY, "frame-src": None, "frame-ancestors": "'none'"} if desk else POLICY
    wrong += [f"{n} {policy.get(n)}" for n, value in rules.items() if policy.get(n) != value]
    ancestors = policy.get("frame-ancestors", "*").split()
    wrong += [f"frame-ancestors {a}" for a in ancestors if "*" in a or a.endswith(":")]
    if "unsafe" in headers.get("Content-Security-Policy", ""):
        wrong.append("an unsafe- in the policy")
    for name in ("Set-Cookie", "ETag", "Last-Modified"):
        if name in headers and not (desk and headers[name].startswith("__Host-desk")):
            wrong.append(f"{name} tells one visitor from another")
    if re.search(r"\d", headers.get("Server", "")):
        wrong.append(f"Server: {headers['Server']}")
    if headers.get("Access-Control-Allow-Origin") and not everybody:
        wrong.append("other sites may read this")
    return wrong


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The gateway alone, with a route that fails; Rasa isn't there."""
    state = str(tmp_path_factory.mktemp("state"))
    away = {"RASA_PORT": str(free_port())}
    config = settings.load({"STATE_DIR": state, "EMBED_ORIGINS": COMMUNE, **away})
    app = build(replace(config, redis_url=redis_url))

    async def fail(_: web.Request) -> web.Response:
        raise RuntimeError("mon voisin s'appelle Albéric")

    app.router.add_get("/fails", fail)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Redactor, "warm", lambda self: None)
        async with TestClient(TestServer(app)) as client:
            yield client


async def test_every_route_has_the_headers(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    assert gateway.app is not None
    seen = []
    for route in gateway.app.router.routes():
        assert route.resource is not None
        names = (
            [path.name for path in WEB.iterdir()] if "{name}" in route.resource.canonical else [""]
        )
        for name in names:
            path = route.resource.canonical.replace("{name}", name)
            async with gateway.request(route.method, path, allow_redirects=False) as answer:
                wrong = held(
                    answer.headers,
                    everybody=path == "/embed.js",
                    desk=path.split("/")[1] in ("desk", "workshop"),
                )
                seen.append(path)
                assert not wrong, f"{route.method} {path} ({answer.status}): {wrong}"
    assert {"/", "/embed.js", "/exit", "/api/v1/messages", "/readyz", "/fails"} <= set(seen)
    assert len(seen) > 20


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/../settings.py", 404),
        ("GET", "/static/%2e%2e%2fsettings.py", 404),
        ("GET", "/static/nothing.js", 404),
        ("PUT", "/api/v1/messages", 405),
        ("POST", "/", 405),
        ("GET", "/api/v1/lines?language=xx", 400),
        ("POST", "/api/v1/messages", 401),
        ("OPTIONS", "/api/v1/messages", 405),
        ("HEAD", "/", 200),
        ("GET", "/fails", 500),
        ("GET", "/readyz", 503),
    ],
)
async def test_errors_have_the_headers_too(
    method: str, path: str, status: int, gateway: TestClient[web.Request, web.Application]
) -> None:
    async with gateway.request(method, path) as answer:
        assert answer.status == status
        assert not held(answer.headers)
        body = await answer.text()
    assert "Traceback" not in body
    assert "Albéric" not in body


async def test_what_is_not_even_http_is_refused_without_a_traceback(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nna\x00me: x\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(65536), 10)
    writer.close()
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"Traceback" not in answer


async def test_only_the_launcher_may_be_loaded_by_other_sites(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    async with gateway.get("/embed.js", headers={"Origin": COMMUNE}) as answer:
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    headers = {"Origin": "https://strange.example", "Access-Control-Request-Method": "POST"}
    for path in ("/", "/static/app.js", "/api/v1/messages", "/api/v1/lines"):
        for method in ("GET", "OPTIONS"):
            async with gateway.request(method, path, headers=headers) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers


async def test_frames_are_for_the_sites_that_are_named(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    async with gateway.get("/?frame=1") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {COMMUNE}" in policy


async def test_leaving_clears_what_a_browser_could_hold(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    async with gateway.get("/exit", allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "?" not in answer.headers["Location"]


class _Inline(HTMLParser):
    """Notes scripts, styles, handlers and addresses that the policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "style" or "style" in own:
            self.found.append(f"<{tag} style>")
        if tag == "script" and "src" not in own and own.get("type") != "application/json":
            self.found.append("an inline script")
        self.found += [f"<{tag} {name}>" for name in own if name.startswith("on")]
        loads = own.get("src") or (own.get("href") if tag == "link" else None) or ""
        if re.match(r"(?:https?:)?//", loads) or (own.get("href") or "").startswith("javascript:"):
            self.found.append(f"<{tag}> loads {loads}")


async def test_no_page_has_anything_inline_or_from_elsewhere(
    gateway: TestClient[web.Request, web.Application],
) -> None:
    pages = [
        "/",
        "/?frame=1",
        "/?language=nl",
        "/demo",
        "/exit-test",
        "/about",
        "/about/accessibility",
    ]
    for path in pages:
        async with gateway.get(path) as answer:
            assert answer.content_type == "text/html"
            parser = _Inline()
            parser.feed(await answer.text())
        assert not parser.found, f"{path}: {parser.found}"


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_the_running_system_has_them_too(stack: Stack) -> None:
    async with aiohttp.ClientSession() as http:
        talk = await Talk(stack.url, "fr", http).start()
        api = f"{stack.url}/api/v1"
        said = {"text": "merci"}
        async with http.post(f"{api}/messages", json=said, headers=talk.headers) as answer:
            assert answer.status == 200
            assert not held(answer.headers)
            assert talk.token not in json.dumps(await answer.json())
        # A stream sends its headers before it has anything to say.
        async with http.get(f"{api}/events", headers=talk.headers) as answer:
            assert answer.content_type == "text/event-stream"
            assert not held(answer.headers)
        async with http.delete(f"{api}/conversations", headers=talk.headers) as answer:
            assert answer.status == 204
            assert not held(answer.headers)
