"""Answers out to proof-readers and back."""

from __future__ import annotations

from html import escape

import pytest

from bot.settings import ROOT
from bot.texts import load_texts
from bot.workshop import answers, proofs
from bot.workshop.saving import RefusedError, Shelf

FOUND = answers.load(Shelf(ROOT))
PAGE = proofs.exported(FOUND)
KEY = "utter_thank"


def changed(page: str) -> list[proofs.Correction]:
    return list(proofs.corrections(page, FOUND))


def test_every_answer_is_on_the_page_in_both_languages() -> None:
    assert PAGE.count("<tr>") == len(FOUND) + 1
    assert all(f"<td>{key}</td>" in PAGE for key in FOUND)
    assert PAGE.count('lang="nl"') == len(FOUND)


def test_a_page_that_nobody_changed_changes_nothing() -> None:
    assert changed(PAGE) == []


def test_what_word_processors_do_changes_nothing() -> None:
    worse = (
        PAGE.replace("<p>", "<p class=MsoNormal style='margin:0'><span lang=FR>")
        .replace("</p>", "</span><o:p></o:p>\n</p>\n")
        .replace("<td>", "<TD width=104>\n<p>")
        .replace("<br>", "<br/>\n  ")
        .replace(" ?", "\xa0?")
        .replace("<style>", "<style>p {utter_x: y}</style><style>")
    )
    assert changed(worse) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_encoding_of_a_word_processor_is_read(encoding: str) -> None:
    page = PAGE.replace('charset="utf-8"', f'charset="{encoding}"')
    content = page.encode(encoding, "xmlcharrefreplace")
    assert changed(proofs.decoded(content)) == []


def test_a_correction_is_shown_and_saved_through_the_rules(copy: Shelf) -> None:
    text = FOUND[KEY].text["fr"]
    page = PAGE.replace(escape(text.split("\n")[0]), "Merci d&#x27;avoir écrit.<br>Bon courage.", 1)
    (found,) = changed(page)
    assert (found.key, found.was["fr"], found.now["nl"]) == (KEY, text, FOUND[KEY].text["nl"])
    assert found.now["fr"].startswith("Merci d'avoir écrit.\nBon courage.")
    saved, refused = proofs.save(copy, [found], who="Anne", why="proof-reading")
    assert (len(saved), refused) == (1, [])
    assert load_texts(copy.data).answers[KEY]["fr"].text == found.now["fr"]


def test_a_correction_that_breaks_a_rule_is_named_and_the_others_are_saved(copy: Shelf) -> None:
    good = proofs.Correction(KEY, FOUND[KEY].text, {**FOUND[KEY].text, "nl": "Dank u."})
    other = FOUND["utter_goodbye"].text
    bad = proofs.Correction("utter_goodbye", other, {**other, "fr": "Appelez le 0800 12 345."})
    saved, refused = proofs.save(copy, [bad, good], who="Anne", why="x")
    assert [key for key, _ in refused] == ["utter_goodbye"]
    assert len(saved) == 1


@pytest.mark.parametrize(
    "page",
    ["", "<table></table>", PAGE.replace("utter_thank<", "utter_nobody<"),
     "<table><tr><td>utter_thank<td>seul</table>"],
)  # fmt: skip
def test_a_page_with_other_rows_is_refused(page: str) -> None:
    with pytest.raises(RefusedError):
        changed(page)


def test_markup_typed_into_a_cell_is_text() -> None:
    page = PAGE.replace(FOUND[KEY].text["nl"].split("\n")[0], "&lt;script&gt;x&lt;/script&gt;", 1)
    (found,) = changed(page)
    assert found.now["nl"].startswith("<script>x</script>")
