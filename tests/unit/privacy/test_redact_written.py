"""E-mail addresses, links, dates of birth, addresses, workplaces: what goes and what stays."""

from __future__ import annotations

import pytest

from bot.language import Supported
from bot.privacy.redact import Redactor
from tests.unit.privacy.redacting import cold, everything, found, marked

EMAILS = [
    "⟦lea.dubois@hotmail.com⟧",
    "écris à ⟦LEA@GMAIL.COM⟧.",
    "⟦lea @ hotmail.be⟧ merci",
    "⟦jean point dupont arobase gmail point com⟧",
    "mail ⟦jan punt desmet at gmail⟧",
    "⟦els streepje maes apenstaartje skynet punt be⟧",
    "⟦nadia_b (at) yahoo . com⟧",
    "⟦k.vandamme[at]proximus.be⟧",
    "⟦jp(point)martin(arobase)gmail(point)com⟧",
    "⟦jean.marc@gmail⟧ je crois",
    "⟦marie point lambert quatre-vingt arobase gmail point com⟧",
    "⟦bart streepje onder peeters apestaartje telenet punt be⟧",
]


@pytest.mark.parametrize("line", EMAILS)
def test_an_email_address_goes_also_written_out(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "EMAIL") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "il est arrivé à gmail time",
        "j'ai un compte gmail",
        "rdv @ 14h",
        "il a point de côté",
        "hij at een boterham",
        "ik heb geen mail.",
    ],
)
def test_other_words_are_no_email(text: str) -> None:
    assert everything(text) == []


LINKS = [
    "⟦https://www.facebook.com/jean.dubois.75⟧",
    "voir ⟦instagram.com/kev_du_69⟧.",
    "⟦www.onlyfans.com/maphoto⟧",
    "⟦t.me/kevinlgg⟧",
    "son insta ⟦@lea.bxl⟧",
    "mijn snap ⟦fientje_x⟧",
    "insta: ⟦leabxl⟧",
    "discord ⟦darkwolf#4412⟧",
    "hij heet ⟦zwarte_wolf77⟧ op snapchat",
    "profil fb : ⟦Jess La Sirène⟧",
    "ig: ⟦noah.vdk⟧",
    "⟦facebook point com slash jean point dubois⟧",
]


@pytest.mark.parametrize("line", LINKS)
def test_a_profile_or_handle_goes(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "URL_HANDLE") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "facebook.com",
        "il surveille mon facebook et mon insta",
        "mon insta est privé",
        "mijn insta is gehackt",
        "j'ai peur.il crie",
        "regardez police.be",
        "https://www.1712.be/chat",
        "snap 2x par jour",
        "il est @home",
    ],
)
def test_sites_of_everybody_and_of_help_stay(text: str) -> None:
    assert everything(text) == []


BIRTHS = [
    "née le ⟦12/03/1985⟧",
    "geboren op ⟦4 mei 2017⟧ in Gent",
    "date de naissance : ⟦07-11-1990⟧",
    "gb datum ⟦3.8.99⟧",
    "né à Huy le ⟦3/04/1967⟧",
    "mijn moeder (° ⟦23/10/1941⟧)",
    "ma mère (⟦23/10/1941⟧) est tombée",
    "née le ⟦1er janvier 1979⟧",
    "née le ⟦douze mars mille neuf cent quatre-vingt-cinq⟧",
    "geboortedatum ⟦1985-03-12⟧",
    "geboren op ⟦eenentwintig juni tweeduizend en vijf⟧",
    "geboortedatum: ⟦vijf april negentienhonderd tachtig⟧",
    "anniversaire: ⟦15 août 1995⟧",
]


@pytest.mark.parametrize("line", BIRTHS)
def test_a_whole_date_of_birth_goes(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "DATE_OF_BIRTH") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "c'est arrivé le 12 mars 2024 à 23h30",
        "op 25 november is er een mars",
        "on s'est mariés le 14 juillet 2001",
        "né en 1985",
        "ik ben 38",
        "rendez-vous le 03/11 à 14h30",
        "elle est née prématurée, le 12 elle sort",
    ],
)
def test_other_dates_and_ages_stay(text: str) -> None:
    assert found(text, "DATE_OF_BIRTH") == []


ADDRESSES = [
    ("⟦rue de la Station 12, 4130 Esneux⟧", "fr", "[adresse, Esneux]"),
    ("au ⟦45 avenue Reine Elisabeth bte 3 à 4000 Liège⟧", "fr", "au [adresse, Liège]"),
    ("⟦chemin des bruyères 8 4140 sprimont⟧", "fr", "[adresse, Sprimont]"),
    ("j'habite ⟦rue Haute 12 à Tilff⟧", "fr", "j'habite [adresse, Esneux]"),
    ("venez ⟦12 rue haute⟧ à coté", "fr", "venez [adresse] à coté"),
    ("⟦rue des Prés 4⟧ au bout", "fr", "[adresse] au bout"),
    ("⟦Grand-Rue 7⟧", "fr", "[adresse]"),
    ("⟦rue haute douze⟧ vite", "fr", "[adresse] vite"),
    ("⟦RUE DU MOULIN 5 4920 AYWAILLE⟧ VITE", "fr", "[adresse, Aywaille] VITE"),
    ("in de ⟦Stationsstraat 12, 9000 Gent⟧", "nl", "in de [adres, Gent]"),
    ("⟦heidestraat 8 9050 gentbrugge⟧", "nl", "[adres, Gent]"),
    ("⟦Koningin Elisabethlaan 45 bus 3 te Gent⟧", "nl", "[adres, Gent]"),
    ("kom rap ⟦dorpsstraat 12⟧ naast de apotheek", "nl", "kom rap [adres] naast de apotheek"),
    ("⟦Antwerpsesteenweg 210/4, Sint-Amandsberg⟧", "nl", "[adres, Gent]"),
    ("ik woon ⟦Coupure Links 23⟧", "nl", "ik woon [adres]"),
    ("ik woon in de ⟦kerkstraat⟧", "nl", "ik woon in de [adres]"),
    ("⟦7 rue Hors-Château⟧ 4e étage", "fr", "[adresse] 4e étage"),
    ("⟦Vieux Thier 16, Angleur⟧", "fr", "[adresse, Liège]"),
    ("⟦r. de Campine 208⟧", "fr", "[adresse]"),
    ("⟦Rue Joseph Wauters, 54/A⟧", "fr", "[adresse]"),
    ("⟦Grote Markt 1, 8500 Kortrijk⟧", "nl", "[adres, Kortrijk]"),
    ("⟦Steenweg op Gierle 200⟧ daar", "nl", "[adres] daar"),
]


@pytest.mark.parametrize(("line", "language", "after"), ADDRESSES)
def test_an_address_goes_and_its_commune_stays(line: str, language: Supported, after: str) -> None:
    text, wanted = marked(line)
    assert found(text, "ADDRESS", language) == wanted
    assert cold().redact(text, language).text == after


@pytest.mark.parametrize(
    "text",
    [
        "la rue de la Loi est bloquée",
        "en passant rue de la Cathédrale il m'a giflée",
        "un refuge près de la rue Neuve à Bruxelles ?",
        "de Veldstraat is afgesloten",
        "ik kom elke dag langs de Koningin Astridlaan",
        "à Esneux, à Tilff ou à 4130",
        "la place du marché",
        "bus 5 naar Gent",
        "il y a une place dans trois maisons",
        "en route 3 heures",
        "J'ai 13 ans. Aidez-moi",
        "d'r staat 1060 op mijn brieven",
        "ik zoek een plaats in Sint-Amandsberg",
    ],
)
def test_streets_and_communes_as_topics_stay(text: str) -> None:
    assert everything(text) == []


def test_without_a_directory_an_address_still_goes() -> None:
    result = Redactor(None).redact("rue de la Station 12, 4130 Esneux et 0475 12 34 56", "fr")
    assert result.text == "[adresse] et [téléphone]"


WORKPLACES = [
    "je travaille chez ⟦Delhaize⟧",
    "il bosse chez ⟦arcelor⟧ à seraing",
    "je suis caissière au ⟦Carrefour de Waremme⟧",
    "hij werkt bij ⟦Colruyt⟧",
    "mijn vader heeft altijd bij ⟦Bekaert⟧ gewerkt",
    "ma fille est à l'⟦Institut Saint-Joseph⟧ à Esneux",
    "il est prof à l'⟦athénée royal de Verviers⟧",
    "les enfants vont à l'⟦école communale de Hamoir⟧",
    "mijn dochter zit op het ⟦Sint-Jozefscollege⟧",
    "ik zit in het vierde op ⟦Sint-Lievens⟧",
    "ons kind zit in ⟦crèche De Kaboutertjes⟧",
    "ma mère vit à la ⟦maison de repos Les Tilleuls⟧",
    "mijn moeder zit in het ⟦woonzorgcentrum Sint-Anna⟧",
    "mon mari est gérant du ⟦garage Lemaire⟧",
    "mijn zoon voetbalt bij ⟦KSK Lovendegem⟧",
    "ik studeer aan de ⟦UGent⟧",
    "je suis soudeur à la ⟦FN Herstal⟧",
    "il est agent à l'⟦Aquarium de Liège⟧",
    "mon mari est garagiste chez ⟦D'Ieteren⟧",
    "il est employé à la ⟦Ville de Huy⟧",
    "ils vont à la ⟦crèche Les P'tits Loups⟧",
    "je suis prof à ⟦Saint-Benoît Saint-Servais⟧",
    "mijn man is buschauffeur bij ⟦De Lijn⟧",
    "hij is leraar in het ⟦Koninklijk Atheneum Keerbergen⟧",
    "hij werkt in de haven bij ⟦Katoen Natie⟧",
    "ik werk in ⟦Jan Yperman Ziekenhuis⟧",
    "mijn dochter zit in het ⟦Onze-Lieve-Vrouwcollege⟧",
    "hij is chauffeur bij ⟦H.Essers⟧",
    "mijn zoontje gaat naar de ⟦crèche 't Zonnetje⟧",
]


@pytest.mark.parametrize("line", WORKPLACES)
def test_a_named_workplace_or_school_goes(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "EMPLOYER_OR_SCHOOL") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "j'ai acheté ça chez Ikea",
        "il veut pas que j'aille au Delhaize",
        "ik ga naar de Colruyt",
        "il travaille de nuit à Liège",
        "ik werk deeltijds in Gent",
        "il travaille chez moi",
        "mon fils va à l'école primaire",
        "mijn dochter zit in een dansclub",
        "rendez-vous au CPAS de Sprimont",
        "il est policier à la police de Liège",
        "mijn man is vrijwillig brandweerman",
        "il est fan du Standard",
        "elle refuse d'aller à l'école. J'aimerais de l'aide",
        "c'est quoi Praxis et Solidarité Femmes",
        "un répondeur intelligent comme chez Proximus",
        "kinderen gaan naar school Gent",
    ],
)
def test_brands_services_and_kinds_stay(text: str) -> None:
    assert everything(text) == []
