"""The store in a bucket, against a server that is not ours; and against servers that fail in every way we know."""

import socket
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import httpx
import pytest

from lmssocial.core.storage import (
    S3,
    AddressWrong,
    Bucket,
    Folder,
    Missing,
    Sending,
    StorageFailed,
    new_key,
    s3,
    storage_at,
)
from tests.support.buckets import KEY, NAME, SECRET, S3Server, answering, bucket_at
from tests.support.network import free_port

SENDING = Sending(
    media_type="application/pdf",
    disposition="attachment; filename*=UTF-8''%C3%9Cbung%201.pdf",
    since=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    lasts=timedelta(minutes=20),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server with an empty bucket."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    yield server
    server.kill()


@pytest.fixture
def store(server: S3Server) -> S3:
    """A store in its bucket."""
    return S3(Bucket.parse(server.address()))


def read(store: S3, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


@pytest.mark.parametrize("data", [b"words", b"", b"x" * 3_000_000])
def test_what_is_put_can_be_opened_until_it_is_deleted(store: S3, server: S3Server, data: bytes) -> None:
    key = new_key()
    store.put(key, data)

    assert read(store, key) == data
    assert key in server.names()
    store.delete(key)
    assert key not in server.names()
    with pytest.raises(Missing):
        store.open(key)
    store.delete(key)


def test_files_lie_under_the_prefix_that_is_set(server: S3Server) -> None:
    address = server.address().replace(f"/{NAME}?", f"/{NAME}/forum/files?")
    store, key = S3(Bucket.parse(address)), new_key()
    store.put(key, b"words")

    assert f"forum/files/{key}" in server.names()
    assert read(store, key) == b"words"


@pytest.mark.parametrize("key", ["", "../secret", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_a_key_that_is_none_leads_nowhere(store: S3, key: str) -> None:
    for deed in (
        lambda: store.put(key, b""),
        lambda: store.open(key),
        lambda: store.delete(key),
        lambda: store.address(key, SENDING),
    ):
        with pytest.raises(ValueError, match="no key"):
            deed()


def test_a_signed_address_gives_the_file_to_who_has_nothing_else(store: S3) -> None:
    key = new_key()
    store.put(key, b"%PDF words")
    now = datetime.now(UTC)
    address = store.address(key, Sending(**{**vars(SENDING), "since": now}))
    assert address is not None
    answer = httpx.get(address)

    assert answer.content == b"%PDF words"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == SENDING.disposition
    assert answer.headers["Cache-Control"] == "private"
    assert SECRET not in address
    part = httpx.get(address, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PDF")


def test_the_signature_is_the_one_that_amazon_computes(
    store: S3, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    address = store.address(key, SENDING)
    assert address is not None
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert query["X-Amz-Expires"] == "1200"
    assert query["X-Amz-Date"] == "20260302T090000Z"

    def then(**_options: object) -> datetime:
        return SENDING.since.replace(tzinfo=None)

    monkeypatch.setattr(botocore.auth, "get_current_datetime", then)
    asked = {name: value for name, value in query.items() if name.startswith("response-")}
    request: Any = botocore.awsrequest.AWSRequest("GET", f"{server.origin}/{NAME}/{key}", params=asked)
    credentials = botocore.credentials.Credentials(KEY, SECRET)
    botocore.auth.S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=1200).add_auth(request)
    theirs = parse_qs(urlsplit(request.url).query)

    assert query["X-Amz-Signature"] == theirs["X-Amz-Signature"][0]


def test_the_same_moment_makes_the_same_address_so_that_browsers_keep_the_file(store: S3) -> None:
    key = new_key()
    later = Sending(**{**vars(SENDING), "since": SENDING.since + timedelta(minutes=10)})

    assert store.address(key, SENDING) == store.address(key, SENDING)
    assert store.address(key, SENDING) != store.address(key, later)


def test_browsers_are_led_to_the_public_host_and_only_if_they_may_fetch_by_themselves(
    server: S3Server,
) -> None:
    key = new_key()
    public = Bucket.parse(server.address(public="https://files.example.edu"))
    address = S3(public).address(key, SENDING)
    assert address is not None
    assert address.startswith(f"https://files.example.edu/{NAME}/{key}?")
    assert public.origin == "https://files.example.edu"
    through_us = Bucket.parse(server.address(links="tool"))
    assert S3(through_us).address(key, SENDING) is None
    assert through_us.origin == ""


def test_a_bucket_that_is_not_there_is_no_file_that_is_not_there(server: S3Server) -> None:
    store, key = S3(Bucket.parse(server.address().replace(f"/{NAME}?", "/elsewhere?"))), new_key()
    for deed in (lambda: store.put(key, b"x"), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(StorageFailed, match="NoSuchBucket") as failed:
            deed()
        assert not isinstance(failed.value, Missing)


def test_a_key_that_opens_nothing_is_told_without_the_secret(tmp_path: Path) -> None:
    server = S3Server(tmp_path, closed=True)
    try:
        store, key = S3(Bucket.parse(server.address())), new_key()
        for deed in (lambda: store.put(key, b"x"), lambda: store.open(key), lambda: store.delete(key)):
            with pytest.raises(StorageFailed, match="InvalidAccessKeyId") as failed:
                deed()
            assert SECRET not in str(failed.value)
            assert not isinstance(failed.value, Missing)
    finally:
        server.kill()


def test_a_server_that_is_away_is_noticed_soon() -> None:
    store, began = bucket_at(free_port()), time.monotonic()
    with pytest.raises(StorageFailed, match="cannot be written"):
        store.put(new_key(), b"x")

    assert time.monotonic() - began < 5


def test_a_server_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "READ", 0.2)
    with answering(lambda connection: _ignore(connection, 1)) as port:
        store, began = bucket_at(port), time.monotonic()
        with pytest.raises(StorageFailed, match="cannot be read"):
            store.open(new_key())

    assert time.monotonic() - began < 5


def _ignore(connection: socket.socket, seconds: float) -> None:
    connection.recv(65536)
    time.sleep(seconds)


def test_half_a_file_is_never_given_out() -> None:
    def half(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: text/plain\r\n\r\nonly this"
        )

    with answering(half) as port, pytest.raises(StorageFailed, match="cannot be read"):
        bucket_at(port).open(new_key())


def test_a_connection_that_breaks_while_a_file_is_sent_is_a_failure() -> None:
    def hang_up(connection: socket.socket) -> None:
        connection.recv(1000)

    with answering(hang_up) as port, pytest.raises(StorageFailed, match="cannot be written"):
        bucket_at(port).put(new_key(), b"x" * 1_000_000)


def test_an_answer_that_is_no_s3_is_a_failure() -> None:
    def page(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>Proxy</h1>"
        )

    with answering(page) as port, pytest.raises(StorageFailed, match="cannot be deleted"):
        bucket_at(port).delete(new_key())


def test_a_secret_stands_in_nothing_that_is_shown(server: S3Server) -> None:
    bucket = Bucket.parse(server.address())

    assert bucket.secret == SECRET
    assert SECRET not in repr(bucket)
    assert SECRET not in repr(S3(bucket))


@pytest.mark.parametrize(
    "address",
    [
        "https://a:hush@host/bucket",
        "s3://host/bucket",
        "s3://key@host/bucket",
        "s3://key:hush@host",
        "s3://key:hush@host/",
        "s3://key:hush@/bucket",
        "s3://key:hush@host:port/bucket",
        "s3://key:hush@host/bucket?tls=maybe",
        "s3://key:hush@host/bucket?links=somehow",
        "s3://key:hush@host/bucket?ssl=1",
        "s3://key:hush@host/bucket?region",
        "s3://key:hush@host/bucket?public=files.example.edu",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        Bucket.parse(address)

    assert "hush" not in str(wrong.value)


def test_without_the_library_it_says_what_to_install(
    server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "minio", None)
    with pytest.raises(StorageFailed, match=r"install lmssocial\[s3\]"):
        storage_at(server.address(), tmp_path)

    assert isinstance(storage_at("", tmp_path), Folder)
