"""People who attack: whatever comes in, no error of ours, and no text that takes for ever."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.directory.load import load_directory
from bot.directory.match import find_communes
from bot.entities import extract
from bot.gateway.contract import document
from bot.gateway.rate import Limiter
from bot.gateway.turns import choice_to_turn
from bot.handoff.deliver import retry_after
from bot.handoff.signing import Verifier
from bot.handoff.watch import Watch
from bot.language import detect
from bot.privacy.redact import Redactor
from bot.privacy.seal import SealError, derive_keys
from bot.rasa_parts.text import clean, fold
from bot.texts import DATA
from tests.fakes.handoff import secret
from tests.fakes.handoff_gateway import Gateway, gateway

LONGEST = 2000
# Pieces that make regular expressions go back and try again, each up to the longest message.
PIECES = [
    "a", " ", "0", "1 ", "04 ", "04/", "+32 4", "0-", ".", "-", "_", "a@", "a.", "@", "a@a.", "(",
    ")(", "http://", "www.", "a/", "://", "%20", "rue ", "Rue de la ", "5 rue ", "Jean-", "Jean ",
    "O'", "d'", "A ", "É", "e\u0301", "\u0301", "\u200b", "\u202e", "١", "𝔞", "ß", "İ", "🙂",
    "né le 1/1/", "1/", "BE", "BE68 ", "1-ABC-", "12.34.56-", "je ", "il va me ", "wil ", "niet ",
    "n'", "4000 ", "Liège ", "Sint-", "mon mari ", "mijn man heet ", "il s'appelle ", "!?", "\t",
    "\n", "/", "[nom]", "{", "\\", '"', "<b>",
]  # fmt: skip
HOSTILE = [(piece * LONGEST)[: LONGEST - len(end)] + end for piece in PIECES for end in ("", "!")]
# Anything that JSON can carry, halves of characters too.
ANYTHING = st.text(st.characters(blacklist_categories=()), max_size=300)
# How a server hands over a byte that isn't UTF-8.
BYTE = "\udcff"
# Generous: the machine may be busy. What explodes takes minutes.
SECONDS = 2.0
CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

DIRECTORY = load_directory(DATA / "directory", "demo")
WATCH = Watch()


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    made = Redactor(DIRECTORY)
    made.warm()
    return made


PARSERS: dict[str, Callable[[str], object]] = {
    "communes": lambda text: find_communes(text, DIRECTORY),
    "entities": lambda text: extract(text, "inform_commune", DIRECTORY),
    "danger": WATCH,
    "language": detect,
    "cleaning": lambda text: fold(clean(text)),
}


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    WATCH.warm()
    for parse in PARSERS.values():
        parse("bonjour, ik woon in Luik")


def slow(parse: Callable[[str], object], texts: list[str]) -> list[tuple[float, str]]:
    found = []
    for text in texts:
        began = time.thread_time()
        parse(text)
        took = time.thread_time() - began
        if took > SECONDS:
            found.append((round(took, 1), text[:20]))
    return found


@pytest.mark.parametrize("name", PARSERS)
def test_no_text_takes_for_ever(name: str) -> None:
    assert slow(PARSERS[name], HOSTILE) == []


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_no_text_makes_redaction_take_for_ever(redactor: Redactor, language: Any) -> None:
    assert slow(lambda text: redactor.redact(text, language), HOSTILE) == []


@pytest.mark.parametrize("name", PARSERS)
@given(text=ANYTHING)
@example(text=BYTE)
@CALM
def test_parsers_take_anything(name: str, text: str) -> None:
    PARSERS[name](text)


@given(text=ANYTHING)
@example(text=BYTE)
@CALM
def test_redaction_takes_anything_and_says_where(redactor: Redactor, text: str) -> None:
    done = redactor.redact(text, "fr")
    for span in done.spans:
        assert 0 <= span.start < span.end <= len(text)


@given(value=ANYTHING)
@CALM
def test_a_button_is_never_a_text(value: str) -> None:
    parsed = choice_to_turn(value, "nl")["parse_data"]
    assert parsed["intent"]["confidence"] == 1.0
    assert parsed["text"] == value


HEADERS = st.dictionaries(
    st.sampled_from(["webhook-id", "Webhook-Timestamp", "webhook-signature", "x"]), ANYTHING
)
VERIFIER = Verifier.of(secret())


@given(headers=HEADERS, body=st.binary(max_size=200))
@CALM
def test_no_invented_signature_is_genuine(headers: dict[str, str], body: bytes) -> None:
    assert VERIFIER.message_id(headers, body) is None


@given(body=st.binary(max_size=60), name=ANYTHING, signature=ANYTHING)
@example(body=b"{}", name=BYTE, signature="v1,a")
@example(body=b"{}", name="a", signature=f"v1,{BYTE} v1a,{BYTE} é")
@CALM
def test_nor_with_the_right_time(body: bytes, name: str, signature: str) -> None:
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(time.time())),
        "webhook-signature": signature,
    }
    assert VERIFIER.message_id(headers, body) is None


@given(proof=ANYTHING)
@example(proof=f"1.a.{BYTE}:1")
@example(proof="1.a.é:1")
@CALM
def test_no_invented_proof_of_work_lets_in(proof: str) -> None:
    limiter = Limiter(10, 1)
    assert limiter.newcomer("192.0.2.1", None) is None
    refused = limiter.newcomer("192.0.2.1", proof)
    assert refused
    # A genuine challenge with a hostile answer.
    assert limiter.newcomer("192.0.2.1", f"{refused.challenge}:{BYTE}{proof}")


@given(value=ANYTHING)
@example(value=BYTE)
@example(value="٣")
@example(value="²")
@example(value="9" * 400)
@CALM
def test_other_headers(value: str) -> None:
    found = retry_after(value, time.time())
    assert found is None or found >= 0
    with contextlib.suppress(SealError):
        derive_keys(value)


POSTS = [path for path, item in document()["paths"].items() if "post" in item]
BODIES: list[bytes] = [
    b"", b"null", b"[]", b"5", b'""', b"{", b"\xff\xfe", b'{"a":1}', b"NaN", b"1e999",
    b"[" * 20_000, b'{"a":' * 5_000, b'{"text":"\\ud800"}', b'{"text":"\\u0000"}',
    b'{"choice":"\\udfff"}', b'{"text":""}', b'{"text":"   "}', b'{"text":"/restart"}',
    b'{"text":"a","choice":"b"}', b'{"language":"\\ud800"}', b'{"service":"\\ud800"}',
    b'{"text":' + b"9" * 30_000 + b"}", b'{"type":"claim","data":{}}',
    json.dumps({"text": "e\u0301" * 999}).encode(), json.dumps({"text": "x" * 5000}).encode(),
    b"x" * 100_000,
]  # fmt: skip
RAW_HEADERS = [
    b"Authorization: Bearer \xff\xfe",
    b"Authorization: \xc3\xa9",
    b"Authorization: Bearer " + b"A" * 4000,
    b"X-Proof-Of-Work: 1.a.\xc3\xa9:1",
    b"X-Proof-Of-Work: \xff.\xff.\xff:\xff",
    b"X-Forwarded-For: \xff, ::::, 999.1.1.1",
    b"Last-Event-ID: \xd9\xa1",
    b"webhook-id: \xff\r\nwebhook-timestamp: %d\r\nwebhook-signature: v1,\xff",
    b"Content-Type: \xff",
    b"Accept-Language: \xff;q=x",
]


@pytest.fixture
async def running(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    async with gateway(redis_url, tmp_path, monkeypatch) as started:
        yield started


async def _raw(run: Gateway, method: str, path: str, headers: list[bytes], body: bytes) -> int:
    host, port = run.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = [f"{method} {path} HTTP/1.1".encode(), b"Host: x", b"Connection: close", *headers]
    head.append(b"Content-Length: %d" % len(body))
    writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return int(line.split()[1]) if line else 0


@pytest.mark.parametrize("path", POSTS)
async def test_no_body_makes_an_error_of_ours(running: Gateway, path: str) -> None:
    visitor = await running.visitor()
    for body in BODIES:
        async with running.http.post(
            f"{running.url}{path}", data=body, headers=visitor.headers
        ) as answer:
            assert answer.status < 500, body[:40]


async def test_no_header_makes_an_error_of_ours(running: Gateway) -> None:
    paths = [("POST", path) for path in POSTS]
    paths += [
        ("GET", "/api/v1/events"),
        ("GET", "/api/v1/handoff"),
        ("GET", "/api/v1/handoffs/x"),
        ("GET", "/api/v1/handoffs/%ff?after=%ff"),
        ("GET", "/api/v1/lines?language=%ff"),
        ("GET", "/%ff"),
        ("DELETE", "/api/v1/conversations"),
    ]
    for method, path in paths:
        for raw in RAW_HEADERS:
            header = raw.replace(b"%d", str(int(time.time())).encode())
            status = await _raw(running, method, path, [header], b"{}")
            assert 200 <= status < 500, (method, path, raw)


async def test_a_flood_with_odd_proofs(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch, RATE_NEW_CONVERSATIONS="1") as run:
        for raw in RAW_HEADERS[3:5] * 3:
            status = await _raw(run, "POST", "/api/v1/conversations", [raw], b"{}")
            assert status in {201, 400, 429}


@pytest.mark.parametrize(
    "text",
    ["\ud800", "bonjour \udfff", "\x00", "\u202e/restart", "﷽" * 300, "/" * 2000, "🙂" * 2000],
)
async def test_odd_texts_get_an_answer(running: Gateway, text: str) -> None:
    visitor = await running.visitor()
    async with running.http.post(
        f"{running.url}/api/v1/messages",
        data=json.dumps({"text": text}).encode(),
        headers=visitor.headers,
    ) as answer:
        assert answer.status in {200, 400, 413}
        assert await answer.json()


@pytest.mark.parametrize("after", ["\u00b2", "\u0663", "9" * 40, "1-2-3", "-", "$", "0 1", "*"])
async def test_odd_last_event_ids_still_open_the_stream(
    running: Gateway, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.api._HEARTBEAT_SECONDS", 0.2)
    visitor = await running.visitor()
    headers = {**visitor.headers, "Last-Event-ID": after}
    async with running.http.get(f"{running.url}/api/v1/events", headers=headers) as answer:
        assert answer.status == 200
        await running.http.delete(f"{running.url}/api/v1/conversations", headers=visitor.headers)
        assert b"event: gone" in await asyncio.wait_for(answer.read(), 30)
