"""The teams of each network: when they answer, in which languages, and through which tool.

`data/directory/<network>/team.yml` names them; a network without that file has one team, at the
desk, with the hours of `DESK_HOURS`. docs/handoff.md shows a whole file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, cast

from bot.directory.hours import BRUSSELS, problem, status
from bot.handoff.signing import Signer, SigningError
from bot.language import SUPPORTED
from bot.texts import read_yaml

Kind = Literal["standard", "chatwoot", "mattermost"]
KINDS: tuple[Kind, ...] = ("standard", "chatwoot", "mattermost")
_FIELDS = frozenset(
    {
        "id",
        "name",
        "hours",
        "last_intake_minutes",
        "closed_until",
        "languages",
        "takes_minors",
        "tool",
    }
)
_TOOL_FIELDS = frozenset({"url", "secret", "kind", "name", "keeps"})
_MOST_STEPS = 400


class TeamsError(ValueError):
    """A team file can't be used; the message names the file, the team and the cure."""


@dataclass(frozen=True)
class Endpoint:
    """Where a tool is told of handoffs.

    `networks` empty: of all networks. `signer` is None for adapters, whose address is the secret.
    """

    id: str
    url: str
    signer: Signer | None
    kind: Kind = "standard"
    networks: frozenset[str] = frozenset()
    name: str = ""
    keeps: Mapping[str, str] = field(default_factory=dict)

    def serves(self, network: str) -> bool:
        """Tell whether this endpoint hears of handoffs of a network."""
        return not self.networks or network in self.networks


def endpoint_id(url: str) -> str:
    """Return the short name of an endpoint; its address may hold a secret, the name doesn't."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Team:
    """People who answer."""

    id: str
    hours: str
    languages: frozenset[str] = frozenset(SUPPORTED)
    takes_minors: bool = True
    name: Mapping[str, str] = field(default_factory=dict)
    last_intake: timedelta = timedelta(0)
    closed_until: date | None = None
    endpoint: Endpoint | None = None

    def answers(self, now: datetime) -> bool:
        """Tell whether a talk may begin now: within the hours, early enough before their end."""
        if self.closed_until and now.astimezone(BRUSSELS).date() < self.closed_until:
            return False
        found = status(self.hours, now)
        if not found.open_now:
            return False
        return found.until is None or found.until - now > self.last_intake

    def opens(self, now: datetime) -> datetime | None:
        """Return when a talk may next begin; `now` when it may already, None when never."""
        moment = now.astimezone(BRUSSELS)
        if self.closed_until and moment.date() < self.closed_until:
            moment = datetime.combine(self.closed_until, time(), BRUSSELS)
        for _ in range(_MOST_STEPS):
            if self.answers(moment):
                return moment
            found = status(self.hours, moment)
            change = found.until if found.open_now else found.next_open
            if change is None:
                return None
            moment = change
        return None

    def closes(self, now: datetime) -> datetime | None:
        """Return the end of the hours that hold this moment, None when none is known."""
        return status(self.hours, now).until


@dataclass(frozen=True)
class Override:
    """What the supervisor has set at the desk; None: as the team file says."""

    hours: str | None = None
    closed_until: date | None = None


class Teams:
    """The teams of all networks."""

    def __init__(self, teams: Mapping[str, tuple[Team, ...]], endpoints: tuple[Endpoint, ...] = ()):
        """Take the teams of each network, and the endpoints that serve several."""
        self._teams = teams
        # Asked each time: what the supervisor changes counts for the next visitor.
        self.overrides: Callable[[str], Override] = lambda network: Override()
        own = (t.endpoint for found in teams.values() for t in found if t.endpoint)
        by_id: dict[str, Endpoint] = {}
        for endpoint in (*endpoints, *own):
            known = by_id.get(endpoint.id)
            if known is None:
                by_id[endpoint.id] = endpoint
        self.endpoints = tuple(by_id.values())

    @property
    def networks(self) -> tuple[str, ...]:
        """All networks."""
        return tuple(self._teams)

    def of(self, network: str, language: str, minor: bool = False) -> list[Team]:
        """Return the teams that could speak with this person, as they work now."""
        return [
            team
            for team in self.current(network)
            if language in team.languages and (team.takes_minors or not minor)
        ]

    def current(self, network: str) -> tuple[Team, ...]:
        """Return a network's teams with what the supervisor has set; a tool keeps its hours."""
        set_by_hand = self.overrides(network)
        return tuple(
            replace(
                team,
                hours=set_by_hand.hours if set_by_hand.hours and not team.endpoint else team.hours,
                closed_until=max(
                    (d for d in (team.closed_until, set_by_hand.closed_until) if d), default=None
                ),
            )
            for team in self._teams.get(network, ())
        )

    def answers(self, network: str, language: str, now: datetime, minor: bool = False) -> bool:
        """Tell whether a team works now."""
        return any(team.answers(now) for team in self.of(network, language, minor))

    def opens(
        self, network: str, language: str, now: datetime, minor: bool = False
    ) -> datetime | None:
        """Return when the first team works next (`now` if one does), or None when never."""
        moments = [team.opens(now) for team in self.of(network, language, minor)]
        return min((m for m in moments if m is not None), default=None)

    def next_hours(
        self, network: str, language: str, now: datetime, minor: bool = False
    ) -> tuple[datetime, datetime | None] | None:
        """Return when a team works next and until when; None when one works now, or none will."""
        found = [(team.opens(now), team) for team in self.of(network, language, minor)]
        coming = [(opens, team) for opens, team in found if opens is not None]
        if not coming:
            return None
        opens, team = min(coming, key=lambda one: one[0])
        return (opens, team.closes(opens)) if opens > now else None

    def tool_takes_minors(self, network: str) -> bool:
        """Tell whether minors may speak with who answers through a tool."""
        teams = self._teams.get(network, ())
        with_tool = [team for team in teams if team.endpoint]
        return any(team.takes_minors for team in with_tool or teams)

    def serving(self, network: str) -> list[Endpoint]:
        """Return the endpoints that hear of a network's handoffs."""
        return [endpoint for endpoint in self.endpoints if endpoint.serves(network)]


def load_teams(
    folder: Path,
    networks: tuple[str, ...],
    desk_hours: str,
    environment: Mapping[str, str],
    everywhere: tuple[Endpoint, ...] = (),
) -> Teams:
    """Read the team files.

    Args:
        folder: `data/directory`.
        networks: the names of all networks.
        desk_hours: OpenStreetMap opening hours, where a file gives none.
        environment: where the secrets are that the files name.
        everywhere: endpoints of the configuration, for all networks.

    Raises:
        TeamsError: a file can't be used.
        TextsError: it isn't YAML.
    """
    found: dict[str, tuple[Team, ...]] = {}
    for network in networks:
        path = folder / network / "team.yml"
        if not path.exists():
            found[network] = (Team(id="desk", hours=desk_hours),)
            continue
        content = read_yaml(path)
        listed = content.get("teams") if isinstance(content, dict) else None
        if not isinstance(listed, list) or not listed:
            raise TeamsError(f"{path}: begin with 'teams:' and a list of teams.")
        reader = _Reader(path, network, desk_hours, environment)
        found[network] = tuple(reader.team(raw) for raw in listed)
    return Teams(found, everywhere)


@dataclass(frozen=True)
class _Reader:
    path: Path
    network: str
    desk_hours: str
    environment: Mapping[str, str]

    def wrong(self, team: object, what: str) -> TeamsError:
        return TeamsError(f"{self.path}, team {team!r}: {what}")

    def team(self, raw: Any) -> Team:
        name = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(name, str) or not name:
            raise self.wrong(name, "each team is a record with an 'id'.")
        for key in raw:
            if key not in _FIELDS:
                raise self.wrong(name, f"'{key}' isn't known; use {', '.join(sorted(_FIELDS))}.")
        hours = str(raw.get("hours") or self.desk_hours)
        if trouble := problem(hours):
            raise self.wrong(name, f"the hours {hours!r} can't be read ({trouble}).")
        languages = raw.get("languages") or list(SUPPORTED)
        if not isinstance(languages, list) or not set(languages) <= set(SUPPORTED):
            raise self.wrong(name, "'languages' is a list of fr and nl.")
        minutes = raw.get("last_intake_minutes", 0)
        if not isinstance(minutes, int) or not 0 <= minutes <= 24 * 60:
            raise self.wrong(name, "'last_intake_minutes' is a number of minutes.")
        closed = raw.get("closed_until")
        if closed is not None and not isinstance(closed, date):
            raise self.wrong(name, "'closed_until' is a date, like 2027-01-04.")
        return Team(
            id=name,
            hours=hours,
            languages=frozenset(languages),
            takes_minors=bool(raw.get("takes_minors", True)),
            name=raw.get("name") or {},
            last_intake=timedelta(minutes=minutes),
            closed_until=closed,
            endpoint=self.endpoint(name, raw["tool"]) if raw.get("tool") else None,
        )

    def endpoint(self, team: str, raw: Any) -> Endpoint:
        if not isinstance(raw, dict) or not set(raw) <= _TOOL_FIELDS or not raw.get("url"):
            raise self.wrong(team, f"'tool' needs 'url' and may have {sorted(_TOOL_FIELDS)}.")
        kind = raw.get("kind", "standard")
        if kind not in KINDS:
            raise self.wrong(team, f"the kind {kind!r} isn't known; use {', '.join(KINDS)}.")
        signer = None
        if kind == "standard":
            variable = str(raw.get("secret") or "")
            secrets = self.environment.get(variable, "")
            if not secrets:
                raise self.wrong(
                    team, f"'secret' names the variable that holds it; {variable!r} is empty."
                )
            try:
                signer = Signer.of(secrets)
            except SigningError as error:
                raise self.wrong(team, f"{variable}: {error}") from None
        return Endpoint(
            id=endpoint_id(str(raw["url"])),
            url=str(raw["url"]),
            signer=signer,
            kind=cast(Kind, kind),
            networks=frozenset({self.network}),
            name=str(raw.get("name") or ""),
            keeps=raw.get("keeps") or {},
        )
