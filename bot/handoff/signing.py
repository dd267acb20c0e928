"""Signatures of webhooks, both ways, by the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
What is signed is `id.timestamp.body`, the body byte for byte. `v1` is HMAC-SHA256 with a secret
written `whsec_…`, `v1a` is ed25519 with `whsk_…` (to sign) and `whpk_…` (to verify).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from standardwebhooks.webhooks import Webhook

TOLERANCE_SECONDS = 300
_MAX_ID = 256
_SECONDS = re.compile(r"[0-9]{1,12}")


class SigningError(ValueError):
    """A secret can't be used; the message says why, never the secret."""


def _bytes(secret: str, prefix: str) -> bytes:
    body = secret[len(prefix) :]
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise SigningError(f"what follows {prefix} must be base64.") from None


def _symmetric(secret: str) -> Webhook:
    raw = _bytes(secret, "whsec_")
    if not 24 <= len(raw) <= 64:
        raise SigningError("a secret has 24 to 64 bytes before base64; draw a new one.")
    return Webhook(raw)


def _split(secrets: str) -> list[str]:
    found = [part for part in secrets.replace(",", " ").split() if part]
    if not found:
        raise SigningError("it is empty.")
    return found


@dataclass(frozen=True)
class Signer:
    """Signs what goes to one endpoint, with each of its secrets (several while rotating)."""

    symmetric: tuple[Webhook, ...]
    asymmetric: tuple[Ed25519PrivateKey, ...]

    @classmethod
    def of(cls, secrets: str) -> Signer:
        """Read secrets, separated by commas.

        Raises:
            SigningError: one can't be used.
        """
        symmetric: list[Webhook] = []
        asymmetric: list[Ed25519PrivateKey] = []
        for secret in _split(secrets):
            if secret.startswith("whsec_"):
                symmetric.append(_symmetric(secret))
            elif secret.startswith("whsk_"):
                raw = _bytes(secret, "whsk_")
                # A key pair is written as the seed alone or as the seed and the public half.
                if len(raw) not in (32, 64):
                    raise SigningError("an ed25519 key has 32 or 64 bytes before base64.")
                asymmetric.append(Ed25519PrivateKey.from_private_bytes(raw[:32]))
            else:
                raise SigningError("a secret begins with whsec_ or, for ed25519, with whsk_.")
        return cls(tuple(symmetric), tuple(asymmetric))

    def headers(self, message_id: str, body: bytes, moment: float) -> dict[str, str]:
        """Return the three headers of one attempt.

        Args:
            message_id: the event's id, the same for all attempts.
            body: what is sent.
            moment: of this attempt, Unix seconds.
        """
        stamp = datetime.fromtimestamp(int(moment), tz=timezone.utc)
        content = f"{message_id}.{int(moment)}.".encode() + body
        signatures = [hook.sign(message_id, stamp, body.decode()) for hook in self.symmetric]
        signatures += [
            f"v1a,{base64.b64encode(key.sign(content)).decode()}" for key in self.asymmetric
        ]
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment)),
            "webhook-signature": " ".join(signatures),
        }


@dataclass(frozen=True)
class Verifier:
    """Checks what comes in, against each of the sender's secrets (several while rotating)."""

    symmetric: tuple[Webhook, ...]
    asymmetric: tuple[Ed25519PublicKey, ...]

    @classmethod
    def of(cls, secrets: str) -> Verifier:
        """Read secrets (`whsec_…`) and public keys (`whpk_…`), separated by commas.

        Raises:
            SigningError: one can't be used.
        """
        symmetric: list[Webhook] = []
        asymmetric: list[Ed25519PublicKey] = []
        for secret in _split(secrets):
            if secret.startswith("whsec_"):
                symmetric.append(_symmetric(secret))
            elif secret.startswith("whpk_"):
                raw = _bytes(secret, "whpk_")
                if len(raw) != 32:
                    raise SigningError("an ed25519 public key has 32 bytes before base64.")
                asymmetric.append(Ed25519PublicKey.from_public_bytes(raw))
            else:
                raise SigningError("a secret begins with whsec_ or, for ed25519, with whpk_.")
        return cls(tuple(symmetric), tuple(asymmetric))

    def message_id(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Return the id of a genuine message, or None for a wrong or stale signature.

        Args:
            headers: of the request; names in any case.
            body: byte for byte as received.
        """
        found = {name.lower(): value for name, value in headers.items()}
        message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
        if not message_id or len(message_id) > _MAX_ID or not _SECONDS.fullmatch(stamp):
            return None
        # A header can carry any bytes; those that aren't characters can't be signed or compared.
        if not message_id.isascii() or not found.get("webhook-signature", "").isascii():
            return None
        if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            return None
        genuine = self._symmetric_matches(found, body) or self._asymmetric_matches(found, body)
        return message_id if genuine else None

    def _symmetric_matches(self, headers: Mapping[str, str], body: bytes) -> bool:
        # Not `Webhook.verify`: one signature that it can't read hides the good one behind it.
        given = headers.get("webhook-signature", "").encode().split(b" ")
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=timezone.utc)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return False
        wanted = [h.sign(headers["webhook-id"], stamp, text).encode() for h in self.symmetric]
        return any(hmac.compare_digest(one, other) for one in wanted for other in given)

    def _asymmetric_matches(self, headers: Mapping[str, str], body: bytes) -> bool:
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        for given in headers.get("webhook-signature", "").split(" "):
            version, _, signature = given.partition(",")
            if version != "v1a":
                continue
            for key in self.asymmetric:
                try:
                    key.verify(base64.b64decode(signature, validate=True), content)
                except (InvalidSignature, ValueError):
                    continue
                return True
        return False
