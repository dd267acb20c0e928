"""A pattern of danger is saved only when every example holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.safety.context import look
from bot.safety.patterns import load as load_book
from bot.workshop import patterns
from bot.workshop.patterns import Typed
from bot.workshop.saving import RefusedError, Shelf, StaleError, snapshot

BY = {"who": "Anne", "why": "because"}
GOOD = Typed(
    id="poele_brulante",
    risk="emergency",
    phrases="poêle brûlante ... visage",
    fires="il tient la poêle brûlante contre mon visage",
    spares="la poêle brûlante est encore sur le feu",
    fades=("past",),
)


def text(copy: Shelf) -> str:
    return (copy.data / "safety" / "fr.yml").read_text()


def test_a_new_pattern_fires_on_its_example(copy: Shelf) -> None:
    saved = patterns.change(copy, "fr", GOOD, new=True, **BY)
    assert not [x for x in saved.diff.split("\n")[2:] if x.startswith("-")]
    book = load_book("fr", copy.data / "safety")
    assert {hit.level for hit in look(book, GOOD.fires).hits if hit.id == GOOD.id} == {"emergency"}
    kept = patterns.find(patterns.load(copy, "fr"), GOOD.id)
    assert kept["fades"] == ["past"]
    # And changed: what stays, stays as it is written.
    more = replace(GOOD, fires=GOOD.fires + "\nla poêle brûlante sur mon visage", fades=())
    saved = patterns.change(copy, "fr", more, new=False, before=snapshot(dict(kept)), **BY)
    assert len([x for x in saved.diff.split("\n")[2:] if x[:1] in "+-" and x]) <= 3


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"fires": "il fait beau"}, "wrong_pattern_fires"),
        ({"spares": "une poêle brûlante au visage"}, "wrong_pattern_spares"),
        ({"phrases": "<no_list>"}, "wrong_pattern_notation"),
        ({"phrases": "a ..."}, "wrong_pattern_notation"),
        ({"phrases": ""}, "wrong_pattern_no_phrases"),
        ({"fires": " \n "}, "wrong_pattern_no_fires"),
        ({"spares": ""}, "wrong_pattern_no_not"),
        ({"id": "../../x"}, "wrong_pattern_id"),
        ({"id": "arme_en_main"}, "wrong_pattern_taken"),
        ({"risk": "none"}, "wrong_pattern_risk"),
        ({"fires": "x" * 10_000}, "wrong_long"),
        ({"phrases": "poêle\x00"}, "wrong_hidden"),
    ],
)
def test_what_fails_is_said_and_writes_nothing(copy: Shelf, more: dict[str, str], key: str) -> None:
    before = text(copy)
    with pytest.raises(RefusedError) as refused:
        patterns.change(copy, "fr", replace(GOOD, **more), new=True, **BY)
    assert refused.value.key == key
    assert text(copy) == before


def test_a_pattern_that_cries_wolf_is_refused(copy: Shelf) -> None:
    # "elle est à mourir de rire" stands among the harmless lines.
    wolf = replace(
        GOOD, id="rire", phrases="blagues de tonton", fires="ses blagues de tonton", fades=()
    )
    with pytest.raises(RefusedError) as refused:
        patterns.change(copy, "fr", wolf, new=True, **BY)
    assert refused.value.key in ("wrong_pattern_harmless", "wrong_pattern_breaks")
    assert "tonton" in str(refused.value.values["line"])


def test_a_change_that_breaks_an_own_example_is_refused(copy: Shelf) -> None:
    entry = patterns.find(patterns.load(copy, "fr"), "arme_en_main")
    typed = Typed(
        id="arme_en_main",
        risk=entry["risk"],
        phrases="armé jusqu'aux dents",
        fires="\n".join(entry["fires"]),
        spares="\n".join(entry["not"]),
    )
    with pytest.raises(RefusedError, match="wrong_pattern_fires"):
        patterns.change(copy, "fr", typed, new=False, **BY)


def test_the_second_of_two_sees_the_first(copy: Shelf) -> None:
    patterns.change(copy, "fr", GOOD, new=True, **BY)
    opened = snapshot(dict(patterns.find(patterns.load(copy, "fr"), GOOD.id)))
    one = replace(GOOD, spares=GOOD.spares + "\nla poêle est froide")
    patterns.change(copy, "fr", one, new=False, before=opened, **BY)
    with pytest.raises(StaleError) as stale:
        patterns.change(copy, "fr", replace(GOOD, risk="raised"), new=False, before=opened, **BY)
    assert any("froide" in line for line in stale.value.changes)
