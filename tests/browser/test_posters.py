"""A poster in the browser: one page, nothing cut off, also with a long address."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.directory.load import load_directory
from bot.language import SUPPORTED, Supported
from bot.posters import PAPERS, Paper, poster, print_to_pdf
from bot.texts import DATA
from tests.browser.conftest import CHROMIUM, NewPage

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Brussels"))
LONG = "https://aide-et-conseil.commune-de-valbois.example"
PIXELS = {"A4": (794, 1123), "A5": (559, 794)}


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_nothing_is_cut_off(
    new_page: NewPage, tmp_path: Path, paper: Paper, language: Supported
) -> None:
    directory = load_directory(DATA / "directory", "demo")
    width, height = PIXELS[paper.page]
    page = new_page(viewport={"width": width, "height": height})
    page.set_content(poster(paper, LONG, directory, language, NOW))
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((node) => {
          const box = node.getBoundingClientRect();
          const sheet = document.querySelector('main').getBoundingClientRect();
          return box.right > sheet.right + 1 || box.bottom > sheet.bottom + 1;
        }).map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert outside == []
    overlap = page.evaluate(
        """() => document.querySelector('ul').getBoundingClientRect().bottom
          - document.querySelector('footer').getBoundingClientRect().top"""
    )
    assert overlap <= 0


def test_prints_on_one_page(tmp_path: Path) -> None:
    directory = load_directory(DATA / "directory", "demo")
    path = tmp_path / "poster.html"
    path.write_text(poster(PAPERS[2], LONG, directory, "fr", NOW), encoding="utf-8")
    pdf = print_to_pdf(CHROMIUM, path).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
