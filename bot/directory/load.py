"""Read ``data/directory`` once into a :class:`Directory`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .cues import Cues, read_cues
from .files import DataFile, read_all, records
from .model import (
    Commune,
    Directory,
    DirectoryError,
    Locality,
    Mode,
    Network,
    Service,
)
from .numbers import ALWAYS_SHOWN, digits, numbers_in, without_numbers
from .parse import parse_service
from .places import NameRules, PlaceIndex, fold


def load_directory(path: Path, mode: Mode) -> Directory:
    """Read the directory.

    Args:
        path: the folder ``data/directory``.
        mode: ``live`` hides every number whose record no person has checked, save 112 and 101;
            ``demo`` and ``pilot`` show all sourced numbers of medium and high confidence.

    Raises:
        DirectoryError: a file can't be used; the message names file, line and cure.
    """
    files = read_all(path)
    communes, networks = _communes(files)
    own = {commune.own_name: commune.id for commune in communes.values()}
    services = []
    seen: dict[str, Path] = {}
    for file, record in records(files, "services"):
        service = parse_service(file, record, own, communes, networks)
        if service.id in seen:
            raise DirectoryError(
                file.path,
                f"the id '{service.id}' also stands in {seen[service.id]}",
                "Give one of the two another id, or make them one record.",
                file.line_of(service.id),
            )
        seen[service.id] = file.path
        # Low confidence is for the sheet to check by telephone, never for a citizen.
        if service.confidence != "low":
            services.append(service)
    if mode == "live":
        services = _only_checked(services)
    places = PlaceIndex(communes.values(), _sections(files), _rules(files, own), _cues(files, path))
    return Directory(
        path=path,
        mode=mode,
        services=tuple(services),
        communes=communes,
        networks=networks,
        places=places,
        by_id={service.id: service for service in services},
    )


def _communes(files: list[DataFile]) -> tuple[dict[str, Commune], dict[str, Network]]:
    communes = {}
    for file, record in records(files, "municipalities"):
        try:
            in_dutch = record["region"] in ("flanders", "german")
            communes[record["nis"]] = Commune(
                id=record["nis"],
                name={"fr": record["fr"], "nl": record["nl"]},
                own_name=record["nl" if in_dutch else "fr"],
                region=record["region"],
                province=record.get("province"),
                network=None,
                postal_codes=tuple(record["postal_codes"]),
                also=tuple(record.get("also", ())),
            )
        except KeyError as error:
            raise DirectoryError(
                file.path,
                f"the municipality {record.get('nis')} has no {error}",
                "Add it as on the lines around.",
            ) from error
    networks = {}
    for file in files:
        if "network" not in file.data:
            continue
        network = file.data["network"]
        members = [_member(file, item, communes) for item in file.data.get("communes") or []]
        communes.update({member.id: member for member in members})
        networks[network["id"]] = Network(
            id=network["id"],
            name=network["name"],
            languages=tuple(network["languages"]),
            coordinator=network["coordinator"],
            communes=tuple(member.id for member in members),
        )
    return communes, networks


def _member(file: DataFile, item: dict[str, Any], communes: Mapping[str, Commune]) -> Commune:
    known = communes.get(str(item.get("nis")))
    if known is None:
        raise DirectoryError(
            file.path,
            f"the commune {item.get('name')} has an unknown NIS code ({item.get('nis')})",
            "Take the code from belgium/municipalities.yml.",
            file.line_of(str(item.get("nis"))),
        )
    localities = tuple(
        Locality(one["name"], one["postal_code"], tuple(one.get("also", ())))
        for one in item.get("localities", ())
    )
    zone = item.get("police_zone") or {}
    return replace(
        known,
        network=file.data["network"]["id"],
        localities=localities,
        also=(*known.also, *item.get("also", ())),
        police_zone=zone.get("name"),
    )


def _sections(files: list[DataFile]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in files:
        for code, names in (file.data.get("sections") or {}).items():
            found.setdefault(str(code), []).extend(names)
    return found


def _rules(files: list[DataFile], own: Mapping[str, str]) -> NameRules:
    words: set[str] = set()
    hard: set[str] = set()
    not_places: set[str] = set()
    ambiguous: dict[str, tuple[str, ...]] = {}
    for file in files:
        rules = file.data.get("name_rules") or {}
        for key, names in (("words", words), ("hard", hard), ("not_places", not_places)):
            for name in rules.get(key) or ():
                if not isinstance(name, str):
                    raise DirectoryError(
                        file.path,
                        f"'{key}' holds {name!r}, which YAML doesn't read as text",
                        'Put the word between quotes, like "on".',
                    )
                names.add(fold(name))
        for item in rules.get("ambiguous", ()):
            try:
                ambiguous[item["spelling"].lower()] = tuple(own[n] for n in item["communes"])
            except KeyError as error:
                raise DirectoryError(
                    file.path,
                    f"the ambiguous name '{item.get('spelling')}' names no commune {error}",
                    "Write the commune's own name, as in belgium/municipalities.yml.",
                ) from error
    return NameRules(frozenset(words), frozenset(hard), frozenset(not_places), ambiguous)


def _cues(files: list[DataFile], path: Path) -> Cues:
    for file in files:
        if "cues" in file.data:
            try:
                return read_cues(file.data["cues"])
            except (KeyError, AttributeError) as error:
                raise DirectoryError(
                    file.path,
                    f"the group {error} is missing or not text",
                    "Write it as the others.",
                ) from error
    raise DirectoryError(path / "belgium", "has no file with 'cues:'", "Restore cues.yml.")


def _only_checked(services: list[Service]) -> list[Service]:
    """Without the numbers that nobody has checked, in their fields and in the sentences."""
    shown, known = set(ALWAYS_SHOWN), set(ALWAYS_SHOWN)
    for service in services:
        own = {digits(n) for n in (service.phone, service.sms, service.whatsapp) if n}
        known |= own
        if service.checked:
            shown |= own
    hidden = known - shown
    return [_without(service, hidden, known) for service in services]


def without_doubted(services: Iterable[Service], doubted: Collection[str]) -> list[Service]:
    """Return the services without the numbers of some, wherever these numbers stand.

    112 and 101 stay whatever is doubted.

    Args:
        services: as they were loaded.
        doubted: ids of those whose numbers must not be given.
    """
    known, hidden = set(ALWAYS_SHOWN), set()
    for service in services:
        own = {digits(n) for n in (service.phone, service.sms, service.whatsapp) if n}
        known |= own
        if service.id in doubted:
            hidden |= own
    hidden -= ALWAYS_SHOWN
    return [_without(service, hidden, known) for service in services] if hidden else [*services]


def _without(service: Service, hidden: set[str], known: set[str]) -> Service:
    def keep(number: str | None) -> str | None:
        return number if number and digits(number) not in hidden else None

    def quiet(texts: Mapping[str, str]) -> dict[str, str]:
        spoken = {n for text in texts.values() for n in numbers_in(text, known)}
        return {} if spoken & hidden or spoken - known else dict(texts)

    phone = keep(service.phone)
    return replace(
        service,
        name={lang: without_numbers(text, hidden) for lang, text in service.name.items()},
        phone=phone,
        phone_e164=service.phone_e164 if phone else None,
        sms=keep(service.sms),
        whatsapp=keep(service.whatsapp),
        note=quiet(service.note),
        hours_text=quiet(service.hours_text),
        # Said of the number: without it these would mislead.
        free=service.free if phone or not service.phone else None,
        on_phone_bill=service.on_phone_bill if phone else None,
    )
