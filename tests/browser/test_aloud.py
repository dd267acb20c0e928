"""Reading aloud: the device's own voices alone, after a warning, silent at once when leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, open_chat, say
from tests.fakes.sites import Sites

# A browser with one remote voice, which must never be used, and a device's own one for Dutch.
VOICES = """
window.said = [];
const voices = [
  { lang: 'fr-FR', name: 'remote', localService: false },
  { lang: 'nl-BE', name: 'own', localService: true },
  ...(window.french ? [{ lang: 'fr_BE', name: 'own', localService: true }] : []),
];
class Words { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Words;
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => voices,
  addEventListener() {},
  speak: (words) => said.push([words.voice.name, words.lang, words.text]),
  cancel: () => said.push('silence'),
} });
"""


def with_voices(new_page: NewPage, *, french: bool) -> Page:
    page = new_page()
    page.add_init_script(f"window.french = {str(french).lower()};{VOICES}")
    return page


def switch_on(page: Page) -> None:
    page.locator("#aloud").click()
    expect(page.locator("#aloud-ask")).to_be_visible()
    assert [words for words in page.evaluate("said") if words != "silence"] == []
    page.locator("#aloud-yes").click()


def test_nothing_is_offered_without_a_voice_of_the_device(new_page: NewPage, site: Sites) -> None:
    page = with_voices(new_page, french=False)
    open_chat(page, site, "fr")
    expect(page.locator("#aloud")).to_be_hidden()
    page.get_by_role("link", name="NL").click()
    expect(page.locator("#aloud")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "warning"), [("fr", "peut les entendre"), ("nl", "kan ze horen")]
)
def test_reads_answers_after_a_warning_until_stopped(
    new_page: NewPage, site: Sites, language: str, warning: str
) -> None:
    page = with_voices(new_page, french=True)
    open_chat(page, site, language)
    page.locator("#aloud").click()
    expect(page.locator("#aloud-ask")).to_contain_text(warning)
    page.locator("#aloud-no").click()
    expect(page.locator("#aloud")).to_be_focused()
    switch_on(page)
    say(page, "bonjour SECRET")
    voices = [words for words in page.evaluate("said") if words != "silence"]
    assert len(voices) == 2
    assert {name for name, _, _ in voices} == {"own"}
    assert "machine" in voices[0][2]
    assert not any("SECRET" in text for _, _, text in voices)
    page.locator("#aloud").click()
    assert page.evaluate("said.at(-1)") == "silence"
    say(page, "encore")
    assert page.evaluate("said.at(-1)") == "silence"


@pytest.mark.parametrize("how", ["hide", "exit", "going"])
def test_silent_at_once_when_hiding_or_leaving(new_page: NewPage, site: Sites, how: str) -> None:
    page = with_voices(new_page, french=True)
    # So that the page is still there when the test looks.
    page.route("**/exit", lambda route: route.fulfill(status=204))
    open_chat(page, site)
    switch_on(page)
    assert page.evaluate("said.at(-1)") != "silence"
    if how == "going":
        page.locator("#text").fill("il arrive")
        page.locator("#text").press("Enter")
    else:
        page.locator("#hide" if how == "hide" else ".exit").click(no_wait_after=True)
    assert page.evaluate("said.at(-1)") == "silence"
