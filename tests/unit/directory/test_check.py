"""The check of the files, as whoever edits them sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.directory.check import check, main
from bot.directory.load import load_directory
from bot.directory.model import DirectoryError

TODAY = date(2026, 11, 24)
Change = Callable[[str, str, str], Path]


def errors(path: Path) -> list[str]:
    return [str(p) for p in check(path, TODAY) if p.severity == "error"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("national/listening.yml", 'phone: "107"', 'phone: "0800 30 800"', "must not be used"),
        ("national/listening.yml", '"0800 30 030"', '"0800 30 031"', "two numbers"),
        ("national/listening.yml", '"+3280030030"', '"+3312345678"', "phone_e164"),
        ("national/crisis.yml", 'phone: "1813"', 'phone: "18130000"', "no Belgian short number"),
        ("national/listening.yml", "Mo-Fr 09:00-18:00; PH off", "Mo-Fr 9h-18h", "can't be read"),
        ("gent/services.yml", "confidence: high", "confidence: sure", "confidence"),
        ("gent/services.yml", "kind: social_service", "kind: ocmw", "kind"),
        ("gent/services.yml", "needs: [social]", "needs: [socail]", "needs"),
        ("gent/services.yml", "source_date:", "sorce_date:", "source_date"),
        ("gent/services.yml", "communes: [Gent]", "communes: [Gand]", "unknown commune (Gand)"),
        (
            "rezone-midi/services.yml",
            "networks: [rezone-midi]",
            "networks: [rezone]",
            "unknown network (rezone)",
        ),
        (
            "verviers-dison/services.yml",
            "    refuge: true\n",
            '    refuge: true\n    address: {street: Rue Cachée 1, postal_code: "4800"}\n',
            "street",
        ),
        ("national/children.yml", "si c'est fermé : le 103", "appelez le 04 221 60 69", "doubtful"),
        (
            "national/listening.yml",
            "checked: {by_role: null, date: null}",
            'checked: {by_role: null, date: "2026-11-01"}',
            "half filled in",
        ),
        (
            "national/listening.yml",
            "checked: {by_role: null, date: null}",
            'checked: {by_role: officer, date: "2027-01-01"}',
            "lies ahead",
        ),
        ("national/elders.yml", "same_as: hulplijn-1712", "same_as: lijn-1712", "no record"),
        ("national/listening.yml", "Des bénévoles écoutent", "Des ami·es écoutent", "middle dot"),
    ],
)
def test_a_mistake_is_named_with_file_and_cure(
    change: Change, file: str, old: str, new: str, words: str
) -> None:
    path = change(file, old, new)
    found = errors(path)
    assert any(words in text and file in text for text in found), found
    assert main([str(path), "--today", "2026-11-24"]) == 2


def test_broken_yaml_names_its_line(change: Change) -> None:
    path = change("gent/services.yml", "    kind: social_service", "   kind: social_service")
    [problem] = check(path, TODAY)
    assert problem.line is not None
    with pytest.raises(DirectoryError, match="indentation") as raised:
        load_directory(path, "demo")
    assert raised.value.line == problem.line


def test_a_number_without_quotes_is_refused(change: Change) -> None:
    path = change("national/listening.yml", 'phone: "107"', "phone: 107")
    with pytest.raises(DirectoryError, match="between quotes") as raised:
        load_directory(path, "demo")
    assert "listening.yml" in raised.value.file
    assert raised.value.line


def test_loading_refuses_the_street_of_a_refuge(change: Change) -> None:
    path = change(
        "verviers-dison/services.yml",
        "    refuge: true\n",
        '    refuge: true\n    address: {street: Rue Cachée 1, postal_code: "4800"}\n',
    )
    with pytest.raises(DirectoryError, match="secret"):
        load_directory(path, "demo")


def test_the_same_id_twice_is_refused(change: Change) -> None:
    path = change("gent/services.yml", "id: ocmw-aalter", "id: ocmw-gent")
    with pytest.raises(DirectoryError, match="also stands in"):
        load_directory(path, "demo")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="no data files"):
        load_directory(tmp_path / "nowhere", "demo")
    assert main([str(tmp_path / "nowhere")]) == 2


def test_reminders_after_180_days_and_only_then(change: Change) -> None:
    path = change(
        "national/listening.yml",
        "checked: {by_role: null, date: null}",
        'checked: {by_role: officer, date: "2026-11-01"}',
    )

    def reminded(today: date) -> set[str]:
        return {p.record for p in check(path, today) if p.severity == "reminder"}

    assert "ecoute-violences-conjugales" not in reminded(date(2027, 4, 30))
    assert "ecoute-violences-conjugales" in reminded(date(2027, 5, 1))
    assert "hulplijn-1712" in reminded(date(2026, 11, 24))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--today", "2026-11-24"]) == 0
    out = capsys.readouterr().out
    assert "ecoute-violences-conjugales: never checked" in out
    assert "0 to mend" in out


def test_a_new_network_is_a_new_folder(copy: Path) -> None:
    (copy / "wavre").mkdir()
    (copy / "wavre" / "network.yml").write_text(
        """
network:
  id: wavre
  name: {fr: Réseau de Wavre, nl: Netwerk Waver}
  languages: [fr]
  coordinator: Ville de Wavre
  sources: [{url: "https://example.org", seen: "network", page_date: "2026-11-01"}]
communes:
  - nis: "25112"
    name: Wavre
    localities: [{name: Basse-Wavre, postal_code: "1300"}]
services:
  - id: cpas-wavre
    name: {fr: CPAS de Wavre, nl: OCMW Waver}
    kind: social_service
    needs: [social]
    audiences: [all]
    languages: [fr]
    area: {scope: network, networks: [wavre]}
    url: https://example.org/cpas
    note: {fr: "Aide sociale.", nl: "Sociale hulp."}
    confidence: medium
    source_date: "2026-11-01"
    checked: {by_role: null, date: null}
    sources: [{url: "https://example.org/cpas", seen: "page", page_date: "2026-11-01"}]
"""
    )
    assert errors(copy) == []
    directory = load_directory(copy, "demo")
    wavre = directory.commune("Wavre")
    assert wavre is not None
    assert wavre.network == "wavre"
    assert directory.by_id["cpas-wavre"].area.covers(wavre, None)
    namur = directory.commune("Namur")
    assert not directory.by_id["cpas-wavre"].area.covers(namur, None)
