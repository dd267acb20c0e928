"""From what somebody typed into a field of its own to the commune: a name or a code only."""

from __future__ import annotations

import re

from .model import Commune, Directory
from .places import fold

_CODE = re.compile(r"\b\d{4}\b")
_LONGEST = 80


def named(directory: Directory, asked: str) -> list[Commune]:
    """Return the communes that somebody may mean.

    Args:
        directory: the data.
        asked: a name, an NIS code, a postal code, or a postal code and a name.
    """
    asked = asked.strip()[:_LONGEST]
    known = directory.commune(asked)
    if known:
        return [known]
    code = _CODE.search(asked)
    by_code = directory.places.codes.get(code.group(), ()) if code else ()
    place = directory.places.names.get(fold(_CODE.sub(" ", asked)))
    by_name = place.communes if place else ()
    both = [found for found in by_code if found in by_name]
    return [directory.communes[found] for found in both or by_name or by_code]
