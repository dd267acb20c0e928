"""Sealing: what is kept can be opened only with the token that the person's page holds.

From the token (256 random bits) come, by HKDF-SHA256 (RFC 5869) with separate labels: the
pseudonymous id, the AES-256-GCM keys of gateway and Rasa, and an X25519 pair. What is written while
the visitor is silent is sealed to the public half (ephemeral X25519 + HKDF + AES-256-GCM).
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_VERSION = b"\x01"
_NONCE = 12
# Sizes say something too: sealed text is padded to whole buckets of this many bytes.
_BUCKET = 2048


class SealError(Exception):
    """A sealed value can't be opened: wrong key, wrong place, or damaged."""


@dataclass(frozen=True)
class ConversationKeys:
    """What is derived from one token; none of it leads back to the token."""

    id: str
    gateway_key: bytes
    rasa_key: bytes
    private_key: bytes

    @property
    def public_key(self) -> bytes:
        """The X25519 public half (32 bytes), to which others seal what waits for the visitor."""
        return X25519PrivateKey.from_private_bytes(self.private_key).public_key().public_bytes_raw()


def new_token() -> str:
    """Return a new token: 256 random bits, URL-safe base64 without padding (43 characters)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).rstrip(b"=").decode()


def derive_keys(token: str) -> ConversationKeys:
    """Return the keys of a conversation.

    Args:
        token: as made by `new_token`.

    Raises:
        SealError: the text isn't a token.
    """
    if not _TOKEN.fullmatch(token):
        raise SealError("not a token")
    raw = base64.urlsafe_b64decode(token + "=")
    return ConversationKeys(
        id=_expand(raw, b"helpline conversation id", 16).hex(),
        gateway_key=_expand(raw, b"helpline gateway key"),
        rasa_key=_expand(raw, b"helpline rasa key"),
        private_key=_expand(raw, b"helpline x25519 private key"),
    )


def _expand(secret: bytes, label: bytes, length: int = 32) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label).derive(secret)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Compress, pad and encrypt `plain` for one place (its name is authenticated too)."""
    packed = zlib.compress(plain, 6)
    body = len(packed).to_bytes(4, "big") + packed
    body += b"\0" * (-len(body) % _BUCKET)
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, body, _VERSION + place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Return what `seal` closed.

    Raises:
        SealError: wrong key or place, damaged, or written by an unknown version.
    """
    if sealed[:1] != _VERSION:
        raise SealError("unknown version of a sealed value")
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        padded = AESGCM(key).decrypt(nonce, body, _VERSION + place.encode())
    except InvalidTag:
        raise SealError("can't be opened with this key") from None
    size = int.from_bytes(padded[:4], "big")
    return zlib.decompress(padded[4 : 4 + size])


def seal_to(public_key: bytes, plain: bytes, place: str) -> bytes:
    """Seal `plain` to an X25519 public key (32 bytes), so that only its private half opens it."""
    ephemeral = X25519PrivateKey.generate()
    own_public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    key = _expand(shared, b"helpline sealed to " + own_public + public_key)
    return own_public + seal(key, plain, place)


def unseal_from(private_key: bytes, sealed: bytes, place: str) -> bytes:
    """Return what `seal_to` closed.

    Raises:
        SealError: it wasn't sealed to this key, or is damaged.
    """
    private = X25519PrivateKey.from_private_bytes(private_key)
    own_public = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    except ValueError:
        raise SealError("damaged") from None
    key = _expand(shared, b"helpline sealed to " + sealed[:32] + own_public)
    return unseal(key, sealed[32:], place)
