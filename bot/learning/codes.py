"""The withdrawal code of somebody who gave sentences, and the tags that it leads to.

A tag stands beside each sentence instead of the code. Tags of one code have nothing in common for
whoever doesn't know the code, and a sentence gets another tag when it leaves the holding place:
neither two sentences of one person nor the two places of one sentence can be tied together.
"""

from __future__ import annotations

import re
import secrets
from typing import Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# No letter that is taken for another one (Crockford's alphabet); 20 of them are 100 random bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _IN_A_GROUP = 5, 4
_TYPED_WRONG = str.maketrans("OIL", "011")
# OWASP's second choice for argon2id: 19 MiB, two passes.
_TIME, _MEMORY, _LANES = 2, 19456, 1
_SALT = b"helpline learning code v1"
TAG_BYTES = 16
# Nobody gives more sentences at once (`bot.learning.sentences`).
MOST = 8

Place = Literal["held", "kept"]


def new_code() -> str:
    """Return a new code, like `7QK2-M4ZD-…` (20 letters and digits)."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _IN_A_GROUP)]
    return "-".join(
        "".join(letters[at : at + _IN_A_GROUP]) for at in range(0, len(letters), _IN_A_GROUP)
    )


def typed(text: str) -> str | None:
    """Return a code as it is compared, None when the text can't be one."""
    letters = re.sub(r"[\s\-–—.]", "", text).upper().translate(_TYPED_WRONG)
    if len(letters) != _GROUPS * _IN_A_GROUP or set(letters) - set(_LETTERS):
        return None
    return letters


def root(code: str) -> bytes:
    """Return the secret (32 bytes) from which a code's tags are made; slow on purpose.

    Raises:
        ValueError: it isn't a code.
    """
    letters = typed(code)
    if letters is None:
        raise ValueError("not a code")
    return hash_secret_raw(
        letters.encode(), _SALT, _TIME, _MEMORY, _LANES, hash_len=32, type=Type.ID
    )


def tag(secret: bytes, place: Place, number: int) -> bytes:
    """Return the tag of one sentence in one place.

    Args:
        secret: from `root`.
        place: the holding place, or the inbox.
        number: which sentence of this person, from 0.
    """
    label = f"helpline learning {place} {number}".encode()
    return HKDF(algorithm=SHA256(), length=TAG_BYTES, salt=None, info=label).derive(secret)
