"""One call to a service of an LMS: with a token, within a time limit, with one kind of error for all that can fail."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from threading import Lock
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import SealBroken, SecretBox
from lmssocial.core.outbound import Outbound, OutboundError, Reply
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.profiles import PLAIN, Profile
from lmssocial.lms.lti.services import tokens
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble, trouble_of

MAX_PAGE = 8_000_000
"""Bytes of an answer: a platform without pages sends a roster of ten thousand at once."""
SECONDS = 20.0
"""How long one call may take."""
JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A registration as its services are called: made by :func:`lmssocial.lms.identity.endpoints.endpoint_of`."""

    registration_id: int
    client_id: str
    token_url: str
    token_audience: str = ""
    """What the assertion is addressed to where it is not the token URL; empty otherwise."""
    profile: Profile = PLAIN


@dataclass(frozen=True)
class _Token:
    value: str
    sealed: str


class _Turn:
    """Whose turn it is to fetch a token; forgotten when nobody waits for it."""

    def __init__(self) -> None:
        self.lock = Lock()


class Caller:
    """Calls services of platforms. One for each process; safe to share among threads.

    A call opens and closes short transactions of its own, for the token and the key that signs; none is open while a
    server is waited for. So nobody may call it inside a unit of work: on SQLite it would wait for its own caller.
    """

    def __init__(
        self,
        outbound: Outbound,
        box: SecretBox,
        make_session: Callable[[], Session],
        *,
        seconds: float = SECONDS,
    ) -> None:
        """Nothing is called or opened yet.

        :param make_session: opens a session of its own that the caller closes.
        :param seconds: how long one call may take.
        """
        self._outbound = outbound
        self._box = box
        self._make_session = make_session
        self._seconds = seconds
        self._turns: WeakValueDictionary[tuple[int, str], _Turn] = WeakValueDictionary()
        self._turns_lock = Lock()

    def get(self, endpoint: Endpoint, scopes: Collection[str], url: str, *, accept: str = JSON) -> Reply:
        """Fetch a document; ``reply.data`` is it.

        :raises ServiceTrouble: if anything but a successful JSON answer came back.
        """
        return self._call(
            endpoint,
            scopes,
            lambda bearer: self._outbound.get_json(
                url, headers={**bearer, "Accept": accept}, cap=MAX_PAGE, seconds=self._seconds
            ),
        )

    def post(
        self,
        endpoint: Endpoint,
        scopes: Collection[str],
        url: str,
        payload: object,
        *,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Reply:
        """Post ``payload``; ``reply.data`` is the answer, or ``None`` if it is none or no JSON.

        :raises ServiceTrouble: if it was not taken. ``AWAY`` leaves open whether it was.
        """
        write = partial(self._outbound.post_json, url, payload, content_type=content_type)
        return self._write(endpoint, scopes, write, accept)

    def put(
        self,
        endpoint: Endpoint,
        scopes: Collection[str],
        url: str,
        payload: object,
        *,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Reply:
        """Put ``payload`` in the place of what is at ``url``; otherwise like :meth:`post`."""
        write = partial(self._outbound.put_json, url, payload, content_type=content_type)
        return self._write(endpoint, scopes, write, accept)

    def _write(
        self, endpoint: Endpoint, scopes: Collection[str], write: Callable[..., Reply], accept: str
    ) -> Reply:
        """Send what is to be kept; what is answered to it does not matter."""
        return self._call(
            endpoint,
            scopes,
            lambda bearer: write(headers={**bearer, "Accept": accept}, lenient=True, seconds=self._seconds),
        )

    def delete(self, endpoint: Endpoint, scopes: Collection[str], url: str) -> Reply:
        """Remove what is at ``url``.

        :raises ServiceTrouble: if it was not removed; ``NOT_FOUND`` if it was not there.
        """
        return self._call(
            endpoint,
            scopes,
            lambda bearer: self._outbound.delete(url, headers=bearer, seconds=self._seconds),
        )

    def _call(
        self, endpoint: Endpoint, scopes: Collection[str], ask: Callable[[dict[str, str]], Reply]
    ) -> Reply:
        """Ask with a token; if it is refused, forget it and ask once more with a new one."""
        token = self._token(endpoint, scopes)
        for is_last in (False, True):
            try:
                return ask({"Authorization": f"Bearer {token.value}"})
            except OutboundError as error:
                trouble = trouble_of(error)
                if trouble.kind is Kind.UNAUTHORIZED:
                    self._drop(endpoint, scopes, token)
                if is_last or trouble.kind is not Kind.UNAUTHORIZED:
                    raise trouble from error
            token = self._token(endpoint, scopes)
        raise AssertionError("the second try either answers or raises")

    def _token(self, endpoint: Endpoint, scopes: Collection[str]) -> _Token:
        """A token that is good, fetched once when many threads need it at a time.

        Two processes may fetch one each; both are good and the later one is kept.
        """
        if (kept := self._kept(endpoint, scopes)) is not None:
            return kept
        which = (endpoint.registration_id, _purpose(endpoint, scopes))
        with self._turns_lock:
            turn = self._turns.setdefault(which, _Turn())
        with turn.lock:
            return self._kept(endpoint, scopes) or self._fetched(endpoint, scopes)

    def _kept(self, endpoint: Endpoint, scopes: Collection[str]) -> _Token | None:
        with self._make_session() as session:
            found = tokens.kept_token(
                session, self._box, endpoint.registration_id, _purpose(endpoint, scopes)
            )
        return None if found is None else _Token(*found)

    def _fetched(self, endpoint: Endpoint, scopes: Collection[str]) -> _Token:
        with self._make_session() as session, unit_of_work(session):
            try:
                key = tool_keys.signing_key(session, self._box)
            except SealBroken as error:
                raise ServiceTrouble(Kind.NO_TOKEN, f"Our own key cannot be opened: {error}.") from error
        audience = endpoint.token_audience or endpoint.token_url
        proof = tokens.assertion(key, endpoint.client_id, audience)
        value, expires_at = tokens.fetch_token(self._outbound, endpoint.token_url, proof, scopes)
        sealed = self._box.seal(value.encode())
        with self._make_session() as session, unit_of_work(session):
            tokens.keep(session, endpoint.registration_id, _purpose(endpoint, scopes), sealed, expires_at)
        return _Token(value, sealed)

    def _drop(self, endpoint: Endpoint, scopes: Collection[str], token: _Token) -> None:
        with self._make_session() as session, unit_of_work(session):
            tokens.drop(session, endpoint.registration_id, _purpose(endpoint, scopes), token.sealed)


def _purpose(endpoint: Endpoint, scopes: Collection[str]) -> str:
    return tokens.purpose_hash(endpoint.client_id, endpoint.token_url, scopes)
