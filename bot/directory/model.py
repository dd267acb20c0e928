"""The directory's records, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .vocabulary import COMMUNITY_REGIONS, REGIONS, SCOPES, WRITERS

if TYPE_CHECKING:
    from .places import PlaceIndex

Mode = Literal["demo", "pilot", "live"]
Region = Literal["wallonia", "flanders", "brussels", "german"]
Scope = Literal["communes", "network", "province", "region", "community", "country"]


class DirectoryError(Exception):
    """A data file cannot be used. Says which file, which line if known, and the cure."""

    def __init__(self, file: Path | str, problem: str, cure: str, line: int | None = None) -> None:
        self.file, self.line, self.problem, self.cure = str(file), line, problem, cure
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"{where}: {problem}. {cure}")


@dataclass(frozen=True)
class Source:
    """Where a fact was read: a public address (or a title), what it says, its own date."""

    url: str | None
    title: str | None
    seen: str
    page_date: str | None


@dataclass(frozen=True)
class Address:
    """Where a service is; a refuge never has a street."""

    street: str | None = None
    postal_code: str | None = None
    locality: str | None = None

    def __str__(self) -> str:
        place = " ".join(part for part in (self.postal_code, self.locality) if part)
        return ", ".join(part for part in (self.street, place) if part)


@dataclass(frozen=True)
class Area:
    """Where a service works. ``communes`` are NIS codes; a network may add communes of its own."""

    scope: Scope
    communes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    community: str | None = None

    def covers(self, commune: Commune | None, region: str | None) -> bool:
        """Whether the service works for ``commune``, or for ``region`` when no commune is known."""
        if self.scope == "country":
            return True
        if commune is not None:
            region = commune.region
            if commune.id in self.communes:
                return True
            if commune.network is not None and commune.network in self.networks:
                return True
            if commune.province is not None and commune.province in self.provinces:
                return True
        if self.community is not None:
            return region in COMMUNITY_REGIONS[self.community]
        return region is not None and region in self.regions

    @property
    def distance(self) -> int:
        """0 for a service of single communes, up to 5 for the whole country."""
        return SCOPES.index(self.scope)


@dataclass(frozen=True)
class LineRule:
    """For which topics a line may be named (a lower number is named first), and to whom."""

    topics: Mapping[str, int]
    writers: tuple[str, ...] = WRITERS


@dataclass(frozen=True)
class Service:
    """One place or number that helps. Numbers are exactly those of the data file, or ``None``."""

    id: str
    name: Mapping[str, str]
    kind: str
    audiences: tuple[str, ...]
    needs: tuple[str, ...]
    languages: tuple[str, ...]
    area: Area
    phone: str | None
    phone_e164: str | None
    sms: str | None
    whatsapp: str | None
    chat_url: str | None
    email: str | None
    url: str | None
    urls: Mapping[str, str]
    address: Address | None
    is_refuge: bool
    hours_osm: str | None
    hours_text: Mapping[str, str]
    chat_hours_osm: str | None
    chat_hours_text: Mapping[str, str]
    free: bool | None
    anonymous: bool | None
    on_phone_bill: bool | None
    on_phone_bill_source: Source | None
    note: Mapping[str, str]
    confidence: str
    sources: tuple[Source, ...]
    # The newest date that a source carries, or None where its pages are undated: then read_on.
    source_date: str | None
    read_on: str | None
    # {"by_role": …, "date": "2026-12-01"}, or empty until a person has checked the record.
    checked: Mapping[str, str]
    line: LineRule | None = None
    same_as: str | None = None

    def page(self, language: str) -> str | None:
        """The web page in ``language`` where there is one, else the page that exists."""
        return self.urls.get(language) or self.url

    @property
    def communes(self) -> tuple[str, ...]:
        return self.area.communes

    @property
    def networks(self) -> tuple[str, ...]:
        return self.area.networks

    @property
    def regions(self) -> tuple[str, ...]:
        if self.area.community:
            return COMMUNITY_REGIONS[self.area.community]
        return REGIONS if self.area.scope == "country" else self.area.regions


@dataclass(frozen=True)
class Locality:
    """A section, village or quarter of a commune, with its usual misspellings."""

    name: str
    postal_code: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commune:
    """A municipality. ``id`` is its NIS code; ``own_name`` is French in Brussels and Wallonia."""

    id: str
    name: Mapping[str, str]
    own_name: str
    region: Region
    province: str | None
    network: str | None
    postal_codes: tuple[str, ...]
    localities: tuple[Locality, ...] = ()
    also: tuple[str, ...] = ()
    police_zone: str | None = None


@dataclass(frozen=True)
class Network:
    """A project of several communes; its folder in ``data/directory`` is what makes it exist."""

    id: str
    name: Mapping[str, str]
    languages: tuple[str, ...]
    coordinator: str
    communes: tuple[str, ...]


@dataclass(frozen=True)
class OpenStatus:
    """Open at a moment? ``None`` means that no hours are sure enough to say it."""

    open_now: bool | None
    until: datetime | None = None
    next_open: datetime | None = None


@dataclass(eq=False)
class Directory:
    """Everything that was loaded; pass it to ``match``, ``lines`` and ``services``.

    Only ``doubts`` changes it: ``services`` and ``by_id`` then lose or get back a number.
    """

    path: Path
    mode: Mode
    services: tuple[Service, ...]
    communes: Mapping[str, Commune]
    networks: Mapping[str, Network]
    places: PlaceIndex = field(repr=False)
    by_id: Mapping[str, Service] = field(repr=False)

    def commune(self, name: str) -> Commune | None:
        """The commune with this own name (``Esneux``, ``Gent``, ``Forest``) or NIS code."""
        found = self.communes.get(name)
        return found or next((c for c in self.communes.values() if c.own_name == name), None)
