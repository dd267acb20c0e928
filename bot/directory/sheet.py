"""The sheet ``docs/directory-to-check.md``, rendered from the data so that it can't go stale.

``python -m bot.directory.sheet > docs/directory-to-check.md`` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .check import DEFAULT_PATH
from .files import DataFile, read, read_all
from .model import Address

# Whom people ask for first stands first.
_FIRST = ("social_service", "police", "victim_support", "shelter")
_WITH_ADDRESS = frozenset({"police", "social_service", "health", "town_hall", "victim_support"})
# Their way in isn't a telephone number.
_NO_PHONE = frozenset({"emergency", "digital_safety"})


def render_sheet(path: Path) -> str:
    """The sheet as Markdown.

    Args:
        path: the folder ``data/directory``.

    Raises:
        DirectoryError: a file can't be read.
    """
    words = read(path / "sheet.yml").data
    files = [file for file in read_all(path) if file.data.get("services")]
    files.sort(key=lambda file: file.path.name != "services.yml")
    lines = [f"# {words['title']}", ""]
    for language in ("fr", "nl"):
        lines += [words["intro"][language].strip(), ""]
    known = list(words["sections"])
    folders = known + sorted({file.folder for file in files} - set(known))
    for folder in folders:
        section = words["sections"].get(folder, {"language": "fr", "fr": folder})
        language = section["language"]
        lines += [f"## {section[language]}", ""]
        for file in files:
            if file.folder == folder:
                lines += _file(file, path, words, language)
    return "\n".join(lines).rstrip() + "\n"


def _file(file: DataFile, path: Path, words: Mapping[str, Any], language: str) -> Iterator[str]:
    services = sorted(file.data["services"], key=_order)
    find = [s for s in services if not s.get("phone") and not _reachable(s)]
    confirm = [s for s in services if s not in find]
    yield f"### `{file.path.relative_to(path.parent.parent)}`"
    yield ""
    for key, rows, row in (("find", find, _find_row), ("confirm", confirm, _confirm_row)):
        if rows:
            yield f"**{words[key][language]}**"
            yield ""
            yield _table_row(words[f"columns_{key}"][language])
            yield _table_row(["---"] * len(words[f"columns_{key}"][language]))
            for service in rows:
                yield _table_row(row(service, words, language))
            yield ""


def _order(service: Mapping[str, Any]) -> tuple[int, str]:
    kind = service["kind"]
    return (_FIRST.index(kind) if kind in _FIRST else len(_FIRST), kind)


def _reachable(service: Mapping[str, Any]) -> bool:
    """By chat, app or SMS."""
    if service["confidence"] == "low":
        return False
    return bool(service.get("sms") or service.get("chat_url") or service["kind"] in _NO_PHONE)


def _find_row(service: Mapping[str, Any], words: Mapping[str, Any], language: str) -> list[str]:
    notes = service.get("to_check") or {}
    asked = [words["ask"]["exists"][language]] if service["confidence"] == "low" else []
    asked.append(words["ask"]["number"][language])
    if not service.get("hours"):
        asked.append(words["ask"]["hours"][language])
    if _lacks_address(service):
        asked.append(words["ask"]["address"][language])
    return [
        "☐",
        _name(service, language),
        _shown(service, words, language),
        _question(asked, notes),
        _seen(notes, language),
        _source(service, words, language),
    ]


def _confirm_row(service: Mapping[str, Any], words: Mapping[str, Any], language: str) -> list[str]:
    notes = service.get("to_check") or {}
    hours = service.get("hours") or {}
    numbers = [service[key] for key in ("phone", "sms", "whatsapp") if service.get(key)]
    asked = [words["ask"]["confirm"][language]]
    if not hours:
        asked.append(words["ask"]["hours"][language])
    seen = _seen(notes, language)
    question = _question(asked, notes)
    return [
        "☐",
        _name(service, language),
        ", ".join(dict.fromkeys(numbers)) or service.get("chat_url") or _page(service) or "",
        hours.get(language, words["nothing"][language]),
        f"{question} ({words['said'][language]}: {seen})" if seen else question,
        _source(service, words, language),
    ]


def _name(service: Mapping[str, Any], language: str) -> str:
    return f"{service['name'][language]} `{service['id']}`"


def _page(service: Mapping[str, Any]) -> str | None:
    url = service.get("url")
    return next(iter(url.values())) if isinstance(url, dict) else url


def _shown(service: Mapping[str, Any], words: Mapping[str, Any], language: str) -> str:
    if service["confidence"] == "low":
        return str(words["hidden"][language])
    place = str(Address(**(service.get("address") or {})))
    shown = ", ".join(part for part in (_page(service), place) if part)
    return shown or str(words["through_line"][language])


def _lacks_address(service: Mapping[str, Any]) -> bool:
    if service.get("refuge") or service["kind"] not in _WITH_ADDRESS:
        return False
    return "street" not in (service.get("address") or {})


def _question(asked: Sequence[str], notes: Mapping[str, Any]) -> str:
    why = notes.get("why")
    return " ".join([*asked, why] if why else asked)


def _seen(notes: Mapping[str, Any], language: str) -> str:
    parts = list(notes.get("seen", ()))
    if notes.get("address"):
        parts.append(notes["address"])
    for key in ("hours", "chat_hours"):
        if language in notes.get(key, {}):
            parts.append(notes[key][language])
    return "; ".join(parts)


def _source(service: Mapping[str, Any], words: Mapping[str, Any], language: str) -> str:
    newest = service["sources"][0]
    day = newest["page_date"] or words["undated"][language]
    if newest.get("url"):
        host = newest["url"].split("/")[2].removeprefix("www.")
        return f"[{host}]({newest['url']}), {day}"
    return f"{newest['title']}, {day}"


def _table_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(render_sheet(DEFAULT_PATH))
