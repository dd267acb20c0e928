"""The services near a commune."""

from __future__ import annotations

import pytest

from bot.directory.model import Directory
from bot.directory.services import ServicePage, services_for, without_number
from bot.directory.vocabulary import NEEDS

from .conftest import at

TUESDAY, NIGHT = at("2026-11-24 10:00"), at("2026-11-24 03:00")
NETWORK_COMMUNES = 25


def page(
    directory: Directory,
    commune: str | None,
    need: str | None = None,
    language: str = "fr",
    now: object = TUESDAY,
    offset: int = 0,
    limit: int = 5,
    region: str | None = None,
) -> ServicePage:
    return services_for(
        directory,
        commune=directory.commune(commune) if commune else None,
        region=region,
        need=need,
        language=language,
        now=now,  # type: ignore[arg-type]
        offset=offset,
        limit=limit,
    )


def ids(found: ServicePage) -> list[str]:
    return [choice.service.id for choice in found.items]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_never_empty_anywhere_for_anything(directory: Directory, language: str) -> None:
    for commune in directory.communes.values():
        for need in (None, "police", "social", "shelter", "elders", "sexual_violence"):
            found = page(directory, commune.id, need, language, NIGHT)
            assert found.items, (commune.own_name, need)
            assert any(choice.service.phone for choice in found.items), (commune.own_name, need)


@pytest.mark.parametrize("now", [TUESDAY, NIGHT])
def test_each_need_in_each_commune_of_the_networks(directory: Directory, now: object) -> None:
    ours = [c for c in directory.communes.values() if c.network]
    assert len(ours) == NETWORK_COMMUNES
    for commune in ours:
        language = "nl" if commune.region == "flanders" else "fr"
        for need in (None, *NEEDS):
            found = page(directory, commune.id, need, language, now)
            assert found.items, (commune.own_name, need)
            opened = [choice.status.open_now is True for choice in found.items]
            assert opened == sorted(opened, reverse=True), (commune.own_name, need)


def test_a_commune_without_a_number_gets_its_page_and_the_way_there(directory: Directory) -> None:
    for name in ("Aywaille", "Chaudfontaine", "Esneux", "Sprimont", "Trooz"):
        police = page(directory, name, "police")
        assert "secova-zone" in ids(police)
        assert "police-101" in ids(police)
        assert any(choice.way and choice.service.line for choice in police.items)
        social = page(directory, name, "social")
        cpas = next(c for c in social.items if c.service.id == f"cpas-{name.lower()}")
        assert cpas.service.url
        assert cpas.service.phone is None
        assert any(c.way and c.status.open_now and c.service.phone for c in social.items)
        assert any(c.service.phone and not c.service.line for c in social.items)


@pytest.mark.parametrize(
    ("commune", "need", "language", "service"),
    [
        ("Gent", "social", "nl", "ocmw-gent"),
        ("Evergem", "police", "nl", "pz-assenede-evergem"),
        ("Kaprijke", "social", "nl", "gemeente-kaprijke"),
        ("Verviers", "shelter", "fr", "l-accueil-verviers"),
        ("Dison", "legal", "fr", "baj-verviers"),
        ("Saint-Gilles", "police", "fr", "police-midi"),
        ("Forest", "shelter", "nl", "samusocial-bruxelles"),
        ("Anderlecht", "social", "nl", "cpas-anderlecht"),
        ("Esneux", "perpetrators", "fr", "praxis-liege"),
        ("Trooz", "sexual_violence", "fr", "cpvs-liege"),
        ("Sprimont", "legal", "fr", "justice-of-the-peace-sprimont"),
        ("Aywaille", "health", "fr", "citadelle-liege"),
        ("Chaudfontaine", "children", "fr", "amo-resource"),
        ("Aywaille", "elders", "fr", "respect-seniors"),
        ("Namur", "sexual_violence", "fr", "cpvs-namur"),
        ("Antwerpen", "sexual_violence", "nl", "zsg-antwerpen"),
        ("Eupen", "shelter", "fr", "prisma-eupen"),
    ],
)
def test_local_services(
    directory: Directory, commune: str, need: str, language: str, service: str
) -> None:
    found = page(directory, commune, need, language, limit=20)
    assert service in ids(found)


def test_services_of_one_network_are_not_shown_in_another(directory: Directory) -> None:
    assert "l-accueil-verviers" not in ids(page(directory, "Esneux", "shelter", limit=30))
    assert "cpas-trooz" not in ids(page(directory, "Esneux", "social", limit=30))
    assert "cpvs-liege" not in ids(page(directory, "Namur", "sexual_violence", limit=30))


def test_outside_the_networks_the_region_and_the_country_answer(directory: Directory) -> None:
    found = page(directory, "Arlon", None, limit=30)
    scopes = {choice.service.area.scope for choice in found.items}
    assert scopes <= {"province", "region", "community", "country"}
    assert "police-101" in ids(found)


def test_only_the_region_is_known(directory: Directory) -> None:
    found = page(directory, None, "elders", "nl", region="flanders")
    assert ids(found)[0] == "1712-ouderen"
    assert page(directory, None, "legal").items


def test_what_is_listed_first_without_a_need_is_near(directory: Directory) -> None:
    found = page(directory, "Gent", None, "nl")
    assert {"pz-gent", "ocmw-gent"} <= {*ids(found)}


def test_pages_follow_each_other_without_repeating(directory: Directory) -> None:
    seen: list[str] = []
    offset = 0
    while True:
        found = page(directory, "Liège", None, offset=offset)
        seen += ids(found)
        offset += 5
        if not found.more:
            break
    assert len(seen) == len(set(seen)) > 10


def test_an_unknown_need_is_no_dead_end(directory: Directory) -> None:
    assert ids(page(directory, "Trooz", "xyz")) == ids(page(directory, "Trooz", None))


def test_far_services_of_the_other_language_stay_away(directory: Directory) -> None:
    for need in NEEDS:
        for choice in page(directory, "Saint-Gilles", need, "fr", limit=30).items:
            near = choice.service.area.distance < 3
            assert "fr" in choice.service.languages or near, (need, choice.service.id)


def test_one_of_each_service(directory: Directory) -> None:
    found = ids(page(directory, "Gent", "children", "nl", limit=30))
    assert "vk-oost-vlaanderen" in found
    assert "vertrouwenscentra-kindermishandeling" not in found


def test_professionals_have_their_own_list(directory: Directory) -> None:
    assert "divico-liege" in ids(page(directory, "Esneux", "professionals", limit=30))
    for need in (None, *(n for n in NEEDS if n != "professionals")):
        assert "divico-liege" not in ids(page(directory, "Esneux", need, limit=40))


@pytest.mark.parametrize("commune", ["Aywaille", "Chaudfontaine", "Esneux", "Sprimont", "Trooz"])
def test_what_can_be_called_stands_beside_a_service_without_a_number(
    directory: Directory, commune: str
) -> None:
    found = without_number(page(directory, commune, "social").items, "social")
    assert found
    service, other = found
    assert service.service.id == f"cpas-{commune.lower()}"
    assert service.service.phone is None
    assert other.service.phone


def test_where_a_service_of_the_commune_has_a_number_nothing_is_missing(
    directory: Directory,
) -> None:
    assert without_number(page(directory, "Gent", "social", "nl").items, "social") is None
    assert without_number(page(directory, "Arlon", "social").items, "social") is None


def test_services_on_sexual_interest_in_minors_only_when_it_is_about_that(
    directory: Directory,
) -> None:
    only = {"seos", "stop-it-now-bruxelles", "stop-it-now-vlaanderen"}
    for commune, language in (("Trooz", "fr"), ("Forest", "fr"), ("Gent", "nl")):
        asked = {"commune": directory.commune(commune), "region": None, "need": "perpetrators"}
        for about in (None, "minors"):
            found = services_for(
                directory,
                language=language,
                now=TUESDAY,
                about=about,
                limit=30,
                **asked,  # type: ignore[arg-type]
            )
            assert bool(only & {*ids(found)}) == (about == "minors"), (commune, about)
