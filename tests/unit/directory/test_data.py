"""What the data may say: sourced numbers only, no refuge's street, both languages (R24)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.directory.check import check
from bot.directory.load import load_directory
from bot.directory.model import Directory, Service
from bot.directory.numbers import digits, numbers_in
from bot.directory.sheet import render_sheet
from bot.directory.vocabulary import AUDIENCES, KINDS, NEEDS, REGIONS, TOPICS, WRITERS

from .conftest import DATA, raw_records

# The numbers that matter most, as the research gives them: a change here is a decision.
NUMBERS = {
    "urgence-112": "112",
    "police-101": "101",
    "ecoute-violences-conjugales": "0800 30 030",
    "hulplijn-1712": "1712",
    "tele-accueil-107": "107",
    "tele-onthaal-106": "106",
    "telefonhilfe-108": "108",
    "ecoute-enfants-103": "103",
    "awel-102": "102",
    "child-focus-116000": "116 000",
    "prevention-suicide-0800": "0800 32 123",
    "zelfmoordlijn-1813": "1813",
    "sos-viol": "0800 98 100",
    "respect-seniors": "0800 30 330",
    "caw-onthaal": "0800 13 500",
    "solidarite-femmes-la-louviere": "064 21 33 03",
    "cpvs-bruxelles": "02 535 45 42",
    "zsg-gent": "09 332 80 80",
    "samusocial-bruxelles": "0800 99 340",
    "antipoisons": "070 245 245",
    "card-stop": "078 170 170",
    "l-accueil-verviers": "087 31 07 10",
    "baj-liege": "04 222 10 12",
    "caj-liege": "04 222 40 12",
    "maison-justice-liege": "04 238 14 11",
    "ocmw-gent": "09 266 99 11",
    "cpas-anderlecht": "02 529 41 20",
    "cpas-forest": "02 349 63 00",
    "justice-of-the-peace-sprimont": "02 682 03 45",
}
# Doubtful or of low confidence: shown nowhere.
DOUBTFUL = [
    "04 223 45 67", "04 284 35 11", "04 273 78 00", "04 364 23 00", "04 384 44 60", "0477 49 65 97",
    "04 323 00 00", "04 323 90 00", "09 266 61 30", "09 266 61 11", "050 72 71 70", "09 382 81 10",
    "09 376 82 10", "050 72 72 10", "09 218 72 40", "09 365 73 73", "09 388 96 86", "09 342 29 20",
    "087 30 80 00", "0487 63 23 43", "0800 90 901", "02 227 41 51", "02 800 82 03", "02 249 30 00",
    "02 511 91 20", "02 539 02 04", "02 535 34 00", "071 92 41 00", "02 648 40 14",
]  # fmt: skip


def shown_texts(service: Service) -> list[str]:
    texts = [*service.name.values(), *service.note.values(), *service.hours_text.values()]
    texts += [*service.chat_hours_text.values(), str(service.address or "")]
    numbers = (service.phone, service.phone_e164, service.sms, service.whatsapp)
    return texts + [number for number in numbers if number]


def test_the_numbers_are_the_researched_ones(directory: Directory) -> None:
    assert {i: directory.by_id[i].phone for i in NUMBERS} == NUMBERS


@pytest.mark.parametrize("number", DOUBTFUL)
def test_doubtful_numbers_are_shown_nowhere(directory: Directory, number: str) -> None:
    national = digits(number)
    for service in directory.services:
        for text in shown_texts(service):
            joined = digits(text)
            assert national not in joined, service.id
            assert "32" + national[1:] not in joined, service.id


def test_numbers_not_to_use_are_shown_nowhere(directory: Directory) -> None:
    data = yaml.safe_load((DATA / "national" / "do-not-use.yml").read_text())
    banned = {digits(item["phone"]) for item in data["do_not_use"]}
    assert len(banned) >= 8
    for service in directory.services:
        for text in shown_texts(service):
            assert not banned & {*numbers_in(text, banned)}, service.id


def test_what_is_only_for_the_sheet_is_shown_nowhere(directory: Directory) -> None:
    official = {digits(s.phone) for s in directory.services if s.phone}
    for record in raw_records():
        for number in record.get("to_check", {}).get("seen", []):
            service = directory.by_id.get(record["id"])
            if service is not None:
                assert digits(number) not in digits(" ".join(shown_texts(service))) or (
                    digits(number) in official and digits(number) != digits(service.phone or "")
                )


def test_records_of_low_confidence_are_not_loaded(directory: Directory) -> None:
    low = {record["id"] for record in raw_records() if record["confidence"] == "low"}
    assert {"secova-vaux", "mon-mariage-mappartient", "cpvs-tournai"} <= low
    assert not low & {*directory.by_id}


def test_r24_a_refuge_has_no_street(directory: Directory) -> None:
    refuges = [s for s in directory.services if s.is_refuge]
    assert {"cvfe-liege", "l-accueil-verviers", "vluchthuis-caw-oost-vlaanderen"} <= {
        s.id for s in refuges
    }
    for service in refuges:
        assert service.address is None, service.id
    for record in raw_records():
        if record["kind"] == "shelter" or record.get("refuge"):
            assert "street" not in record.get("address", {}), record["id"]
            assert "address" not in record.get("to_check", {}), record["id"]


def test_old_hours_are_not_shown_as_certain(directory: Directory) -> None:
    for record in raw_records():
        if record.get("to_check", {}).get("hours") and record["id"] in directory.by_id:
            service = directory.by_id[record["id"]]
            assert service.hours_osm is None, service.id
    for service in directory.services:
        for text in (*service.hours_text.values(), *service.chat_hours_text.values()):
            assert not re.search(r"\b20\d\d\b|à vérifier|te controleren", text), service.id
    for known in ("sos-viol", "caw-onthaal", "seos", "lumi", "cpvs-luxembourg-arlon"):
        assert directory.by_id[known].hours_osm is None


def test_each_record_has_a_public_source_and_a_date(directory: Directory) -> None:
    for service in directory.services:
        assert service.sources
        assert service.source_date or service.read_on, service.id
        for source in service.sources:
            assert source.title or (source.url or "").startswith(("http://", "https://"))


def test_both_languages_speak_and_fit_everybody(directory: Directory) -> None:
    children = {"nupraatikerover"}
    for service in directory.services:
        assert {*service.name} == {"fr", "nl"}
        assert {*service.note} == {"fr", "nl"}, service.id
        assert "·" not in "".join(shown_texts(service)), service.id
        if service.id not in children:
            assert not re.search(r"\b(je|jij|jouw|jou)\b", service.note["nl"].lower()), service.id
            assert not re.search(r"\b(tu|ton|ta|tes|toi)\b", service.note["fr"].lower()), service.id


def test_each_number_in_a_sentence_is_that_of_a_record(directory: Directory) -> None:
    known = {digits(s.phone) for s in directory.services if s.phone}
    known |= {digits(s.sms) for s in directory.services if s.sms}
    for service in directory.services:
        for text in (*service.name.values(), *service.note.values()):
            for number in numbers_in(text, known):
                assert number in known, (service.id, number)


def test_nobody_has_checked_yet_and_the_data_says_so() -> None:
    for record in raw_records():
        checked = record["checked"]
        assert {*checked} == {"by_role", "date"}
        assert bool(checked["by_role"]) == bool(checked["date"])


def test_live_shows_112_and_101_alone_until_somebody_checks(
    live: Directory, copy: Path, directory: Directory
) -> None:
    if any(service.checked for service in directory.services):
        pytest.skip("records have been checked since: the next test covers them")
    shown = {s.phone for s in live.services if s.phone}
    assert shown == {"112", "101"}
    for service in live.services:
        assert not service.sms
        assert not service.whatsapp
        for text in (*service.name.values(), *service.note.values()):
            assert {*numbers_in(text, {digits(n) for n in NUMBERS.values()})} <= {"112", "101"}
    assert live.by_id["cpas-aywaille"].url


def test_live_shows_a_number_that_a_person_has_checked(copy: Path) -> None:
    path = copy / "national" / "listening.yml"
    blank = "checked: {by_role: null, date: null}"
    path.write_text(
        path.read_text().replace(blank, 'checked: {by_role: social worker, date: "2026-11-20"}', 1)
    )
    live = load_directory(copy, "live")
    service = live.by_id["ecoute-violences-conjugales"]
    assert service.phone == "0800 30 030"
    assert service.checked["date"] == "2026-11-20"
    assert live.by_id["hulplijn-1712"].phone is None


def test_any_yaml_reader_reads_the_same() -> None:
    for path in sorted(DATA.rglob("*.yml")):
        text = path.read_text()
        assert yaml.safe_load(text) == yaml.load(text, Loader=yaml.CSafeLoader), path.name


def test_the_schema_and_the_code_know_the_same_words() -> None:
    schema = yaml.safe_load((DATA / "schema.json").read_text())
    service = schema["$defs"]["service"]["properties"]
    assert service["kind"]["enum"] == [*KINDS]
    assert service["needs"]["items"]["enum"] == [*NEEDS]
    assert service["audiences"]["items"]["enum"] == [*AUDIENCES]
    assert service["area"]["properties"]["regions"]["items"]["enum"] == [*REGIONS]
    line = service["line"]["properties"]
    assert line["topics"]["propertyNames"]["enum"] == [*TOPICS]
    assert line["for"]["items"]["enum"] == [*WRITERS]


def test_the_readme_names_each_word() -> None:
    readme = (DATA / "README.md").read_text()
    for word in (*KINDS, *NEEDS, *AUDIENCES, *REGIONS, *TOPICS, *WRITERS):
        assert re.search(rf"\b{word}\b", readme), word


def test_the_data_is_in_order() -> None:
    problems = check(DATA, date(2026, 11, 24))
    assert [str(p) for p in problems if p.severity == "error"] == []


def test_the_sheet_is_that_of_the_data() -> None:
    sheet = DATA.parents[1] / "docs" / "directory-to-check.md"
    assert sheet.read_text() == render_sheet(DATA), (
        "run: .venv/bin/python -m bot.directory.sheet > docs/directory-to-check.md"
    )


def test_the_sheet_asks_for_what_is_missing() -> None:
    sheet = render_sheet(DATA)
    for record in ("cpas-aywaille", "cpas-trooz", "secova-zone", "secova-vaux", "ocmw-zulte"):
        row = next(line for line in sheet.splitlines() if f"`{record}`" in line)
        assert "numéro" in row or "nummer" in row
    esneux = next(line for line in sheet.splitlines() if "`cpas-esneux`" in line)
    assert "04 273 78 00" in esneux
