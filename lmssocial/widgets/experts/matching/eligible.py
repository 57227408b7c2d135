"""Who may be invited to a question at all. What excludes somebody here, no score brings back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF, LmsRole
from lmssocial.social.communities.models import Community, Placement
from lmssocial.widgets.experts.blueprint import WIDGET
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation, InvitationState
from lmssocial.widgets.experts.matching.formula import Load
from lmssocial.widgets.experts.models import Question, Reach, State
from lmssocial.widgets.experts.people.seeing import goes
from lmssocial.widgets.experts.people_models import Block, Person, Profile
from lmssocial.widgets.experts.questions import Asked

LATELY = timedelta(days=7)
"""The week that invitations are counted in."""


OFFER = (
    Profile.user_id,
    Profile.community_id,
    Profile.placement_id,
    Profile.answers,
    Profile.accepted,
    Profile.helpful_sum,
    Profile.helpful_count,
    Profile.invited,
    Profile.taken,
    Profile.reply_hours,
    Profile.recent_7,
    Profile.recent_30,
)
"""What is read of profiles: hundreds of them for one question."""
_TAKES = (Person.languages, Person.most_open, Person.most_week)


@dataclass(frozen=True, kw_only=True)
class Eligible:
    """Somebody who may be invited."""

    profile: Any
    """The columns :data:`OFFER` of their profile."""
    near: Reach
    """How far away they are from the question."""
    is_staff: bool
    """Whether they teach there: then they are asked last."""
    load: Load


@dataclass(frozen=True, kw_only=True)
class Around:
    """Which communities are within reach of a question, beside its own."""

    together: frozenset[int] = frozenset()
    """Those in a community across courses with it, as far as the question may go there."""
    elsewhere: frozenset[int] = frozenset()
    """Others of the customer."""

    def near(self, community_id: int) -> Reach:
        """How far away somebody of another community is."""
        return Reach.COMMUNITY if community_id in self.together else Reach.ORGANISATION


def eligible(
    session: Session, asked: Asked, around: Around, user_ids: Collection[int], now: datetime
) -> list[Eligible]:
    """Those of some people who may be invited to a question, by their ids. Two queries.

    Who is in several communities is taken from the question's own, if they are there, else from the nearest.
    """
    question = asked.question
    best: dict[int, Any] = {}
    for row in _offering(session, question, around, user_ids, now):
        if not speaks(question.language, row.languages or ""):
            continue
        before = best.get(row.user_id)
        if before is None or _distance(question, around, row) < _distance(question, around, before):
            best[row.user_id] = row
    loads = _loads(session, list(best), now)
    found = []
    for user_id, row in best.items():
        held, load = loads.get(user_id, (0, Load()))
        if held >= _most("most_open", row) or load.lately >= _most("most_week", row):
            continue
        load = Load(lately=load.lately, ever=load.ever, invited=row.invited, taken=row.taken)
        found.append(
            Eligible(
                profile=row,
                near=_near(question, around, row.community_id),
                is_staff=bool(_roles(row.roles) & STAFF),
                load=load,
            )
        )
    return found


def _offering(
    session: Session, question: Question, around: Around, user_ids: Collection[int], now: datetime
) -> Sequence[Any]:
    """Those of some people who offered to be asked such questions, are there, and are not excluded for good."""
    return session.execute(
        select(*OFFER, Membership.roles, *_TAKES)
        .join(User, User.id == Profile.user_id)
        .join(Community, Community.id == Profile.community_id)
        .join(
            Membership,
            and_(Membership.course_id == Community.course_id, Membership.user_id == Profile.user_id),
        )
        .join(Placement, Placement.id == Profile.placement_id)
        .outerjoin(Person, Person.user_id == Profile.user_id)
        .where(
            Profile.user_id.in_(user_ids),
            Profile.user_id != question.asker_id,
            Profile.tenant_id == question.tenant_id,
            _offers(question, around),
            Placement.widget == WIDGET,
            Placement.community_id == Profile.community_id,
            Membership.active.is_(True),
            User.is_test.is_(False),
            User.is_former.is_(False),
            or_(Person.paused_until.is_(None), Person.paused_until <= now),
            ~_blocks(question),
            ~_was_invited(question),
        )
        .order_by(Profile.user_id, Profile.community_id)
    ).all()


def speaks(wanted: str, languages: str) -> bool:
    """Whether somebody answers in a language: ``de`` and ``de-AT`` understand each other; empty is any.

    :param wanted: a BCP 47 tag.
    :param languages: such tags, separated by spaces.
    """
    known = {tag.lower().split("-")[0] for tag in languages.replace("_", "-").split()}
    return not wanted or not known or wanted.lower().replace("_", "-").split("-")[0] in known


def in_hand() -> ColumnElement[bool]:
    """What somebody holds: a WHERE clause on Invitation and Question. What they have answered is off their hands."""
    accepted = and_(Invitation.state == InvitationState.ACCEPTED, Question.state == State.ACCEPTED)
    return or_(Invitation.state.in_(WAITING), accepted)


def _loads(session: Session, user_ids: Collection[int], now: datetime) -> dict[int, tuple[int, Load]]:
    """What people hold and how often they were invited, in all communities together."""
    rows = session.execute(
        select(
            Invitation.user_id,
            func.count().filter(in_hand()),
            func.count().filter(Invitation.sent_at > now - LATELY),
            func.count(),
        )
        .join(Question, Question.id == Invitation.question_id)
        .where(Invitation.user_id.in_(user_ids))
        .group_by(Invitation.user_id)
    )
    return {user_id: (held, Load(lately=lately, ever=ever)) for user_id, held, lately, ever in rows}


def _most(name: str, row: Any) -> int:
    """What somebody can take; who never said has no row of their own."""
    said = getattr(row, name)
    return int(Person.__table__.c[name].default.arg if said is None else said)


def _offers(question: Question, around: Around) -> ColumnElement[bool]:
    here = and_(Profile.community_id == question.community_id, Profile.reach != Reach.NONE)
    far = (Reach.COMMUNITY, Reach.ORGANISATION)
    beside = and_(Profile.community_id.in_(around.together), Profile.reach.in_(far), goes(far))
    anywhere = and_(
        Profile.community_id.in_(around.elsewhere),
        Profile.reach == Reach.ORGANISATION,
        goes((Reach.ORGANISATION,)),
    )
    return or_(here, beside, anywhere)


def _blocks(question: Question) -> ColumnElement[bool]:
    blocks = select(Block.user_id).where(
        Block.user_id == Profile.user_id, Block.asker_id == question.asker_id
    )
    return blocks.correlate(Profile).exists()


def _was_invited(question: Question) -> ColumnElement[bool]:
    invited = select(Invitation.id).where(
        Invitation.question_id == question.id, Invitation.user_id == Profile.user_id
    )
    return invited.correlate(Profile).exists()


def _near(question: Question, around: Around, community_id: int) -> Reach:
    return Reach.COURSE if community_id == question.community_id else around.near(community_id)


def _distance(question: Question, around: Around, row: Any) -> tuple[int, int]:
    order = (Reach.COURSE, Reach.COMMUNITY, Reach.ORGANISATION)
    return order.index(_near(question, around, row.community_id)), row.community_id


def _roles(roles: str) -> frozenset[LmsRole]:
    return frozenset(LmsRole(role) for role in roles.split() if role in set(LmsRole))
