"""What administrators do with platforms, beside :mod:`lmssocial.lms.identity.platforms`. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.admin.log import By, note
from lmssocial.lms.identity import platforms
from lmssocial.lms.identity.models import Course, Deployment, Registration, Standing, Tenant, User
from lmssocial.lms.identity.platforms import PlatformDraft

PAGE = 50


class View(StrEnum):
    """Which platforms a list shows."""

    ALL = "all"
    WAITING = "waiting"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Who came through a platform."""

    courses: int
    people: int


@dataclass(frozen=True, kw_only=True)
class EditDraft:
    """What may be changed about a platform."""

    name: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    token_audience: str
    frame_origins: Sequence[str]
    trusted_audiences: Sequence[str]
    allow_anonymous: bool
    """Whether launches that do not say who the person is are let in."""


_WAITS = exists().where(
    Deployment.registration_id == Registration.id, Deployment.standing == Standing.PENDING
)
_VIEWS: dict[View, ColumnElement[bool]] = {
    View.ALL: true(),
    View.WAITING: _WAITS,
    View.OFF: Registration.enabled.is_(False),
}


def platform_page(session: Session, *, words: str, view: View, after: int = 0) -> Sequence[Registration]:
    """A page of platforms and one more, by tenant and name, with tenant and deployments loaded.

    :param words: part of a name, an issuer, a client id or a tenant's name; empty for all.
    :param after: how many to leave out.
    """
    query = (
        select(Registration)
        .join(Tenant)
        .where(_VIEWS[view])
        .options(selectinload(Registration.tenant), selectinload(Registration.deployments))
        .order_by(Tenant.name, Registration.name, Registration.id)
        .offset(after)
        .limit(PAGE + 1)
    )
    if words:
        columns = (Registration.name, Registration.issuer, Registration.client_id, Tenant.name)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return session.scalars(query).all()


def view_counts(session: Session) -> dict[View, int]:
    """How many platforms each view has."""
    row = session.execute(
        select(*(func.count(Registration.id).filter(condition) for condition in _VIEWS.values()))
    ).one()
    return dict(zip(_VIEWS, row, strict=True))


def waiting_deployments(session: Session) -> Sequence[Deployment]:
    """Deployments that launched and were not let in, oldest first, with platform and tenant loaded."""
    return session.scalars(
        select(Deployment)
        .where(Deployment.standing == Standing.PENDING)
        .options(selectinload(Deployment.registration).selectinload(Registration.tenant))
        .order_by(Deployment.id)
    ).all()


def platform(session: Session, registration_id: int) -> Registration:
    """One platform with tenant and deployments loaded.

    :raises NotFound: if there is none with this id.
    """
    found = session.scalar(
        select(Registration)
        .where(Registration.id == registration_id)
        .options(selectinload(Registration.tenant), selectinload(Registration.deployments))
    )
    if found is None:
        raise NotFound(_("This platform does not exist any more."))
    return found


def reached(session: Session, registration_id: int) -> Reached:
    """How many courses and people came through a platform."""
    courses = session.scalar(
        select(func.count(Course.id)).join(Deployment).where(Deployment.registration_id == registration_id)
    )
    people = session.scalar(select(func.count(User.id)).where(User.registration_id == registration_id))
    return Reached(courses=courses or 0, people=people or 0)


def add(session: Session, by: By, tenant_id: int, draft: PlatformDraft, deployment_id: str) -> Registration:
    """Register a platform; it is approved at once.

    :raises NotFound: if the tenant is gone.
    :raises Invalid: if something about it is wrong.
    :raises Conflict: if it is registered already with other values, or belongs to another tenant.
    """
    tenant = session.get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound(_("This tenant does not exist any more."))
    added = platforms.add(session, tenant, draft, deployment_id)
    note(session, by, "platform.added", f"{added.registration.name}, {deployment_id}")
    return added.registration


def edit(session: Session, by: By, registration_id: int, draft: EditDraft) -> None:
    """Change how a platform is called and reached; what its cached keys are worth is told by their address."""
    found = platform(session, registration_id)
    found.name = draft.name
    found.auth_login_url = draft.auth_login_url
    found.token_url = draft.token_url
    found.jwks_url = draft.jwks_url
    found.token_audience = draft.token_audience
    found.frame_origins = {"origins": list(draft.frame_origins)} if draft.frame_origins else {}
    found.trusted_audiences = {"audiences": list(draft.trusted_audiences)} if draft.trusted_audiences else {}
    found.allow_anonymous = draft.allow_anonymous
    note(session, by, "platform.edited", found.name)


def set_enabled(session: Session, by: By, registration_id: int, *, enabled: bool) -> Registration:
    """Switch a platform on or off; while it is off nobody gets in through it, and nothing is lost."""
    found = platform(session, registration_id)
    found.enabled = enabled
    note(session, by, "platform.enabled" if enabled else "platform.disabled", found.name)
    return found


def remove(session: Session, by: By, registration_id: int) -> platforms.Removed:
    """Remove a platform, or switch it off if people came through it."""
    found = platform(session, registration_id)
    removed = platforms.remove(session, found)
    note(session, by, "platform.disabled" if removed.is_switched_off else "platform.removed", removed.name)
    return removed


def add_deployment(session: Session, by: By, registration_id: int, deployment_id: str) -> None:
    """Let a deployment in, known or not.

    :raises Conflict: if it belongs to another tenant.
    """
    found = platform(session, registration_id)
    draft = PlatformDraft(
        name=found.name,
        issuer=found.issuer,
        client_id=found.client_id,
        auth_login_url=found.auth_login_url,
        token_url=found.token_url,
        jwks_url=found.jwks_url,
    )
    platforms.refuse_other_tenant(session, found.tenant_id, draft, deployment_id)
    platforms.deployment_of(found, deployment_id).standing = Standing.APPROVED
    note(session, by, "deployment.approved", f"{found.name}, {deployment_id}")


def set_standing(
    session: Session, by: By, registration_id: int, deployment: int, standing: Standing
) -> Deployment:
    """Let a deployment in, or keep it out.

    :param deployment: its row's id.
    :raises NotFound: if the platform has none with this id.
    """
    found = platform(session, registration_id)
    chosen = next((one for one in found.deployments if one.id == deployment), None)
    if chosen is None:
        raise NotFound(_("This deployment does not exist any more."))
    chosen.standing = standing
    action = "deployment.approved" if standing is Standing.APPROVED else "deployment.disabled"
    note(session, by, action, f"{found.name}, {chosen.deployment_id}")
    return chosen
