"""The directory's records as the workshop lists them: what each lacks, which commune lacks what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.directory.check import RECHECK_AFTER
from bot.directory.files import DataFile, read, read_all, records
from bot.directory.numbers import ALWAYS_SHOWN, digits
from bot.workshop.saving import RefusedError, Shelf

FOLDER = "directory"
_NUMBERS = ("phone", "sms", "whatsapp")
# What a commune should have close by; a network's page says which commune lacks it.
CLOSE_BY = ("police", "social", "victim_support")


@dataclass(frozen=True)
class Row:
    """A record as the lists show it; `lacks` are keys of sentences (`lacks_…`)."""

    id: str
    file: str
    folder: str
    record: Mapping[str, Any]
    lacks: tuple[str, ...]
    communes: tuple[str, ...] = ()


def files(shelf: Shelf) -> list[DataFile]:
    """Return the directory's files.

    Raises:
        DirectoryError: one can't be read.
    """
    return read_all(shelf.data / FOLDER)


def lacks(record: Mapping[str, Any], today: date, reports: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what a record lacks, the worst first.

    Args:
        record: as it stands in its file.
        today: for numbers not checked for 180 days.
        reports: days on which citizens found its number wrong.
    """
    checked = (record.get("checked") or {}).get("date")
    found = []
    if any(day > (checked or "") for day in reports):
        found.append("reported")
    if not any(record.get(key) for key in ("phone", "sms", "whatsapp", "chat_url", "same_as")):
        found.append("number")
    if record.get("to_check"):
        found.append("doubt")
    if not (record.get("hours") or {}).get("osm"):
        found.append("hours")
    if not checked:
        found.append("check")
    elif today - date.fromisoformat(checked) > RECHECK_AFTER:
        found.append("recheck")
    return tuple(found)


def rows(shelf: Shelf, today: date, reports: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return all records, as the lists show them.

    Raises:
        DirectoryError: a file can't be read.
    """
    found = []
    for file, record in records(files(shelf), "services"):
        area = record.get("area") or {}
        found.append(
            Row(
                record["id"],
                f"{FOLDER}/{file.folder}/{file.path.name}",
                file.folder,
                record,
                lacks(record, today, reports.get(record["id"], ())),
                tuple(area.get("communes") or ()),
            )
        )
    return found


def find(shelf: Shelf, service_id: str) -> Row:
    """Return one record.

    Raises:
        RefusedError: there is none.
    """
    for row in rows(shelf, date.today(), {}):
        if row.id == service_id:
            return row
    raise RefusedError("wrong_service", id=service_id[:80])


def bare_communes(shelf: Shelf) -> dict[str, dict[str, list[str]]]:
    """Return by network and commune which kinds of help have no service of the commune itself."""
    everything = files(shelf)
    found: dict[str, dict[str, list[str]]] = {}
    listed = [record for _, record in records(everything, "services")]
    for file, item in records(everything, "communes"):
        network = (file.data.get("network") or {}).get("id", file.folder)
        name = item["name"] if isinstance(item["name"], str) else next(iter(item["name"].values()))
        near = [
            record
            for record in listed
            if name in (record["area"].get("communes") or ())
            or network in (record["area"].get("networks") or ())
        ]
        has = {need for record in near if record.get("phone") for need in record["needs"]}
        found.setdefault(network, {})[name] = [need for need in CLOSE_BY if need not in has]
    return found


def networks(shelf: Shelf) -> dict[str, dict[str, str]]:
    """Return the communes of each network as its file has them: own names by NIS code."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((shelf.data / FOLDER).glob("*/network.yml")):
        communes = read(path).data.get("communes") or []
        found[path.parent.name] = {str(item["nis"]): str(item["name"]) for item in communes}
    return found


def known_numbers(shelf: Shelf) -> frozenset[str]:
    """Return the numbers of the directory, by their digits; 112 and 101 are among them."""
    found = set(ALWAYS_SHOWN)
    for _, record in records(files(shelf), "services"):
        found |= {digits(record[key]) for key in _NUMBERS if record.get(key)}
    return frozenset(found)
