"""The YAML files of ``data/directory``, read as they stand: what kind of file, which line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .model import DirectoryError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML without libyaml: slower, but the same
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


_RECORD = re.compile(r"^\s*-?\s*\{?\s*(?:id|nis):\s*[\"']?([\w-]+)", re.MULTILINE)


@dataclass(frozen=True)
class DataFile:
    """One parsed file; ``folder`` is ``national``, ``justice``, ``belgium`` or a network's name."""

    path: Path
    data: dict[str, Any]
    text: str

    @property
    def folder(self) -> str:
        return self.path.parent.name

    def line_of(self, record_id: str) -> int | None:
        """The line where the record begins, for messages to whoever edits the file."""
        return self._lines.get(record_id)

    @cached_property
    def _lines(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for match in _RECORD.finditer(self.text):
            found.setdefault(match.group(1), self.text.count("\n", 0, match.start(1)) + 1)
        return found


def read(path: Path) -> DataFile:
    """Parse one file.

    Raises:
        DirectoryError: it can't be read, isn't YAML, or doesn't start with named lists.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DirectoryError(
            path,
            f"not valid YAML ({error.problem})",
            "Check quotes, colons and indentation around this line.",
            mark.line + 1 if mark else None,
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DirectoryError(path, f"can't be read ({error})", "Save it again as UTF-8.") from error
    if not isinstance(data, dict):
        raise DirectoryError(
            path, "has no list at the top", "Start with 'services:' and a list of records.", 1
        )
    return DataFile(path, data, text)


def read_all(path: Path) -> list[DataFile]:
    """Every file of every folder, in a fixed order.

    Raises:
        DirectoryError: the folder doesn't exist or is empty, or a file can't be read.
    """
    files = [read(found) for found in sorted(path.glob("*/*.yml"))]
    if not files:
        raise DirectoryError(path, "holds no data files", "Give the path of data/directory.")
    return files


def records(files: list[DataFile], key: str) -> Iterator[tuple[DataFile, dict[str, Any]]]:
    """Each record under ``key`` (``services``, ``communes``, …) with the file it stands in.

    Raises:
        DirectoryError: a list or a record has the wrong form.
    """
    for file in files:
        found = file.data.get(key) or []
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise DirectoryError(
                file.path, f"'{key}' is not a list of records", "Begin each record with '- '."
            )
        for item in found:
            yield file, item
