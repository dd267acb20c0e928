"""What the words around a threat make of it: negation, time, who, others' words, fiction."""

from __future__ import annotations

import pytest

from bot.rasa_parts.text import clean
from bot.safety.patterns import Book
from bot.safety.risk import assess

NEGATION = [
    ("il me frappe", "raised"),
    ("il ne me frappe pas", "none"),
    ("il me frappe pas", "none"),
    ("il ne m'a jamais frappée", "none"),
    ("il n'a pas de couteau", "none"),
    ("je veux mourir", "crisis"),
    ("je ne veux pas mourir", "none"),
    ("je n'ai pas avalé de cachets", "none"),
    ("je ne vais pas la frapper", "none"),
    ("il n'arrête pas de me frapper", "emergency"),
    ("je ne dors pas il a un couteau", "emergency"),
    ("je n'en peux plus je veux mourir", "crisis"),
    ("hij slaat mij", "raised"),
    ("hij slaat mij niet", "none"),
    ("hij heeft mij nooit geslagen", "none"),
    ("hij heeft geen mes", "none"),
    ("ik wil dood", "crisis"),
    ("ik wil niet dood", "none"),
    ("ik heb geen pillen geslikt", "none"),
    ("ik ga haar niet slaan", "none"),
    ("hij stopt niet met slaan", "emergency"),
    ("ik slaap niet hij heeft een mes", "emergency"),
    ("ik kan niet meer ik wil dood", "crisis"),
]

TIME = [
    ("il m'a menacée avec un couteau il y a dix ans", "raised"),
    ("l'année passée il m'a enfermée dans la cave", "raised"),
    ("quand j'étais petite mon père me frappait", "raised"),
    ("il y a dix minutes il m'a menacée avec un couteau", "emergency"),
    ("tout à l'heure il va me tuer", "emergency"),
    ("il y a deux ans on s'est séparés et il a un couteau là maintenant", "emergency"),
    ("hier il a pris le couteau", "raised"),
    ("il y a vingt ans j'ai fait une tentative", "raised"),
    ("tien jaar geleden heeft hij mij opgesloten in de kelder", "raised"),
    ("vroeger heeft hij mij met een mes bedreigd", "raised"),
    ("tien minuten geleden heeft hij mij opgesloten in de kelder", "emergency"),
    ("straks gaat hij mij vermoorden", "emergency"),
    ("twee jaar geleden zijn wij gescheiden en nu staat hij hier met een mes", "emergency"),
    ("gisteren heeft hij een mes gepakt", "raised"),
]

WHO = [
    ("mon amie veut mourir", "raised"),
    ("ma soeur a des idées suicidaires", "raised"),
    ("il dit qu'il va se tuer si je pars", "raised"),
    ("elle m'a écrit je veux mourir", "raised"),
    ("mon amie est sur le pont et elle va sauter", "emergency"),
    ("mon fils a avalé toute une boîte de somnifères", "emergency"),
    ("il dit je vais te tuer ce soir", "emergency"),
    ("mijn vriendin wil dood", "raised"),
    ("hij dreigt met zelfmoord als ik wegga", "raised"),
    ("zij zei ik wil dood", "raised"),
    ("mijn broer heeft zelfmoordgedachten", "raised"),
    ("mijn vriend staat op de brug en wil springen", "emergency"),
    ("mijn dochter heeft een doos slaappillen geslikt", "emergency"),
    ("ma mère va me tuer quand elle verra mon bulletin", "none"),
]

FICTION = [
    ("dans le film le mari étrangle sa femme", "none"),
    ("J'ai lu un roman. Le mari a un couteau. Il étrangle sa femme.", "none"),
    ("dans le film il étrangle sa femme. Maintenant mon mari a un couteau.", "emergency"),
    ("on regarde la télé et il a pris un couteau", "emergency"),
    ("comme dans le film, il va me tuer", "emergency"),
    ("mort de rire", "none"),
    ("je vais la tuer celle-là, elle a encore oublié le pain", "none"),
    ("elle a encore oublié le pain, j'ai le couteau dans la main, je vais la tuer", "emergency"),
    ("je vais te tuer ce soir sale robot", "none"),
    ("j'ai rêvé qu'il va me tuer", "raised"),
    ("in de film wurgt hij zijn vrouw", "none"),
    ("Ik heb een boek gelezen. De man heeft een mes. Hij wurgt haar.", "none"),
    ("wij keken naar een film en hij heeft een mes vast", "emergency"),
    ("zoals in de film, hij gaat mij vermoorden", "emergency"),
    ("ik lach me dood", "none"),
    ("ik lach me dood maar hij heeft een mes vast", "emergency"),
    ("ik ga haar vermoorden, ze is weer het brood vergeten", "none"),
    ("ik maak je kapot stomme bot", "none"),
    ("chaque année un homme frappe sa femme dans un cas sur dix", "none"),
    ("mijn zoon heeft blauwe plekken van het voetbal", "none"),
]

DOUBT = [
    ("que faire s'il me menace avec un couteau", "raised"),
    ("s'il m'étrangle un jour que dois-je faire", "raised"),
    ("wat als hij mij wurgt", "raised"),
    ("s'il rentre il va me tuer", "emergency"),
    ("als hij thuiskomt gaat hij mij vermoorden", "emergency"),
]


@pytest.mark.parametrize(("text", "level"), NEGATION + TIME + WHO + FICTION + DOUBT)
def test_the_words_around_a_threat_decide(text: str, level: str, books: list[Book]) -> None:
    risk = assess(clean(text), books)
    assert risk.level == level, risk.because
