"""A commune joins a network: suggested from the national lists, written into `network.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.directory.files import read
from bot.directory.model import Commune, Directory
from bot.directory.named import named
from bot.workshop.checking import Checker
from bot.workshop.listing import FOLDER, networks
from bot.workshop.saving import RefusedError, Saved, Shelf, snapshot
from bot.workshop.typed import Wanted, lines_of, one_line, source_of
from bot.workshop.yaml_edit import plain, styled

_MOST_NAME = 80
_MOST_VILLAGES = 80
_VILLAGE = re.compile(r"([1-9][0-9]{3})\s+([^()]+?)\s*(?:\(([^()]*)\))?")


@dataclass(frozen=True)
class Joining:
    """A form on a commune, as typed; `villages` are lines like "4130 Tilff (Tilf, Tylff)"."""

    network: str
    nis: str
    also: str
    villages: str
    zone: str = ""
    zone_number: str = ""
    source_url: str = ""
    source_seen: str = ""
    source_date: str = ""


def suggest(directory: Directory, asked: str) -> list[Commune]:
    """Return the communes that a name, postal code or NIS code may mean."""
    return named(directory, asked)


def villages_of(shelf: Shelf, commune: Commune) -> list[str]:
    """Return lines for the form: the commune itself, then its villages by postal code."""
    found = [f"{commune.postal_codes[0]} {commune.own_name}"]
    sections: dict[str, list[str]] = {}
    for path in sorted((shelf.data / FOLDER / "belgium").glob("*.yml")):
        for code, names in (read(path).data.get("sections") or {}).items():
            sections.setdefault(str(code), []).extend(names)
    for code in commune.postal_codes:
        found += [f"{code} {name}" for name in sections.get(code, ())]
    return list(dict.fromkeys(found))


def opened(shelf: Shelf) -> str:
    """Return what the form remembers: which communes are in which network."""
    return snapshot(networks(shelf))


def add(
    shelf: Shelf,
    directory: Directory,
    wanted: Joining,
    *,
    who: str,
    why: str,
    today: date,
    before: str | None = None,
) -> Saved:
    """Write a commune into a network. Its services come after that, one by one.

    Args:
        shelf: the data files.
        directory: with all communes of the country.
        wanted: as typed.
        who: the alias of whoever saves.
        why: in their words.
        today: for the date of the source.
        before: `opened` when the form was.

    Raises:
        StaleError: a network got or lost a commune since.
        RefusedError: something that was typed can't be used.
    """
    known = networks(shelf)
    if wanted.network not in known:
        raise RefusedError("wrong_network", network=wanted.network[:40])
    commune = directory.communes.get(wanted.nis)
    if commune is None:
        raise RefusedError("wrong_nis", nis=wanted.nis[:10])
    source = source_of(
        Wanted({}, {}, source_url=wanted.source_url, source_seen=wanted.source_seen,
               source_date=wanted.source_date), today,
    )  # fmt: skip
    if source is None:
        raise RefusedError("wrong_commune_source")
    record = _record(commune, wanted, source)

    def apply(data: Any) -> None:
        for network, communes in networks(shelf).items():
            if commune.id in communes:
                raise RefusedError("wrong_commune_taken", name=commune.own_name, network=network)
        data["communes"].append(record)

    return shelf.edit(
        f"{FOLDER}/{wanted.network}/network.yml",
        apply,
        who=who,
        why=why,
        # All networks: two people may add the same commune to two of them.
        part=lambda _: networks(shelf),
        before=before,
        check=Checker(shelf, today),
    )


def _record(commune: Commune, wanted: Joining, source: Mapping[str, Any]) -> CommentedMap:
    record = CommentedMap({"nis": styled(commune.id), "name": commune.own_name})
    also = [one_line(name, _MOST_NAME) for name in wanted.also.split(",")]
    if any(also):
        record["also"] = _names([name for name in also if name])
    zone = one_line(wanted.zone, _MOST_NAME)
    if zone:
        made = plain({"name": zone})
        if number := one_line(wanted.zone_number, 10):
            made["number"] = styled(number)
        record["police_zone"] = made
    record["localities"] = CommentedSeq(_villages(wanted.villages, commune))
    made = styled(dict(source))
    made.fa.set_block_style()
    record["sources"] = CommentedSeq([made])
    return record


def _names(names: Sequence[str]) -> Any:
    return styled(list(dict.fromkeys(names)))


def _villages(typed: str, commune: Commune) -> list[Any]:
    found = []
    for line in lines_of(typed, 3 * _MOST_NAME, _MOST_VILLAGES):
        match = _VILLAGE.fullmatch(line)
        if not match or len(match[2]) > _MOST_NAME or re.search(r"[<>\[\]{}/\\]", line):
            raise RefusedError("wrong_village", line=line[:80])
        if match[1] not in commune.postal_codes:
            codes = ", ".join(commune.postal_codes)
            raise RefusedError("wrong_village_code", code=match[1], codes=codes)
        village = plain({"name": match[2]})
        village["name"] = styled(match[2])
        village["postal_code"] = styled(match[1])
        also = [name.strip() for name in (match[3] or "").split(",") if name.strip()]
        if also:
            village["also"] = _names(also)
        found.append(village)
    if not found:
        raise RefusedError("wrong_villages")
    return found
