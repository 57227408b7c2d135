"""What administrators do with tenants. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.admin.log import By, note
from lmssocial.lms.identity.models import Course, Invitation, Registration, Tenant, User
from lmssocial.social.plugin_settings.models import PluginSetting


class NameTaken(Conflict):
    """Another tenant is called so."""


@dataclass(frozen=True, kw_only=True)
class TenantRow:
    """One tenant with what is in it."""

    id: int
    name: str
    platforms: int
    courses: int
    people: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody ever came, so that removing it loses nothing."""
        return not (self.platforms or self.courses or self.people)


def tenant_rows(session: Session, tenant_id: int | None = None) -> list[TenantRow]:
    """All tenants, or the one, by name."""
    counts = [
        select(func.count(model.id)).where(model.tenant_id == Tenant.id).correlate(Tenant).scalar_subquery()
        for model in (Registration, Course, User)
    ]
    query = select(Tenant.id, Tenant.name, *counts).order_by(Tenant.name)
    if tenant_id is not None:
        query = query.where(Tenant.id == tenant_id)
    return [
        TenantRow(id=row[0], name=row[1], platforms=row[2], courses=row[3], people=row[4])
        for row in session.execute(query)
    ]


def tenant_row(session: Session, tenant_id: int) -> TenantRow:
    """One tenant.

    :raises NotFound: if there is none with this id.
    """
    rows = tenant_rows(session, tenant_id)
    if not rows:
        raise NotFound(_("This tenant does not exist any more."))
    return rows[0]


def choices(session: Session) -> Sequence[tuple[int, str]]:
    """Ids and names of all tenants, for a menu."""
    return [
        (row.id, row.name) for row in session.execute(select(Tenant.id, Tenant.name).order_by(Tenant.name))
    ]


def add(session: Session, by: By, name: str) -> Tenant:
    """Add a tenant.

    :raises NameTaken: if there is one of that name.
    """
    _refuse_taken(session, name)
    tenant = Tenant(name=name, created_at=clock.now())
    session.add(tenant)
    note(session, by, "tenant.added", name)
    return tenant


def rename(session: Session, by: By, tenant_id: int, name: str) -> None:
    """Give a tenant another name.

    :raises NotFound: if there is none with this id.
    :raises NameTaken: if another one has the name.
    """
    tenant = _tenant(session, tenant_id)
    if name == tenant.name:
        return
    _refuse_taken(session, name)
    note(session, by, "tenant.renamed", f"{tenant.name} → {name}")
    tenant.name = name


def let_speak(session: Session, by: By, tenant_id: int, locale: str) -> None:
    """Say in which language a tenant's pages are where nobody else says one.

    :param locale: a language tag; empty for English.
    :raises NotFound: if there is none with this id.
    """
    tenant = _tenant(session, tenant_id)
    if locale != tenant.locale:
        tenant.locale = locale
        note(session, by, "tenant.language_chosen", f"{tenant.name}: {locale or 'en'}")


def locale_of(session: Session, tenant_id: int) -> str:
    """The language of a tenant.

    :raises NotFound: if there is none with this id.
    """
    return _tenant(session, tenant_id).locale


def remove(session: Session, by: By, tenant_id: int) -> str:
    """Remove an empty tenant with its invitations and plugin settings; gives its name.

    :raises NotFound: if there is none with this id.
    :raises Conflict: if something is in it.
    """
    row = tenant_row(session, tenant_id)
    if not row.is_empty:
        raise Conflict(
            _("There are platforms or people in this tenant, so it stays. Remove its platforms first.")
        )
    session.execute(delete(Invitation).where(Invitation.tenant_id == tenant_id))
    session.execute(
        delete(PluginSetting).where(PluginSetting.level == Level.TENANT, PluginSetting.place_id == tenant_id)
    )
    session.execute(delete(Tenant).where(Tenant.id == tenant_id))
    note(session, by, "tenant.removed", row.name)
    return row.name


def _tenant(session: Session, tenant_id: int) -> Tenant:
    found = session.get(Tenant, tenant_id)
    if found is None:
        raise NotFound(_("This tenant does not exist any more."))
    return found


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalar(select(Tenant.id).where(Tenant.name == name)) is not None:
        raise NameTaken(_("There is already a tenant called %(name)s.", name=name))
