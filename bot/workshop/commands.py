"""The workshop in the terminal: `helpline intents`, `content`, and more of `directory`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.directory.files import records
from bot.gateway.webtexts import load_web_texts
from bot.language import SUPPORTED, Supported
from bot.learning.inbox import Inbox
from bot.settings import ROOT
from bot.settings import load as load_settings
from bot.texts import APPROVERS, DATA
from bot.workshop import answers, commands_new, exchange, intents, listing, proofs, services
from bot.workshop.answers import WordingError
from bot.workshop.intents import ExamplesError
from bot.workshop.readability import ease
from bot.workshop.redacting import Redacting
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.typed import Wanted
from bot.workshop.visitors import guarded


def _said(key: str, values: dict[str, Any]) -> str:
    language: Supported = "nl" if os.environ.get("LANG", "").startswith("nl") else "fr"
    return load_web_texts(DATA / "workshop.yml").get(key, language).format(**values)


def explain(error: RefusedError) -> list[str]:
    """Return in plain words why something wasn't saved."""
    lines = [_said(error.key, error.values)]
    if isinstance(error, ExamplesError):
        lines += [f"  {text}\n    {_said(key, values)}" for text, key, values in error.found]
    if isinstance(error, WordingError):
        lines += [f"  {_said(key, values)}" for key, values in error.found]
    return lines


def _shelf() -> Shelf:
    return guarded(ROOT, Inbox(load_settings().state_dir))


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except RefusedError as error:
        print("\n".join(explain(error)), file=sys.stderr)
        return 2


def _show(saved: Sequence[Saved]) -> None:
    for one in saved:
        print(one.diff, end="")
        if one.commit:
            print(f"commit {one.commit} on the branch workshop")


def _who(command: argparse.ArgumentParser, *, why: bool = True) -> None:
    command.add_argument("--who", default=getpass.getuser(), help="your name in the history")
    if why:
        command.add_argument("--why", required=True, help="why, for those who come after you")


# --- intents
def intents_main(argv: Sequence[str], shelf: Shelf | None = None, redact: Any = None) -> int:
    """`helpline intents`: list, counts of both languages, examples, and adding some."""
    parser = argparse.ArgumentParser(prog="helpline intents", description=intents_main.__doc__)
    parts = parser.add_subparsers(dest="part")
    listed = parts.add_parser("list", help="all, with how many examples (the default)")
    listed.add_argument("--behind", action="store_true", help="only where a language has too few")
    parts.add_parser("show", help="the examples of one").add_argument("name")
    add = parts.add_parser("add", help="more examples, all or none")
    add.add_argument("name")
    for code in SUPPORTED:
        add.add_argument(f"--{code}", action="append", default=[], metavar="SENTENCE")
    _who(add)
    new = parts.add_parser("new", help="a new meaning, all its files in one save")
    new.add_argument("file", type=Path, metavar="FILE.yml")
    _who(new)
    parts.add_parser("confused", help="which are taken for each other, as last measured")
    given = parser.parse_args(argv)
    home = shelf or _shelf()

    def work() -> int:
        found = intents.load(home)
        if given.part == "confused":
            return commands_new.print_confused(home)
        if given.part in ("add", "new"):
            from bot.training.reader import load_directory_once

            check = redact or Redacting(load_directory_once())
        if given.part == "new":
            _show(commands_new.add_intent(home, given, check))
            return 0
        if given.part == "add":
            wanted = {code: intents.lines_of("\n".join(getattr(given, code))) for code in SUPPORTED}
            _show(intents.add(home, given.name, wanted, redact=check, who=given.who, why=given.why))
            return 0
        if given.part == "show":
            if given.name not in found:
                raise RefusedError("wrong_intent", intent=given.name)
            for code, lines in found[given.name].examples.items():
                print("\n".join(f"{code}  {line}" for line in lines))
            return 0
        for one in found.values():
            if one.behind or not getattr(given, "behind", False):
                counts = "  ".join(f"{c} {len(one.examples.get(c, ())):4}" for c in SUPPORTED)
                mark = f"  {one.behind} has too few" if one.behind else ""
                print(f"{one.name:32} {counts}{mark}")
        return 0

    return _guarded(work)


# --- answers
def content_main(argv: Sequence[str], shelf: Shelf | None = None) -> int:
    """`helpline content`: answers out to proof-readers and back, what is hard, approving."""
    parser = argparse.ArgumentParser(prog="helpline content", description=content_main.__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("list", help="each answer: reading ease, approved by whom")
    parts.add_parser("export", help="all answers as HTML").add_argument("file", type=Path)
    back = parts.add_parser("import", help="show what a corrected file changes")
    back.add_argument("file", type=Path)
    back.add_argument("--write", action="store_true", help="save it too")
    _who(back, why=False)
    back.add_argument("--why", default="Proof-reading")
    approve = parts.add_parser("approve", help="an answer was read and is right")
    approve.add_argument("key")
    approve.add_argument("--role", required=True, help="who for this assistant, never a name")
    approve.add_argument("--as", dest="approver", default="", choices=APPROVERS)
    _who(approve, why=False)
    given = parser.parse_args(argv)
    home = shelf or _shelf()

    def work() -> int:
        found = answers.load(home)
        if given.part == "list":
            for one in found.values():
                scores = {code: ease(one.text[code], code) for code in SUPPORTED}
                marks = "  ".join(
                    f"{c} {s.score:5.1f}{' >B1' if s.hard else '    '}" for c, s in scores.items()
                )
                state = f"{one.approved['by_role']}, {one.approved['date']}" if one.approved else ""
                print(f"{one.key:44} {marks}  {state or 'not approved'}")
        elif given.part == "export":
            given.file.write_text(proofs.exported(found), encoding="utf-8")
            print(f"{given.file}: {len(found)} answers in both languages.")
        elif given.part == "import":
            return _import_content(home, found, given)
        else:
            _show([answers.approve(home, given.key, role=given.role, who=given.who,
                                   approver=given.approver, today=date.today())])  # fmt: skip
        return 0

    return _guarded(work)


def _import_content(home: Shelf, found: Any, given: argparse.Namespace) -> int:
    changed = list(proofs.corrections(proofs.decoded(given.file.read_bytes()), found))
    for one in changed:
        for code in SUPPORTED:
            if one.was[code] != one.now[code]:
                print(f"--- {one.key} {code}\n- {one.was[code]}\n+ {one.now[code]}")
    print(f"{len(changed)} answers differ.")
    if not given.write:
        return 0
    saved, refused = proofs.save(home, changed, who=given.who, why=given.why)
    for key, error in refused:
        print("\n".join([f"{key}: not saved", *explain(error)]), file=sys.stderr)
    print(f"{len(saved)} saved, {len(refused)} refused; what was saved must be approved again.")
    return 2 if refused else 0


# --- directory
PARTS = ("list", "set", "checked", "commune", "add", "export", "import")


def directory_main(argv: Sequence[str], shelf: Shelf | None = None) -> int:
    """`helpline directory`: list, set, checked, commune, add, export and import."""
    parser = argparse.ArgumentParser(prog="helpline directory", description=directory_main.__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("list", help="records and what they lack").add_argument("folder", nargs="?")
    change = parts.add_parser("set", help="a number or hours, with where they were read")
    change.add_argument("id")
    for name in ("phone", "hours-fr", "hours-nl", "hours-osm"):
        change.add_argument(f"--{name}")
    change.add_argument("--source-url", required=True)
    change.add_argument("--source-seen", required=True, help="what the page says")
    change.add_argument("--source-date", default="", help="date of the page, if it has one")
    _who(change)
    checked = parts.add_parser("checked", help="somebody rang or looked today")
    checked.add_argument("id")
    checked.add_argument("--role", required=True, help="who for this assistant, never a name")
    _who(checked, why=False)
    commands_new.add_parsers(parts, _who)
    for name, text in (("export", "write it for others"), ("import", "what others have otherwise")):
        kind = parts.add_parser(name, help=text).add_mutually_exclusive_group(required=True)
        kind.add_argument("--hsds", type=Path, metavar="FILE.json", help="Open Referral HSDS 3.0")
        kind.add_argument("--csv", type=Path, metavar="FILE.csv")
    given = parser.parse_args(argv)
    home, today = shelf or _shelf(), date.today()

    def work() -> int:
        if given.part in ("export", "import"):
            return _exchange(home, given)
        if given.part in ("commune", "add"):
            make = commands_new.add_commune if given.part == "commune" else commands_new.add_service
            _show([make(home, given, today)])
            return 0
        if given.part == "list":
            for row in listing.rows(home, today, {}):
                if given.folder in (None, row.folder):
                    print(f"{row.folder:16} {row.id:44} {', '.join(row.lacks)}")
            return 0
        row = listing.find(home, given.id)
        if given.part == "checked":
            saved = services.mark_checked(home, row, role=given.role, who=given.who, today=today)
        else:
            saved = services.change(
                home, row, _wanted(row.record, given), who=given.who, why=given.why, today=today,
                before=None,
            )  # fmt: skip
        _show([saved])
        return 0

    return _guarded(work)


def _wanted(record: Any, given: argparse.Namespace) -> Wanted:
    hours = dict(record.get("hours") or {})
    hours |= {c: v for c in ("fr", "nl", "osm") if (v := getattr(given, f"hours_{c}")) is not None}
    url = record.get("url") or ""
    return Wanted(
        name=record["name"],
        note=record["note"],
        phone=record.get("phone") or "" if given.phone is None else given.phone,
        hours=hours,
        url=url if isinstance(url, str) else "",
        address=record.get("address") or {},
        source_url=given.source_url,
        source_seen=given.source_seen,
        source_date=given.source_date,
    )


def _exchange(home: Shelf, given: argparse.Namespace) -> int:
    ours = [record for _, record in records(listing.files(home), "services")]
    file: Path = given.hsds or given.csv
    if given.part == "export":
        rows = exchange.shown(ours)
        text = exchange.to_hsds(rows) if given.hsds else exchange.to_csv(rows)
        file.write_text(text, encoding="utf-8")
        print(f"{file}: {len(rows)} services.")
        return 0
    text = file.read_text(encoding="utf-8-sig")
    theirs = exchange.from_hsds(text) if given.hsds else exchange.from_csv(text)
    found = list(exchange.differences(ours, theirs))
    for one in found:
        print(f"{one.id}: {one.field}\n- {one.ours}\n+ {one.theirs}")
    new = exchange.unknown(ours, theirs)
    for row in new:
        print(f"new: {row.get('name_fr') or row.get('name_nl')} {row.get('phone', '')}")
    print(
        f"{len(found)} differences, {len(new)} services that aren't here. Nothing was written: "
        "ring, then 'helpline directory set', or add it in the workshop."
    )
    return 0
