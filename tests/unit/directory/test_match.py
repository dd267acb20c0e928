"""From what people write to their commune."""

from __future__ import annotations

import time

import pytest
import yaml

from bot.directory.match import find_communes
from bot.directory.model import Directory

from .conftest import DATA


def names(text: str, directory: Directory) -> list[str]:
    return [commune.own_name for commune in find_communes(text, directory).communes]


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("vaux sous chevremont", "Chaudfontaine"),
        ("4053", "Chaudfontaine"),
        ("sint gillis", "Saint-Gilles"),
        ("st gilles", "Saint-Gilles"),
        ("St.-Gillis", "Saint-Gilles"),
        ("esneu", "Esneux"),
        ("j'habite a tilf", "Esneux"),
        ("J'HABITE A TILFF", "Esneux"),
        ("forest", "Forest"),
        ("Vorst", "Forest"),
        ("j'habite à Forêt", "Trooz"),
        ("4141 Louveigné", "Sprimont"),
        ("Louveigné, c'est à Sprimont", "Sprimont"),
        ("1060 Bruxelles", "Saint-Gilles"),
        ("ik woon in Gentbrugge", "Gent"),
        ("gand", "Gent"),
        ("de pinte", "Nazareth-De Pinte"),
        ("code postal 4920", "Aywaille"),
        ("services à Sprimont ?", "Sprimont"),
        ("le cpas de trooz c'est où", "Trooz"),
        ("chaudfontene", "Chaudfontaine"),
        ("ik ben van Vervier", "Verviers"),
        ("anderlect", "Anderlecht"),
        ("genval", "Rixensart"),
        ("je vis à Jambes", "Namur"),
        ("bxl", "Bruxelles"),
        ("Luik", "Liège"),
        ("Liege", "Liège"),
        ("Lüttich", "Liège"),
        ("Ghent", "Gent"),
        ("I live in Ghent", "Gent"),
        ("gent centrum", "Gent"),
        ("Antwerp", "Antwerpen"),
        ("Amberes", "Antwerpen"),
        ("Brussel stad", "Bruxelles"),
        ("Bruxelles-ville", "Bruxelles"),
        ("Brussels", "Bruxelles"),
        ("Bruselas", "Bruxelles"),
        ("Ostend", "Oostende"),
        ("Mechlin", "Mechelen"),
        ("non pardon 4053", "Chaudfontaine"),
        ("Kelmis", "Kelmis"),
        ("la calamine", "Kelmis"),
    ],
)
def test_one_commune(directory: Directory, text: str, commune: str) -> None:
    found = find_communes(text, directory)
    assert [c.own_name for c in found.communes] == [commune]
    assert not found.ambiguous
    assert found.surface is not None
    assert text[found.start : found.end] == found.surface


@pytest.mark.parametrize(
    "text",
    [
        "oui", "non", "ja", "nee", "bonjour", "hallo", "aide", "hulp", "merci",
        "mon mari", "mijn man", "je sais pas", "kweet ni", "il va me tuer", "hij vermoordt mij",
        "on m'a frappée", "il y a trois ans", "il me jette dehors", "je suis en danger", "j'ai mal",
        "je suis à bout", "il a lancé un verre", "we gaan eten", "ik eet een peer", "mal",
        "hij kwam mijn namen roepen", "hij gaat mij halen", "kan iemand komen", "ik ben in de war",
        "heeft hij gelijk", "j'ai payé 4000 euros", "depuis 2018", "in 2018 sloeg hij mij", "1712",
        "il y a 1500 personnes", "rue de Liège", "madame Forest", "je m'appelle Kin", "faites vite",
        "mensen", "à la Saint-Nicolas", "il est parti en province de Liège", "paris", "", "😢",
    ],
)  # fmt: skip
def test_nothing_where_no_place_is_meant(directory: Directory, text: str) -> None:
    found = find_communes(text, directory)
    assert found.communes == []
    assert found.mentioned == []


@pytest.mark.parametrize(
    ("word", "commune"),
    [
        ("Spa", "Spa"), ("Huy", "Huy"), ("Ans", "Ans"), ("Essen", "Essen"), ("Lede", "Lede"),
        ("Zele", "Zele"), ("Paradis", "Aywaille"), ("Kin", "Aywaille"), ("Mol", "Mol"),
        ("Peer", "Peer"), ("Hove", "Hove"), ("Bree", "Bree"), ("Mons", "Mons"),
    ],
)  # fmt: skip
def test_names_that_are_words_need_a_sign(directory: Directory, word: str, commune: str) -> None:
    lower = word.lower()
    for text in (lower, f"j'habite à {lower}", f"ik woon in {lower}", f"il est à {word} demain"):
        assert commune in names(text, directory), text
    if word != "Mons":
        assert names(f"il dit {lower} et puis il part", directory) == []


@pytest.mark.parametrize(
    ("text", "communes"),
    [
        ("Louveigné", {"Sprimont", "Aywaille"}),
        ("foret", {"Trooz", "Forest"}),
        ("1040", {"Bruxelles", "Etterbeek"}),
        ("Vaux", {"Chaudfontaine", "Trooz"}),
        ("woluwe", {"Woluwe-Saint-Lambert", "Woluwe-Saint-Pierre"}),
        ("Liège ou Esneux", {"Liège", "Esneux"}),
    ],
)
def test_ambiguous_names_are_asked_back(
    directory: Directory, text: str, communes: set[str]
) -> None:
    found = find_communes(text, directory)
    assert found.ambiguous
    assert {c.own_name for c in found.communes} == communes


@pytest.mark.parametrize(
    ("text", "wanted", "mentioned"),
    [
        ("ma sœur vit à Namur, moi je suis à Trooz", "Trooz", "Namur"),
        ("mijn zus woont in Mechelen en ik in Laarne", "Laarne", "Mechelen"),
        ("je suis née à Liège mais j'habite à Aywaille", "Aywaille", "Liège"),
        ("mon mari travaille à Verviers, on habite Dison", "Dison", "Verviers"),
        ("ik werk in Zaventem en woon in Halle", "Halle", "Zaventem"),
        ("j'ai déménagé de Charleroi à Ostende", "Oostende", "Charleroi"),
        ("mon ex est à Seraing, maintenant je dors chez ma tante à Tilff", "Esneux", "Seraing"),
    ],
)
def test_where_help_is_wanted(directory: Directory, text: str, wanted: str, mentioned: str) -> None:
    found = find_communes(text, directory)
    assert [c.own_name for c in found.communes] == [wanted]
    assert [c.own_name for c in found.mentioned] == [mentioned]


def test_the_place_of_somebody_else_counts_when_it_is_the_only_one(directory: Directory) -> None:
    assert names("ma voisine à Dison se fait frapper", directory) == ["Dison"]
    assert names("mijn moeder woont in Eeklo en hij slaat haar", directory) == ["Eeklo"]


def test_each_village_of_the_four_networks(directory: Directory) -> None:
    checked = 0
    for path in DATA.glob("*/network.yml"):
        data = yaml.safe_load(path.read_text())
        for commune in data["communes"]:
            own = directory.communes[commune["nis"]].own_name
            written = [own, *commune.get("also", [])]
            for locality in commune.get("localities", []):
                written += [locality["name"], *locality.get("also", [])]
            for name in written:
                for text in (name, name.lower(), f"j'habite à {name}", f"Ik woon in {name}."):
                    assert own in names(text, directory), text
                    checked += 1
    assert checked > 900


def test_all_of_belgium_by_name_in_both_languages_and_by_code(directory: Directory) -> None:
    assert len(directory.communes) == 565
    for commune in directory.communes.values():
        for name in commune.name.values():
            if name != "Limburg":  # nearly always the province
                assert commune.own_name in names(f"j'habite à {name}", directory), name
        for code in commune.postal_codes:
            assert commune.own_name in names(code, directory), code


def test_a_long_message_takes_milliseconds_and_grows_with_its_length(directory: Directory) -> None:
    story = "ma sœur vit à Namur, moi je suis à Trooz et il m'a encore frappée hier soir. "
    hostile = ("Ans " * 5000, "à Xyzabc " * 2000, "Saint-Gilles " * 1500, "x" * 20000)

    def seconds(text: str) -> float:
        best = 9.0
        for _ in range(7):
            start = time.perf_counter()
            find_communes(text, directory)
            best = min(best, time.perf_counter() - start)
        return best

    two_thousand = seconds((story * 26)[:2000])
    assert two_thousand < 0.015  # 2 ms on a quiet machine
    assert seconds((story * 260)[:20000]) < 25 * two_thousand
    for text in hostile:
        assert seconds(text) < 0.5
