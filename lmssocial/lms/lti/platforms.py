"""A registered LMS as the protocol needs to know it, and where to ask for one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Platform:
    """One registration of an LMS with us: an issuer and the client id it knows us by.

    Everything cached or stored about a platform is keyed by ``registration_id``, never by issuer: many customers
    share one issuer, and two of them may even share the client id.
    """

    registration_id: int
    public_key: str
    """Names the registration in its own login URL; not a secret."""
    issuer: str
    client_id: str
    auth_login_url: str
    """Where the LMS authenticates people (OpenID Connect authorization endpoint)."""
    jwks_url: str
    """Where the LMS publishes the keys it signs with."""
    family: str = ""
    """The product family it named itself; empty when it did not say."""
    enabled: bool = True
    trusted_audiences: frozenset[str] = field(default_factory=frozenset)
    """Audiences that may stand in ``aud`` beside our client id (OpenID Connect Core §3.1.3.7, rule 3)."""
    frame_origins: tuple[str, ...] = ()
    """Origins an administrator added to those that may frame our pages: the issuer's and the login address's."""
    allow_anonymous: bool = False
    """Whether launches without ``sub`` are let in (LTI Core 1.3 §5.3.6.1 permits them)."""

    @property
    def is_encrypted(self) -> bool:
        """Whether the LMS is reached over https; one that is not (in development) may use http everywhere."""
        return urlsplit(self.auth_login_url).scheme == "https"


class PlatformDirectory(Protocol):
    """Where platforms are looked up; tenancy stands behind it."""

    def by_id(self, registration_id: int) -> Platform | None:
        """The registration with this id, enabled or not."""
        ...

    def by_public_key(self, public_key: str) -> Platform | None:
        """The registration whose own login URL ends in ``public_key``."""
        ...

    def by_issuer(self, issuer: str, client_id: str | None, deployment_id: str | None) -> Sequence[Platform]:
        """The registrations of ``issuer``, narrowed to ``client_id`` when one is given.

        If several remain, those that know ``deployment_id`` are meant: one issuer and client id may serve many
        customers, told apart by deployment (Blackboard).
        """
        ...
