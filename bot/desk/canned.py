"""Canned answers: drafts in both languages whose numbers come from the directory (R79)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.directory.model import Directory, Service
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, TextsError, read_yaml

# {service-id} stands for a service's name and number, as the directory has them now.
_SERVICE = re.compile(r"\{([a-z0-9-]+)\}")


@dataclass(frozen=True)
class Canned:
    """One draft: its group, its title and its text in both languages."""

    id: str
    group: str
    title: dict[str, str]
    text: dict[str, str]

    def services(self) -> set[str]:
        """Return the ids of the services that it names."""
        return {name for text in self.text.values() for name in _SERVICE.findall(text)}


def load(path: Path = DATA / "desk-canned.yml") -> list[Canned]:
    """Read the drafts.

    Raises:
        TextsError: the file is broken, or a draft stands in one language only.
    """
    found = []
    for raw in (read_yaml(path) or {}).get("canned", []):
        for part in ("title", "text"):
            if set(raw.get(part, ())) != set(SUPPORTED) or not all(raw[part].values()):
                raise TextsError(f"{path}: {raw.get('id')}: {part} must stand in both fr and nl.")
        made = Canned(raw["id"], raw["group"], raw["title"], raw["text"])
        found.append(made)
    return found


def drafts(canned: list[Canned], directory: Directory) -> list[dict[str, Any]]:
    """Return the drafts with the directory's numbers; without those that it can't fill.

    Args:
        canned: as loaded.
        directory: in live mode it hides unchecked numbers: a draft that needs one is left out.
    """
    found = []
    for one in canned:
        services = {name: directory.by_id.get(name) for name in one.services()}
        if not all(s and (s.phone or s.page("fr")) for s in services.values()):
            continue
        known = {name: s for name, s in services.items() if s}
        text = {lang: _filled(one.text[lang], known, lang) for lang in SUPPORTED}
        found.append({"id": one.id, "group": one.group, "title": one.title, "text": text})
    return found


def _filled(text: str, services: dict[str, Service], language: Supported) -> str:
    def line(match: re.Match[str]) -> str:
        service = services[match[1]]
        name = service.name.get(language) or next(iter(service.name.values()))
        return f"{name}, {service.phone or service.page(language)}"

    return _SERVICE.sub(line, text).strip()
