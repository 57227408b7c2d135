"""Platforms as rows: what an administrator would have registered before a launch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.models import Deployment, Registration, Standing, Tenant
from tests.fakes.platform import FakePlatform


def make_tenant(session: Session, name: str = "Acme Academy") -> Tenant:
    """The tenant called ``name``."""
    tenant = session.scalar(select(Tenant).where(Tenant.name == name))
    if tenant is None:
        tenant = Tenant(name=name, created_at=clock.now())
        session.add(tenant)
        session.flush()
    return tenant


def register(
    session: Session,
    platform: FakePlatform,
    *,
    tenant: Tenant | None = None,
    deployments: Sequence[tuple[str, Standing]] = (),
    **changes: Any,
) -> Registration:
    """Register ``platform`` with its deployment approved, or with the ``deployments`` given; flushed, not committed."""
    registration = Registration(
        **{
            "tenant_id": (tenant or make_tenant(session)).id,
            "public_key": new_token(),
            "name": "Acme Moodle",
            "issuer": platform.issuer,
            "client_id": platform.client_id,
            "auth_login_url": platform.auth_login_url,
            "token_url": platform.token_url,
            "jwks_url": platform.jwks_url,
            "trusted_audiences": {},
            "frame_origins": {},
            "created_at": clock.now(),
            **changes,
        }
    )
    session.add(registration)
    session.flush()
    for deployment_id, standing in deployments or ((platform.deployment_id, Standing.APPROVED),):
        session.add(
            Deployment(
                registration_id=registration.id,
                deployment_id=deployment_id,
                standing=standing,
                created_at=clock.now(),
            )
        )
    session.flush()
    return registration
