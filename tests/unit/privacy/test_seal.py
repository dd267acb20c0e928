"""Sealing: only the token opens what a conversation keeps."""

from __future__ import annotations

import pytest

from bot.privacy.seal import (
    SealError,
    derive_keys,
    new_token,
    seal,
    seal_to,
    unseal,
    unseal_from,
)

WORDS = b"il revient ce soir, j'ai peur"


def test_a_token_has_256_random_bits_and_no_twin() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert {len(token) for token in tokens} == {43}


def test_what_is_derived_differs_and_says_nothing_of_the_token() -> None:
    token = new_token()
    keys = derive_keys(token)
    parts = [bytes.fromhex(keys.id), keys.gateway_key, keys.rasa_key, keys.private_key]
    assert len(set(parts)) == 4
    assert token not in keys.id
    assert derive_keys(token) == keys


@pytest.mark.parametrize("bad", ["", "abc", "é" * 43, "A" * 42, "A" * 44, "a b" * 15, "/" * 43])
def test_what_is_no_token_is_refused(bad: str) -> None:
    with pytest.raises(SealError):
        derive_keys(bad)


def test_only_the_key_and_the_place_open() -> None:
    keys, other = derive_keys(new_token()), derive_keys(new_token())
    sealed = seal(keys.gateway_key, WORDS, "c:1")
    assert WORDS not in sealed
    assert unseal(keys.gateway_key, sealed, "c:1") == WORDS
    for key, place in (
        (other.gateway_key, "c:1"),
        (keys.rasa_key, "c:1"),
        (keys.gateway_key, "c:2"),
    ):
        with pytest.raises(SealError):
            unseal(key, sealed, place)


def test_a_damaged_or_unknown_value_is_refused() -> None:
    key = derive_keys(new_token()).gateway_key
    sealed = bytearray(seal(key, WORDS, "c:1"))
    sealed[40] ^= 1
    with pytest.raises(SealError):
        unseal(key, bytes(sealed), "c:1")
    with pytest.raises(SealError):
        unseal(key, b"\x09" + bytes(sealed[1:]), "c:1")


def test_short_and_long_words_look_alike() -> None:
    key = derive_keys(new_token()).gateway_key
    sizes = {len(seal(key, b"x" * n, "c:1")) for n in (1, 5, 20, 60)}
    assert len(sizes) == 1


def test_sealed_to_the_visitor_only_the_token_opens() -> None:
    keys, other = derive_keys(new_token()), derive_keys(new_token())
    sealed = seal_to(keys.public_key, WORDS, "e:1")
    assert unseal_from(keys.private_key, sealed, "e:1") == WORDS
    with pytest.raises(SealError):
        unseal_from(other.private_key, sealed, "e:1")
    with pytest.raises(SealError):
        unseal_from(keys.private_key, sealed, "e:2")
