"""The workshop in the terminal, what is new: a meaning, a commune, a service."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.directory.vocabulary import KINDS, NEEDS
from bot.language import SUPPORTED
from bot.workshop import communes, confusions, new_intent, services
from bot.workshop.communes import Joining
from bot.workshop.intents import Redact, lines_of
from bot.workshop.new_intent import NewIntent
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.typed import Wanted
from bot.yaml_files import read_yaml

# What a file for a new meaning holds (docs/maintainers.md).
_FIELDS = {
    "name", "topic", "label", "examples", "answer", "child", "buttons", "lines", "services",
    "writer", "raised", "withhold", "sources",
}  # fmt: skip
_SOURCE = ("source-url", "source-seen", "source-date")


def read_intent(path: Path) -> NewIntent:
    """Return a new meaning as a YAML file describes it, with the fields of `NewIntent`.

    Raises:
        RefusedError: a field isn't known, or has the wrong form.
        TextsError: the file can't be read.
    """
    found = read_yaml(path)
    if not isinstance(found, dict) or set(found) - _FIELDS:
        raise RefusedError("wrong_file", file=path.name[:80])
    both: dict[str, Mapping[str, Any]] = {}
    for key in ("label", "examples", "answer", "child"):
        value = found.get(key)
        if key == "child" and value is None:
            continue
        if not isinstance(value, dict) or set(value) != set(SUPPORTED):
            raise RefusedError("wrong_file", file=f"{path.name[:60]}: {key}")
        both[key] = value
    return NewIntent(
        name=str(found.get("name") or ""),
        topic=str(found.get("topic") or ""),
        label={code: str(text) for code, text in both["label"].items()},
        examples={c: lines_of("\n".join(map(str, x))) for c, x in both["examples"].items()},
        answer={code: str(text) for code, text in both["answer"].items()},
        child={code: str(text) for code, text in both.get("child", {}).items()},
        buttons=[str(one) for one in found.get("buttons") or ()],
        lines=str(found.get("lines") or ""),
        services=str(found.get("services") or ""),
        writer=str(found.get("writer") or ""),
        raised=bool(found.get("raised")),
        withhold=bool(found.get("withhold")),
        sources="\n".join(map(str, found.get("sources") or ())),
    )


def add_intent(home: Shelf, given: argparse.Namespace, redact: Redact) -> list[Saved]:
    """`helpline intents new FILE.yml`: a meaning with its label, examples and answer."""
    wanted = read_intent(given.file)
    return new_intent.add(home, wanted, redact=redact, who=given.who, why=given.why)


def print_confused(home: Shelf) -> int:
    """`helpline intents confused`: which meanings are taken for each other."""
    report = confusions.load(home.root)
    if report is None:
        print("Not measured yet: make evaluate.")
        return 1
    print(f"{report.when}  {report.model}")
    for pair in report.pairs:
        print(f"{pair.one} / {pair.other}: {pair.times} times ({pair.tests} on test lines)")
        for mark, sentences in (("->", pair.there), ("<-", pair.back)):
            for line in sentences:
                print(f"  {mark} {line}")
    return 0


def add_parsers(parts: Any, who: Callable[..., None]) -> None:
    """Add `commune` and `add` to `helpline directory`."""
    commune = parts.add_parser("commune", help="a commune joins a network; then 'add' its services")
    commune.add_argument("network")
    commune.add_argument("nis", help="NIS code, postal code or name")
    commune.add_argument("--also", default="", help="usual misspellings, with commas")
    commune.add_argument("--zone", default="", help="police zone")
    commune.add_argument("--zone-number", default="")
    add = parts.add_parser("add", help="a service of a network")
    add.add_argument("network")
    add.add_argument("--kind", required=True, choices=KINDS)
    add.add_argument("--need", action="append", required=True, choices=NEEDS)
    add.add_argument("--speaks", action="append", required=True, choices=["fr", "nl", "de", "en"])
    add.add_argument("--commune", action="append", default=[], help="own name; none: the network")
    for name in ("name", "note"):
        for code in SUPPORTED:
            add.add_argument(f"--{name}-{code}", required=True)
    optional = ("phone", "url", "hours-fr", "hours-nl", "hours-osm",
                "street", "postal-code", "locality")  # fmt: skip
    for name in optional:
        add.add_argument(f"--{name}", default="")
    for command in (commune, add):
        for name in _SOURCE:
            command.add_argument(f"--{name}", required=name != "source-date", default="")
        who(command)


def add_commune(home: Shelf, given: argparse.Namespace, today: date) -> Saved:
    """`helpline directory commune`: with the villages of the national list.

    Raises:
        RefusedError: it can't be told which commune is meant, or as `communes.add`.
    """
    from bot.training.reader import load_directory_once

    directory = load_directory_once()
    found = communes.suggest(directory, given.nis)
    if len(found) != 1:
        names = ", ".join(f"{one.own_name} ({one.id})" for one in found)
        raise RefusedError("wrong_nis", nis=names or given.nis)
    wanted = Joining(
        network=given.network,
        nis=found[0].id,
        also=given.also,
        villages="\n".join(communes.villages_of(home, found[0])),
        zone=given.zone,
        zone_number=given.zone_number,
        source_url=given.source_url,
        source_seen=given.source_seen,
        source_date=given.source_date,
    )
    return communes.add(home, directory, wanted, who=given.who, why=given.why, today=today)


def add_service(home: Shelf, given: argparse.Namespace, today: date) -> Saved:
    """`helpline directory add`: a service; nobody has checked it yet.

    Raises:
        RefusedError: as `services.add`.
    """

    def both(name: str) -> dict[str, str]:
        return {code: getattr(given, f"{name}_{code}") for code in SUPPORTED}

    wanted = Wanted(
        name=both("name"),
        note=both("note"),
        phone=given.phone,
        hours={**both("hours"), "osm": given.hours_osm},
        url=given.url,
        address={
            "street": given.street,
            "postal_code": given.postal_code,
            "locality": given.locality,
        },
        source_url=given.source_url,
        source_seen=given.source_seen,
        source_date=given.source_date,
    )
    _, saved = services.add(
        home,
        given.network,
        wanted,
        kind=given.kind,
        needs=given.need,
        languages=given.speaks,
        communes=given.commune,
        who=given.who,
        why=given.why,
        today=today,
    )
    return saved
