"""A link that has no widget yet, as the person sees it who opened it too early."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound, SignInNeeded
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch.destination import Destination
from lmssocial.lms.identity.models import (
    Course,
    Deployment,
    Membership,
    Registration,
    ResourceLink,
    Tenant,
    User,
    WebSession,
)
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.scope import frame_origins


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One link, and what it leads to by now."""

    title: str
    course_title: str
    destination: Destination | None
    return_url: str
    locale: str
    person_locale: str
    tenant_locale: str


def origins_of_link(session: Session, link_id: int) -> tuple[str, ...]:
    """Who may frame pages of this link: its LMS; nobody if there is no such link."""
    registration = session.scalar(
        select(Registration)
        .join(Deployment, Deployment.registration_id == Registration.id)
        .join(Course, Course.deployment_id == Deployment.id)
        .join(ResourceLink, ResourceLink.course_id == Course.id)
        .where(ResourceLink.id == link_id)
    )
    return () if registration is None else frame_origins(registration)


def look_behind(session: Session, link_id: int, browser: str) -> Waiting:
    """See whether the link leads somewhere by now, for somebody who is signed in to its course.

    :param browser: the token in the browser's cookie; empty when it sent none.
    :raises NotFound: if there is no such link.
    :raises SignInNeeded: if this browser is not signed in to its course.
    """
    signed_in = and_(
        WebSession.course_id == ResourceLink.course_id,
        WebSession.browser_hash == token_hash(browser),
        WebSession.expires_at > clock.now(),
    )
    row = session.execute(
        select(
            ResourceLink.title,
            Course.title.label("course_title"),
            WebSession,
            User.locale.label("person_locale"),
            Tenant.locale.label("tenant_locale"),
        )
        .join(Course, Course.id == ResourceLink.course_id)
        .join(Tenant, Tenant.id == Course.tenant_id)
        .outerjoin(WebSession, signed_in)
        .outerjoin(Membership, Membership.id == WebSession.membership_id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(ResourceLink.id == link_id)
    ).first()
    if row is None:
        raise NotFound(_("There is no activity at this address."), reason=f"no resource link {link_id}")
    if row.WebSession is None:
        raise SignInNeeded(
            _("Your sign-in here is over. Go back to your course and open this activity again."),
            reason="no session for this browser and course",
        )
    return Waiting(
        title=row.title,
        course_title=row.course_title,
        destination=Destination.of(communities.placement_of_link(session, link_id)),
        return_url=row.WebSession.return_url,
        locale=row.WebSession.locale,
        person_locale=row.person_locale,
        tenant_locale=row.tenant_locale,
    )
