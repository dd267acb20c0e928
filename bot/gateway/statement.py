"""What the accessibility statement says: the last test run, and a manual audit (R54).

`make accessibility` writes the run; who has looked at the pages by hand fills in the audit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from bot.gateway.webtexts import WebTexts
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, TextsError, read_yaml

RUN_FILE = DATA.parent / "docs" / "accessibility-run.json"
AUDIT_FILE = DATA.parent / "docs" / "accessibility-audit.yml"
# What an audit may find, and the sentence that says it.
_RESULTS = {
    "conformant": "about_status_full",
    "partially conformant": "about_status",
    "not conformant": "about_status_not",
}


@dataclass(frozen=True)
class Audit:
    """A manual audit; `gaps` are the faults it found, in both languages."""

    date: date
    by: str
    result: str
    gaps: tuple[dict[str, str], ...]


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
        status = "about_status"
        if self.audit:
            known = said("about_audit", date=_day(self.audit.date), by=self.audit.by)
            found += [escape(gap[language]) for gap in self.audit.gaps]
            # What the tests find since then counts more than an older "conformant".
            if not self.rules or self.audit.result != "conformant":
                status = _RESULTS[self.audit.result]
        else:
            known = said("about_only_tests")
            found.append(said("about_gap_1"))
        return {
            "status": said(status),
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


def load_run(path: Path = RUN_FILE, audit: Path = AUDIT_FILE) -> Run:
    """Read the file of the last run, and the audit when one was entered.

    Raises:
        TextsError: one of them is missing or broken.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Run(
            date=date.fromisoformat(data["date"]),
            engine=data["engine"],
            browser=data["browser"],
            states=int(data["states"]),
            passed=int(data["passed"]),
            failed=int(data["failed"]),
            rules=tuple(data["rules"]),
            audit=_audit(audit),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextsError(f"{path}: {error!r}; 'make accessibility' writes it anew.") from error


def _audit(path: Path) -> Audit | None:
    entered = (read_yaml(path) or {}).get("audit")
    if entered is None:
        return None
    try:
        found = Audit(
            date=date.fromisoformat(str(entered["date"])),
            by=str(entered["by"]),
            result=entered["result"],
            gaps=tuple({lang: str(gap[lang]) for lang in SUPPORTED} for gap in entered["gaps"]),
        )
        known = found.result in _RESULTS
    except (ValueError, KeyError, TypeError):
        known = False
    if not known or not found.by.strip() or found.date > date.today():
        raise TextsError(f"{path}: fill in date, by, result and gaps as the lines above them say.")
    return found
