"""One record of a data file into a :class:`Service`, with errors that whoever edits understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .files import DataFile
from .model import Address, Area, Commune, DirectoryError, LineRule, Network, Service, Source
from .vocabulary import COMMUNITY_REGIONS, KINDS, NEEDS, REGIONS, SCOPES, TOPICS, WRITERS

_CURE_WORD = "Use one of the words in data/directory/README.md."


class _Record:
    """A record with the file that it stands in, so that each complaint can say where."""

    def __init__(self, file: DataFile, data: dict[str, Any]) -> None:
        self.file, self.data = file, data
        self.id = str(data.get("id", ""))

    def error(self, problem: str, cure: str) -> DirectoryError:
        line = self.file.line_of(self.id) if self.id else None
        return DirectoryError(self.file.path, f"record '{self.id}': {problem}", cure, line)

    def need(self, key: str) -> Any:
        if self.data.get(key) in (None, "", [], {}):
            raise self.error(f"'{key}' is missing", f"Add a line '{key}: …'.")
        return self.data[key]

    def text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            # 112 without quotes is a number to YAML, and 0800 would lose its zero.
            raise self.error(f"'{key}' is not text ({value})", 'Put it between quotes: "…".')
        return value

    def words(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        values = self.data.get(key) or []
        for value in values:
            if value not in allowed:
                raise self.error(f"'{key}' has an unknown word ({value})", _CURE_WORD)
        return tuple(values)

    def bilingual(self, key: str, *, required: bool = False) -> dict[str, str]:
        texts = self.need(key) if required else self.data.get(key) or {}
        texts = {lang: texts[lang] for lang in ("fr", "nl") if texts.get(lang)}
        if texts and len(texts) != 2:
            raise self.error(f"'{key}' isn't in both languages", "Write it in fr and in nl.")
        return texts


def parse_service(
    file: DataFile,
    data: dict[str, Any],
    own: Mapping[str, str],
    communes: Mapping[str, Commune],
    networks: Mapping[str, Network],
) -> Service:
    """Build the service.

    Args:
        file: where the record stands.
        data: the record.
        own: NIS code by the commune's own name.
        communes: all communes by NIS code.
        networks: all networks by id.

    Raises:
        DirectoryError: something is missing or unknown.
    """
    record = _Record(file, data)
    record.need("id")
    kind = record.need("kind")
    if kind not in KINDS:
        raise record.error(f"unknown kind ({kind})", _CURE_WORD)
    hours = data.get("hours") or {}
    chat = data.get("chat_hours") or {}
    url, urls = _pages(data.get("url"))
    address = Address(**data["address"]) if data.get("address") else None
    refuge = bool(data.get("refuge"))
    if address and address.street and (refuge or kind == "shelter"):
        raise record.error("a refuge has a street", "Take the street out: it must stay secret.")
    bill = data.get("on_phone_bill")
    bill_source = data.get("on_phone_bill_source")
    if bill is not None and not bill_source:
        raise record.error(
            "'on_phone_bill' has no source", "Add 'on_phone_bill_source' or drop it."
        )
    if not record.need("sources"):
        raise record.error("no source", "Add where the facts were read.")
    checked = {k: str(v) for k, v in (data.get("checked") or {}).items() if v}
    return Service(
        id=record.id,
        name=record.bilingual("name", required=True),
        kind=kind,
        audiences=tuple(data.get("audiences") or ()),
        needs=record.words("needs", NEEDS),
        languages=tuple(record.need("languages")),
        area=_area(record, own, communes, networks),
        phone=record.text("phone"),
        phone_e164=record.text("phone_e164"),
        sms=record.text("sms"),
        whatsapp=record.text("whatsapp"),
        chat_url=record.text("chat_url"),
        email=record.text("email"),
        url=url,
        urls=urls,
        address=address,
        is_refuge=refuge,
        hours_osm=hours.get("osm"),
        hours_text=_texts(hours),
        chat_hours_osm=chat.get("osm"),
        chat_hours_text=_texts(chat),
        free=data.get("free"),
        anonymous=data.get("anonymous"),
        on_phone_bill=bill,
        on_phone_bill_source=Source(
            bill_source["url"], None, "", bill_source.get("page_date") or bill_source["read_on"]
        )
        if bill_source
        else None,
        note=record.bilingual("note"),
        confidence=record.need("confidence"),
        sources=tuple(_source(item) for item in data["sources"]),
        source_date=record.text("source_date"),
        read_on=record.text("read_on"),
        checked=checked if {"by_role", "date"} <= checked.keys() else {},
        line=_line(record),
        same_as=data.get("same_as"),
    )


def _texts(hours: Mapping[str, Any]) -> dict[str, str]:
    return {lang: hours[lang] for lang in ("fr", "nl") if hours.get(lang)}


def _pages(url: Any) -> tuple[str | None, dict[str, str]]:
    if isinstance(url, dict):
        return next(iter(url.values()), None), dict(url)
    return url, {}


def _source(item: Mapping[str, Any]) -> Source:
    return Source(item.get("url"), item.get("title"), item["seen"], item.get("page_date"))


def _line(record: _Record) -> LineRule | None:
    rule = record.data.get("line")
    if not rule:
        return None
    writers = tuple(rule.get("for") or WRITERS)
    for word in rule["topics"]:
        if word not in TOPICS:
            raise record.error(f"'line' has an unknown topic ({word})", _CURE_WORD)
    for word in writers:
        if word not in WRITERS:
            raise record.error(f"'line' is for an unknown writer ({word})", _CURE_WORD)
    return LineRule(dict(rule["topics"]), writers)


def _area(
    record: _Record,
    own: Mapping[str, str],
    communes: Mapping[str, Commune],
    networks: Mapping[str, Network],
) -> Area:
    area = record.need("area")
    scope = area.get("scope")
    if scope not in SCOPES:
        raise record.error(f"'area' has an unknown scope ({scope})", _CURE_WORD)
    ids = []
    for name in area.get("communes") or ():
        code = own.get(name) or (name if name in communes else None)
        if code is None:
            raise record.error(
                f"unknown commune ({name})", "Write its own name, as in belgium/municipalities.yml."
            )
        ids.append(code)
    for name in area.get("networks") or ():
        if name not in networks:
            raise record.error(f"unknown network ({name})", "Use the name of the network's folder.")
    for name in area.get("regions") or ():
        if name not in REGIONS:
            raise record.error(f"unknown region ({name})", _CURE_WORD)
    community = area.get("community")
    if community is not None and community not in COMMUNITY_REGIONS:
        raise record.error(f"unknown community ({community})", "Use fr, nl or de.")
    return Area(
        scope=scope,
        communes=tuple(ids),
        networks=tuple(area.get("networks") or ()),
        provinces=tuple(area.get("provinces") or ()),
        regions=tuple(area.get("regions") or ()),
        community=community,
    )
