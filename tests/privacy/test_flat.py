"""However long one talks, a turn costs the same: what is kept doesn't grow (sizes, not times)."""

from __future__ import annotations

import aiohttp
import pytest

from bot import keyspace
from bot.privacy.seal import derive_keys
from tests.dsl import Talk
from tests.privacy import places
from tests.stack import Stack

SAID = (
    "il crie sur moi tous les soirs et je ne dors plus",
    "que va-t-il se passer si j'appelle la police ?",
    "merci",
    "je cherche un endroit où dormir avec mes enfants à Esneux",
    "est-ce que c'est anonyme ?",
)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_turn_200_keeps_no_more_than_turn_20(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    talk = await Talk(stack.url, "fr", http).start()
    place = keyspace.turns(derive_keys(talk.token).id)
    store = places.client(stack)
    sizes = []
    for turn in range(1, 201):
        await talk.say(f"{SAID[turn % len(SAID)]} {'vraiment ' * (turn % 7)}")
        sizes.append(int(store.strlen(place)))  # type: ignore[arg-type]
    early, late = max(sizes[14:20]), max(sizes[194:])
    assert 0 < late < 16_384
    assert late <= 1.3 * early
    assert max(sizes) < 16_384


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_sizes_say_little_of_what_was_said(stack: Stack, http: aiohttp.ClientSession) -> None:
    """What is sealed is padded: a short word and a long one make the same size."""
    store = places.client(stack)
    sizes = []
    for text in ("merci", "merci beaucoup, vraiment, de m'avoir lu jusqu'au bout ce soir"):
        talk = await Talk(stack.url, "fr", http).start()
        await talk.say(text)
        sizes.append(int(store.strlen(keyspace.turns(derive_keys(talk.token).id))))  # type: ignore[arg-type]
    assert sizes[0] == sizes[1]
    # Version, nonce and tag stand around whole buckets.
    assert (sizes[0] - 29) % 2048 == 0
