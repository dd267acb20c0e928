"""Writes what the accessibility statement says of a run of the tests (`make accessibility`)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FILE = "ACCESSIBILITY_RUN"


@dataclass
class Seen:
    """What the tests of this run looked at and found."""

    engine: str = ""
    browser: str = ""
    states: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)


LOOKED = Seen()


def write(passed: int, failed: int) -> None:
    """Write the file named in `ACCESSIBILITY_RUN`, if any."""
    path = Path(os.environ.get(FILE, ""))
    if FILE not in os.environ or not LOOKED.states:
        return
    run = {
        "date": date.today().isoformat(),
        "engine": LOOKED.engine,
        "browser": LOOKED.browser,
        "states": len(LOOKED.states),
        "passed": passed,
        "failed": failed,
        "rules": sorted(LOOKED.rules),
    }
    path.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
