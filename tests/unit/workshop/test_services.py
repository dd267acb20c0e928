"""Services in the workshop: what is refused, what a save changes, what it doesn't."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

import pytest

from bot.directory.check import check
from bot.workshop import listing, services
from bot.workshop.listing import lacks
from bot.workshop.saving import RefusedError, Shelf, StaleError, snapshot
from bot.workshop.typed import Wanted, number

TODAY = date(2026, 11, 24)
SOURCE = {"source_url": "https://www.exemple.be/x", "source_seen": "Read", "source_date": "2026-11"}
BY = {"who": "Anne", "why": "because", "today": TODAY}


def as_it_is(record: Any, **more: Any) -> Wanted:
    fields = {
        "name": record["name"],
        "note": record["note"],
        "phone": record.get("phone", ""),
        "hours": record.get("hours", {}),
        "url": record.get("url", ""),
        "address": record.get("address", {}),
    }
    return Wanted(**{**fields, **more})


def with_number(copy: Shelf) -> listing.Row:
    return next(
        r
        for r in listing.rows(copy, TODAY, {})
        if r.folder == "stopp-vif" and r.record.get("phone_e164") and r.record.get("hours")
        and isinstance(r.record.get("url"), str)
    )  # fmt: skip


def lines(copy: Shelf, row: listing.Row, before: str) -> list[str]:
    after = copy.path(row.file).read_text()
    return [x for x in difflib.ndiff(before.split("\n"), after.split("\n")) if x[0] in "+-"]


@pytest.mark.parametrize(
    ("typed", "shown", "e164"),
    [
        ("04 222 10 12", "04 222 10 12", "+3242221012"),
        ("+32 4 222 10 12", "04 222 10 12", "+3242221012"),
        ("0800 30 030", "0800 30 030", "+3280030030"),
        ("0470/12.34.56", "0470/12.34.56", "+32470123456"),
        ("107", "107", None),
        ("1712", "1712", None),
    ],
)
def test_a_belgian_number_is_taken(typed: str, shown: str, e164: str | None):
    found = number(typed, {})
    assert (found[0].replace(" ", ""), found[1]) == (shown.replace(" ", ""), e164)


@pytest.mark.parametrize(
    "typed",
    ["04 222 10", "+33 1 23 45 67 89", "abc", "1", "99999", "0900", "04 222 10 12 ext 5",
     "x" * 10000, "<b>112</b>", "04 222 10 12\nphone: 0", "०४ २२२ १० १२"],
)  # fmt: skip
def test_anything_else_is_refused(typed: str):
    with pytest.raises(RefusedError):
        number(typed, {})


@pytest.mark.parametrize("typed", ["0800 200 88", "0800/20088", "+32 800 200 88", "3919"])
def test_a_number_that_must_not_be_used_is_refused(copy: Shelf, typed: str):
    row = with_number(copy)
    with pytest.raises(RefusedError, match="wrong_banned"):
        services.change(copy, row, as_it_is(row.record, phone=typed, **SOURCE), before=None, **BY)


def test_what_a_record_lacks():
    full = {
        "phone": "107",
        "hours": {"osm": "24/7"},
        "checked": {"by_role": "CAW", "date": "2026-11-01"},
    }
    assert lacks(full, TODAY) == ()
    assert lacks(full, TODAY, ["2026-11-02"]) == ("reported",)
    assert lacks(full, TODAY, ["2026-10-02"]) == ()
    old = {**full, "checked": {"by_role": "CAW", "date": "2026-01-01"}}
    assert lacks(old, TODAY) == ("recheck",)
    assert lacks({"checked": {"by_role": None, "date": None}}, TODAY) == (
        "number",
        "hours",
        "check",
    )


def test_a_new_number_takes_its_source_and_ends_the_check(copy: Shelf):
    row = with_number(copy)
    services.mark_checked(copy, row, role="CPAS", who="Anne", today=TODAY)
    row = listing.find(copy, row.id)
    assert row.record["checked"] == {"by_role": "CPAS", "date": "2026-11-24"}
    with pytest.raises(RefusedError, match="wrong_no_source"):
        services.change(copy, row, as_it_is(row.record, phone="04 222 10 12"), before=None, **BY)
    before = copy.path(row.file).read_text()
    services.change(
        copy, row, as_it_is(row.record, phone="04 222 10 12", **SOURCE), before=None, **BY
    )
    after = listing.find(copy, row.id).record
    assert (after["phone"], after["phone_e164"]) == ("04 222 10 12", "+3242221012")
    assert after["checked"] == {"by_role": None, "date": None}
    assert after["sources"][0]["url"] == "https://www.exemple.be/x"
    assert after["sources"][1:] == row.record["sources"]
    assert len(lines(copy, row, before)) <= 11
    assert [p for p in check(copy.data / "directory", TODAY) if p.severity == "error"] == []


def test_saving_a_form_that_nobody_touched_changes_nothing(copy: Shelf):
    for row in [r for r in listing.rows(copy, TODAY, {}) if r.folder == "gent"][:4]:
        url = row.record.get("url", "")
        before = copy.path(row.file).read_text()
        wanted = as_it_is(row.record, url=url if isinstance(url, str) else "")
        with pytest.raises(RefusedError, match="wrong_nothing"):
            services.change(copy, row, wanted, before=None, **BY)
        assert copy.path(row.file).read_text() == before


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("name", {"fr": "Un", "nl": ""}, "wrong_name"),
        ("name", {"fr": "x" * 10_000, "nl": "y"}, "wrong_long"),
        ("name", {"fr": "Appelez le 04 999 99 99", "nl": "Bel"}, "wrong_check"),
        ("note", {"fr": "", "nl": ""}, "wrong_note"),
        ("note", {"fr": "Chacun·e", "nl": "Elk"}, "wrong_check"),
        ("hours", {"fr": "Lundi", "nl": "Maandag", "osm": "monday-ish"}, "wrong_hours_osm"),
        ("hours", {"fr": "Lundi", "nl": ""}, "wrong_hours_languages"),
        ("hours", {"osm": "Mo 09:00-10:00"}, "wrong_hours_languages"),
        ("url", "javascript:alert(1)", "wrong_url"),
        ("url", 'https://x.be/"><script>', "wrong_url"),
        ("address", {"postal_code": "0"}, "wrong_postal_code"),
        ("source_date", "2027-01-01", "wrong_source"),
        ("source_date", "yesterday", "wrong_source"),
        ("source_seen", "", "wrong_source"),
    ],
)
def test_what_cannot_be_used_is_refused(copy: Shelf, field: str, value: Any, key: str):
    row = with_number(copy)
    before = copy.path(row.file).read_text()
    wanted = as_it_is(row.record, **{**SOURCE, field: value})
    with pytest.raises(RefusedError) as refused:
        services.change(copy, row, wanted, before=None, **BY)
    assert refused.value.key == key
    assert copy.path(row.file).read_text() == before


def test_a_refuge_gets_no_street(copy: Shelf):
    row = listing.find(copy, "cvfe-liege")
    wanted = as_it_is(row.record, address={"street": "Rue 1", "locality": "Liège"})
    with pytest.raises(RefusedError, match="wrong_check"):
        services.change(copy, row, wanted, before=None, **BY)


def test_two_at_the_same_record(copy: Shelf):
    row = with_number(copy)
    opened = snapshot(row.record)
    one = as_it_is(row.record, note={"fr": "Premier.", "nl": "Eerste."})
    two = as_it_is(row.record, note={"fr": "Second.", "nl": "Tweede."})
    services.change(copy, row, one, before=opened, **BY)
    with pytest.raises(StaleError) as stale:
        services.change(copy, row, two, before=opened, **BY)
    assert any("Premier." in line for line in stale.value.changes)
    assert listing.find(copy, row.id).record["note"]["fr"] == "Premier."


def test_a_number_that_is_decided_is_no_longer_doubted(copy: Shelf):
    row = listing.find(copy, "pz-gent")
    wanted = as_it_is(row.record, phone="09 266 61 11", **SOURCE)
    services.change(copy, row, wanted, before=None, **BY)
    after = listing.find(copy, "pz-gent").record
    assert after["phone_e164"] == "+3292666111"
    assert after["to_check"]["seen"] == ["09 266 61 30"]


def test_a_new_service_stands_in_its_network(copy: Shelf):
    wanted = Wanted(
        name={"fr": "Planning d'Esneux : « test »", "nl": "Planning Esneux: test"},
        note={"fr": "Sur rendez-vous.", "nl": "Na afspraak."},
        phone="04 222 10 12",
        hours={"fr": "Lundi", "nl": "Maandag", "osm": "Mo 09:00-12:00"},
        **SOURCE,
    )
    path = copy.path("directory/stopp-vif/services.yml")
    before = path.read_text()
    more = {"kind": "family_planning", "needs": ["family_planning"], "languages": ["fr"]}
    made, saved = services.add(copy, "stopp-vif", wanted, communes=["Esneux"], **more, **BY)
    again, _ = services.add(copy, "stopp-vif", wanted, communes=[], **more, **BY)
    assert (made, again) == ("planning-d-esneux-test", "planning-d-esneux-test-2")
    record = listing.find(copy, made).record
    assert record["area"] == {"scope": "communes", "communes": ["Esneux"]}
    assert record["phone_e164"] == "+3242221012"
    assert record["checked"]["date"] is None
    assert path.read_text().startswith(before.rstrip("\n"))
    assert "-" not in {line[0] for line in saved.diff.split("\n")[2:] if line}
    assert [p for p in check(copy.data / "directory", TODAY) if p.severity == "error"] == []


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"kind": "spaceship"}, "wrong_kind"),
        ({"needs": []}, "wrong_kind"),
        ({"languages": []}, "wrong_languages"),
        ({"communes": ["Atlantis"]}, "wrong_check"),
        ({"folder": "../../x"}, "wrong_file"),
        ({"folder": "nowhere"}, "wrong_file"),
    ],
)
def test_a_new_service_that_fits_nowhere_is_refused(copy: Shelf, more: Any, key: str):
    wanted = Wanted(name={"fr": "A", "nl": "B"}, note={"fr": "A.", "nl": "B."}, **SOURCE)
    given = {
        "folder": "gent", "kind": "health", "needs": ["health"], "languages": ["nl"],
        "communes": [], **BY, **more,
    }  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        services.add(copy, wanted=wanted, **given)
    assert refused.value.key == key


def test_each_commune_of_a_network_is_looked_at(copy: Shelf):
    found = listing.bare_communes(copy)
    assert set(found) >= {"stopp-vif", "gent", "verviers-dison", "rezone-midi"}
    assert "Esneux" in found["stopp-vif"]
    assert any(missing for communes in found.values() for missing in communes.values())
