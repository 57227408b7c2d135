"""One registration from beginning to end: use the invitation up, talk to the LMS, keep what was agreed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import SecretBox, new_token
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.outbound import Outbound
from lmssocial.lms.identity import invitations, registering
from lmssocial.lms.identity.models import Invitation, Registration, Standing
from lmssocial.lms.lti import registration as protocol
from lmssocial.lms.lti.profiles import profile_of
from lmssocial.lms.lti.registration import PlatformConfiguration, RegistrationFailed
from lmssocial.lms.lti.registration_document import ToolDescription, client_metadata


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What the LMS sent, and what its administrator confirmed."""

    invitation_token: str
    configuration_url: str
    registration_token: str = ""
    renews_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What came of it."""

    registration_id: int
    name: str
    product: str
    """The name of its :class:`~lmssocial.lms.lti.profiles.Profile`; what comes next differs."""
    client_id: str
    is_usable: bool
    """Whether launches are let in at once; otherwise an administrator of ours approves the deployment first."""


def connect(
    session: Session, outbound: Outbound, box: SecretBox, tool: ToolDescription, attempt: Attempt
) -> Connected:
    """Register the LMS and ourselves with each other.

    The LMS is talked to between two transactions, so that a slow one holds no lock. If it does not work out, the
    invitation can be used again.

    :raises RegistrationFailed: if the LMS does not answer or refuses.
    :raises Gone: if the invitation was used or has expired; :class:`NotFound` if there is none.
    :raises Conflict: if the LMS names a deployment that belongs to another tenant.
    """
    with unit_of_work(session):
        invitation_id = invitations.claim(session, attempt.invitation_token).id
    try:
        return _connect(session, outbound, box, tool, attempt, invitation_id)
    except BaseException:
        with unit_of_work(session):
            invitations.release(session, invitation_id)
        raise


def _connect(
    session: Session,
    outbound: Outbound,
    box: SecretBox,
    tool: ToolDescription,
    attempt: Attempt,
    invitation_id: int,
) -> Connected:
    configuration = protocol.fetch_configuration(
        outbound, attempt.configuration_url, attempt.registration_token
    )
    public_key = _login_name(session, attempt, configuration, invitation_id)
    session.rollback()  # ends the reading, so that nothing waits for the LMS with us
    metadata = client_metadata(
        tool,
        public_key=public_key,
        profile=profile_of(configuration.family, configuration.issuer),
        scopes_supported=configuration.scopes,
        placements=configuration.placements,
    )
    registered = protocol.register(outbound, configuration, metadata, attempt.registration_token)
    with unit_of_work(session):
        invitation = session.get_one(Invitation, invitation_id)
        draft = registering.draft_of(invitation.name, configuration, registered)
        kept = registering.store_registered(
            session, box, invitation, draft, registered, public_key=public_key, renews_id=attempt.renews_id
        )
        return Connected(
            registration_id=kept.id,
            name=kept.name,
            product=profile_of(kept.family, kept.issuer).name,
            client_id=kept.client_id,
            is_usable=_is_usable(kept),
        )


def _login_name(
    session: Session, attempt: Attempt, configuration: PlatformConfiguration, invitation_id: int
) -> str:
    """The name of the login address: the one the LMS has had before, or a new one.

    :raises RegistrationFailed: if what it shall renew is another LMS.
    """
    if attempt.renews_id is None:
        return new_token()
    known = session.get(Registration, attempt.renews_id)
    invitation = session.get_one(Invitation, invitation_id)
    if known is None or known.tenant_id != invitation.tenant_id or known.issuer != configuration.issuer:
        raise RegistrationFailed(
            _(
                "This LMS says it is %(issuer)s, which is not the one whose connection you wanted to renew.",
                issuer=configuration.issuer,
            )
        )
    return known.public_key


def _is_usable(registration: Registration) -> bool:
    return any(deployment.standing is Standing.APPROVED for deployment in registration.deployments)
