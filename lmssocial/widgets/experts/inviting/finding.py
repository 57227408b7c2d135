"""Where somebody is told of an invitation, and who can be thought of: people of the course, and experts near enough."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Affiliation, Community
from lmssocial.widgets.experts.invitation_models import Invitation, Source
from lmssocial.widgets.experts.matching.service import Chosen
from lmssocial.widgets.experts.models import Audience, Reach
from lmssocial.widgets.experts.people.seeing import goes
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import Asked

_Mine, _Theirs, _Member = aliased(Affiliation), aliased(Affiliation), aliased(User)

MOST_FOUND = 20
"""People shown for a part of a name."""
_BEYOND = (Reach.COMMUNITY, Reach.ORGANISATION)
"""How far somebody offers themselves who may be seen from other courses."""


@dataclass(frozen=True, kw_only=True)
class Name:
    """Somebody who can be thought of."""

    user_id: int
    name: str
    offers: bool
    """Whether they offered to be asked; somebody who did not is asked whether they want to, for this once."""


def told_at(
    session: Session, asked: Asked, user_id: int, source: Source, *, by_guest: bool = False
) -> Chosen:
    """Somebody as they are invited to a question: in its own community if they are there, else where they offered.

    :param by_guest: whether somebody of another course thought of them, as in :func:`called`.
    :raises NotFound: if they are not within reach of the question.
    """
    offers = _offers_to(asked, by_guest=by_guest)
    offered = session.execute(
        select(Profile.community_id, Profile.placement_id)
        .where(Profile.user_id == user_id, offers, _is_there(Profile.community_id, user_id))
        .order_by(Profile.community_id != asked.question.community_id, Profile.community_id)
        .limit(1)
    ).first()
    if offered is None and asked.question.audience is Audience.EVERYBODY and not by_guest:
        community_id = asked.question.community_id
        is_there = select(User.id).where(User.id == user_id, _is_there(community_id, User.id))
        if session.scalar(is_there) is not None:
            offered = community_id, asked.placement.id  # type: ignore[assignment]
    if offered is None:
        raise NotFound(
            _("This person cannot be asked here. They may have left, or not offer to be asked."),
            reason=f"user {user_id} is not in reach of question {asked.question.id}",
        )
    return Chosen(
        user_id=user_id,
        community_id=offered[0],
        placement_id=offered[1],
        source=source,
        reasons={},
        signals={},
    )


def called(session: Session, asked: Asked, part: str, *, by_guest: bool = False) -> list[Name]:
    """People whose names have ``part`` in them, who can be thought of for a question, by their names.

    Who asks, and who was invited to it before, is not among them.

    :param by_guest: whether somebody of another course looks for them. Then only those are found who offer to be asked
        beyond their course: who else is in it is not for guests to read.
    """
    question = asked.question
    offers = (
        exists()
        .where(
            Profile.user_id == User.id,
            _offers_to(asked, by_guest=by_guest),
            _is_there(Profile.community_id, Profile.user_id),
        )
        .correlate(User)
    )
    near: ColumnElement[bool] = offers
    if question.audience is Audience.EVERYBODY and not by_guest:
        near = or_(offers, _is_there(question.community_id, User.id))
    invited = select(Invitation.user_id).where(Invitation.question_id == question.id)
    wanted = select(User.id, User.name, offers.label("offers")).where(
        User.tenant_id == question.tenant_id,
        User.id != question.asker_id,
        User.id.not_in(invited),
        User.name != "",
        near,
    )
    for word in part.split()[:5]:
        wanted = wanted.where(User.name.icontains(word, autoescape=True))
    rows = session.execute(wanted.order_by(User.name, User.id).limit(MOST_FOUND))
    return [Name(user_id=row.id, name=row.name, offers=bool(row.offers)) for row in rows]


def _offers_to(asked: Asked, *, by_guest: bool) -> ColumnElement[bool]:
    """Whether somebody offered to be asked such questions, and the question's course wants that: on Profile."""
    question, reach = asked.question, asked.settings.reach
    same = Profile.community_id == question.community_id
    shown = Profile.reach.in_(_BEYOND) if by_guest else Profile.reach != Reach.NONE
    here = and_(same, shown)
    anywhere = and_(
        Profile.tenant_id == question.tenant_id,
        Profile.reach == Reach.ORGANISATION,
        goes((Reach.ORGANISATION,)),
    )
    together = (
        exists()
        .where(
            _Mine.community_id == question.community_id,
            _Theirs.span_id == _Mine.span_id,
            _Theirs.community_id == Profile.community_id,
        )
        .correlate(Profile)
    )
    beside = and_(
        Profile.tenant_id == question.tenant_id,
        Profile.reach.in_(_BEYOND),
        goes(_BEYOND),
        together,
    )
    return {
        Reach.COMMUNITY: or_(here, beside),
        Reach.ORGANISATION: or_(here, beside, anywhere),
    }.get(reach, here)


def _is_there(community_id: object, user_id: object) -> ColumnElement[bool]:
    """Whether somebody is in the course of a community now."""
    return exists().where(
        Community.id == community_id,
        Membership.course_id == Community.course_id,
        Membership.user_id == user_id,
        Membership.active.is_(True),
        _Member.id == Membership.user_id,
        _Member.is_test.is_(False),
        _Member.is_former.is_(False),
    )


def course_of(session: Session, asked: Asked) -> int:
    """The course in which a question is asked."""
    return session.get_one(Community, asked.question.community_id).course_id or 0
