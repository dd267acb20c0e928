"""Debian's Firefox, driven over WebDriver BiDi: Playwright only drives builds of its own."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_WAIT = 20.0
# No request of the browser's own, no first-run pages.
_PREFS = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
_Value = TypeVar("_Value")


class Firefox:
    """One window."""

    def __init__(self, address: str) -> None:
        """Connect to a running Firefox's WebDriver BiDi."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._ids = itertools.count(1)
        self._run(self._connect(address))
        self.command("session.new", capabilities={})
        tree = self.command("browsingContext.getTree")
        self._tab = tree["contexts"][0]["context"]

    def _run(self, work: Coroutine[Any, Any, _Value]) -> _Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_WAIT)

    async def _connect(self, address: str) -> None:
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(f"{address}/session", max_msg_size=0)

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command of the specification; return its result."""
        return self._run(self._ask(next(self._ids), method, params))

    async def _ask(self, number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return dict(answer["result"])

    def goto(self, url: str) -> None:
        """Load a page."""
        self.command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def back(self) -> None:
        """Press Back."""
        self.command("browsingContext.traverseHistory", context=self._tab, delta=-1)

    def ask(self, expression: str) -> Any:
        """Return what a script's expression gives (a text, number or truth)."""
        answer = self.command(
            "script.evaluate",
            expression=expression,
            target={"context": self._tab},
            awaitPromise=True,
        )
        return answer.get("result", {}).get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true; the page may change meanwhile."""
        end = time.monotonic() + _WAIT
        while time.monotonic() < end:
            try:
                if self.ask(f"Boolean({expression})"):
                    return
            except AssertionError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"never true: {expression}")

    def press(self, keys: str, times: int = 1) -> None:
        """Press keys, as a person does."""
        actions = [
            {"type": kind, "value": key}
            for _ in range(times)
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.command("input.performActions", context=self._tab, actions=[source])

    def close(self) -> None:
        """Let go."""
        self._run(self._http.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@contextmanager
def firefox(**prefs: Any) -> Iterator[Firefox]:
    """Start one with an empty profile.

    Args:
        prefs: settings of `about:config`, with `__` for a dot.
    """
    assert FIREFOX
    with tempfile.TemporaryDirectory() as profile:
        told = {**_PREFS, **{name.replace("__", "."): value for name, value in prefs.items()}}
        lines = [f'user_pref("{k}", {str(v).lower()});\n' for k, v in told.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--profile", profile, "--remote-debugging-port", "0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr
            address = ""
            for line in process.stderr:
                found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
                if found:
                    address = found[1]
                    break
            window = Firefox(address)
            yield window
            window.close()
        finally:
            process.terminate()
            process.wait(10)
