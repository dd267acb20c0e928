"""Delivery to a receiver that fails, stalls, redirects, slows down or wants nothing any more."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook

from bot import keyspace
from bot.handoff.adapters import Notices
from bot.handoff.addresses import webhook_session
from bot.handoff.circuit import Circuit, Patience
from bot.handoff.deliver import Deliverer, retry_after
from bot.handoff.outbox import replay
from bot.handoff.tasks import stop
from tests.fakes.handoff import World, endpoint, secret, world
from tests.fakes.receiver import Receiver, receiving

QUICK = Patience(timeout=0.5, first_pause=0.02, longest_pause=0.1, probe=0.2, lease=0.4)
SECRET = secret()


@asynccontextmanager
async def tool(
    redis_url: str, folder: Path, receiver: Receiver, patience: Patience = QUICK, **more: Any
) -> AsyncIterator[tuple[World, Deliverer]]:
    """A world whose tool is the receiver, with a deliverer that doesn't run yet."""
    target = endpoint(receiver.url, SECRET)
    async with world(redis_url, folder, (target,)) as w, webhook_session(True) as session:
        # The deliverer looks at the real clock to see what is too late.
        w.now[0] = time.time()
        yield w, deliverer(w, session, target, patience, **more)


def deliverer(w: World, session: Any, target: Any, patience: Patience, **more: Any) -> Deliverer:
    """Return one for a gateway of its own."""
    options = {"allow_private": True, "gateway": "g1", **more}
    return Deliverer(
        redis=w.redis,
        session=session,
        endpoint=target,
        ledger=w.service.ledger,
        accepted=w.service.accepted,
        notices=Notices("waiting", "urgent"),
        patience=patience,
        **options,
    )


@asynccontextmanager
async def at_work(*deliverers: Deliverer) -> AsyncIterator[None]:
    """Let them deliver."""
    tasks = [asyncio.create_task(one.run()) for one in deliverers]
    try:
        yield
    finally:
        await stop(tasks)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that takes everything."""
    async with receiving() as made:
        yield made


@asynccontextmanager
async def own_certificate(folder: Path, receiver: Receiver) -> AsyncIterator[str]:
    """Serve the receiver with TLS and a certificate that it has made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "own.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    app = web.Application()
    app.router.add_post("/hook", receiver.hook)
    server = TestServer(app, scheme="https", host="localhost")
    await server.start_server(ssl=tls)
    try:
        yield f"https://localhost:{server.port}/hook"
    finally:
        await server.close()


async def outbox_is_empty(w: World) -> bool:
    """Tell whether nothing waits any more."""
    return not await w.redis.xlen(keyspace.outbox(w.service.teams.endpoints[0].id))


async def until_outbox_is_empty(w: World, seconds: float = 5) -> None:
    """Wait until the sender has noted what was accepted."""
    deadline = time.monotonic() + seconds
    while not await outbox_is_empty(w):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_what_arrives_is_thin_signed_and_in_order(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    async with tool(redis_url, tmp_path, receiver) as (w, sender), at_work(sender):
        keys, record, case = await w.waiting("il a un couteau, je suis rue Haute", summary="Karim")
        await w.service.claim(case.id, "Anne")
        record.heard("visitor", "merci")
        await w.service.pass_on(keys, record, await w.service.case(keys.id), "visitor")
        await w.service.give_back(case.id, "Anne")
        await receiver.until(lambda: len(receiver.accepted) == 4)
        events = [Webhook(SECRET).verify(g.body, g.headers) for g in receiver.got]
        assert [e["type"].partition(".")[2] for e in events] == [
            "requested", "claimed", "message", "returned",
        ]  # fmt: skip
        assert events[0]["data"] == {"handoff_id": case.id, "urgent": True, "share": "words"}
        assert all(e["data"] == {"handoff_id": case.id} for e in events[1:])
        assert all(set(e) == {"type", "timestamp", "data"} for e in events)
        wire = b"".join(g.body + str(g.headers).encode() for g in receiver.got)
        for needle in (b"couteau", b"Haute", b"merci", b"Anne", b"stopp", keys.id.encode()):
            assert needle not in wire
        assert max(len(g.body) for g in receiver.got) < 300
        await until_outbox_is_empty(w)
        assert (await w.service.case(keys.id)).accepted


@pytest.mark.parametrize("status", [500, 404, 301, 302, 307, 400, 503])
async def test_a_failure_is_tried_again_under_the_same_id(
    redis_url: str, tmp_path: Path, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status, status, 200]
    async with tool(redis_url, tmp_path, receiver) as (w, sender), at_work(sender):
        await w.waiting("bonjour")
        await receiver.until(lambda: len(receiver.accepted) == 1)
        assert [g.status for g in receiver.got] == [status, status, 200]
        assert len({g.id for g in receiver.got}) == 1
        assert len({g.body for g in receiver.got}) == 1
        # A redirect isn't followed.
        assert receiver.redirected == 0
        for got in receiver.got:
            Webhook(SECRET).verify(got.body, got.headers)


async def test_the_timestamp_is_that_of_the_attempt(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.statuses = [500, 200]
    patience = Patience(first_pause=2.5, lease=1)
    async with tool(redis_url, tmp_path, receiver, patience) as (w, sender), at_work(sender):
        await w.waiting("bonjour")
        await receiver.until(lambda: len(receiver.accepted) == 1)
        first, second = (int(g.headers["webhook-timestamp"]) for g in receiver.got)
        assert second > first


async def test_a_stall_is_a_failure(redis_url: str, tmp_path: Path, receiver: Receiver) -> None:
    receiver.stall = 2
    async with tool(redis_url, tmp_path, receiver) as (w, sender), at_work(sender):
        _, _, case = await w.waiting("bonjour")
        await receiver.until(lambda: len(receiver.got) == 1)
        receiver.stall = 0
        await receiver.until(lambda: len(receiver.got) == 2, 5)
        await asyncio.sleep(0.1)
        assert (await w.service.store.find(case.id)).accepted
        assert len({g.id for g in receiver.got}) == 1


async def test_410_turns_the_endpoint_off_and_the_desk_takes_over(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.statuses = [410]
    async with tool(redis_url, tmp_path, receiver) as (w, sender), at_work(sender):
        await w.waiting("bonjour")
        await receiver.until(lambda: bool(w.service.ledger.stopped()))
        await asyncio.sleep(0.3)
        assert len(receiver.got) == 1
        _, _, second = await w.waiting("moi aussi")
        # Nothing goes out to it any more; the desk has the person at once.
        assert await outbox_is_empty(w)
        assert second.desk
        (dead,) = w.service.ledger.dead()
        assert (dead.type, dead.reason) == ("handoff.requested", "turned off (status 410)")
        # It is turned on again by hand, and the dead letter goes out under its old id.
        receiver.statuses = [200]
        w.service.ledger.restart(dead.endpoint)
        assert [one.id for one in await replay(w.redis, w.service.ledger)] == [dead.id]
        await receiver.until(lambda: len(receiver.accepted) == 1)
        assert receiver.accepted[0].id == dead.id
        assert w.service.ledger.dead() == []


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_retry_after_is_kept(
    redis_url: str, tmp_path: Path, receiver: Receiver, status: int
) -> None:
    receiver.statuses, receiver.headers = [status, 200], {"Retry-After": "1"}
    async with tool(redis_url, tmp_path, receiver) as (w, sender), at_work(sender):
        start = time.monotonic()
        await w.waiting("bonjour")
        await receiver.until(lambda: len(receiver.got) == 1)
        # Others are held back too: the endpoint asked for less.
        await w.waiting("moi aussi")
        await receiver.until(lambda: len(receiver.accepted) == 2)
        assert time.monotonic() - start >= 1.0


def test_retry_after_is_a_number_or_a_date() -> None:
    assert retry_after("7", 0) == 7
    assert retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20) == 40
    assert retry_after("Thu, 01 Jan 1970 00:00:00 GMT", 20) == 0
    assert retry_after("soon", 0) is None
    assert retry_after(None, 0) is None


async def test_after_ten_failures_in_a_row_only_probes_go_out(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    patience = Patience(first_pause=0.01, longest_pause=0.02, probe=0.4, lease=0.4)
    async with tool(redis_url, tmp_path, receiver, patience) as (w, sender), at_work(sender):
        for _ in range(5):
            await w.waiting(share="nothing")
        await receiver.until(lambda: len(receiver.got) >= 10)
        await asyncio.sleep(0.2)
        before = len(receiver.got)
        await asyncio.sleep(1.3)
        # About one each 0.4 s; those under way when it opened may have come too.
        assert 2 <= len(receiver.got) - before <= 5
        receiver.statuses = [200]
        await receiver.until(lambda: len(receiver.accepted) == 5, 3)


async def test_who_stands_in_line_keeps_a_pause_that_was_asked_for_meanwhile(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.statuses, receiver.headers = [429, 200], {"Retry-After": "1"}
    receiver.stall = 0.2
    patience = Patience(first_pause=0.01, longest_pause=0.02, lease=1, parallel=1)
    async with tool(redis_url, tmp_path, receiver, patience) as (w, sender):
        for _ in range(4):
            await w.waiting(share="nothing")
        async with at_work(sender):
            await receiver.until(lambda: len(receiver.got) == 1)
            await asyncio.sleep(0.9)
            assert len(receiver.got) == 1
            await receiver.until(lambda: len(receiver.accepted) == 4, 5)


async def test_what_is_dead_uses_up_no_probe(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    patience = Patience(
        first_pause=0.01, longest_pause=0.02, probe=0.6, lease=0.4, failures=3, parallel=2
    )
    async with tool(redis_url, tmp_path, receiver, patience) as (w, sender), at_work(sender):
        await w.waiting(share="nothing")
        await receiver.until(lambda: len(receiver.got) >= 3)
        # The circuit is open; eight people ask and erase everything at once.
        for _ in range(8):
            keys, *_ = await w.waiting(share="nothing")
            await w.records.erase(keys)
        before = len(receiver.got)
        await asyncio.sleep(2)
        assert len(w.service.ledger.dead()) == 8
        assert 2 <= len(receiver.got) - before <= 4


async def test_what_is_over_is_not_sent_but_its_end_is(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    async with tool(redis_url, tmp_path, receiver) as (w, sender):
        keys, _, case = await w.waiting("bonjour")
        await w.service.left(keys.id)
        await w.records.erase(keys)
        async with at_work(sender):
            await receiver.until(lambda: bool(receiver.accepted))
            await asyncio.sleep(0.2)
        assert [g.event["type"] for g in receiver.got] == ["handoff.withdrawn"]
        (dead,) = w.service.ledger.dead()
        assert (dead.type, dead.reason) == (
            "handoff.requested", "the conversation is over (never tried)",
        )  # fmt: skip
        assert json.loads(dead.body)["data"]["handoff_id"] == case.id


async def test_private_addresses_get_nothing(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    async with (
        tool(redis_url, tmp_path, receiver, allow_private=False) as (w, sender),
        at_work(sender),
    ):
        await w.waiting("bonjour")
        await asyncio.sleep(0.5)
        assert receiver.got == []
        assert not await outbox_is_empty(w)


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    async with own_certificate(tmp_path, receiver) as url:
        target = endpoint(url, SECRET)
        async with world(redis_url, tmp_path, (target,)) as w, webhook_session(True) as session:
            w.now[0] = time.time()
            async with at_work(deliverer(w, session, target, QUICK)):
                await w.waiting("bonjour")
                await asyncio.sleep(0.6)
                assert receiver.got == []
                assert not await outbox_is_empty(w)


async def test_what_a_dead_gateway_had_in_hand_is_taken_over(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.stall = 0.3
    async with tool(redis_url, tmp_path, receiver) as (w, first), webhook_session(True) as session:
        async with at_work(first):
            for _ in range(5):
                await w.waiting(share="nothing")
            await receiver.until(lambda: len(receiver.got) == 5)
            # It dies while all five are under way: nothing was acknowledged.
        receiver.stall = 0
        second = deliverer(w, session, w.service.teams.endpoints[0], QUICK, gateway="g2")
        async with at_work(second):
            await receiver.until(lambda: len(receiver.got) >= 10)
            await asyncio.sleep(0.3)
        assert len(receiver.got) == 10
        assert len({g.id for g in receiver.got}) == 5
        assert await outbox_is_empty(w)


async def test_two_gateways_share_the_work_without_doubling_it(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    async with tool(redis_url, tmp_path, receiver) as (w, first), webhook_session(True) as session:
        second = deliverer(w, session, w.service.teams.endpoints[0], QUICK, gateway="g2")
        async with at_work(first, second):
            for _ in range(30):
                await w.waiting(share="nothing")
            await receiver.until(lambda: len(receiver.accepted) >= 30)
            await asyncio.sleep(1)
        assert len(receiver.got) == len({g.id for g in receiver.got}) == 30


async def test_a_slow_attempt_is_kept_alive_by_its_gateway(
    redis_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    receiver.stall = 1.5
    patience = Patience(timeout=5, lease=0.4)
    async with (
        tool(redis_url, tmp_path, receiver, patience) as (w, first),
        webhook_session(True) as session,
    ):
        second = deliverer(w, session, w.service.teams.endpoints[0], patience, gateway="g2")
        async with at_work(first, second):
            await w.waiting(share="nothing")
            await asyncio.sleep(2.2)
            assert len(receiver.got) == 1
            assert await outbox_is_empty(w)


def test_pauses_grow_and_vary_up_to_a_limit() -> None:
    patience = Patience()
    for attempt, longest in enumerate([0.5, 1, 2, 4, 8, 16, 32, 60, 60]):
        pauses = {patience.pause(attempt) for _ in range(50)}
        assert longest / 2 <= min(pauses)
        assert max(pauses) <= longest
        assert len(pauses) > 10


async def test_the_circuit_closes_with_the_first_success() -> None:
    now = [0.0]
    circuit = Circuit(Patience(failures=3, probe=5), lambda: now[0])
    for _ in range(3):
        await asyncio.wait_for(circuit.turn(), 0.1)
        assert circuit.take()
        circuit.failed()
    assert circuit.open
    assert not circuit.take()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(circuit.turn(), 0.05)
    now[0] = 5.0
    await asyncio.wait_for(circuit.turn(), 0.1)
    # Of all who wait, one tries.
    assert [circuit.take(), circuit.take()] == [True, False]
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(circuit.turn(), 0.05)
    waiting = asyncio.create_task(circuit.turn())
    await asyncio.sleep(0)
    circuit.succeeded()
    await asyncio.wait_for(waiting, 0.1)
