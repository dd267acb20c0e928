"""Reading what the supervisor's forms send, and writing their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from multidict import MultiDictProxy

from bot.desk.accounts import REGIMES, ROLES, Profile
from bot.desk.page import say
from bot.directory.model import Commune, Directory
from bot.directory.named import named
from bot.language import SUPPORTED, Supported

Form = MultiDictProxy[Any]
MOST_TALKS = 8
_MOST_NAME = 60


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


def profile(form: Form, directory: Directory, networks: Iterable[str]) -> Profile | str:
    """Return what the supervisor has filled in, or the key of the sentence that says what's wrong.

    Args:
        form: as sent.
        directory: of communes.
        networks: that exist.
    """
    role, regime = str(form.get("role")), str(form.get("regime"))
    known = [network for network in networks if network in many(form, "networks")]
    languages = [language for language in SUPPORTED if language in many(form, "languages")]
    organisation, place = text(form, "organisation"), text(form, "commune")
    limit = text(form, "limit")
    at = commune(directory, place) if place else None
    if role not in ROLES or regime not in REGIMES or not organisation:
        return "wrong_profile"
    if not known or not languages:
        return "wrong_networks"
    if place and at is None:
        return "wrong_commune"
    if not limit.isdigit() or not 1 <= int(limit) <= MOST_TALKS:
        return "wrong_limit"
    return Profile(
        role=role,
        regime=regime,
        organisation=organisation,
        networks=tuple(known),
        languages=tuple(languages),
        minors="minors" in form,
        commune=at.id if at else "",
        limit=int(limit),
    )


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


def profile_slots(
    kept: Profile, directory: Directory, networks: Iterable[str], language: Supported
) -> dict[str, str]:
    """Return the slots of `parts/person-fields`: the fields of a profile, filled in."""
    at = directory.commune(kept.commune) if kept.commune else None
    return {
        "roles": radios(
            "role", {role: say(f"role_{role}_long", language) for role in ROLES}, kept.role
        ),
        "regimes": radios(
            "regime", {r: say(f"regime_{r}_long", language) for r in REGIMES}, kept.regime
        ),
        "networks": boxes(
            "networks", {n: network_name(directory, n, language) for n in networks}, kept.networks
        ),
        "languages": boxes("languages", {"fr": "Français", "nl": "Nederlands"}, kept.languages),
        "organisation": escape(kept.organisation),
        "minors": " checked" if kept.minors else "",
        "commune": escape(at.name[language]) if at else "",
        "limit": str(kept.limit),
        "most": str(MOST_TALKS),
    }


def network_name(directory: Directory, network: str, language: Supported) -> str:
    """Return a network's name, or its folder's when the directory has none of it."""
    known = directory.networks.get(network)
    return known.name.get(language, network) if known else network
