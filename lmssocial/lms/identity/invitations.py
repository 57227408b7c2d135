"""Invitations: an administrator of ours lets an administrator of an LMS register it, once, until a day."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, Invalid, NotFound
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Invitation, Tenant

DAYS = 14
"""How long an invitation is good unless somebody says otherwise."""


def invite(
    session: Session, tenant: Tenant, name: str, *, days: int = DAYS, approve: bool = False
) -> tuple[Invitation, str]:
    """Make an invitation; give it and its token, which is shown now and never again.

    :param name: what the platform will be called.
    :param approve: whether the deployment that registers with it is let in at once.
    :raises Invalid: if the name or the number of days makes no sense.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= 120:
        raise Invalid(_("The name must have 1 to 120 characters."))
    if not 1 <= days <= 365:
        raise Invalid(_("An invitation is good for 1 to 365 days."))
    token, now = new_token(), clock.now()
    invitation = Invitation(
        tenant_id=tenant.id,
        name=name,
        token_hash=token_hash(token),
        approve=approve,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(invitation)
    session.flush()  # the caller shows its id
    return invitation, token


def open_invitation(session: Session, token: str) -> Invitation:
    """The invitation with this token, while it can be used.

    :raises NotFound: if there never was one.
    :raises Gone: if it was used, or its time is over.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if invitation is None:
        raise NotFound(
            _(
                "This registration link is not one of ours. Copy it again, in full, from the message it came in, "
                "or ask the administrator of this tool for a new one."
            ),
            title=_("This registration link does not work"),
            reason="unknown invitation",
        )
    if invitation.used_at is not None:
        raise Gone(
            _(
                "Each link works once. If your LMS is not connected, or to connect it again, "
                "ask the administrator of this tool for a new link."
            ),
            title=_("This registration link has been used"),
            reason=f"invitation {invitation.id} was used at {invitation.used_at:%Y-%m-%d %H:%M} UTC",
        )
    if invitation.expires_at <= clock.now():
        raise Gone(
            _("Ask the administrator of this tool for a new one."),
            title=_("This registration link has expired"),
            reason=f"invitation {invitation.id} expired at {invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        )
    return invitation


def claim(session: Session, token: str) -> Invitation:
    """Use an invitation up; of any number of attempts at once, one succeeds.

    The caller commits before it talks to the LMS, and calls :func:`release` if nothing came of it.

    :raises Gone: as :func:`open_invitation`, which also says :class:`NotFound`.
    """
    now = clock.now()
    claimed = session.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if claimed is None:
        open_invitation(session, token)
        raise Gone(_("Ask the administrator of this tool for a new one."), reason="claimed meanwhile")
    return session.get_one(Invitation, claimed.id, populate_existing=True)


def release(session: Session, invitation_id: int) -> None:
    """Let an invitation be used again, because the attempt failed and nothing was registered."""
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.registration_id.is_(None))
        .values(used_at=None)
        .execution_options(synchronize_session=False)
    )


def open_invitations(session: Session) -> Sequence[tuple[Invitation, str]]:
    """Every invitation that can still be used, with its tenant's name, the one that ends first first."""
    rows = session.execute(
        select(Invitation, Tenant.name)
        .join(Tenant, Tenant.id == Invitation.tenant_id)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > clock.now())
        .order_by(Invitation.expires_at, Invitation.id)
    )
    return [(row[0], row[1]) for row in rows]


def withdraw(session: Session, invitation_id: int) -> None:
    """End an invitation before its time.

    :raises NotFound: if there is none that could still be used.
    """
    now = clock.now()
    ended = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if ended is None:
        raise NotFound(_("There is no open invitation with this number."))
