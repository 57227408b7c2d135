"""Platforms that register themselves with an invitation, for the first time or again. Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.identity.models import Invitation, Registration, Standing
from lmssocial.lms.identity.notices import want_again
from lmssocial.lms.identity.platforms import (
    PlatformDraft,
    deployment_of,
    new_registration,
    refuse_other_tenant,
    take_over,
)
from lmssocial.lms.lti.registration import PlatformConfiguration, Registered, speaks_for


def draft_of(name: str, configuration: PlatformConfiguration, registered: Registered) -> PlatformDraft:
    """The platform that registered itself, under the name its invitation gives it."""
    return PlatformDraft(
        name=name,
        issuer=configuration.issuer,
        client_id=registered.client_id,
        auth_login_url=configuration.authorization_endpoint,
        token_url=configuration.token_endpoint,
        jwks_url=configuration.jwks_uri,
        token_audience=configuration.token_audience,
        family=configuration.family,
    )


def candidates_for_renewal(
    session: Session, tenant_id: int, configuration_url: str
) -> Sequence[Registration]:
    """The tenant's platforms that a configuration at this address may speak for."""
    known = session.scalars(
        select(Registration).where(Registration.tenant_id == tenant_id).order_by(Registration.id)
    )
    return [one for one in known if speaks_for(configuration_url, one.issuer)]


def store_registered(
    session: Session,
    box: SecretBox,
    invitation: Invitation,
    draft: PlatformDraft,
    registered: Registered,
    *,
    public_key: str,
    renews_id: int | None = None,
) -> Registration:
    """Keep what a platform and we agreed on; on the row it had before, if it registers again.

    :param public_key: the name of the login address that the platform was told.
    :param renews_id: the registration whose place this one takes, with all its courses and people.
    :raises Conflict: if the platform gave us a deployment that belongs to another tenant.
    """
    refuse_other_tenant(session, invitation.tenant_id, draft, registered.deployment_id)
    registration = _row_to_renew(session, invitation.tenant_id, draft, renews_id)
    if registration is None:
        registration = new_registration(invitation.tenant_id, draft, public_key)
        session.add(registration)
    else:
        _move_deployment(registration, draft, registered)
        take_over(registration, draft)
        registration.enabled = True
        want_again(session, registration.id)
    registration.public_key = public_key
    registration.management_url = registered.management_url
    token = registered.management_token
    registration.sealed_management_token = box.seal(token.encode()) if token else None
    if registered.deployment_id:
        deployment = deployment_of(registration, registered.deployment_id)
        if invitation.approve:
            deployment.standing = Standing.APPROVED
    session.flush()  # the invitation notes the new row's id
    invitation.registration_id = registration.id
    return registration


def _row_to_renew(
    session: Session, tenant_id: int, draft: PlatformDraft, renews_id: int | None
) -> Registration | None:
    """The same client id means the same platform; otherwise the one the administrator named."""
    same = select(Registration).where(
        Registration.tenant_id == tenant_id, Registration.issuer == draft.issuer
    )
    options = selectinload(Registration.deployments)
    found = session.scalar(same.where(Registration.client_id == draft.client_id).options(options))
    if found is None and renews_id is not None:
        found = session.scalar(same.where(Registration.id == renews_id).options(options))
    return found


def _move_deployment(registration: Registration, draft: PlatformDraft, registered: Registered) -> None:
    """Let the one deployment go by its new id, so that its courses stay where they are.

    An LMS that registers again gives a new client id and a new deployment id (Moodle: the number of its new row).
    With several deployments nobody can say which became which; then the new one is a new one.
    """
    known = registration.deployments
    if registered.deployment_id and draft.client_id != registration.client_id and len(known) == 1:
        known[0].deployment_id = registered.deployment_id
