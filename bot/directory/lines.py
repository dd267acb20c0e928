"""Which line to name, for whom, about what, at this hour. Everything specific stands in the data.

A record becomes a line by its ``line`` entry: topics with a rank (lower is named first) and, where
it isn't for everybody, the writers that it is for. A new line is a new record, never new code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .hours import UNKNOWN, status
from .model import Directory, LineRule, OpenStatus, Service
from .vocabulary import COMMUNITY_REGIONS, TOPICS

# What a person also needs to hear of, after the topic itself: the nearest first.
_WRITER_TOPIC = {"child": "child", "elder": "elder", "hurts": "perpetrator"}
_LISTEN_FIRST = frozenset({"suicide", "addiction", "poison"})
# Costs, in ranks: each step away from the topic, a line that may be or is closed, another language.
_STEP, _UNSURE, _CLOSED, _FOREIGN, _REGION_UNKNOWN = 10, 6, 15, 8, 5
# A line made for that topic alone is named right after the one that is open, when it opens later.
_CLOSED_SPECIAL = 6
_GENERAL = "listening"
_FOR_ALL = frozenset({None, "violence", _GENERAL})
_EMERGENCY = "emergency"
_SECOND_LANGUAGE = {"nl": "fr"}


@dataclass(frozen=True)
class LineChoice:
    """A line, open or not at the moment asked for; by chat when that is what is open."""

    service: Service
    status: OpenStatus
    channel: Literal["phone", "chat"] = "phone"


def choose_lines(
    directory: Directory,
    *,
    language: str,
    writer: str,
    topic: str | None,
    region: str | None,
    now: datetime,
    limit: int = 3,
) -> list[LineChoice]:
    """The lines to name, the best open one first.

    Args:
        directory: the data.
        language: the language of the person who writes (``fr`` or ``nl``; others when a line
            speaks them).
        writer: victim, hurts, child, elder, witness, professional, deaf or unknown.
        topic: what it is about (``TOPICS``), or None for what fits the writer; an unknown word
            counts as None.
        region: of the person's commune, or None.
        now: the moment.
        limit: how many at most.

    Returns:
        At least one line that is open, in the person's language, as long as the data has one
        that never closes (R28); then what is open in another language, if nothing special is
        open in theirs, and what opens later.
    """
    deaf = writer == "deaf" or topic == "deaf"
    wanted = _topics(writer, topic)
    rated: list[tuple[int, int, LineChoice]] = []
    for order, service in enumerate(directory.services):
        rule = service.line
        if rule is None or not _reachable(service, region):
            continue
        if ("victim" if writer == "unknown" else writer) not in rule.writers:
            continue
        if deaf and not (service.chat_url or service.sms or service.whatsapp):
            continue
        cost = _cost(rule, wanted)
        if cost is None:
            continue
        choice = _choice(service, now, deaf)
        special = topic not in _FOR_ALL and {*rule.topics} == {topic}
        cost += _wait(choice.status, special)
        cost += 0 if language in service.languages else _FOREIGN
        cost += _REGION_UNKNOWN if service.area.scope == "region" and region is None else 0
        rated.append((cost, order, choice))
    rated.sort(key=lambda item: item[:2])
    return _pick(rated, language, region, wanted, limit)


def emergency_lines(directory: Directory, language: str) -> list[Service]:
    """112 and 101, in the order of the data; they speak every language of the country."""
    return [s for s in directory.services if s.kind == _EMERGENCY and s.phone]


def written_emergency(directory: Directory, language: str) -> list[Service]:
    """The ways to the emergency services in writing (R5): the app, and the SMS numbers.

    Each record's ``note`` carries the official caution: who can speak should call.
    """
    return [
        s for s in directory.services if s.kind == _EMERGENCY and not s.phone and (s.sms or s.url)
    ]


def _topics(writer: str, topic: str | None) -> list[str]:
    """The topic, then what fits the writer, then violence at home, then whoever listens."""
    own = _WRITER_TOPIC.get(writer)
    # A child is given lines for children, then somebody who listens; not those for couples.
    general = [_GENERAL] if writer == "child" else ["violence", _GENERAL]
    if topic in _LISTEN_FIRST:
        general.reverse()
    chain = [topic if topic in TOPICS else None, own, *general]
    return list(dict.fromkeys(t for t in chain if t))


def _cost(rule: LineRule, wanted: list[str]) -> int | None:
    """How far the line is from what is wanted, or None when it has nothing to do with it."""
    for step, topic in enumerate(wanted):
        if topic in rule.topics:
            return step * _STEP + rule.topics[topic]
    return None


def _reachable(service: Service, region: str | None) -> bool:
    """Whether the line is for that region; those of a whole community answer from everywhere."""
    if not (service.phone or service.chat_url or service.url):
        return False
    if service.area.scope in ("country", "community"):
        return True
    return service.area.scope == "region" and (region is None or region in service.area.regions)


def _choice(service: Service, now: datetime, deaf: bool) -> LineChoice:
    by_phone = status(service.hours_osm, now) if service.phone else UNKNOWN
    by_chat = status(service.chat_hours_osm, now) if service.chat_url else UNKNOWN
    if (deaf and by_chat.open_now) or not service.phone:
        return LineChoice(service, by_chat, "chat" if service.chat_url else "phone")
    return LineChoice(service, by_phone)


def _wait(found: OpenStatus, special: bool) -> int:
    if found.open_now:
        return 0
    if found.open_now is None:
        return _UNSURE
    return _CLOSED_SPECIAL if special else _CLOSED


def _pick(
    rated: list[tuple[int, int, LineChoice]],
    language: str,
    region: str | None,
    wanted: list[str],
    limit: int,
) -> list[LineChoice]:
    own = [c for _, _, c in rated if language in c.service.languages]
    others = _other_languages(language, region)
    first = next((c for c in own if c.status.open_now), None)
    first = first or next((c for _, _, c in rated if c.status.open_now), None)
    special = any(c.status.open_now and _special(c, wanted) for c in own)
    picked = [first] if first else []
    for _, _, choice in rated:
        if choice in picked:
            continue
        if language not in choice.service.languages:
            # Another language helps when it answers the topic now and nothing of ours does.
            useful = choice.status.open_now and _special(choice, wanted) and not special
            if not useful or not others & {*choice.service.languages}:
                continue
        if not _twice(choice, picked):
            picked.append(choice)
    return picked[:limit]


def _other_languages(language: str, region: str | None) -> set[str]:
    others = {_SECOND_LANGUAGE[language]} if language in _SECOND_LANGUAGE else set()
    if region == "german":
        others |= {lang for lang, regions in COMMUNITY_REGIONS.items() if region in regions}
    return others - {language}


def _special(choice: LineChoice, wanted: list[str]) -> bool:
    rule = choice.service.line
    return rule is not None and any(t in rule.topics for t in wanted if t != _GENERAL)


def _twice(choice: LineChoice, picked: list[LineChoice]) -> bool:
    """The same number under two records is named once."""
    phone = choice.service.phone
    same = choice.service.same_as
    return any(
        (phone and phone == p.service.phone) or same == p.service.id
        for p in picked
        if phone or same
    )
