"""The listening line: by who writes, language, topic, region and hour (R5, R28, R29, R30)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.directory.lines import LineChoice, choose_lines, emergency_lines, written_emergency
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.directory.vocabulary import TOPICS, WRITERS

from .conftest import BRUSSELS, at

TUESDAY, NIGHT, SUNDAY = "2026-11-24 10:00", "2026-11-24 03:00", "2026-11-29 20:00"
CHRISTMAS = "2026-12-25 11:00"
LANGUAGES = ("fr", "nl")
# The minutes at which a line opens or closes in the data, and the one before.
EDGES = [
    f"2026-11-{23 + day} {hour:02d}:{minute:02d}"
    for day in range(7)
    for hour in (0, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 22, 23)
    for minute in (0, 59)
]


def choose(
    directory: Directory,
    language: str,
    writer: str = "unknown",
    topic: str | None = None,
    when: str | datetime = TUESDAY,
    region: str | None = None,
    limit: int = 3,
) -> list[LineChoice]:
    now = at(when) if isinstance(when, str) else when
    return choose_lines(
        directory,
        language=language,
        writer=writer,
        topic=topic,
        region=region,
        now=now,
        limit=limit,
    )


def ids(choices: list[LineChoice]) -> list[str]:
    return [choice.service.id for choice in choices]


@pytest.mark.parametrize("language", LANGUAGES)
def test_r28_an_open_line_at_each_minute_of_a_week(directory: Directory, language: str) -> None:
    start = at("2026-11-23 00:00")
    for minute in range(7 * 24 * 60):
        first = choose(directory, language, when=start + timedelta(minutes=minute), limit=1)[0]
        assert first.status.open_now
        assert first.service.phone
        assert language in first.service.languages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("writer", WRITERS)
def test_r28_whoever_writes_and_whatever_about(
    directory: Directory, language: str, writer: str
) -> None:
    for topic in (None, *TOPICS):
        for when in EDGES:
            first = choose(directory, language, writer, topic, when, limit=1)[0]
            assert first.status.open_now, (topic, when)
            assert language in first.service.languages, (topic, when)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", [None, "wallonia", "flanders", "brussels", "german"])
def test_r28_in_each_region_on_holidays_and_when_the_clock_changes(
    directory: Directory, language: str, region: str | None
) -> None:
    moment = datetime(2026, 10, 24, 0, 0, tzinfo=BRUSSELS)
    hours = [moment + timedelta(hours=h) for h in range(48)]
    hours += [at("2026-12-24 00:00") + timedelta(hours=h) for h in range(9 * 24)]
    for when in hours:
        first = choose(directory, language, when=when, region=region, limit=1)[0]
        assert first.status.open_now
        assert language in first.service.languages


@pytest.mark.parametrize(
    ("language", "writer", "topic", "when", "region", "first"),
    [
        ("fr", "victim", "violence", TUESDAY, None, "ecoute-violences-conjugales"),
        ("fr", "victim", "violence", NIGHT, None, "ecoute-violences-conjugales"),
        ("fr", "hurts", None, SUNDAY, None, "ecoute-violences-conjugales"),
        ("fr", "professional", None, TUESDAY, None, "ecoute-violences-conjugales"),
        ("nl", "victim", "violence", TUESDAY, None, "hulplijn-1712"),
        ("nl", "hurts", None, TUESDAY, None, "hulplijn-1712"),
        ("nl", "victim", "violence", NIGHT, None, "tele-onthaal-106"),
        ("nl", "witness", "violence", SUNDAY, None, "tele-onthaal-106"),
        ("fr", "child", None, TUESDAY, None, "ecoute-enfants-103"),
        ("fr", "child", None, NIGHT, None, "tele-accueil-107"),
        ("nl", "child", None, "2026-11-24 16:30", None, "awel-102"),
        ("nl", "child", None, TUESDAY, None, "hulplijn-1712"),
        ("nl", "child", None, NIGHT, None, "tele-onthaal-106"),
        ("fr", "elder", None, TUESDAY, "wallonia", "respect-seniors"),
        ("fr", "elder", None, NIGHT, "wallonia", "ecoute-violences-conjugales"),
        ("fr", "elder", None, TUESDAY, "brussels", "ecoute-violences-conjugales"),
        ("fr", "witness", "elder", TUESDAY, None, "respect-seniors"),
        ("nl", "elder", None, TUESDAY, "flanders", "1712-ouderen"),
        ("fr", "victim", "suicide", NIGHT, None, "prevention-suicide-0800"),
        ("nl", "child", "suicide", NIGHT, None, "zelfmoordlijn-1813"),
        ("fr", "unknown", "missing_child", NIGHT, None, "child-focus-116000"),
        ("nl", "child", "digital", NIGHT, None, "child-focus-images"),
        ("nl", "unknown", "addiction", TUESDAY, None, "druglijn"),
    ],
)
def test_the_best_open_line_comes_first(
    directory: Directory,
    language: str,
    writer: str,
    topic: str | None,
    when: str,
    region: str | None,
    first: str,
) -> None:
    assert ids(choose(directory, language, writer, topic, when, region))[0] == first


def test_at_night_in_dutch_the_french_line_and_the_next_hour_follow(directory: Directory) -> None:
    chosen = choose(directory, "nl", "victim", "violence", NIGHT)
    assert ids(chosen) == ["tele-onthaal-106", "ecoute-violences-conjugales", "hulplijn-1712"]
    assert chosen[2].status.next_open == at("2026-11-24 09:00")


def test_no_french_line_where_the_dutch_one_is_open(directory: Directory) -> None:
    for choice in choose(directory, "nl", "victim", "violence", TUESDAY, limit=9):
        assert "nl" in choice.service.languages


def test_a_holiday_counts(directory: Directory) -> None:
    assert ids(choose(directory, "nl", "victim", "violence", CHRISTMAS))[0] == "tele-onthaal-106"


def test_a_line_whose_hours_are_old_is_named_but_never_as_open(directory: Directory) -> None:
    chosen = choose(directory, "fr", "victim", "sexual", TUESDAY)
    sos = next(c for c in chosen if c.service.id == "sos-viol")
    assert sos.status.open_now is None
    assert chosen[0].status.open_now


def test_lines_of_another_region_are_not_named(directory: Directory) -> None:
    assert "respect-seniors" not in ids(
        choose(directory, "fr", "elder", region="brussels", limit=9)
    )


def test_a_line_for_children_is_not_given_to_an_adult(directory: Directory) -> None:
    for when in EDGES:
        assert "awel-102" not in ids(choose(directory, "nl", "victim", "violence", when, limit=9))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_deaf_gets_lines_that_can_be_written_to(directory: Directory, language: str) -> None:
    for when in EDGES:
        for choice in choose(directory, language, "deaf", None, when):
            assert choice.service.chat_url or choice.service.sms or choice.service.whatsapp


def test_a_chat_is_said_to_be_open_when_it_is(directory: Directory) -> None:
    evening = choose(directory, "nl", "deaf", None, "2026-11-24 20:00")[0]
    assert (evening.service.id, evening.channel) == ("tele-onthaal-106", "chat")
    assert evening.status.until == at("2026-11-24 23:00")


def test_the_same_number_is_named_once(directory: Directory) -> None:
    for language in LANGUAGES:
        for writer in WRITERS:
            for topic in (None, *TOPICS):
                phones = [
                    c.service.phone
                    for c in choose(directory, language, writer, topic, limit=9)
                    if c.service.phone
                ]
                assert len(phones) == len(set(phones)), (language, writer, topic)


def test_emergency_numbers(directory: Directory, live: Directory) -> None:
    for known in (directory, live):
        assert [s.phone for s in emergency_lines(known, "fr")] == ["112", "101"]


@pytest.mark.parametrize(
    ("language", "deaf", "faster"),
    [("fr", "sourdes", "plus rapide"), ("nl", "doof", "gaat sneller")],
)
def test_r5_a_written_way_with_its_caution(
    directory: Directory, language: str, deaf: str, faster: str
) -> None:
    app, *sms = written_emergency(directory, language)
    assert app.url == "https://112.be"
    assert [s.sms for s in sms] == ["8101", "8112"]
    for service in (app, *sms):
        assert deaf in service.note[language]
        assert faster in service.note[language]


def test_r29_the_bill_is_spoken_of_only_with_a_dated_source(directory: Directory) -> None:
    said = [s for s in directory.services if s.on_phone_bill is not None]
    assert {s.id for s in said} >= {"ecoute-violences-conjugales", "hulplijn-1712"}
    for service in said:
        assert service.phone
        source = service.on_phone_bill_source
        assert source is not None
        assert source.url
        assert source.url.startswith("http")
        assert source.page_date


def test_r30_a_new_line_by_data_alone(copy: Path) -> None:
    (copy / "national" / "europe.yml").write_text(
        """
services:
  - id: european-line
    name: {fr: Ligne européenne, nl: Europese lijn}
    kind: listening_line
    needs: [listening]
    audiences: [all]
    languages: [fr, nl]
    area: {scope: country}
    phone: "116 016"
    hours: {fr: "24h/24", nl: "Dag en nacht", osm: "24/7"}
    note: {fr: "Écoute.", nl: "Luistert."}
    line: {topics: {violence: 1}}
    confidence: high
    source_date: "2027-06-14"
    checked: {by_role: null, date: null}
    sources: [{url: "https://example.org/line", seen: "number", page_date: "2027-06-14"}]
"""
    )
    directory = load_directory(copy, "demo")
    assert ids(choose(directory, "nl", "victim", "violence", NIGHT))[0] == "european-line"


def test_the_line_for_older_people_follows_the_open_one_at_night(directory: Directory) -> None:
    for region in (None, "wallonia"):
        chosen = choose(directory, "fr", "witness", "elder", NIGHT, region, limit=2)
        assert ids(chosen) == ["ecoute-violences-conjugales", "respect-seniors"]


def test_lines_on_minors_arent_given_to_who_hurts_otherwise(directory: Directory) -> None:
    only = {"seos", "stop-it-now-bruxelles", "stop-it-now-vlaanderen"}
    for language in LANGUAGES:
        for topic in (t for t in TOPICS if t != "minors"):
            assert not only & {*ids(choose(directory, language, "hurts", topic, limit=9))}, topic
        assert only & {*ids(choose(directory, language, "hurts", "minors", limit=9))}
