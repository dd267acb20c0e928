"""On another site: the launcher, the frame, the exit of the whole window (R39, R49, R15)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, NOTHING, NewPage, say, traces
from tests.browser.test_exit import wait_erased
from tests.fakes.sites import Sites

LAUNCHER = "Aide et conseil"
# The launcher's shadow root is closed, to the test's own eyes too.
OPEN_ROOTS = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }); };"""


def open_frame(page: Page, address: str, name: str = LAUNCHER) -> Frame:
    page.add_init_script(OPEN_ROOTS)
    page.goto(address)
    with page.expect_event("frameattached"):
        page.get_by_role("button", name=name).click()
    frame = page.frames[1]
    frame.locator(".message.from-assistant .choices button").first.wait_for()
    return frame


def exit_on_top(page: Page, frame: Frame) -> bool:
    """Tell whether the point of the exit belongs to our launcher, in the host's own eyes."""
    box = frame.locator(".exit").bounding_box()
    assert box
    return page.evaluate(
        """([x, y]) => Boolean(document.elementFromPoint(x, y)?.shadowRoot
             || document.elementFromPoint(x, y)?.popover)""",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )


def test_nothing_is_asked_before_the_launcher_is_pressed(page: Page, site: Sites) -> None:
    """R15."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.foreign}/host")
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    assert [url for url in asked if url.startswith(site.url)] == [f"{site.url}/embed.js"]
    assert not site.script.live
    assert traces(page) == NOTHING


def test_host_that_spies_reads_nothing(page: Page, site: Sites) -> None:
    """R49: a script of the host that opens our shadow root still can't look into the frame."""
    frame = open_frame(page, f"{site.foreign}/host")
    frame.locator("#text").focus()
    page.keyboard.type("SECRET")
    say_in(frame, "SECRET-WORD")
    found = page.evaluate("window.spy()")
    assert "SECRET" not in found
    assert "machine" not in found
    assert found.count("SecurityError") + found.count("TypeError") >= 3
    assert frame.locator("#log").inner_text().count("SECRET-WORD") == 1
    assert traces(page) == NOTHING
    assert page.title() == "Commune"


def say_in(frame: Frame, text: str) -> None:
    say(frame, text)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["click", "shift in the frame", "shift in the host"])
def test_the_whole_window_leaves(page: Page, site: Sites, way: str) -> None:
    page.goto(f"{site.foreign}/weather?before")
    frame = open_frame(page, f"{site.foreign}/host")
    say_in(frame, "SECRET-WORD")
    if way == "click":
        frame.locator(".exit").click()
    else:
        if way == "shift in the host":
            page.get_by_role("textbox", name="Chercher").focus()
        for presses in (1, 2, 3):
            page.keyboard.press("Shift")
            if way == "shift in the host" and presses < 3:
                expect(page.get_by_role("status")).to_contain_text(f"Encore {3 - presses} fois")
    page.wait_for_url(f"{site.foreign}/weather")
    wait_erased(site)
    assert not site.script.live
    page.go_back()
    assert page.url == f"{site.foreign}/weather?before"


def test_host_is_blank_before_it_leaves(page: Page, site: Sites) -> None:
    """R41, R42: with the focus in the host page."""
    open_frame(page, f"{site.foreign}/host")
    seen: list[list[str]] = []
    page.expose_function("tell", lambda spots: seen.append(spots))
    page.evaluate(
        """() => addEventListener('keyup', () => tell([[5, 5], [195, 400], [385, 840]].map(
             ([x, y]) => window.root.elementFromPoint(x, y)?.textContent)))"""
    )
    page.get_by_role("textbox", name="Chercher").focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/weather")
    # In the same task as the third press.
    assert len(seen) == 3
    assert seen[2] == ["La page se ferme"] * 3


def test_shift_and_escape_do_nothing_before_the_chat_is_opened(page: Page, site: Sites) -> None:
    page.goto(f"{site.foreign}/host")
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("")
    page.wait_for_timeout(600)
    assert page.url == f"{site.foreign}/host"
    open_frame(page, f"{site.foreign}/host")
    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (1280, 800)])
def test_exit_is_not_covered_by_the_banner_of_the_host(
    new_page: NewPage, site: Sites, width: int, height: int
) -> None:
    """R39: a banner with the highest z-index there is, at 320 px."""
    page = new_page(viewport={"width": width, "height": height})
    frame = open_frame(page, f"{site.foreign}/host?banner=1")
    assert exit_on_top(page, frame)
    frame.locator(".exit").click()
    page.wait_for_url("**/weather")


@pytest.mark.parametrize(("language", "name"), [("fr", LAUNCHER), ("nl", "Hulp en advies")])
def test_demo_under_its_cookie_banner(
    new_page: NewPage, site: Sites, language: str, name: str
) -> None:
    page = new_page(viewport={"width": 320, "height": 568})
    page.goto(f"{site.url}/demo?language={language}")
    refuse = page.locator("#cookies button").last
    # Closed, the launcher covers none of the banner's buttons, nor they the launcher.
    for button in (refuse, page.locator("#cookies button").first):
        button.click(trial=True)
    frame = open_frame(page, f"{site.url}/demo?language={language}", name)
    expect(page.locator("#cookies")).to_be_visible()
    assert exit_on_top(page, frame)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(frame.locator("html")).to_have_attribute("lang", language)
    frame.locator(".exit").click()
    page.wait_for_url(f"{site.foreign}/weather")


def test_smaller_keeps_the_talk_and_gives_the_focus_back(page: Page, site: Sites) -> None:
    frame = open_frame(page, f"{site.foreign}/host")
    say_in(frame, "SECRET-WORD")
    frame.locator("#minimise").click()
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_be_visible()
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()
    expect(frame.locator("#log")).to_contain_text("SECRET-WORD")
    assert len(site.script.live) == 1


def test_data_attributes(new_page: NewPage, site: Sites) -> None:
    """Colour (with an ink that can be read on it), side, commune."""
    page = new_page(viewport={"width": 1280, "height": 800})
    frame = open_frame(page, f"{site.foreign}/host")
    launcher = page.get_by_role("button", name=LAUNCHER)
    box = launcher.bounding_box()
    assert box
    assert box["x"] < 100
    assert box["height"] >= 44
    style = launcher.evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    assert style == ["rgb(255, 210, 63)", "rgb(0, 0, 0)"]
    expect(frame.get_by_role("button", name="Services : Esneux")).to_be_visible()


def test_under_a_strict_policy_of_the_host(new_page: NewPage, site: Sites) -> None:
    page = new_page(locale="nl-BE")
    frame = open_frame(page, f"{site.foreign}/strict", "Hulp en advies")
    say_in(frame, "hallo")
    # Its styles apply all the same: on a telephone the talk takes the whole screen.
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}


@pytest.mark.parametrize(("host", "started"), [("localhost", 1), ("127.0.0.1", 0)])
def test_sites_that_are_not_named_cannot_frame_us(
    browser: Browser, site: Sites, host: str, started: int
) -> None:
    """R48: localhost is named, 127.0.0.1 with the same port isn't."""
    page = browser.new_page()
    page.goto(f"{site.foreign.replace('localhost', host)}/weather")
    page.evaluate(
        """(url) => { const frame = document.createElement('iframe'); frame.src = url;
                      document.body.append(frame); }""",
        f"{site.url}/?frame=1",
    )
    page.wait_for_timeout(700)
    assert len(site.script.live) == started
    page.close()


def test_with_third_party_cookies_blocked(browser: Browser, site: Sites) -> None:
    """The frame needs none; a browser that gives it none changes nothing."""
    flag = "--test-third-party-cookie-phaseout"
    strict = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, flag])
    try:
        page = strict.new_context(locale="fr-BE").new_page()
        frame = open_frame(page, f"{site.foreign}/host")
        say_in(frame, "bonjour")
        frame.locator(".exit").click()
        page.wait_for_url("**/weather")
        wait_erased(site)
        assert page.context.cookies() == []
    finally:
        strict.close()
