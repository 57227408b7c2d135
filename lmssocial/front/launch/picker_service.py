"""Choosing what to place in a course: begun by a launch, done once by the person who launched."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, NotAllowed, NotFound, SignInNeeded
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch import picker_list
from lmssocial.front.launch.adopting import adopt
from lmssocial.front.launch.picker_list import Pick
from lmssocial.front.launch.picker_models import Selection
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, Registration, Tenant, User, WebSession
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.deep_linking import Asker
from lmssocial.lms.lti.launch import DeepLinkingSettings, Launch
from lmssocial.social.communities import copies, kinship
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.scope import frame_origins

VALID_FOR = timedelta(hours=1)
"""How long somebody may think about it; the sign-in of most LMS does not last longer."""
KEPT_FOR = timedelta(days=1)
"""How long an expired choice is remembered, so that its page can say what happened."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An open choice, and who makes it."""

    selection_id: int
    actor: Actor
    asker: Asker
    resource_link_id: int | None
    deep_linking: DeepLinkingSettings | None
    title: str
    picks: tuple[Pick, ...]
    """What is on the list so far."""
    frame_origins: tuple[str, ...]
    person_locale: str
    tenant_locale: str

    @property
    def takes_several(self) -> bool:
        """Whether more than one activity can be chosen."""
        return self.deep_linking is not None and self.deep_linking.accept_multiple


def begin(session: Session, actor: Actor, launch: Launch, *, resource_link_id: int | None = None) -> str:
    """Let ``actor`` choose a widget, and give the key of the page on which they do.

    :param resource_link_id: our row of the link that waits for its widget; ``None`` in a deep-linking request.
    :raises NotAllowed: unless they are an instructor or administrator in the course.
    """
    _require_staff(actor)
    key, now = new_token(), clock.now()
    session.execute(
        delete(Selection)
        .where(Selection.expires_at < now - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )
    session.add(
        Selection(
            key_hash=token_hash(key),
            tenant_id=actor.tenant_id,
            course_id=actor.course_id,
            community_id=actor.community_id,
            user_id=actor.user_id,
            registration_id=launch.registration_id,
            deployment_id=launch.deployment_id,
            resource_link_id=resource_link_id,
            deep_linking=_as_json(launch.deep_linking),
            title=launch.resource_link.title if launch.resource_link else "",
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    return key


def open_choice(session: Session, key: str, browser: str) -> Choice:
    """Find the choice behind ``key``, for the person who is signed in to its course in this browser.

    :param browser: the token in the browser's cookie; empty when it sent none.
    :raises NotFound: if there never was such a choice, or the LMS is not connected any more.
    :raises Gone: if it was made already, or too much time went by.
    :raises SignInNeeded: if somebody else, or nobody, is signed in.
    :raises NotAllowed: if the person is no instructor any more, or the platform is switched off.
    """
    row = _look_up(session, key, browser)
    if row is None:
        raise NotFound(_("There is nothing to choose at this address."), reason="no such selection")
    selection: Selection = row.Selection
    if selection.used_at is not None:
        raise Gone(
            _("It can be used once. To add an activity, begin again in your course."),
            title=_("This page was used already"),
            reason=f"selection {selection.id} was used",
        )
    if selection.expires_at <= clock.now():
        raise Gone(
            _("This page was open for more than an hour. Begin again in your course."),
            title=_("This page is too old"),
            reason=f"selection {selection.id} expired",
        )
    if row.WebSession is None:
        raise SignInNeeded(
            _("Your sign-in here is over. Go back to your course and begin again."),
            reason=f"selection {selection.id} belongs to another browser or person",
        )
    if not row.Registration.enabled:
        raise NotAllowed(_("This tool is switched off for your LMS. Its administrator can tell you more."))
    choice = _choice(row)
    _require_staff(choice.actor)
    return choice


def choose(
    session: Session, choice: Choice, picks: Sequence[Pick], widgets: Mapping[str, Widget]
) -> list[Placement]:
    """Place what is on the list and ``picks``, and lead the waiting link there if there is one.

    If somebody else has set the link up meanwhile, what they chose stands, and nothing is placed.

    :param widgets: those that are switched on here, by their kinds.
    :raises Gone: if another click was faster.
    :raises NotFound: if something that was picked is there no more.
    """
    _use_up(session, choice)
    listed = [*picker_list.on_list(session, choice.selection_id), *picks]
    if choice.resource_link_id is None:
        return [picker_list.place(session, choice.actor, one, widgets) for one in listed]
    theirs = communities.placement_of_link(session, choice.resource_link_id)
    if theirs is not None:
        return [theirs]
    (only,) = listed
    placed = picker_list.place(session, choice.actor, only, widgets)
    return [communities.link(session, choice.resource_link_id, placed)]


def copy(
    session: Session, choice: Choice, placement_id: int, widgets: Mapping[str, Widget]
) -> Placement | None:
    """Set the waiting link up like something it may be a copy of; ``None`` if that was not suggested.

    :raises Gone: if another click was faster.
    """
    link_id = choice.resource_link_id
    if link_id is None:
        return None
    allowed = {one.placement_id for one in kinship.suggestions(session, choice.actor, link_id)}
    original = session.get(Placement, placement_id) if placement_id in allowed else None
    if original is None or original.widget not in widgets:
        return None
    _use_up(session, choice)
    communities.hold(session, choice.actor.community_id)
    made = communities.placement_of_link(session, link_id)
    if made is None:
        made = communities.link(session, link_id, copies.copy_of(session, choice.actor, original))
        adopt(session, choice.actor, made, widgets)
    return made


def settle_double(
    session: Session, choice: Choice, widgets: Mapping[str, Widget], *, apart: bool
) -> Placement | None:
    """Let a second link to one activity lead there for good, or to one of its own.

    :raises Gone: if another click was faster.
    """
    link_id = choice.resource_link_id
    if link_id is None or not copies.is_doubled(session, link_id):
        return None
    _use_up(session, choice)
    if apart:
        made = copies.separate(session, choice.actor, link_id)
        adopt(session, choice.actor, made, widgets)
        return made
    copies.keep_together(session, choice.actor, link_id)
    return communities.placement_of_link(session, link_id)


def decline(session: Session, choice: Choice) -> None:
    """Choose nothing.

    :raises Gone: if something was chosen already.
    """
    _use_up(session, choice)


def _use_up(session: Session, choice: Choice) -> None:
    """Of two clicks at once, one gets through."""
    used = session.execute(
        update(Selection)
        .where(Selection.id == choice.selection_id, Selection.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Selection.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if used is None:
        raise Gone(
            _("It can be used once. To add an activity, begin again in your course."),
            title=_("This page was used already"),
            reason=f"selection {choice.selection_id} was used meanwhile",
        )


def _require_staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise NotAllowed(
            _("Only instructors and administrators of the course can choose what is placed here."),
            reason=f"roles are {sorted(actor.roles)}",
        )


def _look_up(session: Session, key: str, browser: str) -> Any:
    signed_in = and_(
        WebSession.course_id == Selection.course_id,
        WebSession.browser_hash == token_hash(browser),
        WebSession.expires_at > clock.now(),
        WebSession.membership_id == Membership.id,
    )
    return session.execute(
        select(Selection, Registration, User, Membership, WebSession, Tenant.locale.label("tenant_locale"))
        .join(Tenant, Tenant.id == Selection.tenant_id)
        .join(Registration, Registration.id == Selection.registration_id)
        .join(User, User.id == Selection.user_id)
        .join(
            Membership,
            and_(Membership.user_id == Selection.user_id, Membership.course_id == Selection.course_id),
        )
        .outerjoin(WebSession, signed_in)
        .where(Selection.key_hash == token_hash(key))
    ).first()


def _choice(row: Any) -> Choice:
    selection: Selection = row.Selection
    return Choice(
        selection_id=selection.id,
        actor=Actor(
            user_id=row.User.id,
            name=row.User.name,
            tenant_id=selection.tenant_id,
            course_id=selection.course_id,
            community_id=selection.community_id,
            roles=frozenset(LmsRole(role) for role in row.Membership.roles.split()),
            session_id=row.WebSession.id,
            locale=row.WebSession.locale or row.User.locale,
            is_test=row.User.is_test,
        ),
        asker=Asker(
            issuer=row.Registration.issuer,
            client_id=row.Registration.client_id,
            deployment_id=selection.deployment_id,
        ),
        resource_link_id=selection.resource_link_id,
        deep_linking=_from_json(selection.deep_linking),
        title=selection.title,
        picks=picker_list.read(selection.chosen),
        frame_origins=frame_origins(row.Registration),
        person_locale=row.User.locale,
        tenant_locale=row.tenant_locale,
    )


def _as_json(settings: DeepLinkingSettings | None) -> JsonObject | None:
    if settings is None:
        return None
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(settings).items()
    }


def _from_json(stored: JsonObject | None) -> DeepLinkingSettings | None:
    if stored is None:
        return None
    sets = {name: frozenset(value) for name, value in stored.items() if isinstance(value, list)}
    return DeepLinkingSettings(**{**stored, **sets})
