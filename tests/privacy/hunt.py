"""The hunt: all places at once, the rules for what Redis holds, and how long memory remembers."""

from __future__ import annotations

import base64
import math
import re
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote

from redis import Redis

from bot import keyspace
from bot.privacy.seal import derive_keys
from tests.privacy import places
from tests.privacy.needles import NEVER_IN_RASA, Finder, Hit, Needles
from tests.stack import Stack

_TOKEN = re.compile(rb"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_DAY_MS = 24 * 3600 * 1000
# What conversations share (ids without a word) outlives the longest of them by an hour.
_SHARED_MS = _DAY_MS + 3600 * 1000
# Words that our own records are full of, before they are sealed.
_CLEAR = (b"visitor", b"assistant", b"language", b"created", b"parse_data", b"intent", b"utter_")
# Names of keys: a word of ours, and pseudonymous hexadecimal ids.
_KEY_NAME = re.compile(rb"[a-z_-]+(?::[a-z0-9_-]+)*")
# What docs/threat-model.md says of a handoff in clear: no word, nothing of the person's own.
_CLEAR_OF_A_HANDOFF = frozenset(
    b"state id n score network language risk minor share public asked since sign alias claimed "
    b"tool spoke typing heard desk accepted warned alarm human address trial took writes known "
    b"proposed for urgent".split()
)
_PLENTY = 256
_RANDOM_BITS = 7.0


def everywhere(stack: Stack, finder: Finder, since: float, tokens: Collection[str]) -> list[Hit]:
    """Return the needles and tokens in files, logs and Redis: there must never be one."""
    found = [
        *places.files_since(finder, since, places.folders(stack)),
        *places.deleted_but_open(finder, stack),
        *places.redis_hits(finder, places.client(stack)),
    ]
    known = {token.encode() for token in tokens}
    for path in places.written_since(since, (stack.folder,)):
        found += _tokens(path.read_bytes(), known, str(path))
    for key, values in places.redis_content(places.client(stack)).items():
        for value in (key, *values):
            found += _tokens(value, known, "Redis")
    return found


def _tokens(data: bytes, known: Collection[bytes], place: str) -> list[Hit]:
    return [
        Hit(place, "token", "plain", "a token") for found in _TOKEN.findall(data) if found in known
    ]


def redis_rules(stack: Stack, tokens: Collection[str]) -> list[str]:
    """Return what is wrong with what Redis holds now: lifetimes, names, readable values."""
    store = places.client(stack)
    complaints = []
    own = {derive_keys(token).id.encode() for token in tokens}
    for key, values in places.redis_content(store).items():
        name = key.decode("latin-1")
        left = int(store.pttl(key))  # type: ignore[arg-type]
        longest = _DAY_MS if key[2:] in own else _SHARED_MS
        if left == -1 and key.startswith(b"outbox:") and not store.xlen(key):
            # An outbox into which nothing has been put yet.
            left = -2
        if left != -2 and not 0 < left <= longest:
            complaints.append(f"{name.partition(':')[0]}… lives {left} ms, longer than it may")
        if not _KEY_NAME.fullmatch(key):
            complaints.append(f"the name {name[:2]}… holds more than a word and ids")
        if key[2:] in own:
            kept = _closed_of_a_handoff(store, key) if key[:2] == b"h:" else values[1:]
            complaints += [f"{name[:2]}… {why}" for why in map(_readable, kept) if why]
    return complaints


def _closed_of_a_handoff(store: Redis, key: bytes) -> list[bytes]:
    """Return the fields of a handoff's state that must be sealed: all but those the queue needs."""
    fields: dict[bytes, bytes] = store.hgetall(key)  # type: ignore[assignment]
    return [value for name, value in fields.items() if name not in _CLEAR_OF_A_HANDOFF]


def _readable(value: bytes) -> str:
    """Return why a value of a conversation looks readable; empty when it doesn't."""
    for word in _CLEAR:
        if word in value:
            return f"holds the word {word.decode()}"
    if len(value) >= _PLENTY:
        shares = [n / len(value) for n in Counter(value).values()]
        if -sum(p * math.log2(p) for p in shares) < _RANDOM_BITS:
            return "isn't random: it can't be sealed"
    return ""


def left_of(stack: Stack, tokens: Collection[str]) -> list[str]:
    """Return the keys that erased conversations have left."""
    store = places.client(stack)
    own = {key for token in tokens for key in keyspace.all_keys(derive_keys(token).id)}
    names = {name.decode("latin-1") for name in store.scan_iter(count=1000)}
    return [f"{name[:2]}… was left" for name in sorted(names & own)]


def finds_a_leak(finder: Finder, needles: Needles, folder: Path) -> bool:
    """Put needles where they don't belong, in disguise, and tell whether each one is found."""
    since = time.time()
    name, sentence = needles.name(1), needles.sentence(1, "fr")
    leaks = {
        "plain": name.encode(),
        "url": quote(f"a b={sentence}").encode(),
        "base64": base64.b64encode(f"x{name}".encode()),
        "utf-16": sentence.encode("utf-16"),
        "number": f"compte {needles.iban(1)}.".encode(),
    }
    found = True
    for form, leak in leaks.items():
        path = folder / f"leak-{form}"
        path.write_bytes(b"before " + leak + b" after")
        found = found and any(places.files_since(finder, since, (folder,)))
        path.unlink()
    return found and not any(places.files_since(finder, since, (folder,)))


def leak(stack: Stack, needles: Needles) -> None:
    """Put a name into Redis and another one into the state's folder: the search must find both."""
    places.client(stack).set("leak", base64.b64encode(needles.name(1).encode()), ex=600)
    path = Path(stack.environment["STATE_DIR"]) / "leak"
    path.write_text(needles.name(2).encode().hex(), encoding="ascii")


def memory_now(stack: Stack, finder: Finder) -> dict[str, list[Hit]]:
    """Return the needles in the memory of each part, as it is now."""
    found: dict[str, list[Hit]] = {}
    for pid, part in places.processes(stack).items():
        found.setdefault(part, []).extend(places.memory_hits(finder, pid, part))
    return found


def forbidden_in_memory(found: dict[str, list[Hit]]) -> list[Hit]:
    """Return what must not be in memory even while a conversation lives.

    Redis and the supervisor never get a word in clear. Rasa and the actions get redacted words:
    no name, no number, no address.
    """
    never = [*found.get("redis", ()), *found.get("supervisor", ())]
    for part in ("rasa", "actions"):
        never += [hit for hit in found.get(part, ()) if hit.kind in NEVER_IN_RASA]
    return never


def report_memory(stack: Stack, finder: Finder, seconds: float) -> int:
    """Print how long needles survive in each part's memory after erasing.

    What survives in gateway, Rasa and actions is said, not judged: Python gives memory back when it
    likes. Returns the number of needles where there must never be one.
    """
    began = time.monotonic()
    last: dict[str, float] = {}
    bad = 0
    found = memory_now(stack, finder)
    while True:
        passed = time.monotonic() - began
        for part, hits in found.items():
            if hits:
                last[part] = passed
        bad = max(bad, len(forbidden_in_memory(found)))
        if passed > seconds or not any(found.values()):
            break
        time.sleep(min(15.0, seconds / 4))
        found = memory_now(stack, finder)
    print("memory after erasing:")
    for part, hits in sorted(found.items()):
        kinds = Counter(hit.kind for hit in hits)
        said = ", ".join(f"{number} × {kind}" for kind, number in kinds.most_common())
        if hits:
            print(f"  {part}: still there after {passed:.0f} s: {said}")
        elif part in last:
            print(f"  {part}: gone, last seen after {last[part]:.0f} s")
        else:
            print(f"  {part}: none")
    return bad
