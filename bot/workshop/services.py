"""The directory in the workshop: change a service, check one, add one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.directory.files import records
from bot.directory.numbers import digits
from bot.directory.places import fold
from bot.directory.vocabulary import KINDS, NEEDS
from bot.workshop.checking import Checker
from bot.workshop.listing import FOLDER, Row, files
from bot.workshop.record_edit import (
    append,
    put_mapping,
    put_phone,
    put_source,
    put_text,
    record_of,
)
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.typed import (
    MOST,
    Wanted,
    address,
    both_languages,
    number,
    opening_hours,
    source_of,
    web_address,
)
from bot.workshop.yaml_edit import put, styled, tidy

# What nobody may change without saying where it was read.
_NEEDS_SOURCE = ("phone", "hours")


# --- changes
def _banned(shelf: Shelf) -> dict[str, str]:
    return {digits(i["phone"]): i["why"] for _, i in records(files(shelf), "do_not_use")}


def change(
    shelf: Shelf, row: Row, wanted: Wanted, *, who: str, why: str, today: date, before: str | None
) -> Saved:
    """Change a record; a new number or new hours must say where they were read.

    Raises:
        StaleError: somebody else has changed the record since `before`.
        RefusedError: something that was typed can't be used.
    """
    name = both_languages(wanted.name, MOST["name"], "name", needed=True)
    note = both_languages(wanted.note, MOST["note"], "note", needed=True)
    times, url, place = (
        opening_hours(wanted.hours),
        web_address(wanted.url),
        address(wanted.address),
    )
    phone: tuple[str, str | None] = ("", None)
    if wanted.phone.strip():
        same = tidy(wanted.phone, 40) == row.record.get("phone")
        given = number(wanted.phone, _banned(shelf))
        phone = (str(row.record["phone"]), row.record.get("phone_e164")) if same else given
    source = source_of(wanted, today)
    old_hours = dict(row.record.get("hours") or {})
    moved = {
        "phone": digits(phone[0]) != digits(row.record.get("phone") or ""),
        "hours": times != old_hours,
    }
    if any(moved[key] for key in _NEEDS_SOURCE) and source is None:
        raise RefusedError("wrong_no_source")

    def apply(data: Any) -> None:
        record = record_of(data, row.id)
        for key, texts in (("name", name), ("note", note)):
            for code, text in texts.items():
                put_text(record[key], code, text)
        if moved["phone"]:
            put_phone(record, phone)
        if moved["hours"]:
            put_mapping(record, "hours", times)
        if not isinstance(record.get("url"), dict):
            put_text(record, "url", url)
        if place != dict(record.get("address") or {}):
            put_mapping(record, "address", place)
        if source:
            put_source(record, source, today)
        if any(moved.values()):
            record["checked"] = styled({"by_role": None, "date": None})

    return shelf.edit(
        row.file,
        apply,
        who=who,
        why=why,
        part=lambda data: record_of(data, row.id),
        before=before,
        check=Checker(shelf, today),
    )


def mark_checked(
    shelf: Shelf, row: Row, *, role: str, who: str, today: date, before: str | None = None
) -> Saved:
    """Note that a person has checked a record today.

    Args:
        role: who they are for this assistant ("CPAS d'Esneux"), never a name.

    Raises:
        RefusedError, StaleError: as `change`.
    """
    by = tidy(role, MOST["role"])
    if not by:
        raise RefusedError("wrong_role")

    def apply(data: Any) -> None:
        checked = record_of(data, row.id)["checked"]
        put(checked, "by_role", by)
        put(checked, "date", today.isoformat())

    return shelf.edit(
        row.file,
        apply,
        who=who,
        why=f"{row.id}: checked ({by})",
        part=lambda data: record_of(data, row.id),
        before=before,
        check=Checker(shelf, today),
    )


def add(
    shelf: Shelf,
    folder: str,
    wanted: Wanted,
    *,
    kind: str,
    needs: Sequence[str],
    languages: Sequence[str],
    communes: Sequence[str],
    who: str,
    why: str,
    today: date,
) -> tuple[str, Saved]:
    """Add a record to a network's `services.yml`; return its id. Nobody has checked it yet.

    Args:
        folder: the network.
        communes: own names; none: the whole network.

    Raises:
        RefusedError: something that was typed can't be used.
    """
    name = both_languages(wanted.name, MOST["name"], "name", needed=True)
    note = both_languages(wanted.note, MOST["note"], "note", needed=True)
    source = source_of(wanted, today)
    if source is None:
        raise RefusedError("wrong_no_source")
    if kind not in KINDS or not needs or any(need not in NEEDS for need in needs):
        raise RefusedError("wrong_kind")
    if not languages or any(code not in ("fr", "nl", "de", "en") for code in languages):
        raise RefusedError("wrong_languages")
    service_id = _new_id(shelf, name["fr"])
    record: dict[str, Any] = {
        "id": service_id,
        "name": name,
        "kind": kind,
        "needs": list(needs),
        "audiences": ["all"],
        "languages": list(languages),
        "area": {"scope": "communes", "communes": list(communes)}
        if communes
        else {"scope": "network", "networks": [folder]},
    }
    if wanted.phone.strip():
        shown, e164 = number(wanted.phone, _banned(shelf))
        record |= {"phone": shown} | ({"phone_e164": e164} if e164 else {})
    optional = {
        "url": web_address(wanted.url),
        "address": address(wanted.address),
        "hours": opening_hours(wanted.hours),
    }
    record |= {key: value for key, value in optional.items() if value}
    record |= {"note": note, "confidence": "medium", "source_date": source["page_date"]}
    if not source["page_date"]:
        record["read_on"] = today.isoformat()
    record |= {"checked": {"by_role": None, "date": None}, "sources": [source]}
    saved = shelf.edit(
        f"{FOLDER}/{folder}/services.yml",
        lambda data: append(data["services"], record),
        who=who,
        why=why,
        check=Checker(shelf, today),
    )
    return service_id, saved


def _new_id(shelf: Shelf, name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:48].strip("-") or "service"
    taken = {record["id"] for _, record in records(files(shelf), "services")}
    return next(_free(base, taken))


def _free(base: str, taken: set[str]) -> Iterator[str]:
    for count in range(1, len(taken) + 2):
        name = base if count == 1 else f"{base}-{count}"
        if name not in taken:
            yield name
