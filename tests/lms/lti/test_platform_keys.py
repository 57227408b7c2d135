"""Keys of platforms: fetched once, kept, refetched when they change, never taken from garbage."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.directory import platform_of
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.models import KeySet
from lmssocial.lms.lti.platform_keys import PlatformKeys
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import Cause, LaunchRefused
from tests.conftest import TestClock
from tests.fakes.platform import Answer, FakePlatform, KeySetServer, private_key, public_jwk
from tests.fakes.registered import register
from tests.support.queries import Queries


@dataclass
class Bench:
    """A registered platform, its key-set address, and processes of ours that look keys up."""

    engine: Engine
    platform: Platform
    server: KeySetServer

    def process(self, *, patience: float = 10.0) -> PlatformKeys:
        """A process that has seen no key yet; ``patience`` in seconds for one request."""
        outbound = Outbound("lmssocial/test", AllowList.parse(("127.0.0.1",)), total_seconds=patience)
        return PlatformKeys(self._unit, outbound)

    def stored(self) -> KeySet | None:
        """The row that all processes share."""
        with Session(self.engine) as session:
            return session.scalar(select(KeySet))

    @contextmanager
    def _unit(self) -> Iterator[Session]:
        with Session(self.engine) as session, unit_of_work(session):
            yield session


@pytest.fixture
def bench(engine: Engine) -> Iterator[Bench]:
    """A platform that publishes ``key-1``."""
    with KeySetServer() as server:
        server.publish(public_jwk(private_key(), "key-1"))
        with Session(engine) as session, unit_of_work(session):
            platform = platform_of(register(session, FakePlatform(jwks_url=server.url)))
        yield Bench(engine, platform, server)


def refused(look_up: Callable[[], object]) -> LaunchRefused:
    """The refusal that ``look_up`` ends in."""
    with pytest.raises(LaunchRefused) as refusal:
        look_up()
    return refusal.value


def test_a_key_is_fetched_once_for_all_processes(bench: Bench) -> None:
    one, other = bench.process(), bench.process()
    for process in (one, one, other, other):
        found = process.find(bench.platform, "key-1")
        assert found.public_numbers() == private_key().public_key().public_numbers()
    assert bench.server.requests == 1


def test_a_known_key_costs_no_statement(
    bench: Bench, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    with count_queries() as queries:
        process.find(bench.platform, "key-1")
    assert len(queries) == 0


def test_finding_the_key_and_verifying_takes_at_most_three_verifications(bench: Bench) -> None:
    process, signed = bench.process(), b"a token"
    signature = private_key().sign(signed, PKCS1v15(), SHA256())
    key = process.find(bench.platform, "key-1")

    def seconds(verify: Callable[[], object]) -> float:
        took = []
        for _ in range(500):
            began = time.perf_counter()
            verify()
            took.append(time.perf_counter() - began)
        return median(took)

    once = seconds(lambda: key.verify(signature, signed, PKCS1v15(), SHA256()))
    found = seconds(
        lambda: process.find(bench.platform, "key-1").verify(signature, signed, PKCS1v15(), SHA256())
    )
    assert found <= 3 * once


def test_a_new_key_of_the_platform_is_found_at_its_first_use(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    bench.server.publish(public_jwk(private_key(), "key-1"), public_jwk(private_key("next"), "key-2"))
    clock.tick(31)
    found = process.find(bench.platform, "key-2")
    assert found.public_numbers() == private_key("next").public_key().public_numbers()
    assert bench.server.requests == 2


def test_invented_key_ids_do_not_make_us_hammer_the_platform(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    for number in range(20):
        look_up = partial(process.find, bench.platform, f"invented-{number}")
        assert refused(look_up).cause is causes.KEY_UNKNOWN
    assert bench.server.requests == 1
    clock.tick(29)
    refused(lambda: bench.process().find(bench.platform, "invented"))
    assert bench.server.requests == 1, "another process does not ask either"
    clock.tick(2)
    refused(lambda: process.find(bench.platform, "invented"))
    assert bench.server.requests == 2
    process.find(bench.platform, "key-1")
    assert bench.server.requests == 2


def test_a_withdrawn_key_is_refused_after_an_hour(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    bench.server.publish(public_jwk(private_key("next"), "key-2"))
    clock.tick(minutes=59)
    process.find(bench.platform, "key-1")
    clock.tick(minutes=2)
    assert refused(lambda: process.find(bench.platform, "key-1")).cause is causes.KEY_UNKNOWN


def test_known_keys_are_used_while_the_platform_is_down(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    bench.server.stop()
    for hours in (2, 24, 72):
        clock.tick(hours=hours)
        process.find(bench.platform, "key-1")
        bench.process().find(bench.platform, "key-1")
    clock.tick(days=4)
    assert refused(lambda: process.find(bench.platform, "key-1")).cause is causes.KEYS_UNAVAILABLE


def test_stale_keys_are_asked_for_again_only_now_and_then(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    bench.server.answer = Answer(b"{}", status=503)
    clock.tick(hours=2)
    for _ in range(5):
        process.find(bench.platform, "key-1")
    assert bench.server.requests == 2
    clock.tick(minutes=6)
    process.find(bench.platform, "key-1")
    assert bench.server.requests == 3


GARBAGE = {
    "a 503": Answer(b'{"error": "down"}', status=503),
    "a 503 with keys": Answer(b'{"keys": [{"kid": "key-1"}]}', status=503),
    "a page": Answer(b"<html>Maintenance</html>", content_type="text/html"),
    "no JSON": Answer(b"{", content_type="application/json"),
    "a list": Answer(b"[]"),
    "an object without keys": Answer(b'{"error": "down"}'),
    "no keys": Answer(b'{"keys": []}'),
    "keys that are words": Answer(b'{"keys": ["key-1", null, 7]}'),
    "keys without numbers": Answer(b'{"keys": [{"kid": "key-1", "kty": "RSA"}]}'),
    "numbers that are none": Answer(b'{"keys": [{"kid": "key-1", "kty": "RSA", "n": "x", "e": 3}]}'),
    "half a megabyte": Answer(b'{"keys": [' + b" " * 500_000 + b"]}"),
    "a redirect": Answer(b"", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_never_kept(bench: Bench, clock: TestClock, answer: Answer) -> None:
    good, process = bench.server.answer, bench.process()
    bench.server.answer = answer
    refusal = refused(lambda: process.find(bench.platform, "key-1"))
    assert refusal.cause is causes.KEYS_UNAVAILABLE
    assert refusal.status == 503
    assert bench.platform.jwks_url in refusal.detail
    bench.server.answer = good
    clock.tick(31)
    process.find(bench.platform, "key-1")


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_does_not_drive_out_what_is_known(bench: Bench, clock: TestClock, answer: Answer) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    bench.server.answer = answer
    clock.tick(hours=2)
    process.find(bench.platform, "key-1")
    row = bench.stored()
    assert row is not None
    assert row.failure
    assert [key["kid"] for key in row.keys["keys"]] == ["key-1"]


@pytest.mark.parametrize(
    ("jwk", "cause"),
    [
        (lambda: public_jwk(private_key("short", 1024), "key-1"), causes.KEYS_UNAVAILABLE),
        (lambda: public_jwk(private_key(), "key-1", use="enc"), causes.KEYS_UNAVAILABLE),
        (lambda: public_jwk(private_key(), "key-1", alg="RS512"), causes.KEYS_UNAVAILABLE),
        (lambda: public_jwk(private_key(), "key-1", kty="oct", k="c2VjcmV0"), causes.KEYS_UNAVAILABLE),
        (lambda: public_jwk(private_key(), ""), causes.KEYS_UNAVAILABLE),
        (lambda: public_jwk(private_key(), "key-2"), causes.KEY_UNKNOWN),
    ],
    ids=["too short", "for encryption", "another algorithm", "a shared secret", "nameless", "another name"],
)
def test_a_key_that_must_not_verify_launches_does_not(
    bench: Bench, jwk: Callable[[], dict[str, object]], cause: Cause
) -> None:
    bench.server.publish(jwk())
    assert refused(lambda: bench.process().find(bench.platform, "key-1")).cause is cause


def test_keys_without_use_and_algorithm_are_taken(bench: Bench) -> None:
    jwk = public_jwk(private_key(), "key-1")
    bench.server.publish({name: jwk[name] for name in ("kty", "kid", "n", "e")})
    bench.process().find(bench.platform, "key-1")


def test_a_platform_that_hangs_holds_nobody_for_long(bench: Bench) -> None:
    bench.server.answer = Answer(b'{"keys": []}', delay=3)
    began = time.monotonic()
    refusal = refused(lambda: bench.process(patience=0.3).find(bench.platform, "key-1"))
    assert time.monotonic() - began < 2
    assert refusal.cause is causes.KEYS_UNAVAILABLE


def test_after_a_failure_others_are_told_at_once_instead_of_waiting_too(bench: Bench) -> None:
    bench.server.answer = Answer(b"", status=503)
    refused(lambda: bench.process().find(bench.platform, "key-1"))
    began = time.monotonic()
    refused(lambda: bench.process().find(bench.platform, "key-1"))
    assert time.monotonic() - began < 1
    assert bench.server.requests == 1


def test_another_address_of_the_keys_makes_the_old_ones_worthless(bench: Bench) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    with KeySetServer() as moved:
        moved.publish(public_jwk(private_key("next"), "key-1"))
        elsewhere = Platform(**{**bench.platform.__dict__, "jwks_url": moved.url})
        for asked in (process, bench.process()):
            found = asked.find(elsewhere, "key-1")
            assert found.public_numbers() == private_key("next").public_key().public_numbers()
        assert moved.requests == 1


def test_the_same_key_id_of_two_platforms_is_two_keys(bench: Bench) -> None:
    process = bench.process()
    with KeySetServer() as theirs:
        theirs.publish(public_jwk(private_key("stranger"), "key-1"))
        with Session(bench.engine) as session, unit_of_work(session):
            other = platform_of(
                register(session, FakePlatform(jwks_url=theirs.url, client_id="client-2", deployment_id="2"))
            )
        mine, foreign = process.find(bench.platform, "key-1"), process.find(other, "key-1")
    assert mine.public_numbers() != foreign.public_numbers()


def test_a_class_that_arrives_after_a_key_change_is_let_in_with_one_request(
    bench: Bench, clock: TestClock
) -> None:
    """One fetches, nineteen wait for what he brings: in threads of two processes."""
    processes = [bench.process(), bench.process()]
    for process in processes:
        process.find(bench.platform, "key-1")
    clock.release()
    jwk = public_jwk(private_key("next"), "key-2")
    bench.server.answer = Answer(json.dumps({"keys": [jwk]}).encode(), delay=0.5)
    asked_before, together = bench.server.requests, threading.Barrier(20)

    def look_up(number: int) -> int:
        together.wait(timeout=30)
        return processes[number % 2].find(bench.platform, "key-2").key_size

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(look_up, range(20))) == [2048] * 20
    assert bench.server.requests == asked_before + 1


def test_a_fetch_that_died_with_its_process_is_taken_over(bench: Bench, clock: TestClock) -> None:
    process = bench.process()
    process.find(bench.platform, "key-1")
    with Session(bench.engine) as session, unit_of_work(session):
        row = session.scalars(select(KeySet)).one()
        row.tried_at, row.settled_at = clock.tick(40), None
    bench.server.publish(public_jwk(private_key("next"), "key-2"))
    clock.tick(16)
    began = time.monotonic()
    assert refused(lambda: process.find(bench.platform, "key-2")).cause is causes.KEY_UNKNOWN
    assert time.monotonic() - began < 2, "nobody waits for the dead"
    clock.tick(15)
    process.find(bench.platform, "key-2")
