"""The sentences: each page has its title, both languages fill in the same values."""

from __future__ import annotations

import re

import pytest

from bot.desk.page import FOLDER, desk_texts
from bot.gateway.markup import Template

_VALUE = re.compile(r"\{(\w+)\}")
# No middle dot, brackets or slash to write for everybody: words that hold for all.
_SPLIT = re.compile(r"\w·\w|\w\((e|ne|euse|trice)s?\)|\w/(e|ne|euse|trice)\b")
PAGES = sorted(path.stem for path in FOLDER.glob("*.html") if path.stem != "layout")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_can_be_made_and_has_a_title(page: str) -> None:
    Template(FOLDER / f"{page}.html", desk_texts())
    assert desk_texts().get("title_" + page.replace("-", "_"), "nl")


@pytest.mark.parametrize("key", desk_texts().sentences)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    both = desk_texts().sentences[key]
    assert set(_VALUE.findall(both["fr"])) == set(_VALUE.findall(both["nl"]))
    assert not _SPLIT.search(both["fr"]), both["fr"]


def test_no_number_but_112_and_101_is_said() -> None:
    for key, both in desk_texts().sentences.items():
        for text in both.values():
            found = re.findall(r"\d{3,}", re.sub(r"\{.*?\}", "", text))
            assert set(found) <= {"101", "112"}, (key, text)
