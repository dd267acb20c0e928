"""How a record of the directory is written into its file: as people write it, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.directory.numbers import digits
from bot.workshop.saving import RefusedError
from bot.workshop.yaml_edit import put, styled


def append(services: Any, record: Mapping[str, Any]) -> None:
    """Add a record at the end of a list of services."""
    made = styled(record)
    made["id"] = record["id"]
    for key in ("kind", "confidence"):
        made[key] = record[key]
    for key in ("name", "note", "hours", "area", "address"):
        if key in made:
            made[key] = CommentedMap(made[key])
            made[key].fa.set_block_style()
    services.append(made)


def record_of(data: Any, service_id: str) -> Any:
    """Return a record of a file.

    Raises:
        RefusedError: there is none of that id.
    """
    for record in data["services"]:
        if record["id"] == service_id:
            return record
    raise RefusedError("wrong_service", id=service_id)


def put_text(record: Any, key: str, value: str) -> None:
    """Set, change or remove a text; equal ones stay as they are written."""
    if not value:
        record.pop(key, None)
    elif record.get(key) != value:
        if key in record or "note" not in record:
            put(record, key, value)
        else:
            record.insert(list(record).index("note"), key, styled(value))


def put_mapping(record: Any, key: str, wanted: Mapping[str, str]) -> None:
    """Set, change or remove a mapping; what is equal stays as it is written."""
    if not wanted:
        record.pop(key, None)
        return
    if key not in record:
        made = styled(dict(wanted))
        made.fa.set_flow_style()
        record.insert(list(record).index("note"), key, made)
        return
    for old in [old for old in record[key] if old not in wanted]:
        del record[key][old]
    for name, value in wanted.items():
        if record[key].get(name) != value:
            put(record[key], name, value)


def put_phone(record: Any, phone: tuple[str, str | None]) -> None:
    """Set a number as it is shown and in the form +32…; a doubt about it is decided with that."""
    shown, e164 = phone
    put_text(record, "phone", shown)
    if "phone" in record and e164 and "phone_e164" not in record:
        record.insert(list(record).index("phone") + 1, "phone_e164", styled(e164))
    else:
        put_text(record, "phone_e164", e164 or "")
    doubt = record.get("to_check")
    if not shown or not doubt or digits(shown) not in map(digits, doubt.get("seen") or ()):
        return
    # It is decided: a number can't be shown and doubted.
    doubt["seen"] = styled([n for n in doubt["seen"] if digits(n) != digits(shown)])
    if not doubt["seen"]:
        del doubt["seen"]
    if not set(doubt) - {"why"}:
        del record["to_check"]


def put_source(record: Any, source: Mapping[str, Any], today: date) -> None:
    """Put a source first, and the newest date that a source carries."""
    made = styled(dict(source))
    made.fa.set_block_style()
    record["sources"].insert(0, made)
    day, known = source["page_date"], record.get("source_date")
    if day and (not known or str(day) > str(known)):
        put(record, "source_date", day)
    elif not day and not known:
        put_text(record, "read_on", today.isoformat())
