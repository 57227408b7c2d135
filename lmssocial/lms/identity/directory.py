"""Registrations as the protocol wants them: a :class:`~lmssocial.lms.lti.platforms.PlatformDirectory` on our tables."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Deployment, Registration
from lmssocial.lms.lti.platforms import Platform


class Registrations:
    """Looks platforms up in the database."""

    def __init__(self, session: Session) -> None:
        """:param session: only read from."""
        self._session = session

    def by_id(self, registration_id: int) -> Platform | None:
        """The registration with this id, enabled or not."""
        row = self._session.get(Registration, registration_id)
        return None if row is None else platform_of(row)

    def by_public_key(self, public_key: str) -> Platform | None:
        """The registration whose own login URL ends in ``public_key``."""
        row = self._session.scalar(select(Registration).where(Registration.public_key == public_key))
        return None if row is None else platform_of(row)

    def by_issuer(self, issuer: str, client_id: str | None, deployment_id: str | None) -> Sequence[Platform]:
        """Whoever is meant by what a login says; of more than one, two are enough to be ambiguous."""
        meant = select(Registration).where(Registration.issuer == issuer).order_by(Registration.id).limit(2)
        if client_id is not None:
            meant = meant.where(Registration.client_id == client_id)
        found = self._session.scalars(meant).all()
        if len(found) > 1 and deployment_id is not None:
            knows = exists().where(
                Deployment.registration_id == Registration.id, Deployment.deployment_id == deployment_id
            )
            found = self._session.scalars(meant.where(knows)).all() or found
        return [platform_of(row) for row in found]


def platform_of(registration: Registration) -> Platform:
    """The protocol's view of ``registration``."""
    return Platform(
        registration_id=registration.id,
        public_key=registration.public_key,
        issuer=registration.issuer,
        client_id=registration.client_id,
        auth_login_url=registration.auth_login_url,
        jwks_url=registration.jwks_url,
        family=registration.family,
        enabled=registration.enabled,
        trusted_audiences=frozenset(registration.trusted_audiences.get("audiences", [])),
        frame_origins=tuple(map(str, registration.frame_origins.get("origins", []))),
        allow_anonymous=registration.allow_anonymous,
    )
