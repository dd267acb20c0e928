"""The directory for others: Open Referral HSDS 3.0 (JSON) and CSV, and what theirs says otherwise.

HSDS: https://docs.openreferral.org (schemas service, phone, schedule, service_area, attribute;
required: id, name, status; phone: id, number). HSDS has one language: French stands in `name` and
`description`, Dutch in `alternate_name` and in attributes. Our ids are no UUIDs, which HSDS wants:
each gets one that never changes, and stands itself in the attribute `helpline_id`.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.directory.numbers import digits
from bot.workshop.saving import RefusedError
from bot.workshop.typed import number
from bot.workshop.yaml_edit import tidy

_SPACE = uuid.UUID("6f1d3c1e-0b64-5f0a-9d0e-2b8f4b8b8a11")
COLUMNS = (
    "id", "name_fr", "name_nl", "kind", "needs", "languages", "area", "phone", "url", "email",
    "hours_fr", "hours_nl", "hours_osm", "note_fr", "note_nl", "street", "postal_code",
    "locality", "checked_by", "checked_date",
)  # fmt: skip
# What an import compares and may change; the rest stays ours.
COMPARED = ("name_fr", "name_nl", "phone", "url", "hours_fr", "hours_nl", "hours_osm")
_ATTRIBUTES = ("name_nl", "note_nl", "kind", "needs", "area", "checked_by", "hours_nl", "hours_osm")
_MOST = 500


@dataclass(frozen=True)
class Difference:
    """A field of a record of ours that the other file has otherwise."""

    id: str
    field: str
    ours: str
    theirs: str


def flat(record: Mapping[str, Any]) -> dict[str, str]:
    """Return a record as one row of text; unknown is empty."""
    area, url = record.get("area") or {}, record.get("url") or ""
    hours, address = record.get("hours") or {}, record.get("address") or {}
    checked = record.get("checked") or {}
    places = [p for key in ("communes", "networks", "provinces", "regions")
              for p in area.get(key) or ()]  # fmt: skip
    return {
        "id": record["id"],
        "name_fr": record["name"]["fr"],
        "name_nl": record["name"]["nl"],
        "kind": record["kind"],
        "needs": " ".join(record["needs"]),
        "languages": " ".join(record["languages"]),
        "area": ": ".join(filter(None, [area.get("scope", ""), ", ".join(places)])),
        "phone": record.get("phone") or "",
        "url": url if isinstance(url, str) else url.get("fr") or next(iter(url.values())),
        "email": record.get("email") or "",
        "hours_fr": hours.get("fr") or "",
        "hours_nl": hours.get("nl") or "",
        "hours_osm": hours.get("osm") or "",
        "note_fr": record["note"]["fr"],
        "note_nl": record["note"]["nl"],
        "street": address.get("street") or "",
        "postal_code": address.get("postal_code") or "",
        "locality": address.get("locality") or "",
        "checked_by": checked.get("by_role") or "",
        "checked_date": checked.get("date") or "",
    }


def shown(records: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the rows to give away: without what is too doubtful to be shown to anybody."""
    return [flat(record) for record in records if record["confidence"] != "low"]


# --- CSV
def to_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _inert(row[key]) for key in COLUMNS})
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "'") else cell


def from_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file, of comma or semicolon.

    Raises:
        RefusedError: it has no column `id`.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    if "id" not in (reader.fieldnames or ()):
        raise RefusedError("wrong_file", file="CSV")
    return [
        {
            key: tidy(cell[1:] if cell.startswith("'") else cell, _MOST)
            for key, cell in row.items()
            if key in COLUMNS and isinstance(cell, str)
        }
        for row in reader
    ]


# --- HSDS
def _uuid(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "/".join(parts)))


def to_hsds(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as a JSON list of HSDS services."""
    return json.dumps([_service(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def _service(row: Mapping[str, str]) -> dict[str, Any]:
    own = _uuid(row["id"])
    service: dict[str, Any] = {
        "id": own,
        "name": row["name_fr"],
        "alternate_name": row["name_nl"],
        "description": row["note_fr"],
        "status": "active",
        "organization": {
            "id": _uuid("organization", row["id"]),
            "name": row["name_fr"],
            "description": row["note_fr"],
        },
        "languages": [
            {"id": _uuid(row["id"], "language", code), "code": code}
            for code in row["languages"].split()
        ],
        "service_areas": [{"id": _uuid(row["id"], "area"), "name": row["area"]}],
        "attributes": [
            {
                "id": _uuid(row["id"], "attribute", key),
                "link_id": own,
                "link_entity": "service",
                "label": label,
                "value": row[key],
            }
            for key, label in (("id", "helpline_id"), *((k, k) for k in _ATTRIBUTES))
            if row[key]
        ],
    }
    service |= {key: row[key] for key in ("url", "email") if row[key]}
    if row["checked_date"]:
        service["assured_date"] = row["checked_date"]
    if row["phone"]:
        service["phones"] = [
            {"id": _uuid(row["id"], "phone"), "number": row["phone"], "type": "voice"}
        ]
    if row["hours_fr"] or row["hours_osm"]:
        service["schedules"] = [
            {"id": _uuid(row["id"], "hours"), "description": row["hours_fr"] or row["hours_osm"]}
        ]
    if row["street"] or row["postal_code"] or row["locality"]:
        service["service_at_locations"] = [_location(row)]
    return service


def _location(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": _uuid(row["id"], "at"),
        "location": {
            "id": _uuid(row["id"], "location"),
            "location_type": "physical",
            "addresses": [
                {
                    "id": _uuid(row["id"], "address"),
                    "address_1": row["street"],
                    "city": row["locality"],
                    "state_province": "",
                    "postal_code": row["postal_code"],
                    "country": "BE",
                    "address_type": "physical",
                }
            ],
        },
    }


def from_hsds(text: str) -> list[dict[str, str]]:
    """Return the services of an HSDS file as rows; `id` is empty for those of others.

    Args:
        text: a list of services, or an object with `services` or `contents`.

    Raises:
        RefusedError: it isn't JSON of that form.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError("wrong_file", file="HSDS") from None
    if isinstance(data, dict):
        data = data.get("services", data.get("contents"))
    if not isinstance(data, list):
        raise RefusedError("wrong_file", file="HSDS")
    return [_row(item) for item in data if isinstance(item, dict)]


def _text(value: Any) -> str:
    return tidy(value, _MOST) if isinstance(value, str) else ""


def _first(item: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """Follow lists and objects; return the first object at the end, or an empty one."""
    found: Any = item
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, list):
            found = found[0] if found else None
    return found if isinstance(found, dict) else {}


def _row(item: Mapping[str, Any]) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    attributes = item.get("attributes")
    for one in attributes if isinstance(attributes, list) else ():
        label = one.get("label") if isinstance(one, dict) else None
        name = "id" if label == "helpline_id" else label
        if name in (*_ATTRIBUTES, "id"):
            row[name] = _text(one.get("value"))
    languages = item.get("languages")
    spoken = [_text(x.get("code")) for x in languages if isinstance(x, dict)] if isinstance(
        languages, list
    ) else []  # fmt: skip
    address = _first(item, "service_at_locations", "location", "addresses")
    row |= {
        "name_fr": _text(item.get("name")),
        "note_fr": _text(item.get("description")),
        "url": _text(item.get("url")),
        "email": _text(item.get("email")),
        "phone": _text(_first(item, "phones").get("number")),
        "hours_fr": _text(_first(item, "schedules").get("description")),
        "checked_date": _text(item.get("assured_date")),
        "languages": " ".join(filter(None, spoken)),
        "street": _text(address.get("address_1")),
        "postal_code": _text(address.get("postal_code")),
        "locality": _text(address.get("city")),
    }
    if row["hours_fr"] == row["hours_osm"] and not row["hours_nl"]:
        row["hours_fr"] = ""
    return row


# --- comparing
def differences(
    ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, str]]
) -> Iterator[Difference]:
    """Yield what the other file says otherwise about records that both have.

    A record is the same when its id is, or (for files of others) when its number is.
    """
    mine = {record["id"]: flat(record) for record in ours}
    by_number: dict[str, list[str]] = {}
    for name, row in mine.items():
        if row["phone"]:
            by_number.setdefault(_key(row["phone"]), []).append(name)
    for given in theirs:
        same = by_number.get(_key(given.get("phone", "")), [])
        name = given.get("id") or (same[0] if len(same) == 1 else "")
        if name not in mine:
            continue
        for key in COMPARED:
            other = given.get(key, "")
            alike = key == "phone" and _key(other) == _key(mine[name][key])
            if other and other != mine[name][key] and not alike:
                yield Difference(name, key, mine[name][key], other)


def unknown(
    ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, str]]
) -> list[Mapping[str, str]]:
    """Return the rows that are no record of ours, by id or by number."""
    ids = {record["id"] for record in ours}
    numbers = {_key(record["phone"]) for record in ours if record.get("phone")}
    return [r for r in theirs if r.get("id") not in ids and _key(r.get("phone", "")) not in numbers]


def _key(phone: str) -> str:
    try:
        return (number(phone, {})[1] or digits(phone)) if phone else ""
    except RefusedError:
        return digits(phone)
