"""Signatures: the reference library verifies ours, ours verifies the library's (R60, R61, R62)."""

from __future__ import annotations

import base64
import time
from datetime import datetime, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bot.handoff.signing import Signer, SigningError, Verifier
from tests.fakes.handoff import secret

BODY = '{"type":"handoff.requested","data":{"handoff_id":"é"}}'.encode()


def test_the_library_verifies_ours() -> None:
    shared = secret()
    headers = Signer.of(shared).headers("msg_1", BODY, time.time())
    assert Webhook(shared).verify(BODY, headers)["type"] == "handoff.requested"
    with pytest.raises(WebhookVerificationError):
        Webhook(shared).verify(BODY.replace(b"requested", b"claimed"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret()).verify(BODY, headers)


def test_ours_verifies_the_librarys() -> None:
    shared = secret()
    now = datetime.now(tz=timezone.utc)
    headers = {
        "Webhook-Id": "msg_2",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(shared).sign("msg_2", now, BODY.decode()),
    }
    assert Verifier.of(shared).message_id(headers, BODY) == "msg_2"
    assert Verifier.of(shared).message_id(headers, BODY + b" ") is None
    assert Verifier.of(secret()).message_id(headers, BODY) is None
    for name in headers:
        missing = {key: value for key, value in headers.items() if key != name}
        assert Verifier.of(shared).message_id(missing, BODY) is None
    assert Verifier.of(shared).message_id({**headers, "Webhook-Id": "msg_3"}, BODY) is None


@pytest.mark.parametrize("garbage", ["v1", "v2,abc,def", "v1,%%%", "v1a,x", ""])
def test_a_signature_that_we_cant_read_hides_no_good_one(garbage: str) -> None:
    shared = secret()
    headers = Signer.of(shared).headers("msg_1", BODY, time.time())
    headers["webhook-signature"] = f"{garbage} {headers['webhook-signature']}"
    assert Verifier.of(shared).message_id(headers, BODY) == "msg_1"
    headers["webhook-signature"] = garbage
    assert Verifier.of(shared).message_id(headers, BODY) is None


def test_secrets_change_without_a_gap() -> None:
    old, new = secret(), secret()
    headers = Signer.of(f"{new}, {old}").headers("msg_1", BODY, time.time())
    for known in (old, new):
        assert Webhook(known).verify(BODY, headers)
    assert len(headers["webhook-signature"].split(" ")) == 2
    by_old = Signer.of(old).headers("msg_1", BODY, time.time())
    assert Verifier.of(f"{new},{old}").message_id(by_old, BODY) == "msg_1"


def test_ed25519_both_ways() -> None:
    pair = Ed25519PrivateKey.generate()
    seed, public = pair.private_bytes_raw(), pair.public_key().public_bytes_raw()
    ours = "whpk_" + base64.b64encode(public).decode()
    for raw in (seed, seed + public):
        headers = Signer.of("whsk_" + base64.b64encode(raw).decode()).headers(
            "msg_1", BODY, time.time()
        )
        version, _, signature = headers["webhook-signature"].partition(",")
        assert version == "v1a"
        content = f"msg_1.{headers['webhook-timestamp']}.".encode() + BODY
        pair.public_key().verify(base64.b64decode(signature), content)
        assert Verifier.of(ours).message_id(headers, BODY) == "msg_1"
        assert Verifier.of(ours).message_id(headers, BODY + b" ") is None


@pytest.mark.parametrize(
    ("age", "accepted"), [(299, True), (-299, True), (302, False), (-302, False)]
)
def test_a_clock_may_be_five_minutes_off(age: float, accepted: bool) -> None:
    shared = secret()
    headers = Signer.of(shared).headers("msg_1", BODY, time.time() - age)
    assert (Verifier.of(shared).message_id(headers, BODY) == "msg_1") == accepted


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-5", "٣", "9" * 400])
def test_a_timestamp_that_is_none_is_refused(stamp: str) -> None:
    shared = secret()
    headers = Signer.of(shared).headers("msg_1", BODY, time.time())
    assert Verifier.of(shared).message_id({**headers, "webhook-timestamp": stamp}, BODY) is None


def test_a_body_that_isnt_text_is_refused() -> None:
    shared = secret()
    headers = Signer.of(shared).headers("msg_1", BODY, time.time())
    assert Verifier.of(shared).message_id(headers, b"\xff\xfe") is None


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "whsec_" + base64.b64encode(bytes(range(23))).decode(),
        "whsec_" + base64.b64encode(bytes(range(65))).decode(),
        "whsec_not base64!",
        "secret",
        "whsk_" + base64.b64encode(bytes(range(31))).decode(),
    ],
)
def test_a_secret_that_cant_be_used_is_refused_without_being_told(bad: str) -> None:
    with pytest.raises(SigningError) as caught:
        Signer.of(bad)
    assert len(bad) < 10 or bad[6:] not in str(caught.value)
