"""Words to come back with: the lists, one use, and what a thief or a guesser gets."""

from __future__ import annotations

import re

import pytest

from bot import keyspace
from bot.handoff.comeback import (
    LONGEST_MS,
    TRIES_A_NETWORK,
    TRIES_A_TALK,
    Comeback,
    draw,
    may_try,
    typed,
    word_list,
)
from bot.handoff.gateway_keys import GatewayKeys
from bot.handoff.pepper import Pepper
from bot.language import SUPPORTED, Supported
from bot.privacy.seal import seal_to
from tests.fakes.handoff import NETWORK, World, at_rest

NOTE = {"summary": "Ce dont j'ai parlé : un logement.", "risk": "raised", "minor": False}
HOUR_MS = 3600 * 1000


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_lists_are_long_and_each_word_is_one_of_its_kind(language: Supported) -> None:
    words = word_list(language)
    assert len(words) >= 2048
    # Typed without accents or capitals it is still one word, and no other's.
    assert [len(typed(word.upper())) for word in words] == [1] * len(words)
    assert len({typed(word)[0] for word in words}) == len(words)
    assert max(map(len, words)) <= 12


@pytest.mark.parametrize("language", SUPPORTED)
def test_no_word_is_of_violence(language: Supported) -> None:
    hard = re.compile(
        r"^(coup|couteau|sang|mort|tuer|viol|gifle|arme|fusil|peur|honte|alcool|mes|bloed|dood|"
        r"moord|wapen|slag|riem|angst|schaamte|verkracht|ceinture|corde|touw)s?$"
    )
    assert not [word for word in word_list(language) if hard.match(typed(word)[0])]


def test_four_different_words_are_drawn_and_rarely_the_same() -> None:
    drawn = [tuple(draw("fr")) for _ in range(200)]
    assert all(len(set(words)) == 4 for words in drawn)
    assert len(set(drawn)) == 200


def test_words_are_compared_as_people_type_them() -> None:
    assert typed(" Forêt,  NŒUD - été.zoo ") == typed("foret noeud ete zoo")


async def test_a_note_opens_once_whatever_the_spelling(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    assert kept
    words = " - ".join(kept[0]).upper()
    assert await w.service.comeback.take(words) == NOTE
    assert await w.service.comeback.take(words) is None


async def test_wrong_used_and_expired_words_open_nothing(w: World) -> None:
    comeback = w.service.comeback
    short = await comeback.keep("nl", NOTE, 30)
    assert short
    for text in ("zon maan ster wolk", "zon maan", "", "zon " * 40, " ".join(short[0][::-1])):
        assert await comeback.take(text) is None
    # It has expired by now: opening costs longer than it was kept.
    assert await comeback.take(" ".join(short[0])) is None


async def test_a_forgotten_note_is_gone(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    assert kept
    await w.service.comeback.forget(kept[1])
    assert await w.service.comeback.take(" ".join(kept[0])) is None


async def test_it_is_never_kept_longer_than_72_hours(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, 40 * LONGEST_MS)
    assert kept
    left = await w.redis.pttl(keyspace.kept(kept[1]))
    assert LONGEST_MS - 60_000 < left <= LONGEST_MS == 72 * HOUR_MS


async def test_a_copy_of_redis_holds_neither_words_nor_note(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    assert kept
    found = await at_rest(w.redis)
    for needle in (*kept[0], "logement", "raised"):
        assert needle.encode() not in found or len(needle) < 5


async def test_a_copy_with_the_words_and_the_configuration_opens_nothing(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    assert kept
    # The thief starts a gateway of their own with the stolen token; the one that ran is gone.
    await w.service.gateway_keys.withdraw()
    thief = Comeback(w.redis, Pepper(w.redis, GatewayKeys(w.redis, "internal")))
    assert await thief.take(" ".join(kept[0])) is None


async def test_gateways_share_the_secret_also_when_the_first_has_gone(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    assert kept
    others = []
    for _ in range(2):
        gateways = GatewayKeys(w.redis, "internal")
        await gateways.publish()
        others.append((gateways, Pepper(w.redis, gateways)))
    second = Comeback(w.redis, others[0][1])
    # Until the first passes it on, the second can't keep anything (and draws nothing of its own).
    assert not await second.ready()
    await w.service.pepper.share()
    assert await second.ready()
    await w.service.gateway_keys.withdraw()
    third = Comeback(w.redis, others[1][1])
    assert await third.take(" ".join(kept[0])) == NOTE


async def test_a_secret_that_somebody_else_has_put_there_is_refused(w: World) -> None:
    mine = w.service.gateway_keys
    forged = seal_to(mine.public, b"x" * 64, keyspace.pepper())
    await w.redis.hset(keyspace.pepper(), mapping={"tag": "forged", mine.id: forged})
    value = await w.service.pepper.value()
    assert value is not None
    assert value != b"x" * 32


async def test_a_restart_of_redis_leaves_nothing_and_breaks_nothing(w: World) -> None:
    kept = await w.service.comeback.keep("fr", NOTE, HOUR_MS)
    await w.redis.flushdb()
    assert kept
    assert await w.service.comeback.take(" ".join(kept[0])) is None
    assert await w.service.comeback.keep("fr", NOTE, HOUR_MS)


def test_five_tries_an_hour_in_a_talk() -> None:
    moments: list[float] = []
    for second in range(TRIES_A_TALK):
        moments = may_try(moments, 1000.0 + second) or []
    assert len(moments) == 5
    assert may_try(moments, 1100.0) is None
    assert may_try(moments, 1000.0 + 3600) == [*moments[1:], 4600.0]


async def test_a_network_has_a_limit_of_its_own(w: World) -> None:
    answers = [await w.service.comeback.counted(NETWORK) for _ in range(TRIES_A_NETWORK + 1)]
    assert answers == [True] * TRIES_A_NETWORK + [False]
    assert await w.service.comeback.counted("gent")
    assert 0 < await w.redis.ttl(keyspace.tries(NETWORK)) <= 3600
