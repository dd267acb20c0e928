"""Reading what the supervisor's forms send, and writing their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, cast

from multidict import MultiDictProxy
from rapidfuzz import fuzz, process

from bot.desk.accounts import REGIMES, ROLES, Profile
from bot.desk.model import Regime, Role
from bot.desk.page import say
from bot.directory.model import Commune, Directory
from bot.directory.named import named
from bot.directory.places import fold
from bot.language import SUPPORTED, Supported

Form = MultiDictProxy[Any]
MOST_TALKS = 8
_MOST_NAME = 60
# Names that somebody may have meant are proposed from this likeness (0 to 100) on, so many at most.
_ALIKE = 72
_PROPOSED = 3


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a form: the key of its sentence, and what is filled in there."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """What somebody typed into the fields of a profile, right or wrong: nothing is typed twice."""

    profile: Profile
    commune: str
    limit: str


def text(form: Form, name: str, most: int = _MOST_NAME) -> str:
    """Return a field as one tidy line of at most `most` characters."""
    return " ".join(str(form.get(name, "")).split())[:most]


def many(form: Form, name: str) -> set[str]:
    """Return the boxes that were ticked."""
    return {str(value) for value in form.getall(name, [])}


def commune(directory: Directory, typed: str) -> Commune | None:
    """Return the commune that somebody typed: its name, postal code or NIS code."""
    found = named(directory, typed)
    return found[0] if len(found) == 1 else None


def near(directory: Directory, asked: str, language: Supported) -> list[str]:
    """Return the names of communes that somebody may have meant, the likeliest first."""
    several = named(directory, asked)
    if several:
        return [found.name[language] for found in several]
    names = {
        place: name for place, at in directory.communes.items() for name in set(at.name.values())
    }
    alike = process.extract(
        asked, names, scorer=fuzz.ratio, processor=fold, score_cutoff=_ALIKE, limit=_PROPOSED
    )
    return [directory.communes[place].name[language] for _, _, place in alike]


def typed(form: Form, networks: Iterable[str], *, regime: Regime | None = None) -> Typed:
    """Return what was typed, to be shown again beside what is wrong.

    Args:
        form: as sent.
        networks: that exist.
        regime: when it isn't the form's to say.
    """
    return Typed(
        Profile(
            role=cast(Role, str(form.get("role"))),
            regime=regime or cast(Regime, str(form.get("regime"))),
            organisation=text(form, "organisation"),
            networks=tuple(n for n in networks if n in many(form, "networks")),
            languages=tuple(n for n in SUPPORTED if n in many(form, "languages")),
            minors="minors" in form,
        ),
        commune=text(form, "commune"),
        limit=text(form, "limit", 4),
    )


def profile(sent: Typed, directory: Directory, language: Supported) -> Profile | Wrong:
    """Return what the supervisor has filled in, or what is wrong with it.

    Args:
        sent: the fields.
        directory: of communes.
        language: of the names that are proposed.
    """
    kept, place = sent.profile, sent.commune
    at = commune(directory, place) if place else None
    if kept.role not in ROLES or kept.regime not in REGIMES or not kept.organisation:
        return Wrong("wrong_profile")
    if not kept.networks or not kept.languages:
        return Wrong("wrong_networks")
    if place and at is None:
        meant = near(directory, place, language)
        key = "wrong_commune_near" if meant else "wrong_commune"
        return Wrong(key, {"typed": place, "near": ", ".join(meant)})
    if not sent.limit.isdigit() or not 1 <= int(sent.limit) <= MOST_TALKS:
        return Wrong("wrong_limit")
    return replace(kept, commune=at.id if at else "", limit=int(sent.limit))


def boxes(name: str, options: Mapping[str, str], ticked: Iterable[str]) -> str:
    """Return ticking boxes: `options` are labels by value."""
    chosen = set(ticked)
    return "".join(
        f'<label class="choice"><input type="checkbox" name="{name}" value="{escape(value)}"'
        f"{' checked' if value in chosen else ''}> <span>{escape(label)}</span></label>"
        for value, label in options.items()
    )


def radios(name: str, options: Mapping[str, str], chosen: str) -> str:
    """Return a choice of one: `options` are labels by value."""
    return "".join(
        f'<label class="choice"><input type="radio" name="{name}" value="{escape(value)}"'
        f"{' checked' if value == chosen else ''} required> <span>{escape(label)}</span></label>"
        for value, label in options.items()
    )


def options(labels: Mapping[str, str], chosen: str) -> str:
    """Return the options of a list to choose one from: `labels` by value."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(label)}</option>"
        for value, label in labels.items()
    )


def profile_slots(
    kept: Profile | Typed,
    directory: Directory,
    networks: Iterable[str],
    language: Supported,
    *,
    own_regime: bool = False,
) -> dict[str, str]:
    """Return the slots of `parts/person-fields`: the fields of a profile, filled in.

    Args:
        kept: as it is kept, or as it was typed.
        directory: of communes and networks.
        networks: that exist.
        language: of the page.
        own_regime: the regime is shown, but it is for somebody else to change.
    """
    if isinstance(kept, Profile):
        at = directory.commune(kept.commune) if kept.commune else None
        kept = Typed(kept, at.name[language] if at else "", str(kept.limit))
    place, limit, kept = kept.commune, kept.limit, kept.profile
    return {
        "roles": radios(
            "role", {role: say(f"role_{role}_long", language) for role in ROLES}, kept.role
        ),
        "regimes": radios(
            "regime", {r: say(f"regime_{r}_long", language) for r in REGIMES}, kept.regime
        ),
        "regime_fixed": " disabled" if own_regime else "",
        "regime_hint": escape(say("regime_own" if own_regime else "regime_hint", language)),
        "networks": boxes(
            "networks", {n: network_name(directory, n, language) for n in networks}, kept.networks
        ),
        "languages": boxes("languages", {"fr": "Français", "nl": "Nederlands"}, kept.languages),
        "organisation": escape(kept.organisation),
        "minors": " checked" if kept.minors else "",
        "commune": escape(place),
        "limit": escape(limit),
        "most": str(MOST_TALKS),
    }


def short_name(directory: Directory, network: str, language: Supported) -> str:
    """Return a network's name, short enough for a line of facts."""
    # Some names explain themselves in brackets.
    return network_name(directory, network, language).partition(" (")[0]


def network_name(directory: Directory, network: str, language: Supported) -> str:
    """Return a network's name, or its folder's when the directory has none of it."""
    known = directory.networks.get(network)
    return known.name.get(language, network) if known else network
