"""`make audit`: hold uv.lock against the public list of known weak points (OSV).

Exceptions stand in deploy/audit-exceptions.yml, each with a reason and a last day. Exit 0: nothing
known. 1: something is known, or an exception is out of date. 2: the list can't be reached.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXCEPTIONS = ROOT / "deploy" / "audit-exceptions.yml"
UV = ROOT / ".tools" / "bin" / "uv"
_FIELDS = {"id", "package", "why", "until"}
# How uv says that it got no answer (it exits with 2 then, and for a broken lock file too).
_NO_ANSWER = ("error sending request", "dns error", "timed out", "failed to fetch")
Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def exceptions(path: Path, today: date) -> tuple[list[str], list[str]]:
    """Return the ids to let pass, and what is wrong with the file.

    Args:
        path: of the exceptions.
        today: after an exception's last day it counts as wrong.
    """
    found: list[dict[str, Any]] = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get(
        "exceptions"
    ) or []
    wrong = []
    for number, one in enumerate(found, 1):
        name = one.get("id") or f"number {number}"
        if set(one) != _FIELDS or not all(one.values()):
            wrong.append(f"{name}: needs id, package, why and until, and nothing else.")
        elif not isinstance(one["until"], date):
            wrong.append(f"{name}: 'until' is a day, like 2027-03-01.")
        elif one["until"] < today:
            wrong.append(f"{name} ({one['package']}): was to be looked at by {one['until']}.")
    return [str(one["id"]) for one in found if one.get("id")], wrong


def _uv(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603


def main(run: Run = _uv, path: Path = EXCEPTIONS, today: date | None = None) -> int:
    """Ask, and say what was found; return the exit code."""
    ignored, wrong = exceptions(path, today or date.today())
    if wrong:
        print(f"{path.name}:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    command = [str(UV), "audit", "--frozen"]
    for name in ignored:
        command += ["--ignore", name]
    done = run(command)
    said = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode and any(words in said.lower() for words in _NO_ANSWER):
        print(
            "NOT AUDITED: the list of known weak points (api.osv.dev) can't be reached from here. "
            "This says nothing about the packages: run 'make audit' where the internet is.",
            file=sys.stderr,
        )
        return 2
    print(said)
    if ignored:
        print(f"Let pass, with a reason and a day: {', '.join(ignored)}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
