"""What the accessibility statement says of the last test run (R54; `make accessibility`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from bot.gateway.webtexts import WebTexts
from bot.language import Supported
from bot.texts import DATA, TextsError

RUN_FILE = DATA.parent / "docs" / "accessibility-run.json"


@dataclass(frozen=True)
class Audit:
    """A manual audit: entered by hand in the file, kept by later runs."""

    date: date
    by: str


@dataclass(frozen=True)
class Run:
    """The last run of the accessibility tests.

    `states` is how many states of the pages were looked at, `rules` the rules of the engine that
    were broken somewhere.
    """

    date: date
    engine: str
    browser: str
    states: int
    passed: int
    failed: int
    rules: tuple[str, ...]
    audit: Audit | None

    def slots(self, texts: WebTexts, language: Supported) -> dict[str, str]:
        """Return the markup that depends on the run.

        Args:
            texts: the sentences.
            language: of the page.
        """

        def said(key: str, **values: object) -> str:
            text = texts.get(key, language)
            for name, value in values.items():
                text = text.replace(f"{{{name}}}", str(value))
            return escape(text)

        found = [said("about_found", rules=", ".join(self.rules))] if self.rules else []
        if self.audit:
            known = said("about_audit", date=_day(self.audit.date), by=self.audit.by)
        else:
            known = said("about_only_tests")
            found.append(said("about_gap_1"))
        return {
            "known": known,
            "found": "".join(f"<li>{item}</li>" for item in found),
            "run": said(
                "about_run",
                date=_day(self.date),
                engine=self.engine,
                browser=self.browser,
                states=self.states,
                passed=self.passed,
                failed=self.failed,
            ),
        }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def load_run(path: Path = RUN_FILE) -> Run:
    """Read the file of the last run.

    Raises:
        TextsError: it is missing or broken.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        audit = data["audit"]
        return Run(
            date=date.fromisoformat(data["date"]),
            engine=data["engine"],
            browser=data["browser"],
            states=int(data["states"]),
            passed=int(data["passed"]),
            failed=int(data["failed"]),
            rules=tuple(data["rules"]),
            audit=Audit(date.fromisoformat(audit["date"]), audit["by"]) if audit else None,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextsError(f"{path}: {error!r}; 'make accessibility' writes it anew.") from error
