"""The directory to others and back."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from bot.directory.files import records
from bot.settings import ROOT
from bot.workshop import exchange, listing
from bot.workshop.saving import RefusedError, Shelf

OURS = [record for _, record in records(listing.files(Shelf(ROOT)), "services")]
ROWS = exchange.shown(OURS)


def test_hsds_comes_back_as_it_went() -> None:
    assert exchange.from_hsds(exchange.to_hsds(ROWS)) == ROWS
    assert list(exchange.differences(OURS, exchange.from_hsds(exchange.to_hsds(ROWS)))) == []


def test_csv_comes_back_as_it_went() -> None:
    assert exchange.from_csv(exchange.to_csv(ROWS)) == ROWS
    assert exchange.from_csv("\ufeff" + exchange.to_csv(ROWS)) == ROWS


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_what_hsds_requires_is_there() -> None:
    found = json.loads(exchange.to_hsds(ROWS))
    ids = [item["id"] for item in objects(found)]
    assert len(set(ids)) == len(ids)
    assert all(str(uuid.UUID(name)) == name for name in ids)
    assert all(item["name"] and item["status"] == "active" for item in found)
    assert all(phone["number"] for item in found for phone in item.get("phones", ()))
    again = json.loads(exchange.to_hsds(ROWS))
    assert [item["id"] for item in again] == [item["id"] for item in found]


def test_doubtful_records_and_numbers_are_not_given_away() -> None:
    low = {record["id"] for record in OURS if record["confidence"] == "low"}
    assert low
    assert not low & {row["id"] for row in ROWS}
    text = exchange.to_hsds(ROWS) + exchange.to_csv(ROWS)
    assert "04 223 45 67" not in text


def test_a_refuge_has_no_street() -> None:
    refuges = {record["id"] for record in OURS if record.get("refuge")}
    assert not any(row["street"] for row in ROWS if row["id"] in refuges)


def test_a_number_that_others_have_otherwise_is_shown() -> None:
    row = next(row for row in ROWS if row["phone"].startswith("04"))
    theirs = [{**row, "phone": "04 222 10 12"}]
    (found,) = exchange.differences(OURS, theirs)
    assert (found.id, found.field, found.theirs) == (row["id"], "phone", "04 222 10 12")


def test_another_way_to_write_a_number_is_the_same_number() -> None:
    row = next(row for row in ROWS if row["phone"].startswith("04"))
    other = "+32 " + row["phone"][1:].replace(" ", ".")
    assert list(exchange.differences(OURS, [{**row, "phone": other}])) == []
    assert exchange.unknown(OURS, [{"id": "", "phone": other}]) == []


def test_a_file_of_others_is_read_without_our_attributes() -> None:
    theirs = {
        "id": "x",
        "name": "CAW",
        "status": "active",
        "phones": [{"id": "y", "number": "04 227 98 76"}],
        "languages": [{"code": "nl"}],
    }
    text = json.dumps({"contents": [theirs]})
    (row,) = exchange.from_hsds(text)
    assert (row["id"], row["name_fr"], row["phone"], row["languages"]) == (
        "", "CAW", "04 227 98 76", "nl",
    )  # fmt: skip
    assert exchange.unknown(OURS, [row]) == [row]


@pytest.mark.parametrize(
    "text",
    ["", "{", "1", '{"a": 1}', "[" * 100_000, '{"services": {"a": 1}}'],
)
def test_what_is_no_hsds_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        exchange.from_hsds(text)


@pytest.mark.parametrize("value", [None, 1, [], {}, [1], [None], [[]], "x" * 10_000, "<b>\x00"])
def test_odd_values_are_left_out_and_stop_nothing(value: Any) -> None:
    keys = ("name", "phones", "attributes", "languages", "service_at_locations", "schedules", "url")
    (row,) = exchange.from_hsds(json.dumps([dict.fromkeys(keys, value)]))
    assert all(len(cell) <= 500 and "\x00" not in cell for cell in row.values())


def test_no_cell_is_a_formula() -> None:
    row = dict.fromkeys(exchange.COLUMNS, "=1+1")
    (cells,) = list(csv.reader(io.StringIO(exchange.to_csv([row]))))[1:]
    assert {cell[0] for cell in cells} == {"'"}
    assert exchange.from_csv(exchange.to_csv([row])) == [row]


def test_a_csv_with_semicolons_is_read_and_one_without_ids_refused() -> None:
    assert exchange.from_csv("id;phone\nx;107\n") == [{"id": "x", "phone": "107"}]
    with pytest.raises(RefusedError):
        exchange.from_csv("name,phone\nx,107\n")
