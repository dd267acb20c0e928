"""Names of persons: any case, without the title; words, places, saints, pets and danger stay."""

from __future__ import annotations

import pytest

from bot.language import Supported
from tests.unit.privacy.redacting import cold, everything, found, marked, warm

FRENCH = [
    "⟦kevin⟧ m'a encore frappée",
    "⟦KEVIN⟧ M'A FRAPPEE",
    "mon mari ⟦Jean-Marc Dubois⟧ boit",
    "mon ex sappelle ⟦yassine el amrani⟧ il ma menacé",
    "Mme ⟦Lambert⟧ du troisième",
    "mme ⟦petit⟧ m'a dit",
    "le docteur ⟦Vanden Eynde⟧ a vu mes bleus",
    "maitre ⟦Delvaux⟧ est mon avocate",
    "⟦pierre⟧ a cassé la porte",
    "c'est la faute à ⟦rose-marie⟧",
    "je m'appelle ⟦noël⟧",
    "je m'appelle ⟦Xhulyanka⟧",
    "⟦Sofiane⟧, ⟦jade⟧ et ⟦Inès⟧ ont tout vu",
    "⟦désiré⟧ mon père me frappe",
    "ma soeur ⟦claire⟧ ne répond plus",
    "je suis ⟦claire⟧, j'ai 30 ans",
    "mon frère ⟦clément⟧ est violent avec maman",
    "il s'appelle ⟦Lorenzo Di Matteo⟧",
    "⟦Eléonore de Brouwer⟧ est ma psy",
    "⟦Vanessa V.⟧ m'a dit que vous aidez",
    "Bonjour, ⟦Dupont Michel⟧ de Chênée",
    "⟦Zeynep⟧ a été enfermée par son père",
    "ma voisine ⟦Agnieszka⟧ n'ose plus sortir",
    "⟦fatoumata diallo⟧ est en danger",
    "on habite avec sa mère ⟦Huguette⟧",
    "je dors chez ⟦tatiana⟧",
    "mon fils ⟦théo⟧ a peur de son beau père ⟦michel⟧",
    "⟦pierrot⟧ dit que c'est ma faute",
    "hier soir ⟦titi⟧ a cassé mon gsm",
    "⟦M'Hamed⟧ a jeté mes affaires",
    "⟦dos santos⟧ le proprio menace d'appeler",
    "je m'apel ⟦Brandonne⟧ jé 13 ans",
    "⟦Tarek B⟧ m'a suivie",
    "⟦cédric b.⟧ du 3e m'a suivie",
    "⟦Xhulya⟧, ⟦Malik⟧ et ⟦Sofia⟧ ont tout vu",
    "ma fille ⟦Mégane⟧ pleure",
    "Mon compagnon ⟦Loïc Vanderbeek⟧ crie",
    "mon mari c'est ⟦Pasquale Lo Presti⟧",
]
DUTCH = [
    "⟦kevin⟧ heeft me geslagen",
    "mijn man ⟦Jan De Smet⟧ drinkt",
    "mijnen ex heet ⟦bart janssens⟧",
    "mevrouw ⟦Peeters⟧ van hiernaast",
    "dokter ⟦Van den Broeck⟧ zag het",
    "⟦roos⟧ durft niet naar huis",
    "⟦mark⟧ heeft de deur ingestampt",
    "⟦ben⟧ heeft mijn arm gebroken",
    "⟦An⟧ heeft het gezien",
    "nonkel ⟦jef⟧ komt aan mij",
    "zeg niks tegen ⟦sandra⟧ aub",
    "⟦bram⟧ zijn broer staat aan de deur",
    "gisteravond heeft ⟦marie⟧ de politie gebeld",
    "ik heb het aan juf ⟦katrien⟧ verteld",
    "⟦Florin⟧ heeft mijn papieren afgepakt",
    "meester ⟦Verstraete⟧ is mijn advocaat",
    "we wonen bij zijn moeder ⟦Irma⟧",
    "ik heet ⟦stan⟧ en mijn vrouw slaat mij",
    "tis ⟦bryan⟧ kben 15",
    "⟦jan-willem⟧ staat hier te bonken",
    "met ⟦Abdoulaye⟧ ging alles goed",
    "mijn ⟦jonas⟧ is 6",
    "ons ⟦mieke⟧ durft niks zeggen",
    "hij heet ⟦Ahmed El Idrissi⟧",
    "rechter ⟦Vandermeulen⟧ gaf hem de kinderen",
    "⟦Ekaterina Volkova⟧ mijn schoonzus is gevlucht",
    "mijn nonkel ⟦Staf⟧ komt aan mij",
    "⟦Van Damme⟧ de buurman schreeuwt",
    "⟦d'Hondt⟧ is mijn familienaam",
    "⟦Mo⟧ is mijn vriend",
    "⟦De Wachter⟧ van het derde slaat zijn vrouw",
]
LINES = [(line, "fr") for line in FRENCH] + [(line, "nl") for line in DUTCH]


@pytest.mark.parametrize(("line", "language"), LINES)
def test_a_name_goes_without_its_title(line: str, language: Supported) -> None:
    text, wanted = marked(line)
    assert found(text, "PERSON", language) == wanted


STAY = [
    # Danger, family, feelings.
    "mon mari m'a frappée avec un couteau",
    "mijn man heeft mij geslagen met een mes",
    "maman dort et papa crie",
    "mama slaapt en papa roept",
    "ik wil dood",
    "je veux mourir ce soir",
    "il a pris le fusil, le marteau, le cutter",
    "il m'etrangle quil est saoul",
    "hij wurgt mij asem zat is",
    "MES ENFANTS ONT PEUR",
    "grosse sœur, petit frère, grand-mère",
    # Words that are names too.
    "une rose rouge sur la table",
    "il y a une pierre dans le jardin",
    "je suis claire avec lui, c'est fini",
    "ma cousine se marie en juin",
    "je suis marié depuis dix ans",
    "une victoire, avec patience et espérance",
    "een rode roos op tafel",
    "er komt storm vannacht",
    "ik ben op, ik wil weg, ik ken niemand",
    "lieve mensen, help mij",
    "elke dag, mijn frank is gevallen",
    "ik heb de sleutels van mijn ouders",
    "j'ai mangé une madeleine",
    # Saints, feasts, places, pets, works, brands, laws.
    "c'était le jour de la saint Nicolas",
    "à la Saint-Valentin il m'a étranglée",
    "met Sint-Maarten heeft hij mij gewurgd",
    "entre Noël et Nouvel An",
    "j'habite à Esneux, ma mère à Herve",
    "ik woon in Gent, vroeger in Brecht",
    "mon chien Rex a peur de lui",
    "onze hond Bobby is bang",
    "il a tué mon chat minou",
    "Rambo c'est notre chien",
    "on regarde la série Dexter",
    "la loi Salduz, le syndrome de Stockholm",
    "la rue Jean Jaurès est fermée",
    "hij rijdt met een mercedes en drinkt Maes",
    "il boit de la Jupiler et du Martini",
    "hij kijkt op mijn facebook en tiktok",
    "Dieu merci les enfants dormaient",
    "il est belge, elle est marocaine",
    "il écoute Johnny Hallyday à fond",
    "hij stemt voor Bart De Wever",
    "je ne parle pas le Néerlandais",
    "het parket van Gent heeft mij geschreven",
    "een brief van de procureur des Konings",
    "mijn papa is Belg en mijn mama Algerijnse",
    "mon mari Tunisien me menace",
    "in een sous-marin",
    "wis dit gesprek",
    "mijn juf van OKAN",
]


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("text", STAY)
def test_what_is_no_name_stays(text: str, language: Supported) -> None:
    assert everything(text, language) == []


@pytest.mark.parametrize("text", STAY)
def test_the_french_model_takes_no_words_away(text: str) -> None:
    assert warm().redact(text, "fr").text == text


def test_the_french_model_finds_a_name_that_no_list_has() -> None:
    text = "Depuis que Xhqulia est partie tout va mal"
    assert warm().redact(text, "fr").text == "Depuis que [nom 1] est partie tout va mal"


def test_placeholders_are_in_the_language_of_the_conversation() -> None:
    assert cold().redact("kevin m'a frappée", "fr").text == "[nom 1] m'a frappée"
    assert cold().redact("kevin heeft mij geslagen", "nl").text == "[naam 1] heeft mij geslagen"
