"""The notation that social workers write, and the errors that they get."""

from __future__ import annotations

import pytest

from bot.safety.normalise import Normaliser, Spellings
from bot.safety.notation import Matcher, NotationError, parse

PLAIN = Normaliser(Spellings({"jai": "je ai", "j": "je"}, {}))
LISTS = {"arme": ["couteau", "barre de fer"]}


def _found(phrase: str, text: str) -> list[str]:
    matcher = Matcher([("x", parse(phrase, LISTS, PLAIN.plain))])
    words = PLAIN.words(text, None)
    return [
        " ".join(words[place].readings[0] for place in match.places)
        for match in matcher.find(words)
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("veux mourir", "je veux mourir", ["veux mourir"]),
        ("veux mourir", "je veux pas mourir", []),
        ("VEUX|Préfère mourir", "je prefere MOURIR", ["prefere mourir"]),
        ("frapp*", "il m'a frappée", ["frappee"]),
        ("frapp*", "un rap", []),
        ("j'ai (déjà|encore) peur", "jai encore peur", ["je ai encore peur"]),
        ("j'ai (déjà|encore) peur", "j'ai peur", ["je ai peur"]),
        ("prend un <arme>", "il prend un couteau", ["prend un couteau"]),
        ("prend un <arme>", "il prend un barre de fer", ["prend un barre de fer"]),
        ("salle_de_bain|wc", "dans la salle de bain", ["salle de bain"]),
        ("pris ... couteau", "pris un deux trois quatre couteau", ["pris couteau"]),
        ("pris ... couteau", "pris un deux trois quatre cinq couteau", []),
        ("pris ... couteau", "il l'a pris. Un couteau est sur la table", []),
        ("pris ... (un) couteau", "pris le gros couteau", ["pris couteau"]),
        ("soir + tuer", "il va me tuer dès ce soir", ["tuer soir"]),
        ("soir + tuer", "ce soir on sort. Il faut tuer le temps", []),
        ("soir + tuer", "soir " + "tic tac toc pif paf " * 3 + "tuer", []),
    ],
)
def test_phrases(phrase: str, text: str, found: list[str]) -> None:
    assert _found(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "cure"),
    [
        ("... couteau", "put a word before"),
        ("couteau ... ... main", "put a word before"),
        ("couteau ...", "put a word after"),
        ("(le) (la)", "leave one without brackets"),
        ("(le couteau", "brackets go round one item"),
        ("fr*", "three letters or more"),
        ("fra*ppe", "only at the end"),
        ("<armes>", "add it, or use: arme"),
        ("couteau | main", "use letters"),
        ("", "leave one without brackets"),
    ],
)
def test_a_wrong_phrase_names_its_cure(phrase: str, cure: str) -> None:
    with pytest.raises(NotationError, match=cure.replace("|", r"\|")):
        parse(phrase, LISTS, PLAIN.plain)
