"""The services near a commune for a need: open ones first, and never an empty list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .hours import status
from .lines import choose_lines, emergency_lines
from .model import Commune, Directory, OpenStatus, Service
from .vocabulary import NEEDS

# The topic of the line that leads to services of a need; violence at home for the others.
_TOPIC = {
    "sexual_violence": "sexual",
    "children": "child",
    "perpetrators": "perpetrator",
    "elders": "elder",
    "honour": "honour",
    "lgbtqi": "lgbtqi",
    "addiction": "addiction",
    "residence": "residence",
    "shelter": "shelter",
    "digital": "digital",
}
_ORDER = {need: rank for rank, need in enumerate(NEEDS)}
# What is listed for "what is there in my commune": services whose first need is one of these.
_CORE = frozenset(
    {
        "police",
        "social",
        "victim_support",
        "shelter",
        "sexual_violence",
        "children",
        "perpetrators",
        "network",
    }
)
_LOCAL = 1  # distance of a service of single communes or of one network
_REGION = 3  # distance of a service of a region
# Advice before a court, the social service before the town hall's desk.
_LAST_KINDS = frozenset({"town_hall", "justice_of_the_peace", "family_court"})
_OPEN_FIRST = {True: 0, None: 1, False: 2}


@dataclass(frozen=True)
class ServiceChoice:
    """A service and whether it is open.

    ``way`` marks what isn't the service asked for but the way to it: 101, the listening line,
    the next service that has a number.
    """

    service: Service
    status: OpenStatus
    way: bool = False


@dataclass(frozen=True)
class ServicePage:
    """One page of services; ``more`` says that another one follows."""

    items: list[ServiceChoice]
    more: bool


@dataclass(frozen=True)
class _Question:
    directory: Directory
    commune: Commune | None
    region: str | None
    need: str | None
    language: str
    now: datetime
    about: str | None

    def covers(self, service: Service) -> bool:
        if self.commune is None and self.region is None and service.area.community:
            return service.area.community == self.language
        return service.area.covers(self.commune, self.region)


def services_for(
    directory: Directory,
    *,
    commune: Commune | None,
    region: str | None,
    need: str | None,
    language: str,
    now: datetime,
    about: str | None = None,
    offset: int = 0,
    limit: int = 5,
) -> ServicePage:
    """The services for a need where somebody lives.

    Args:
        directory: the data.
        commune: where help is wanted; None when only the region is known, or nothing.
        region: used when ``commune`` is None.
        need: one of ``NEEDS``; None, or an unknown word, for whatever there is.
        language: services that speak it come before those that don't.
        now: the moment.
        about: "minors" when it is about sexual interest in minors: what is only for that stays
            away from everybody else.
        offset: how many were shown before.
        limit: how many to show.

    Returns:
        With a need: open ones first, then those without sure hours, then those that open later;
        within each, what was asked for before the ways to it, near before far. Without a need:
        page by page from near to far, open ones first on each page. The first page (``offset``
        0) is never empty.
    """
    question = _Question(
        directory,
        commune,
        commune.region if commune else region,
        need if need in NEEDS else None,
        language,
        now,
        about,
    )
    found = _wanted(question)
    found.sort(key=lambda s: _nearness(s, question))
    ways = [s for s in _ways(question, found) if s.id not in {f.id for f in found}]
    asked = [ServiceChoice(s, status(s.hours_osm, now)) for s in found]
    leading = [ServiceChoice(s, status(s.hours_osm, now), way=True) for s in ways]
    if question.need is not None:
        choices = sorted(asked + leading, key=_openness)
    else:
        # The ways stand on the first page, beside what is nearest.
        room = max(0, limit - len(leading))
        choices = asked[:room] + leading + asked[room:]
    page = sorted(choices[offset : offset + limit], key=_openness)
    return ServicePage(page, more=len(choices) > offset + limit)


def _openness(choice: ServiceChoice) -> int:
    return _OPEN_FIRST[choice.status.open_now]


def _nearness(service: Service, question: _Question) -> tuple[int, ...]:
    main = _ORDER[service.needs[0]] if service.needs else len(_ORDER)
    need = question.need
    return (
        question.language not in service.languages,
        service.kind != "emergency",
        service.needs.index(need) > 0 if need else service.area.distance > _LOCAL,
        service.kind in _LAST_KINDS,
        service.area.distance if need else main,
        not service.phone,
        service.area.distance,
        main,
    )


def _wanted(question: _Question) -> list[Service]:
    need = question.need
    services = question.directory.services
    covering = [s for s in services if question.covers(s) and _for_public(s, need)]
    covering = [s for s in covering if not _only_about_minors(s) or question.about == "minors"]
    if need is not None:
        return _understood(_one_each(s for s in covering if need in s.needs), question)
    core = [s for s in covering if s.needs and s.needs[0] in _CORE]
    near = [s for s in core if s.area.distance <= _REGION]
    # Outside the networks, what the whole country offers belongs to the list as well.
    in_network = any(s.area.distance <= _LOCAL for s in near)
    return _understood(_one_each(near if in_network else core), question)


def _only_about_minors(service: Service) -> bool:
    return service.line is not None and {*service.line.topics} == {"minors"}


def without_number(
    items: Sequence[ServiceChoice], need: str
) -> tuple[ServiceChoice, ServiceChoice] | None:
    """Return a service of the commune that has no checked number, and what has one instead.

    Args:
        items: what is shown.
        need: for which need; a service for which it comes second isn't what was asked for.

    Returns:
        None when a service of the commune can be called, or when there is none there.
    """
    near = [i for i in items if not i.way and i.service.area.distance <= _LOCAL]
    local = [i for i in near if i.service.needs[:1] == (need,)]
    if not local or any(i.service.phone for i in local):
        return None
    others = [i for i in items if i.service.phone]
    # A service rather than the line for everybody, unless there is only the line.
    others.sort(key=lambda i: (i.service.line is not None, i.way))
    return (local[0], others[0]) if others else None


def _understood(services: list[Service], question: _Question) -> list[Service]:
    """In Brussels, where both communities work: without the other's, if there is anything else."""
    if question.region != "brussels" or not any(question.language in s.languages for s in services):
        return services
    return [s for s in services if question.language in s.languages or s.area.distance < _REGION]


def _for_public(service: Service, need: str | None) -> bool:
    """112 and 101 where they are the need; services for professionals are for them alone."""
    if service.kind == "emergency":
        return bool(service.phone) and need in service.needs
    return need == "professionals" or service.needs[:1] != ("professionals",)


def _one_each(services: Iterable[Service]) -> list[Service]:
    """One record of each service: the branch nearby rather than the organisation's own record."""
    kept: dict[str, Service] = {}
    for service in services:
        key = service.same_as or service.id
        other = kept.get(key)
        if other is None or service.area.distance < other.area.distance:
            kept[key] = service
    return list(kept.values())


def _ways(question: _Question, found: list[Service]) -> list[Service]:
    """What leads on when no service of the commune itself has a number, or nothing is found."""
    local = [s for s in found if s.area.distance <= _LOCAL]
    if any(s.phone for s in local):
        return []
    reachable = [s for s in found if s.phone and s.kind != "emergency"]
    open_now = any(status(s.hours_osm, question.now).open_now for s in reachable)
    if question.need is not None and not local and open_now:
        return []
    ways: dict[str, Service] = {}
    if question.need is None:
        for service in emergency_lines(question.directory, question.language):
            if "police" in service.needs:
                ways[service.id] = service
    lines = choose_lines(
        question.directory,
        language=question.language,
        writer="unknown",
        topic=_TOPIC.get(question.need or "", "violence"),
        region=question.region,
        now=question.now,
        limit=1,
    )
    ways.update({line.service.id: line.service for line in lines})
    if not reachable:
        ways.update({s.id: s for s in _next_with_number(question)})
    return list(ways.values())


def _next_with_number(question: _Question) -> list[Service]:
    found = [
        s
        for s in question.directory.services
        if s.phone
        and "victim_support" in s.needs
        and s.kind != "listening_line"
        and question.covers(s)
    ]
    found.sort(key=lambda s: (question.language not in s.languages, s.area.distance))
    return found[:1]
