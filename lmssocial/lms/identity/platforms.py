"""Platforms as their administrators handle them: added by hand, listed, approved, removed. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, selectinload

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.secrets import new_token
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import (
    Course,
    Deployment,
    Invitation,
    Registration,
    Standing,
    Tenant,
    User,
)
from lmssocial.lms.lti.checks import is_identifier, is_web_address
from lmssocial.lms.lti.registration import institution_origins

DEFAULT_TENANT = "Default"
"""The tenant of an installation that has only one and never named it."""


@dataclass(frozen=True, kw_only=True)
class PlatformDraft:
    """What there is to know about a platform, however it was found out."""

    name: str
    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    token_audience: str = ""
    family: str = ""


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of adding a platform."""

    registration: Registration
    is_new: bool
    """Whether it was not there before; the rest was there and is as asked for."""


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What became of removing a platform."""

    name: str
    kept_courses: int
    kept_people: int

    @property
    def is_switched_off(self) -> bool:
        """Whether the platform is kept, switched off, because people and courses came through it."""
        return bool(self.kept_courses or self.kept_people)


def tenant_named(session: Session, name: str) -> tuple[Tenant, bool]:
    """The tenant called ``name``, made if there is none; and whether it was made.

    With an empty name it is the only one there is.

    :raises Invalid: if no name is given and there are several, or the name is longer than 120 characters.
    """
    name = " ".join(name.split())
    if len(name) > 120:
        raise Invalid(_("A tenant's name has at most 120 characters."))
    if not name:
        known = session.scalars(select(Tenant).order_by(Tenant.name).limit(20)).all()
        if len(known) > 1:
            names = ", ".join(tenant.name for tenant in known)
            raise Invalid(_("There are several tenants; say which one: %(names)s.", names=names))
        if known:
            return known[0], False
        name = DEFAULT_TENANT
    tenant = session.scalar(select(Tenant).where(Tenant.name == name))
    if tenant is not None:
        return tenant, False
    tenant = Tenant(name=name, created_at=clock.now())
    session.add(tenant)
    session.flush()  # its id is needed at once
    return tenant, True


def problems_of(draft: PlatformDraft, deployment_id: str) -> list[str]:
    """Everything that is wrong with a platform somebody typed, as sentences; empty when it can be added."""
    problems: list[str] = []
    if not draft.name.strip() or len(draft.name) > 120:
        problems.append(_("The name must have 1 to 120 characters."))
    for label, value in (("issuer", draft.issuer), ("client id", draft.client_id)):
        if not is_identifier(value) or value != value.strip():
            problems.append(
                _("The %(label)s must have 1 to 255 characters and no spaces around it.", label=label)
            )
    if (
        not is_identifier(deployment_id)
        or not deployment_id.isascii()
        or deployment_id != deployment_id.strip()
    ):
        problems.append(_("The deployment id must have 1 to 255 plain characters and no spaces around it."))
    for label, url in (
        ("auth login URL", draft.auth_login_url),
        ("token URL", draft.token_url),
        ("JWKS URL", draft.jwks_url),
        *([("token audience", draft.token_audience)] if draft.token_audience else []),
    ):
        if not is_web_address(url) or len(url) > 2000:
            problems.append(_("The %(label)s is not a full web address: %(url)s", label=label, url=url))
        elif urlsplit(url).fragment:
            problems.append(_("The %(label)s must not contain a # part: %(url)s", label=label, url=url))
    return problems


def add(
    session: Session, tenant: Tenant, draft: PlatformDraft, deployment_id: str, *, update: bool = False
) -> Added:
    """Register a platform that an administrator typed in; it is approved at once.

    Doing it again changes nothing; with another deployment id it adds that deployment.

    :param update: whether addresses that differ from the known ones replace them.
    :raises Invalid: listing everything that is wrong.
    :raises Conflict: if it is registered with other addresses, or the deployment belongs to another tenant.
    """
    if problems := problems_of(draft, deployment_id):
        raise Invalid("\n".join(problems))
    refuse_other_tenant(session, tenant.id, draft, deployment_id)
    registration = session.scalar(
        select(Registration)
        .where(
            Registration.tenant_id == tenant.id,
            Registration.issuer == draft.issuer,
            Registration.client_id == draft.client_id,
        )
        .options(selectinload(Registration.deployments))
    )
    is_new = registration is None
    if registration is None:
        registration = new_registration(tenant.id, draft)
        session.add(registration)
    elif differing := _differences(registration, draft):
        if not update:
            raise Conflict(
                _(
                    "%(name)s is registered already, with other values for: %(fields)s. To replace them, edit it under "
                    "Platforms, or add --update to the command.",
                    name=registration.name,
                    fields=", ".join(differing),
                )
            )
        take_over(registration, draft)
    registration.enabled = True
    deployment_of(registration, deployment_id).standing = Standing.APPROVED
    session.flush()  # the caller shows its id
    return Added(registration=registration, is_new=is_new)


def new_registration(tenant_id: int, draft: PlatformDraft, public_key: str = "") -> Registration:
    """A registration that is not in the session yet; ``public_key`` if its login address was given out already."""
    made = Registration(
        tenant_id=tenant_id,
        public_key=public_key or new_token(),
        issuer=draft.issuer,
        client_id=draft.client_id,
        trusted_audiences={},
        frame_origins={"origins": list(origins)} if (origins := institution_origins(draft.issuer)) else {},
        created_at=clock.now(),
        deployments=[],
    )
    take_over(made, draft)
    return made


def all_platforms(session: Session) -> Sequence[Registration]:
    """Every platform with its tenant and deployments, by tenant and name."""
    return session.scalars(
        select(Registration)
        .join(Tenant)
        .options(selectinload(Registration.tenant), selectinload(Registration.deployments))
        .order_by(Tenant.name, Registration.name, Registration.id)
    ).all()


def platform_called(session: Session, word: str) -> Registration:
    """The platform that ``word`` means: its number, its name, or its issuer.

    :raises NotFound: if there is none.
    :raises Conflict: if there are several.
    """
    word = word.strip()
    means = or_(Registration.name == word, Registration.issuer == word)
    if word.isascii() and word.isdigit() and len(word) < 10:
        means = or_(Registration.id == int(word), means)
    found = session.scalars(
        select(Registration)
        .where(means)
        .options(selectinload(Registration.tenant), selectinload(Registration.deployments))
        .order_by(Registration.id)
    ).all()
    if not found:
        raise NotFound(_("There is no platform called %(word)s.", word=word))
    if len(found) > 1:
        numbers = ", ".join(str(one.id) for one in found)
        raise Conflict(
            _("Several platforms are called %(word)s; use a number: %(numbers)s.", word=word, numbers=numbers)
        )
    return found[0]


def approve(session: Session, registration: Registration, deployment_id: str = "") -> list[Deployment]:
    """Let deployments in, and give those that were not in before.

    :param registration: with its deployments loaded.
    :param deployment_id: the only one meant, in whatever standing; otherwise all that wait.
    :raises NotFound: if there is no such deployment.
    """
    if deployment_id:
        chosen = [one for one in registration.deployments if one.deployment_id == deployment_id]
        if not chosen:
            raise NotFound(
                _("%(name)s has no deployment %(id)s yet.", name=registration.name, id=deployment_id)
            )
    else:
        chosen = [one for one in registration.deployments if one.standing is Standing.PENDING]
    changed = [one for one in chosen if one.standing is not Standing.APPROVED]
    for one in changed:
        one.standing = Standing.APPROVED
    session.flush()  # so that a caller who counts what still waits counts right
    return changed


def remove(session: Session, registration: Registration) -> Removed:
    """Take a platform away. One through which people came is switched off instead, and nothing of theirs is lost."""
    courses = session.scalar(
        select(func.count(Course.id)).join(Deployment).where(Deployment.registration_id == registration.id)
    )
    people = session.scalar(select(func.count(User.id)).where(User.registration_id == registration.id))
    removed = Removed(name=registration.name, kept_courses=courses or 0, kept_people=people or 0)
    if removed.is_switched_off:
        registration.enabled = False
        return removed
    for invitation in session.scalars(
        select(Invitation).where(Invitation.registration_id == registration.id)
    ):
        invitation.registration_id = None
    session.flush()  # nothing points to the row any more when it goes
    session.execute(delete(Deployment).where(Deployment.registration_id == registration.id))
    session.execute(delete(Registration).where(Registration.id == registration.id))
    return removed


def take_over(registration: Registration, draft: PlatformDraft) -> None:
    """Let the row say what ``draft`` says."""
    for known in fields(draft):
        setattr(registration, known.name, getattr(draft, known.name))


def _differences(registration: Registration, draft: PlatformDraft) -> list[str]:
    names = ("auth_login_url", "token_url", "jwks_url", *(["token_audience"] if draft.token_audience else []))
    return [name for name in names if getattr(registration, name) != getattr(draft, name)]


def deployment_of(registration: Registration, deployment_id: str) -> Deployment:
    """The deployment with this id, made pending if it is not known yet."""
    for known in registration.deployments:
        if known.deployment_id == deployment_id:
            return known
    made = Deployment(deployment_id=deployment_id, standing=Standing.PENDING, created_at=clock.now())
    registration.deployments.append(made)
    return made


def refuse_other_tenant(session: Session, tenant_id: int, draft: PlatformDraft, deployment_id: str) -> None:
    """Refuse what belongs to another tenant: issuer, client id and deployment together name one customer.

    :raises Conflict: if another tenant has it.
    """
    owner = session.scalar(
        select(Tenant)
        .join(Registration, Registration.tenant_id == Tenant.id)
        .join(Deployment, Deployment.registration_id == Registration.id)
        .where(
            Registration.issuer == draft.issuer,
            Registration.client_id == draft.client_id,
            Deployment.deployment_id == deployment_id,
            Tenant.id != tenant_id,
        )
    )
    if owner is not None:
        raise Conflict(_("This deployment belongs to the tenant %(name)s already.", name=owner.name))
