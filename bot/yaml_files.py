"""YAML files of `data/`, read with errors that a maintainer can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextsError(ValueError):
    """A text file can't be used; the message names the file, the line and the cure."""


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    Raises:
        TextsError: it isn't YAML, or is missing; names file, line and cure.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except FileNotFoundError:
        raise TextsError(f"{path}: the file is missing; restore it with git.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise TextsError(
            f"{path}, line {line}: not valid YAML ({error.problem}); "
            "check the indentation, quotes and colons on that line."
        ) from None
