"""A store in a bucket: S3, or any service that speaks its language (MinIO, Ceph, Garage, Cloudflare R2, …).

The administrator names the endpoint, so it is trusted: it may lie on a private address, and the rules for addresses
that come from outside (:mod:`lmssocial.core.outbound`) do not apply. It is never asked for anything but one bucket.
"""

import importlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

from lmssocial.core.storage.port import KEY, Missing, Sending, StorageFailed

if TYPE_CHECKING:
    from minio import Minio

CONNECT, READ = 3.0, 15.0
"""Seconds to wait for a connection, and for the next bytes."""
IN_MEMORY = 2_000_000
"""Bytes of a file that are read into memory; a larger one waits in a temporary file."""
_CHUNK = 64 * 1024
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})
_QUERY = frozenset({"region", "tls", "links", "public"})


class AddressWrong(ValueError):
    """An address of a bucket says something else than an address of a bucket. The message repeats no secret."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Where a bucket is, and by which key it opens."""

    host: str
    """With its port, if that is not the usual one."""
    name: str
    prefix: str = ""
    """What the names of all files begin with."""
    key: str
    secret: str = field(repr=False)
    region: str = "us-east-1"
    tls: bool = True
    public_host: str = ""
    """What browsers call the host, if that differs."""
    public_tls: bool = True
    direct: bool = True
    """Whether browsers fetch files from it, and not from us."""

    @classmethod
    def parse(cls, address: str) -> Self:
        """Read ``s3://key:secret@host/bucket?region=…&tls=1&links=direct&public=https://…``.

        Key and secret are percent-encoded where they have signs of their own, such as ``/``.

        :raises AddressWrong: if it is no such address.
        """
        try:
            parts = urlsplit(address)
            port, query = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            raise AddressWrong("is no address") from None
        name, _, prefix = parts.path.strip("/").partition("/")
        if parts.scheme != "s3" or not parts.hostname or not name or not parts.username or not parts.password:
            raise AddressWrong("must look like s3://key:secret@host/bucket?region=…")
        if unknown := sorted(set(query) - _QUERY):
            raise AddressWrong(f"may set region, tls, links and public, and not {', '.join(unknown)}")
        tls, links = query.get("tls", ["1"])[-1], query.get("links", ["direct"])[-1]
        if tls not in {"0", "1"} or links not in {"direct", "tool"}:
            raise AddressWrong("has tls=1 or tls=0, and links=direct or links=tool")
        public = urlsplit(query.get("public", [""])[-1])
        if "public" in query and (public.scheme not in {"http", "https"} or not public.netloc):
            raise AddressWrong("has public=https://… with the host that browsers reach")
        return cls(
            host=parts.hostname if port is None else f"{parts.hostname}:{port}",
            name=name,
            prefix=f"{prefix.strip('/')}/" if prefix.strip("/") else "",
            key=unquote(parts.username),
            secret=unquote(parts.password),
            region=query.get("region", ["us-east-1"])[-1],
            tls=tls == "1",
            public_host=public.netloc,
            public_tls=public.scheme != "http",
            direct=links == "direct",
        )

    @property
    def origin(self) -> str:
        """Where browsers fetch files, as a content security policy names it; empty if they do not."""
        if not self.direct:
            return ""
        tls = self.public_tls if self.public_host else self.tls
        return f"{'https' if tls else 'http'}://{self.public_host or self.host}"


class S3:
    """Files in a bucket. A file is sent in one request, so it is there whole, or not at all."""

    def __init__(self, bucket: Bucket) -> None:
        """Nothing is sent before the first file.

        :raises StorageFailed: if the library for it is not installed.
        """
        self._bucket = bucket
        try:
            self._library: Any = importlib.import_module("minio")
            urllib3: Any = importlib.import_module("urllib3")
        except ImportError as missing:
            raise StorageFailed(
                f"files in a bucket need the package {missing.name}; install lmssocial[s3]"
            ) from None
        self._failures = (
            self._library.error.MinioException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
        )
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT, read=READ),
            retries=urllib3.Retry(total=1, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
            maxsize=8,
        )
        self._client = self._client_at(bucket.host, tls=bucket.tls)
        self._signer = (
            self._client_at(bucket.public_host, tls=bucket.public_tls) if bucket.public_host else self._client
        )

    def put(self, key: str, data: bytes) -> None:
        """See :meth:`~lmssocial.core.storage.port.Storage.put`."""
        with self._told("written", key) as name:
            self._client.put_object(self._bucket.name, name, io.BytesIO(data), len(data))

    def open(self, key: str) -> BinaryIO:
        """See :meth:`~lmssocial.core.storage.port.Storage.open`. All of it is fetched before it is given out."""
        with self._told("read", key) as name:
            answer = self._client.get_object(self._bucket.name, name)
            try:
                return _whole(answer)
            finally:
                answer.close()
                answer.release_conn()

    def delete(self, key: str) -> None:
        """See :meth:`~lmssocial.core.storage.port.Storage.delete`."""
        try:
            with self._told("deleted", key) as name:
                self._client.remove_object(self._bucket.name, name)
        except Missing:
            return

    def address(self, key: str, sending: Sending) -> str | None:
        """See :meth:`~lmssocial.core.storage.port.Storage.address`. Signed here; nobody is asked."""
        if not self._bucket.direct:
            return None
        headers = {
            "response-content-type": sending.media_type,
            "response-content-disposition": sending.disposition,
            "response-cache-control": "private",
        }
        return self._signer.get_presigned_url(
            "GET",
            self._bucket.name,
            self._name(key),
            expires=sending.lasts,
            response_headers=cast("Any", headers),
            request_date=sending.since,
        )

    def _name(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a store")
        return f"{self._bucket.prefix}{key}"

    def _client_at(self, host: str, *, tls: bool) -> "Minio":
        bucket = self._bucket
        made: Minio = self._library.Minio(
            host,
            access_key=bucket.key,
            secret_key=bucket.secret,
            secure=tls,
            region=bucket.region,
            http_client=self._pool,
        )
        return made

    @contextmanager
    def _told(self, deed: str, key: str) -> Iterator[str]:
        """Turn whatever goes wrong into a failure of the store, in words for the log that repeat no secret."""
        name = self._name(key)
        try:
            yield name
        except self._failures as error:
            where = f"{name} in the bucket {self._bucket.name} at {self._bucket.host}"
            code = getattr(error, "code", "")
            if code in _ABSENT:
                raise Missing(f"{where} is not there") from None
            said = f"{code} {getattr(error, 'message', '')}".strip() if code else type(error).__name__
            raise StorageFailed(f"{where} cannot be {deed}: {said}") from error


def _whole(answer: Any) -> BinaryIO:
    """The body of an answer, all of it.

    :raises OSError: if it ends too soon.
    """
    kept = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – whoever asked closes it
    try:
        for chunk in answer.stream(_CHUNK):
            kept.write(chunk)
    except BaseException:
        kept.close()
        raise
    expected = answer.headers.get("Content-Length")
    if expected is not None and int(expected) != kept.tell():
        kept.close()
        raise OSError("the connection ended in the middle of it")
    kept.seek(0)
    return cast("BinaryIO", kept)
