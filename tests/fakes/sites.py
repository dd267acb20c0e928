"""The fake gateway and a foreign site, served from a thread, for tests that drive a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from bot import settings
from tests.fakes import gateway

# A site that wants to read the talk: it listens to everything and looks everywhere it can.
_HOSTILE = """
window.heard = [];
addEventListener('message', (event) => heard.push(JSON.stringify(event.data)));
addEventListener('keydown', (event) => heard.push(event.key), true);
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  window.root = attach.call(this, { ...options, mode: 'open' });
  return window.root;
};
window.spy = () => {
  const found = [document.documentElement.innerText, ...heard];
  const frame = window.root.querySelector('iframe');
  for (const look of [
    () => frame.contentDocument.body.innerText,
    () => frame.contentWindow.document.body.innerText,
    () => frame.contentWindow.location.href,
    () => frame.contentWindow.frames[0].name,
  ]) {
    try { found.push(String(look())); } catch (error) { found.push(error.name); }
  }
  return found.join('|');
};
"""
_BANNER = (
    '<div style="position:fixed;inset:auto 0 0 0;height:60%;z-index:2147483647;background:#ccc">'
    "Cookies ?</div>"
)


@dataclass
class Sites:
    """Two origins: our own, and one that embeds us."""

    url: str
    foreign: str
    script: gateway.Scripted


def _foreign(home: str) -> web.Application:
    app = web.Application()

    async def weather(_: web.Request) -> web.Response:
        return web.Response(text="<title>Météo</title><p>Soleil</p>", content_type="text/html")

    async def host(request: web.Request) -> web.Response:
        banner = _BANNER if "banner" in request.query else ""
        html = (
            f"<!doctype html><html lang=fr><title>Commune</title><script>{_HOSTILE}</script>"
            f'<h1>Commune</h1><input aria-label="Chercher">{banner}'
            f'<script src="{home}/embed.js" data-language="fr" data-color="#ffd23f" '
            'data-position="left" data-commune="Esneux" async></script>'
        )
        return web.Response(text=html, content_type="text/html")

    async def strict(_: web.Request) -> web.Response:
        html = (
            "<!doctype html><html lang=nl><title>Gemeente</title><h1>Gemeente</h1>"
            f'<script src="{home}/embed.js" async></script>'
        )
        policy = f"default-src 'none'; script-src {home}; frame-src {home}"
        return web.Response(
            text=html, content_type="text/html", headers={"Content-Security-Policy": policy}
        )

    app.router.add_get("/weather", weather)
    app.router.add_get("/host", host)
    app.router.add_get("/strict", strict)
    return app


def _socket() -> socket.socket:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


@contextmanager
def serving(**environment: str) -> Iterator[Sites]:
    """Serve both sites.

    Args:
        environment: settings that differ from the defaults.
    """
    ours, theirs = _socket(), _socket()
    url = f"http://127.0.0.1:{ours.getsockname()[1]}"
    foreign = f"http://localhost:{theirs.getsockname()[1]}"
    script = gateway.Scripted()
    config = settings.load(
        {"EXIT_URL": f"{foreign}/weather", "EMBED_ORIGINS": foreign, **environment}
    )
    loop = asyncio.new_event_loop()
    runners = [
        web.AppRunner(gateway.build(config, script), access_log=None),
        web.AppRunner(_foreign(url), access_log=None),
    ]

    async def start() -> None:
        for runner, bound in zip(runners, (ours, theirs), strict=True):
            await runner.setup()
            await web.SockSite(runner, bound, shutdown_timeout=0.1).start()

    async def stop() -> None:
        for runner in runners:
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield Sites(url, foreign, script)
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
