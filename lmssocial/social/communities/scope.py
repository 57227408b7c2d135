"""Where a request is and who it comes from: placement, community and actor, found in one query.

The URL says which placement; the cookie, or a header where there is none, says which browser; the session row for both
says who. So two courses, or a teacher and a student in one browser, cannot be confused.
"""

from dataclasses import dataclass
from typing import Any

from flask import Request
from flask import request as current
from flask import session as cookie
from sqlalchemy import String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed, NotFound, SignInNeeded
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import (
    Course,
    Deployment,
    Membership,
    Registration,
    Standing,
    Tenant,
    User,
    WebSession,
)
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.way_back import way_back
from lmssocial.social.communities.models import Appointment, Community, Group, GroupMember, Placement, Tier
from lmssocial.web import scope
from lmssocial.web.bearer import browser_token
from lmssocial.web.errors import tell_whom
from lmssocial.web.forms import bind_forms_to
from lmssocial.web.i18n import speak
from lmssocial.web.security import frame_by, origin_of

ONWARD = "onward"
"""The key under which the page stands that somebody wanted to see before they were signed in."""


@dataclass(frozen=True, kw_only=True)
class Here:
    """One request's place and person."""

    actor: Actor
    placement_id: int
    placement_title: str
    placement_intro: str
    widget: str
    settings: JsonObject
    community_title: str
    ground_rules: tuple[str, ...]
    tier: Tier
    return_url: str
    frame_origins: tuple[str, ...]
    unread_notices: int
    """What the bell counts."""

    @property
    def way_back(self) -> str:
        """The course in the LMS, where the last launch came from; empty if it is not the LMS's address."""
        return way_back(self.return_url, self.frame_origins)


def here() -> Here:
    """The place and person of this request; every page of a widget begins here.

    :raises SignInNeeded: if this browser is not signed in to the placement's course.
    """
    found = scope.visitor()
    if not isinstance(found, Here):
        _remember_where_to()
        raise SignInNeeded(
            _("Your sign-in here is over. Go back to your course and open this activity again.")
            + " "
            + _("If a link in an e-mail led you here, you find there what it told you of."),
            reason="no session for this browser and course",
        )
    return found


def _remember_where_to() -> None:
    """Keep in the browser which page was wanted, for the launch that follows; only where it has a tab of its own.

    Frames of other pages load without anybody's wish, and their cookies do not meet those of a tab.
    """
    if current.method == "GET" and current.headers.get("Sec-Fetch-Dest") == "document":
        cookie[ONWARD] = current.full_path.rstrip("?")


def find(request: Request) -> Here | None:
    """Find the place and person of a request under ``/w/<placement_id>/``; ``None`` anywhere else.

    :raises NotFound: if there is no such placement.
    :raises NotAllowed: if an administrator switched the platform or its deployment off.
    """
    placement_id = (request.view_args or {}).get("placement_id")
    if placement_id is None:
        return None
    row = _look_up(scope.session(), int(placement_id), browser_token(request))
    if row is None:
        raise NotFound(_("There is no activity at this address."), reason=f"no placement {placement_id}")
    origins = origins_of(row.issuer, row.auth_login_url, row.frame_origins)
    frame_by(*origins)
    if not row.registration_enabled or row.standing is not Standing.APPROVED:
        raise NotAllowed(
            _("This activity is switched off for your LMS. Its administrator can tell you more.")
        )
    if row.session_id is None:
        return None
    speak(row.session_locale, row.user_locale, tenant=row.tenant_locale)
    bind_forms_to(f"session:{row.session_id}")
    found = _here(row, origins)
    tell_whom(found.actor.name)
    return found


def _look_up(session: Session, placement_id: int, browser: str) -> Any:
    """One row of plain columns: rows of models would cost every page half a millisecond more."""
    values = {"placement": placement_id, "browser": token_hash(browser), "now": clock.now()}
    return session.connection().execute(_STATEMENT, values).first()


_GROUPS = (
    select(func.aggregate_strings(cast(GroupMember.group_id, String), " "))
    .join(Group, Group.id == GroupMember.group_id)
    .where(GroupMember.user_id == User.id, Group.community_id == Community.id)
    .correlate(User, Community)
    .scalar_subquery()
)
"""The groups somebody is in, as one text: one more row for each would be one more page to add up."""

_COLUMNS = (
    Placement.id.label("placement_id"),
    Placement.title.label("placement_title"),
    Placement.intro,
    Placement.widget,
    Placement.settings,
    Community.id.label("community_id"),
    Community.tenant_id,
    Community.course_id,
    Community.title.label("community_title"),
    Community.ground_rules,
    Community.tier,
    Tenant.locale.label("tenant_locale"),
    Registration.issuer,
    Registration.auth_login_url,
    Registration.frame_origins,
    Registration.enabled.label("registration_enabled"),
    Deployment.standing,
    WebSession.id.label("session_id"),
    WebSession.locale.label("session_locale"),
    WebSession.return_url,
    Membership.roles,
    Membership.unread_notices,
    User.id.label("user_id"),
    User.name,
    User.locale.label("user_locale"),
    User.is_test,
    Appointment.offices,
    _GROUPS.label("groups"),
)

_SIGNED_IN = and_(
    WebSession.course_id == Community.course_id,
    WebSession.browser_hash == bindparam("browser"),
    WebSession.expires_at > bindparam("now"),
)

_STATEMENT = (
    select(*_COLUMNS)
    .select_from(Placement)
    .join(Community, Community.id == Placement.community_id)
    .join(Tenant, Tenant.id == Community.tenant_id)
    .join(Course, Course.id == Community.course_id)
    .join(Deployment, Deployment.id == Course.deployment_id)
    .join(Registration, Registration.id == Deployment.registration_id)
    .outerjoin(WebSession, _SIGNED_IN)
    .outerjoin(Membership, Membership.id == WebSession.membership_id)
    .outerjoin(User, User.id == Membership.user_id)
    .outerjoin(Appointment, and_(Appointment.user_id == User.id, Appointment.community_id == Community.id))
    .where(Placement.id == bindparam("placement"))
)
"""Built once: every page begins with it."""


def _here(row: Any, origins: tuple[str, ...]) -> Here:
    actor = Actor(
        user_id=row.user_id,
        name=row.name,
        tenant_id=row.tenant_id,
        course_id=row.course_id,
        community_id=row.community_id,
        roles=frozenset(LmsRole(role) for role in row.roles.split()),
        offices=frozenset(Office(office) for office in (row.offices or "").split()),
        groups=frozenset(int(group) for group in (row.groups or "").split()),
        session_id=row.session_id,
        locale=row.session_locale or row.user_locale,
        is_test=row.is_test,
    )
    return Here(
        actor=actor,
        placement_id=row.placement_id,
        placement_title=row.placement_title,
        placement_intro=row.intro,
        widget=row.widget,
        settings=row.settings,
        community_title=row.community_title,
        ground_rules=tuple(line.strip() for line in row.ground_rules.splitlines() if line.strip()),
        tier=row.tier,
        return_url=row.return_url,
        frame_origins=origins,
        unread_notices=row.unread_notices,
    )


def frame_origins(registration: Registration) -> tuple[str, ...]:
    """The origins that may frame pages of ``registration``: its issuer's, its login address's, and those added."""
    return origins_of(registration.issuer, registration.auth_login_url, registration.frame_origins)


def origins_of(issuer: str, auth_login_url: str, added: JsonObject) -> tuple[str, ...]:
    """:func:`frame_origins` from the plain columns."""
    named = (origin_of(issuer), origin_of(auth_login_url), *map(str, added.get("origins", [])))
    return tuple(dict.fromkeys(origin for origin in named if origin))
