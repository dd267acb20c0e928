"""`make licences`: write docs/licences.md from what the installed packages say of themselves.

Exit 1 when one says nothing: look at its source, and replace it or ask.
"""

from __future__ import annotations

import importlib.metadata as metadata
import sys
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "licences.md"
_LONGEST = 70
_HEAD = """# Licences of what the assistant is built with

Made by `make licences` from the packages' own metadata; the assistant itself is EUPL-1.2.
`make sbom` writes the list for machines (CycloneDX); hashes stand in `uv.lock`. Trained weights,
dictionaries and fonts carry the licence of the package that brings them.

| package | version | licence |
| --- | --- | --- |
"""


def licence(package: metadata.Distribution) -> str:
    """Return the licence that a package names: expression, classifiers, field, or licence file."""
    known = package.metadata
    if expression := known.get("License-Expression"):
        return str(expression)
    classifiers = [
        line.split("::")[-1].strip()
        for line in known.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return "; ".join(sorted(set(classifiers)))
    field = _first_line(known.get("License") or "")
    return field if field.upper() != "UNKNOWN" and field else _from_file(package)


def _from_file(package: metadata.Distribution) -> str:
    for file in package.files or []:
        if "licen" in file.name.lower() and file.suffix in {"", ".txt", ".md"}:
            return _first_line(str(file.read_text()))
    return ""


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:_LONGEST] if lines else ""


def rows(packages: Iterable[metadata.Distribution]) -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package, by name, without ourselves."""
    found = {
        (p.metadata["Name"], p.version, licence(p))
        for p in packages
        if p.metadata["Name"] != "helpline"
    }
    return sorted(found, key=lambda row: row[0].lower())


def main() -> int:
    """Write the page; return the exit code."""
    found = rows(metadata.distributions())
    lines = [f"| {name} | {version} | {text or 'NONE'} |" for name, version, text in found]
    PAGE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    missing = [name for name, _, text in found if not text]
    print(
        f"{len(found)} packages in {PAGE.name}; without a licence: {', '.join(missing) or 'none'}"
    )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
