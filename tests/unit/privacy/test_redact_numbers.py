"""Telephone, national register, account and plate numbers: what goes, and what only looks alike."""

from __future__ import annotations

import pytest

from bot.directory.load import load_directory
from bot.texts import DATA
from tests.unit.privacy.redacting import everything, found, marked

PHONES = [
    "mon gsm ⟦0475/12.34.56⟧",
    "bel mij op ⟦0475 12 34 56⟧ aub",
    "⟦+32 475 12 34 56⟧",
    "⟦0032475123456⟧ is van mijn ex",
    "vast ⟦09 223 45 67⟧",
    "⟦04-75-12-34-56⟧",
    "tel: ⟦0 4 7 5 1 2 3 4 5 6⟧ merci",
    "il est à ⟦+33 6 12 34 56 78⟧",
    "⟦0032 (0)495 22 33 44⟧",
    "mon gsm ⟦475 12 34 56⟧",
    "⟦o475123456⟧ écrivez moi",
    "⟦0475 12 34 56⟧ 2 enfants",
    "⟦0475 12 34 5⟧ il manque un chiffre",
    "⟦zéro quatre sept cinq douze trente-quatre cinquante-six⟧",
    "⟦zéro quatre cent septante-cinq, douze, trente-quatre, cinquante-six⟧",
    "⟦zero quatre nonante six septante huit quarante cinq douze⟧ le soir",
    "⟦nul vier zeven vijf twaalf vierendertig zesenvijftig⟧",
    "⟦nul vier vijf en zeventig twaalf drie vier zes acht⟧",
    "⟦04 septante-cinq 12 34 56⟧",
    "sms ⟦０４７５ １２ ３４ ５６⟧",
    "mijn gsm is ⟦nul vierhonderdzesennegentig twaalf dertien veertien⟧",
]
NOT_PHONES = [
    "112",
    "j'ai appelé le 0800 30 030 et le 107",
    "ik belde 1712, 1813, 106 en 102",
    "le 116 000 pour les enfants disparus",
    "le 01/03/1985 à 10h30",
    "de 09.00 - 17.00",
    "1 250 000 euros",
    "un deux trois quatre cinq six sept huit neuf",
    "een twee drie vier vijf zes",
    "BCE 0403.170.701",
    "dossier 2024/00567",
    "PV LI.43.L2.012345/2023",
    "bus 377, ligne 4, quai 12",
    "078 15 10 20",
]


@pytest.mark.parametrize("line", PHONES)
def test_a_private_telephone_number_goes(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "PHONE") == wanted


@pytest.mark.parametrize("text", NOT_PHONES)
def test_help_lines_and_other_numbers_stay(text: str) -> None:
    assert everything(text) == []


def test_every_number_of_the_directory_stays_however_it_is_written() -> None:
    numbers = {
        number
        for service in load_directory(DATA / "directory", "demo").services
        for number in (service.phone, service.phone_e164, service.sms, service.whatsapp)
        if number
    }
    assert len(numbers) > 50
    for number in numbers:
        for shown in (
            number,
            number.replace(" ", ""),
            number.replace(" ", ".").replace("+32", "0032"),
        ):
            for line in (f"appelez le {shown} svp", shown, f"mijn gsm {shown}, bel {shown}"):
                assert everything(line) == [], line


NATIONAL = [
    "mon numéro national ⟦85.07.30-033.28⟧",
    "rijksregister ⟦85.07.30-033.29⟧",
    "⟦90052412345⟧",
    "niss ⟦93 05 18 223 61⟧",
    "rrn: ⟦8507300332⟧ een cijfer te weinig",
    "⟦72.42.11-145-90⟧ numéro bis",
    "carte d'identité ⟦591-1234567-89⟧",
]


@pytest.mark.parametrize("line", NATIONAL)
def test_a_national_number_goes_even_with_wrong_check_digits(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "NATIONAL_ID") == wanted


@pytest.mark.parametrize("text", ["99999999999", "85.07.30", "2024.11.23-12", "numéro 12345678901"])
def test_other_long_numbers_are_no_national_number(text: str) -> None:
    assert found(text, "NATIONAL_ID") == []


ACCOUNTS = [
    "⟦BE68 5390 0754 7034⟧",
    "iban ⟦be68539007547034⟧ svp",
    "⟦BE68-5390-0754-7035⟧ met een fout",
    "⟦BE 68 5390 0754 7034⟧",
    "⟦BE68 5390 0754 703⟧ trop court",
    "⟦NL91 ABNA 0417 1643 00⟧ van hem",
    "⟦FR76 3000 6000 0112 3456 7890 189⟧",
    "⟦LU28 0019 4006 4475 0000⟧",
    "rekening ⟦001-1234567-89⟧",
    "sa carte ⟦4539 1488 0343 6467⟧",
]


@pytest.mark.parametrize("line", ACCOUNTS)
def test_an_account_goes_even_mistyped(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "IBAN") == wanted


@pytest.mark.parametrize(
    "text", ["ma fille de 28 ans ne vient plus", "be 12 ans", "no 12 345 678", "fr 2024"]
)
def test_words_are_no_account(text: str) -> None:
    assert everything(text) == []


PLATES = [
    "⟦1-ABC-234⟧ devant la maison",
    "zijn auto ⟦1ABC234⟧",
    "⟦1-abc-234⟧",
    "⟦2 FGH 456⟧",
    "plaque ⟦abc 123⟧",
    "⟦ABC-123⟧",
    "een franse wagen ⟦AB-123-CD⟧",
    "nummerplaat ⟦GB-123-D⟧",
    "plaque personnalisée : ⟦KEV1N⟧",
    "la plaque c'est ⟦un tiret ABC tiret 123⟧",
    "nrplaque ⟦XTR.229⟧",
]


@pytest.mark.parametrize("line", PLATES)
def test_a_number_plate_goes(line: str) -> None:
    text, wanted = marked(line)
    assert found(text, "PLATE") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "ART 398 du code pénal",
        "le BUS 377",
        "une BMW 320",
        "2 ans 150 euros",
        "les 100 jours",
        "4 mei 2017",
        "sa plaque est sale",
        "zijn plaat is vuil",
    ],
)
def test_other_letters_and_digits_are_no_plate(text: str) -> None:
    assert everything(text) == []
