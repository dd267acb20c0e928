"""What a counsellor may read, sealed so that a copy of Redis, disk and configuration opens nothing.

The handoff has a key of its own, derived from the visitor's token. It seals the words and the
summary, and is itself sealed to the public key of every live gateway, whose private half exists in
that process's memory only. When all gateways have changed, the visitor's open page derives the key
again and seals it to the new ones; the words need no rewriting.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot import keyspace
from bot.handoff.gateway_keys import GatewayKey, GatewayKeys
from bot.privacy.seal import ConversationKeys, SealError, seal, seal_to, unseal, unseal_from


def handoff_key(keys: ConversationKeys, handoff_id: str) -> bytes:
    """Return the key of one handoff of a conversation; only the token leads to it."""
    label = b"helpline handoff key " + handoff_id.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(keys.gateway_key)


def wrap(key: bytes, handoff_id: str, gateways: Iterable[GatewayKey]) -> dict[str, bytes]:
    """Return the handoff's key sealed to each gateway, by the field that holds it."""
    return {f"k:{g.id}": seal_to(g.public, key, f"k:{handoff_id}") for g in gateways}


def unwrap(wrapped: Mapping[str, bytes], handoff_id: str, own: GatewayKeys) -> bytes | None:
    """Return the handoff's key, or None when it isn't sealed to this gateway (any more)."""
    sealed = wrapped.get(own.id)
    if sealed is None:
        return None
    try:
        return unseal_from(own.private, sealed, f"k:{handoff_id}")
    except SealError:
        return None


def close(key: bytes, content: Mapping[str, Any], handoff_id: str) -> bytes:
    """Seal a word or the facts."""
    return seal(key, json.dumps(content, ensure_ascii=False).encode(), keyspace.words(handoff_id))


def open_(key: bytes, sealed: bytes, handoff_id: str) -> dict[str, Any] | None:
    """Return what `close` sealed, or None when it can't be opened."""
    try:
        plain = unseal(key, sealed, keyspace.words(handoff_id))
    except SealError:
        return None
    return cast(dict[str, Any], json.loads(plain))
