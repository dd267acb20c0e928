"""Posters: the directory's numbers with their source, a neutral address, both languages alike."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import posters
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.language import SUPPORTED, Supported
from bot.posters import PAPERS, Paper, PosterError, address_on_paper, poster
from bot.texts import DATA, read_yaml

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=ZoneInfo("Europe/Brussels"))
ADDRESS = "https://chat.valbois.example/"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DATA / "directory", "demo")


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_numbers_come_from_the_directory_with_their_source(
    directory: Directory, paper: Paper, language: Supported
) -> None:
    page = poster(paper, ADDRESS, directory, language, NOW)
    items = re.findall(
        r'<li><b>(.+?)</b><span>(.+?)</span><span>(.*?)</span><span class="source">(.+?)<', page
    )
    phones = [phone for phone, *_ in items]
    assert phones[:2] == ["112", "101"]
    assert {"fr": "0800 30 030", "nl": "1712"}[language] == phones[2]
    assert len(set(phones)) == len(phones) >= 5
    assert set(phones) <= {service.phone for service in directory.services}
    # Paper can't know who is open now; it says the usual hours and how old the fact is.
    assert all(hours and re.search(r"\d{4}-\d{2}|\d", source) for _, _, hours, source in items)
    assert not re.search("Ouvert|Nu open|Fermé|gesloten", page)
    assert "24/11/2026" in page
    assert f'lang="{language}"' in page
    assert not re.search(r'(src|href)="', page)


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_strip_says_nothing_in_a_pocket(directory: Directory, language: Supported) -> None:
    page = poster(PAPERS[2], ADDRESS, directory, language, NOW)
    strips = page.split('<div class="strips')[1]
    assert strips.count("chat.valbois.example") == 8
    assert not re.search("violen|geweld|suici|zelfdod|peur|bang", strips, re.IGNORECASE)


def test_the_same_lines_by_day_and_by_night(directory: Directory) -> None:
    day = NOW.replace(hour=14)
    assert poster(PAPERS[0], ADDRESS, directory, "nl", NOW) == poster(
        PAPERS[0], ADDRESS, directory, "nl", day
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://chat.valbois.example", "isn't an address"),
        ("chat.valbois.example", "isn't an address"),
        ("", "isn't an address"),
        ("https://me@chat.valbois.example", "isn't an address"),
        ("https://chat.valbois.example/?place=7", "after the host"),
        ("https://chat.valbois.example/cpas", "after the host"),
        ("https://stop-violence.example", "neutral"),
        ("https://geweld.example", "neutral"),
    ],
)
def test_addresses_that_must_not_be_printed(address: str, words: str) -> None:
    with pytest.raises(PosterError, match=words):
        address_on_paper(address)


def test_command_writes_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(posters.shutil, "which", lambda _: None)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    assert posters.main([ADDRESS], tmp_path / "out") == 0
    assert len(list((tmp_path / "out").glob("*.html"))) == 6
    assert "No Chromium" in capsys.readouterr().out
    assert posters.main(["https://geweld.example"], tmp_path / "out") == 2


def test_every_word_stands_in_both_languages_and_is_used() -> None:
    template = Path(posters.__file__).with_name("posters.html").read_text(encoding="utf-8")
    for key, both in read_yaml(DATA / "posters.yml").items():
        assert set(both) == set(SUPPORTED)
        assert f"words.{key}" in template
