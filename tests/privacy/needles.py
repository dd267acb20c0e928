"""The needle test: unique invented words go through the running system, then are looked for.

Every needle of a run holds the same random core, so that one quick search finds all of them, in
any of the forms below. `python -m tests.privacy.needles --conversations 2000` is `make needles`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

_CONSONANTS, _VOWELS = "bdfgkmprvz", "aiou"
# What follows the core says which sort of needle it is.
KINDS = {"el": "name", "im": "mail", "ou": "sentence"}
# What redaction must take out before Rasa sees it.
NEVER_IN_RASA = ("name", "number", "mail")
_AROUND = 24


def _letters(number: int) -> str:
    """Return a number as syllables: it stays one word, and another word for each number."""
    made = ""
    for _ in range(3):
        number, rest = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        made += _CONSONANTS[rest % len(_CONSONANTS)] + _VOWELS[rest // len(_CONSONANTS)]
    return made


class Needles:
    """The invented words, numbers and sentences of one run."""

    def __init__(self, seed: int | None = None) -> None:
        """Draw the core; a seed makes a run repeatable."""
        draw = random.Random(seed)
        syllables = (draw.choice(_CONSONANTS) + draw.choice(_VOWELS) for _ in range(5))
        self.core = draw.choice(_VOWELS) + "".join(syllables)
        self.digits = f"{draw.randrange(100_000, 999_999)}"

    def name(self, number: int) -> str:
        """Return a first name and a surname that nobody has."""
        return f"M{self.core}el{_letters(number)} V{self.core}el{_letters(number + 7)}"

    def mail(self, number: int) -> str:
        """Return an address of a domain that can't exist."""
        return f"v{self.core}im{_letters(number)}@poste.example.com"

    def sentence(self, number: int, language: str) -> str:
        """Return a sentence that nobody has written; its accents and quotes change in transport."""
        word = f"l{self.core}ou{_letters(number)}"
        if language == "fr":
            return f"Il a caché « l'été » & le {word} bleu dans l'évier; 100% vrai"
        return f"Hij verstopte ‘ideeën’ & de {word} in de gootsteen; 100% écht"

    def iban(self, number: int, *, spaced: bool = True) -> str:
        """Return a Belgian account number with right checksums (ISO 13616, national mod 97)."""
        first = self.digits + f"{number % 10_000:04d}"
        whole = first + f"{int(first) % 97 or 97:02d}"
        check = 98 - int(whole + "111400") % 97
        compact = f"BE{check:02d}{whole}"
        return " ".join(re.findall("....", compact)) if spaced else compact


def forms(text: str) -> dict[bytes, str]:
    """Return how a piece of ASCII text looks inside a longer one, by way of storing it.

    Letters and digits look the same in UTF-8, Latin-1, JSON and URL encoding, so the plain form
    finds those too. UTF-16 and UTF-32 of either byte order share all but an outer zero byte.
    Base64 depends on the place in a group of three bytes; only the characters that are sure count.
    """
    raw = text.encode("ascii")
    found = {raw: "plain", raw.upper(): "plain", raw.hex().encode(): "hex"}
    found[raw.hex().upper().encode()] = "hex"
    found[b"\0".join(bytes([c]) for c in raw)] = "UTF-16"
    found[b"\0\0\0".join(bytes([c]) for c in raw)] = "UTF-32"
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw)
        sure = whole[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]
        found[sure] = "base64"
        found[sure.replace(b"+", b"-").replace(b"/", b"_")] = "base64"
    return found


@dataclass(frozen=True)
class Hit:
    """A needle that was found."""

    place: str
    kind: str
    form: str
    around: str


class Finder:
    """Looks for all needles of a run in bytes."""

    def __init__(self, needles: Needles) -> None:
        """Prepare the forms."""
        self._core = needles.core
        self._letters = forms(needles.core)
        first, last = needles.digits[:4], needles.digits[4:]
        self._digits = forms(first + last) | forms(f"{first} {last}")
        self._digits |= {f"{first}{gap}{last}".encode(): "URL" for gap in ("%20", "+")}

    def search(self, data: bytes, place: str) -> Iterator[Hit]:
        """Yield what is found in `data`, each spot once."""
        for pattern, form in self._letters.items():
            for spot in _spots(data, pattern):
                around = _readable(data, spot, form)
                tail = around.partition(self._core)[2][:2]
                yield Hit(place, KINDS.get(tail, "part of a needle"), form, around)
        for pattern, form in self._digits.items():
            for spot in _spots(data, pattern):
                # Six digits come about by chance; the checksums around them don't.
                if form != "plain" or _is_account(data[max(0, spot - 3) : spot + 16]):
                    yield Hit(place, "number", form, _readable(data, spot, form))


def _is_account(data: bytes) -> bool:
    """Tell whether there are two check digits and an account number (ISO 7064, mod 97-10)."""
    digits = re.sub(rb"\D", b"", data)[:14]
    return len(digits) == 14 and int(digits[2:] + b"1114" + digits[:2]) % 97 == 1


def _spots(data: bytes, pattern: bytes) -> Iterator[int]:
    spot = data.find(pattern)
    while spot >= 0:
        yield spot
        spot = data.find(pattern, spot + len(pattern))


def _readable(data: bytes, spot: int, form: str) -> str:
    wide = {"UTF-16": 2, "UTF-32": 4, "hex": 2}.get(form, 1)
    piece = data[max(0, spot - _AROUND * wide) : spot + 2 * _AROUND * wide].replace(b"\0", b"")
    if form == "hex":
        runs = re.findall(rb"(?:[0-9a-fA-F]{2}){8,}", piece)
        piece = b" ".join(bytes.fromhex(run.decode()) for run in runs)
    return re.sub(r"[^ -~à-ÿ]+", "·", piece.decode("utf-8", "replace")).lower()


def summary(hits: Iterable[Hit]) -> str:
    """Return one line a place, sort and form, with how often and one example."""
    hits = list(hits)
    examples = {(h.place, h.kind, h.form): h.around for h in hits}
    counted = Counter((h.place, h.kind, h.form) for h in hits)
    lines = [
        f"  {number:5} × {kind} ({form}) in {place}: …{examples[place, kind, form]}…"
        for (place, kind, form), number in counted.most_common()
    ]
    return "\n".join(lines) or "  nothing"


async def _run(conversations: int, seconds: float, leak: bool) -> int:
    from tests.privacy import hunt, places
    from tests.privacy.team import working
    from tests.privacy.visitors import Crowd
    from tests.stack import running

    began = time.time()
    needles = Needles()
    finder = Finder(needles)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="needles") as temporary:
        folder = Path(temporary)
        if not hunt.finds_a_leak(finder, needles, folder):
            print("The search misses a needle that was put there; its silence means nothing.")
            return 2
        debug = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "HELPLINE_DEBUG_API": "1"}
        async with AsyncExitStack() as exits:
            team = await exits.enter_async_context(working(finder))
            debug |= {**team.environment, "RATE_NEW_CONVERSATIONS": "1000000"}
            stack = exits.enter_context(running(folder, **debug))
            crowd = Crowd(stack, needles, finder, team)
            await crowd.send(conversations, kills=places.PARTS)
            print(f"{crowd.sent} conversations sent, {time.time() - began:.0f} s after the start")
            print(f"{team.answered} of them taken over by a team's tool")
            if leak:
                hunt.leak(stack, needles)
            for title, found in (
                ("answers", crowd.echoes),
                ("webhooks, and what a team reads", list(team.hits())),
                ("pages and metrics", list(places.web_hits(finder, stack))),
                ("while conversations live", hunt.everywhere(stack, finder, began, crowd.tokens)),
            ):
                print(f"{title}:\n{summary(found)}")
                bad += len(found)
            complaints = hunt.redis_rules(stack, crowd.tokens)
            await crowd.erase_all()
            complaints += hunt.left_of(stack, crowd.tokens)
            found = hunt.everywhere(stack, finder, began, crowd.tokens)
            print(f"after erasing:\n{summary(found)}")
            bad += len(found) + len(complaints)
            print("Redis' rules:", *(complaints or ["kept"]), sep="\n  ")
            if places.memory_can_be_read(stack):
                bad += hunt.report_memory(stack, finder, seconds)
            else:
                print("memory: not looked at (only root may read another process's memory)")
        found = list(places.files_since(finder, began, (folder,)))
        print(f"files and log after the stop:\n{summary(found)}")
        bad += len(found)
    print("FOUND" if bad else "nothing found")
    return 1 if bad else 0


def main() -> int:
    """Run the long needle test; 0 nothing found, 1 something, 2 the search itself is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument(
        "--seconds", type=float, default=120, help="how long to watch the memory after erasing"
    )
    parser.add_argument(
        "--leak", action="store_true", help="leak one name on purpose: this must end with 1"
    )
    arguments = parser.parse_args()
    return asyncio.run(_run(arguments.conversations, arguments.seconds, arguments.leak))


if __name__ == "__main__":
    sys.exit(main())
