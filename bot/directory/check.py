"""Check the directory's files: form, numbers, hours, sources, and who checked what. Writes nothing.

``main`` is the command ``helpline directory check``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import phonenumbers
from jsonschema import Draft202012Validator

from . import hours
from .files import DataFile, read_all, records
from .load import load_directory
from .model import DirectoryError
from .numbers import ALWAYS_SHOWN, digits, numbers_in

RECHECK_AFTER = timedelta(days=180)
DEFAULT_PATH = Path(__file__).parents[2] / "data" / "directory"
_NUMBER_FIELDS = ("phone", "sms", "whatsapp")


@dataclass(frozen=True)
class Problem:
    """One thing to mend (``error``) or to ask again by telephone (``reminder``)."""

    severity: Literal["error", "reminder"]
    file: str
    line: int | None
    record: str
    message: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        record = f"{self.record}: " if self.record else ""
        return f"{where}: {record}{self.message}. {self.cure}"


def check(path: Path, today: date) -> list[Problem]:
    """All problems of the directory at ``path``, errors first.

    Args:
        path: the folder ``data/directory``.
        today: for the records not checked for more than 180 days.
    """
    try:
        files = read_all(path)
    except DirectoryError as error:
        return [_from(error)]
    problems = [problem for file in files for problem in _form(file, path / "schema.json")]
    if problems:
        # The other checks rely on the form.
        return problems
    try:
        load_directory(path, "demo")
    except DirectoryError as error:
        return [_from(error)]
    banned = {digits(item["phone"]): item["why"] for _, item in records(files, "do_not_use")}
    known = _known_numbers(files)
    ids = {record["id"] for _, record in records(files, "services")}
    for file, record in records(files, "services"):
        for message, cure in _record(record, banned, known, ids, today):
            problems.append(_problem("error", file, record, message, cure))
    problems.sort(key=lambda p: (p.file, p.line or 0))
    return problems + list(_reminders(files, today))


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: prints what to mend and what to check again; 0 if usable, else 2."""
    parser = argparse.ArgumentParser(
        prog="helpline directory check", description="Check the files of data/directory."
    )
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT_PATH)
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="YYYY-MM-DD")
    given = list(sys.argv[1:] if argv is None else argv)
    # "helpline directory check" hands over the word "check".
    arguments = parser.parse_args(given[1:] if given[:1] == ["check"] else given)
    problems = check(arguments.path, arguments.today or date.today())
    errors = [problem for problem in problems if problem.severity == "error"]
    reminders = [problem for problem in problems if problem.severity == "reminder"]
    for problem in errors:
        print(problem, file=sys.stderr)
    for problem in reminders:
        print(problem)
    print(
        f"{len(errors)} to mend; {len(reminders)} not checked by a person"
        f" for {RECHECK_AFTER.days} days (docs/directory-to-check.md helps)."
    )
    return 2 if errors else 0


def _from(error: DirectoryError) -> Problem:
    return Problem("error", error.file, error.line, "", error.problem, error.cure)


def _problem(
    severity: Literal["error", "reminder"],
    file: DataFile,
    record: dict[str, Any],
    message: str,
    cure: str,
) -> Problem:
    return Problem(
        severity, str(file.path), file.line_of(record["id"]), record["id"], message, cure
    )


def _form(file: DataFile, schema: Path) -> Iterator[Problem]:
    try:
        validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    except (OSError, ValueError) as unusable:
        yield Problem("error", str(schema), None, "", f"can't be used ({unusable})", "Restore it.")
        return
    for error in validator.iter_errors(file.data):
        where = list(error.absolute_path)
        record: Any = file.data
        for step in where[:2]:
            record = record[step] if isinstance(record, (dict, list)) else record
        name = str(record.get("id") or record.get("nis") or "") if isinstance(record, dict) else ""
        field = ".".join(str(step) for step in where[2:]) or "the record"
        short = error.message if len(error.message) < 200 else error.message[:200] + " …"
        yield Problem(
            "error",
            str(file.path),
            file.line_of(name) if name else None,
            name,
            f"{field}: {short}",
            "data/directory/README.md shows each field.",
        )


def _known_numbers(files: list[DataFile]) -> set[str]:
    """Numbers that a sentence may name: those shown, and those never to be shown (to find them)."""
    known = set(ALWAYS_SHOWN)
    for _, record in records(files, "services"):
        known |= {digits(record[key]) for key in _NUMBER_FIELDS if record.get(key)}
        known |= {digits(number) for number in (record.get("to_check") or {}).get("seen", ())}
    return known | {digits(item["phone"]) for _, item in records(files, "do_not_use")}


def _record(
    record: dict[str, Any],
    banned: dict[str, str],
    known: set[str],
    ids: set[str],
    today: date,
) -> Iterator[tuple[str, str]]:
    shown = {digits(record[key]): record[key] for key in _NUMBER_FIELDS if record.get(key)}
    for number, written in shown.items():
        if number in banned:
            yield f"{written} must not be used ({banned[number]})", "Take it out."
    yield from _phone(record)
    doubtful = {digits(n): n for n in (record.get("to_check") or {}).get("seen", ())}
    for number in shown.keys() & doubtful.keys():
        yield f"{doubtful[number]} is both shown and doubted", "Decide: phone, or to_check.seen."
    yield from _sentences(record, set(banned) | (doubtful.keys() - shown.keys()), known)
    for key in ("hours", "chat_hours"):
        osm = (record.get(key) or {}).get("osm")
        trouble = hours.problem(osm) if osm else None
        if trouble:
            yield f"{key} can't be read ({trouble})", 'Write them like "Mo-Fr 09:00-17:00; PH off".'
    if record.get("same_as") and record["same_as"] not in ids:
        yield f"same_as names no record ({record['same_as']})", "Write the other record's id."
    yield from _checked(record, today)


def _phone(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    phone, e164 = record.get("phone"), record.get("phone_e164")
    if not phone:
        return
    if e164:
        number = phonenumbers.parse(e164)
        if not phonenumbers.is_valid_number_for_region(number, "BE"):
            yield f"{e164} is no Belgian number", "Compare with the source."
        elif "0" + str(number.national_number) != digits(phone):
            yield f"'{phone}' and '{e164}' are two numbers", "Make them the same."
        return
    short = phonenumbers.parse(phone, "BE")
    if phone.startswith("0") or not phonenumbers.is_valid_short_number_for_region(short, "BE"):
        yield f"'{phone}' is no Belgian short number", "Add phone_e164, or compare with the source."


def _sentences(
    record: dict[str, Any], refused: set[str], known: set[str]
) -> Iterator[tuple[str, str]]:
    for key in ("name", "note", "hours", "chat_hours"):
        for language, text in (record.get(key) or {}).items():
            if language == "osm":
                continue
            for number in numbers_in(text, known):
                if number in refused or number not in known:
                    yield f"{key}.{language} has a doubtful number ({number})", "Take it out."
            if "·" in text:
                yield f"{key}.{language} has a middle dot", "Write a word that fits everybody."


def _checked(record: dict[str, Any], today: date) -> Iterator[tuple[str, str]]:
    checked = record["checked"]
    if bool(checked["by_role"]) != bool(checked["date"]):
        yield "checked is half filled in", "Give both by_role and date, or neither (null)."
    elif checked["date"]:
        try:
            later = date.fromisoformat(checked["date"]) > today
        except ValueError:
            yield f"checked.date is no day ({checked['date']})", "Write it like 2026-12-01."
            return
        if later:
            yield f"checked.date lies ahead ({checked['date']})", "Write the day of the call."


def _reminders(files: list[DataFile], today: date) -> Iterator[Problem]:
    """Records shown to citizens that nobody has checked, or not for 180 days."""
    for file, record in records(files, "services"):
        if record["confidence"] == "low":
            continue
        day = record["checked"]["date"]
        if not day:
            message = "never checked by a person"
        elif today - date.fromisoformat(day) > RECHECK_AFTER:
            message = f"last checked on {day}"
        else:
            continue
        yield _problem(
            "reminder", file, record, message, "Ring or look, then fill in checked: by_role, date."
        )


if __name__ == "__main__":
    raise SystemExit(main())
