"""A commune joins a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.directory.check import check
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.texts import DATA
from bot.workshop import communes, listing
from bot.workshop.communes import Joining
from bot.workshop.saving import RefusedError, Shelf, StaleError

TODAY = date(2026, 11, 24)
BY = {"who": "Anne", "why": "because", "today": TODAY}
HERVE = Joining(
    network="stopp-vif",
    nis="63035",
    also="Hervé, Erve",
    villages="4650 Herve\n4651 Battice (Batice, Battisse)",
    zone="PZ Pays de Herve",
    zone_number="5288",
    source_url="https://www.exemple.be/reseau",
    source_seen="Six communes",
)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DATA / "directory", "demo")


def text(copy: Shelf) -> str:
    return (copy.data / "directory" / "stopp-vif" / "network.yml").read_text()


def test_names_and_codes_come_from_the_national_list(copy: Shelf, directory: Directory) -> None:
    (found,) = communes.suggest(directory, "4650")
    assert found.id == "63035"
    lines = communes.villages_of(copy, found)
    assert lines[0] == "4650 Herve"
    assert any(line.startswith("4651 ") for line in lines)


def test_it_is_found_afterwards_with_its_villages(copy: Shelf, directory: Directory) -> None:
    before = text(copy)
    saved = communes.add(copy, directory, HERVE, before=communes.opened(copy), **BY)
    assert not [x for x in saved.diff.split("\n")[2:] if x.startswith("-")]
    assert text(copy).startswith(before.rstrip()[:2000])
    loaded = load_directory(copy.data / "directory", "demo")
    assert loaded.communes["63035"].network == "stopp-vif"
    assert loaded.communes["63035"].police_zone == "PZ Pays de Herve"
    assert loaded.places.names["battisse"].communes == ("63035",)
    assert [p for p in check(copy.data / "directory", TODAY) if p.severity == "error"] == []
    assert listing.bare_communes(copy)["stopp-vif"]["Herve"]


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"network": "../../x"}, "wrong_network"),
        ({"network": "national"}, "wrong_network"),
        ({"nis": "99999"}, "wrong_nis"),
        ({"nis": "62032"}, "wrong_commune_taken"),
        ({"villages": ""}, "wrong_villages"),
        ({"villages": "Herve"}, "wrong_village"),
        ({"villages": "4650 <b>Herve</b>"}, "wrong_village"),
        ({"villages": "4650 ../../etc"}, "wrong_village"),
        ({"villages": "4650 a: {b: *c}"}, "wrong_village"),
        ({"villages": "4000 Liège"}, "wrong_village_code"),
        ({"villages": "4650 Herve\x00"}, "wrong_hidden"),
        ({"villages": "4650 " + "x" * 10_000}, "wrong_long"),
        ({"also": "x" * 10_000}, "wrong_long"),
        ({"zone": "a\x00b"}, "wrong_hidden"),
        ({"source_url": ""}, "wrong_source"),
        ({"source_url": "", "source_seen": ""}, "wrong_commune_source"),
        ({"source_date": "2027-01-01"}, "wrong_source"),
    ],
)
def test_what_cannot_be_used_writes_nothing(
    copy: Shelf, directory: Directory, more: dict[str, str], key: str
) -> None:
    before, wanted = text(copy), replace(HERVE, **more)
    if more.get("nis") == "62032":
        wanted = replace(wanted, villages="4130 Esneux")
    with pytest.raises(RefusedError) as refused:
        communes.add(copy, directory, wanted, **BY)
    assert refused.value.key == key
    assert text(copy) == before


def test_the_second_of_two_sees_the_first(copy: Shelf, directory: Directory) -> None:
    opened = communes.opened(copy)
    communes.add(copy, directory, HERVE, before=opened, **BY)
    other = replace(HERVE, nis="63003", villages="4880 Aubel", also="")
    with pytest.raises(StaleError) as stale:
        communes.add(copy, directory, other, before=opened, **BY)
    assert any("Herve" in line for line in stale.value.changes)
