"""How quick the page is on an old telephone: `make bench-web` prints a table (R56).

Chromium with a processor four times slower and the network of WebPageTest's profiles "3G" and
"3G Slow", on this machine, with a server that answers at once: what is measured is the page. Exit
status 1 when a goal is missed.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, open_chat
from tests.fakes.sites import Sites, serving

SLOWER = 4
RUNS = 5
MESSAGES = 200
# Name, kbit/s down and up, round trip in ms, most milliseconds from the click to the first message.
NETWORKS = [("3G", 1600, 768, 300, 3000), ("3G Slow", 400, 400, 400, 3000)]
MOST_BYTES = 50_000
MOST_PAINT_MS = 100
# Writes as soon as the page can take it: what the fastest of thumbs would reach.
WRITE_AT_ONCE = """setInterval(() => {
  const field = document.getElementById('text');
  if (window.wrote || !document.documentElement?.classList.contains('on')) return;
  window.wrote = true;
  field.value = 'il veut me frapper';
  document.getElementById('composer').requestSubmit();
}, 5)"""
# From the press to the end of the frame that follows it. Event Timing waits for the screen as well,
# which headless Chromium hands over seconds later in a field of text.
WATCH = """() => {
  window.slowest = 0;
  for (const kind of ['pointerdown', 'keydown', 'click', 'input']) {
    addEventListener(kind, (event) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        window.slowest = Math.max(window.slowest, performance.now() - event.timeStamp);
      };
      port2.postMessage(null);
    }), true);
  }
}"""


@dataclass
class Row:
    """One line of the table."""

    what: str
    found: float
    goal: float
    unit: str

    @property
    def good(self) -> bool:
        """Whether the goal is reached."""
        return self.found <= self.goal


def phone(browser: Browser) -> tuple[Page, CDPSession]:
    """Return a page on a slow telephone."""
    context = browser.new_context(
        locale="fr-BE", viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def first_message(browser: Browser, site: Sites, network: tuple[str, int, int, int, int]) -> float:
    """Return the milliseconds from the click on a link to the server's taking the first message."""
    _, down, up, round_trip, _ = network
    site.script.reset()
    page, session = phone(browser)
    page.goto(f"{site.foreign}/weather")
    page.add_init_script(WRITE_AT_ONCE)
    page.evaluate(f"document.body.innerHTML = '<a href=\"{site.url}/?language=fr\">x</a>'")
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": round_trip,
            "downloadThroughput": down * 1000 / 8,
            "uploadThroughput": up * 1000 / 8,
        },
    )
    begun = time.monotonic()
    page.evaluate("document.querySelector('a').click()")
    while not site.script.said:
        if time.monotonic() - begun > 30:
            raise RuntimeError("the first message never came")
        page.wait_for_timeout(10)
    took = (time.monotonic() - begun) * 1000
    page.context.close()
    return took


def first_view(browser: Browser, site: Sites) -> float:
    """Return the bytes that came over the wire, headers too, until the chat was ready."""
    site.script.reset()
    page, session = phone(browser)
    sizes: list[float] = []
    ours: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        ours[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        if "/api/" not in ours.get(event["requestId"], ""):
            sizes.append(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)
    session.send("Network.enable")
    open_chat(page, site)
    page.context.close()
    return sum(sizes)


def next_paint(browser: Browser, site: Sites) -> float:
    """Return the slowest interaction (ms) in a talk of many messages: typing, sending, pressing."""
    site.script.reset()
    page, _ = phone(browser)
    open_chat(page, site)
    for number in range(MESSAGES):
        site.script.write(f"Message {number}. Prenez votre temps, nous sommes là pour vous.")
    page.locator(".from-counsellor").nth(MESSAGES - 1).wait_for(timeout=60_000)
    page.evaluate(WATCH)
    page.locator("#text").tap()
    page.keyboard.type("une aide près d'ici", delay=60)
    page.locator("#send").tap()
    page.locator(".card").first.wait_for(state="attached")
    others = page.get_by_role("button", name="Voir d'autres")
    for button in (others, page.locator("#show-numbers"), page.locator("#close-numbers")):
        # No thumb is quicker from one button to the next.
        page.wait_for_timeout(300)
        button.tap()
    page.wait_for_timeout(500)
    found = float(page.evaluate("window.slowest"))
    page.context.close()
    return found


def measure(browser: Browser, site: Sites) -> list[Row]:
    """Measure all, each several times; the middle counts."""

    def middle(work: Callable[[], float]) -> float:
        return statistics.median(work() for _ in range(RUNS))

    rows = [Row("first view, compressed", first_view(browser, site), MOST_BYTES, "bytes")]
    for network in NETWORKS:
        took = middle(lambda network=network: first_message(browser, site, network))  # type: ignore[misc]
        rows.append(Row(f"click to first message taken, {network[0]}", took, network[4], "ms"))
    paint = middle(lambda: next_paint(browser, site))
    rows.append(Row(f"interaction to next paint, {MESSAGES} messages", paint, MOST_PAINT_MS, "ms"))
    return rows


def main() -> int:
    """Print the table."""
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        rows = measure(browser, site)
        print(f"Chromium {browser.version}, processor {SLOWER}x slower, middle of {RUNS} runs")
        browser.close()
    for row in rows:
        mark = "" if row.good else "  MISSED"
        print(f"{row.what:<48}{row.found:>9,.0f} {row.unit:<6} goal {row.goal:,.0f}{mark}")
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
