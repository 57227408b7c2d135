"""Invitations as administrators see them. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.admin.log import By, note
from lmssocial.front.admin.models import LogEntry
from lmssocial.lms.identity import invitations
from lmssocial.lms.identity.models import Invitation, Registration, Tenant

SAME_DEED = timedelta(seconds=10)
"""An invitation and the line about it in the log are written by one transaction, one shortly after the other."""
SHOWN = 200
"""How many are listed, newest first."""


class State(StrEnum):
    """What became of an invitation."""

    OPEN = "open"
    USED = "used"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One invitation."""

    id: int
    name: str
    tenant: str
    approve: bool
    state: State
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    platform_id: int | None
    platform: str


def everything(session: Session) -> list[Row]:
    """The newest invitations; those that can be used first."""
    rows = session.execute(
        select(Invitation, Tenant.name, Registration.name)
        .join(Tenant, Tenant.id == Invitation.tenant_id)
        .outerjoin(Registration, Registration.id == Invitation.registration_id)
        .order_by(Invitation.id.desc())
        .limit(SHOWN)
    )
    found = [_row(invitation, tenant, platform or "") for invitation, tenant, platform in rows]
    return sorted(found, key=lambda row: row.state is not State.OPEN)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The invitation with which a platform registered itself."""

    name: str
    by: str
    """Who made it; empty if the log does not say."""
    created_at: datetime
    used_at: datetime | None


def origin_of(session: Session, platform_id: int) -> Origin | None:
    """Which invitation brought this platform last; ``None`` if it was added by hand."""
    invitation = session.scalar(
        select(Invitation)
        .where(Invitation.registration_id == platform_id)
        .order_by(Invitation.used_at.desc(), Invitation.id.desc())
        .limit(1)
    )
    if invitation is None:
        return None
    made = session.scalar(
        select(LogEntry.who)
        .where(
            LogEntry.action == "invitation.created",
            LogEntry.subject == invitation.name,
            LogEntry.at >= invitation.created_at,
            LogEntry.at < invitation.created_at + SAME_DEED,
        )
        .order_by(LogEntry.id)
        .limit(1)
    )
    return Origin(
        name=invitation.name, by=made or "", created_at=invitation.created_at, used_at=invitation.used_at
    )


def create(session: Session, by: By, tenant_id: int, name: str, *, days: int, approve: bool) -> str:
    """Make an invitation and give its token, which is kept as a hash only.

    :raises NotFound: if the tenant is gone.
    :raises Invalid: if the name or the number of days makes no sense.
    """
    tenant = session.get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound(_("This tenant does not exist any more."))
    invitation, token = invitations.invite(session, tenant, name, days=days, approve=approve)
    note(session, by, "invitation.created", invitation.name)
    return token


def revoke(session: Session, by: By, invitation_id: int) -> str:
    """End an invitation before its time; gives its name.

    :raises NotFound: if there is none that could still be used.
    """
    invitations.withdraw(session, invitation_id)
    name = session.scalars(select(Invitation.name).where(Invitation.id == invitation_id)).one()
    note(session, by, "invitation.revoked", name)
    return name


def _row(invitation: Invitation, tenant: str, platform: str) -> Row:
    state = State.OPEN if invitation.expires_at > clock.now() else State.OVER
    return Row(
        id=invitation.id,
        name=invitation.name,
        tenant=tenant,
        approve=invitation.approve,
        state=State.USED if invitation.used_at is not None else state,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        used_at=invitation.used_at,
        platform_id=invitation.registration_id,
        platform=platform,
    )
