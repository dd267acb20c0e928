"""Packages: each has a licence, exceptions of the audit have a reason and an end."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.settings import ROOT
from scripts import audit, licences

TODAY = date(2026, 12, 1)
GOOD = "exceptions:\n- {id: GHSA-1, package: x, why: not reachable, until: 2027-01-01}\n"


class Uv:
    """A uv that says what a test wants."""

    def __init__(self, code: int, said: str = "") -> None:
        self.code, self.said, self.command = code, said, [""]

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.command = list(command)
        return subprocess.CompletedProcess(command, self.code, "", self.said)


def file(folder: Path, text: str) -> Path:
    path = folder / "exceptions.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_exception_passes_until_its_day(tmp_path: Path) -> None:
    uv = Uv(0)
    assert audit.main(uv, file(tmp_path, GOOD), TODAY) == 0
    assert uv.command[-2:] == ["--ignore", "GHSA-1"]
    assert audit.main(uv, file(tmp_path, GOOD), date(2027, 1, 2)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "exceptions:\n- {id: GHSA-1, package: x, until: 2027-01-01}\n",
        "exceptions:\n- {id: GHSA-1, package: x, why: '', until: 2027-01-01}\n",
        "exceptions:\n- {id: GHSA-1, package: x, why: y, until: soon}\n",
        "exceptions:\n- {package: x, why: y, until: 2027-01-01}\n",
    ],
)
def test_an_exception_without_reason_or_day_is_refused(tmp_path: Path, text: str) -> None:
    uv = Uv(0)
    assert audit.main(uv, file(tmp_path, text), TODAY) == 1
    assert uv.command == [""]


def test_no_list_is_never_taken_for_nothing_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uv = Uv(2, "cause: error sending request for url (https://api.osv.dev/v1/querybatch)")
    assert audit.main(uv, file(tmp_path, "exceptions: []\n"), TODAY) == 2
    assert "NOT AUDITED" in capsys.readouterr().err


def test_what_is_found_fails(tmp_path: Path) -> None:
    assert (
        audit.main(Uv(1, "Found 1 vulnerability"), file(tmp_path, "exceptions: []\n"), TODAY) == 1
    )


def test_our_exceptions_are_in_order() -> None:
    assert audit.exceptions(audit.EXCEPTIONS, date.today())[1] == []


def test_no_package_lacks_a_licence() -> None:
    found = licences.rows(metadata.distributions())
    assert len(found) > 100
    assert [name for name, _, text in found if not text] == []


def test_the_page_names_every_locked_package_that_is_installed() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")
    written = {_plain(name) for name in re.findall(r"^\| ([\w.-]+) \| \d", page, re.M)}
    locked = set(re.findall(r'^name = "([\w.-]+)"', (ROOT / "uv.lock").read_text(), re.M))
    installed = {_plain(p.metadata["Name"]) for p in metadata.distributions()}
    assert ({_plain(n) for n in locked} & installed) - {"helpline"} <= written


def test_every_locked_package_has_hashes() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    for block in lock.split("[[package]]")[1:]:
        name = re.search(r'name = "([\w.-]+)"', block)
        assert name
        if name[1] != "helpline":
            assert 'hash = "sha256:' in block, name[1]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
