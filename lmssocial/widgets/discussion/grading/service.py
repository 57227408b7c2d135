"""Setting how a discussion is graded, choosing posts, giving grades and showing them. Nothing here commits."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.rubrics import criteria
from lmssocial.widgets.discussion.grading import access
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.events import GradeEvent, GradeGiven, GradeReturned
from lmssocial.widgets.discussion.grading.seen import differences, seen
from lmssocial.widgets.discussion.models import Choice, Grade, Post, Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings


@dataclass(frozen=True)
class Returned:
    """What became of giving back all grades."""

    returned: int
    left: int
    """Grades that somebody saved after the page was made; they stay with the graders."""


def set_up(session: Session, actor: Actor, placement_id: int, draft: SetupDraft) -> None:
    """Say how many posts learners choose, and by which rubric they are graded. Grades that were given stay.

    :raises NotAllowed: if the actor is not staff.
    """
    placement = access.require_grader(session, actor, placement_id)
    session.refresh(placement, with_for_update=True)  # other settings may be saved at the same moment
    settings = DiscussionSettings.read(placement.settings)
    placement.settings = replace(settings, choose=draft.choose, rubric=draft.rubric).as_json()


def choose(session: Session, actor: Actor, placement_id: int, post_ids: Collection[int]) -> None:
    """Let exactly these posts be the ones the actor is graded by.

    :raises NotFound: if nothing is graded here.
    :raises NotAllowed: if they are no learner, or it is too late.
    :raises Invalid: if these are too many, or one of them cannot be chosen any more.
    """
    placement = access.require_learner(session, actor, placement_id)
    settings = DiscussionSettings.read(placement.settings)
    _hold(session, actor, actor.user_id)
    _require_open(session, settings, actor, placement_id)
    _put(session, settings, actor, placement_id, set(post_ids))


def choose_also(session: Session, actor: Actor, placement_id: int, post_id: int) -> None:
    """Let a post be one of those the actor is graded by. A chosen one that was removed makes room.

    :raises NotFound: if nothing is graded here.
    :raises NotAllowed: if they are no learner, or it is too late.
    :raises Invalid: if they have chosen as many as they may, or this one cannot be chosen.
    """
    placement = access.require_learner(session, actor, placement_id)
    settings = DiscussionSettings.read(placement.settings)
    _hold(session, actor, actor.user_id)
    _require_open(session, settings, actor, placement_id)
    standing = _choosable(session, actor, placement_id, _chosen(session, placement_id, actor.user_id))
    _put(session, settings, actor, placement_id, standing | {post_id})


def grade(session: Session, actor: Actor, placement_id: int, draft: GradeDraft) -> Grade:
    """Give a learner a grade, or change it. One that was returned is hidden again unless it is returned with this.

    :raises NotFound: if there is no such learner here.
    :raises NotAllowed: if the actor is not staff.
    :raises Conflict: if the grade, the choice or the rubric changed since the actor looked.
    """
    placement = access.require_grader(session, actor, placement_id)
    settings = DiscussionSettings.read(placement.settings)
    row = _held_grade(session, actor, placement_id, draft.user_id)
    chosen = _chosen(session, placement_id, draft.user_id)
    _require_unchanged(draft.seen, seen(row.version if row else 0, chosen, settings.rubric))
    levels = criteria.kept(settings.rubric, draft.levels)
    if row is None:
        row = Grade(placement_id=placement_id, user_id=draft.user_id)
        session.add(row)
    now = clock.now()
    row.levels, row.points, row.comment = levels, criteria.points_of(levels), draft.comment
    row.grader_id, row.graded_at = actor.user_id, now
    row.returned_at = now if draft.give_back else None
    _record(session, actor, row, GradeGiven)
    if draft.give_back:
        _record(session, actor, row, GradeReturned)
        _send(session, row)
    session.flush()
    return row


def return_all(session: Session, actor: Actor, placement_id: int, *, seen_until: datetime) -> Returned:
    """Show every learner the grade that waits for it, as far as the actor had them before them.

    :param seen_until: when the newest of the grades on the actor's page was saved.
    :raises NotAllowed: if the actor is not staff.
    """
    access.require_grader(session, actor, placement_id)
    waiting = session.scalars(
        select(Grade)
        .where(Grade.placement_id == placement_id, Grade.returned_at.is_(None))
        .order_by(Grade.user_id)
        .with_for_update()
    ).all()
    now = clock.now()
    returned = [row for row in waiting if row.graded_at <= seen_until]
    for row in returned:
        row.returned_at = now
        _record(session, actor, row, GradeReturned)
        _send(session, row)
    return Returned(len(returned), len(waiting) - len(returned))


def _hold(session: Session, actor: Actor, user_id: int) -> Membership | None:
    """A learner's membership, locked until the transaction ends: they cannot choose while somebody grades them."""
    return session.scalar(
        select(Membership)
        .where(Membership.course_id == actor.course_id, Membership.user_id == user_id)
        .with_for_update()
    )


def _held_grade(session: Session, actor: Actor, placement_id: int, user_id: int) -> Grade | None:
    membership = _hold(session, actor, user_id)
    row = session.get(Grade, (placement_id, user_id), populate_existing=True, with_for_update=True)
    learns = membership is not None and membership.active and membership.lead_role == LmsRole.LEARNER
    if membership is None or not (learns or row):
        raise NotFound(_("There is no learner at this address."), reason=f"user {user_id} is not graded")
    return row


def _require_open(session: Session, settings: DiscussionSettings, actor: Actor, placement_id: int) -> None:
    if settings.locks_at is not None and settings.locks_at <= clock.now():
        raise NotAllowed(_("This discussion is closed, so your choice stays as it is."))
    graded = select(Grade.user_id).where(Grade.placement_id == placement_id, Grade.user_id == actor.user_id)
    if session.scalar(graded) is not None:
        raise NotAllowed(_("Your posts were graded, so your choice stays as it is."))


def _put(
    session: Session, settings: DiscussionSettings, actor: Actor, placement_id: int, wanted: set[int]
) -> None:
    if len(wanted) > settings.choose:
        raise Invalid(
            ngettext(
                "You can choose one post. Take the other one out first.",
                "You can choose %(num)s posts. Take one out first.",
                settings.choose,
            )
        )
    if wanted - _choosable(session, actor, placement_id, wanted):
        raise Invalid(_("One of these posts cannot be chosen: it was removed, or only some may read it."))
    before = _chosen(session, placement_id, actor.user_id)
    gone = before - wanted
    session.execute(
        delete(Choice).where(
            Choice.placement_id == placement_id,
            Choice.user_id == actor.user_id,
            Choice.contribution_id.in_(gone),
        )
    )
    now = clock.now()
    session.add_all(
        Choice(placement_id=placement_id, user_id=actor.user_id, contribution_id=post, chosen_at=now)
        for post in sorted(wanted - before)
    )


def _chosen(session: Session, placement_id: int, user_id: int) -> set[int]:
    chosen = select(Choice.contribution_id).where(
        Choice.placement_id == placement_id, Choice.user_id == user_id
    )
    return set(session.scalars(chosen))


def _choosable(session: Session, actor: Actor, placement_id: int, post_ids: Collection[int]) -> set[int]:
    """Those of some posts that can be chosen."""
    found = (
        select(Contribution.id)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Contribution.id.in_(post_ids), access.can_be_chosen(actor.user_id, placement_id))
    )
    return set(session.scalars(found))


def _require_unchanged(before: str, now: str) -> None:
    different = differences(before, now)
    if "grade" in different:
        raise Conflict(
            _("Somebody graded this learner in the meantime. Look at what they gave, then save yours again.")
        )
    if "rubric" in different:
        raise Conflict(_("The rubric was changed in the meantime. Choose the levels again, then save."))
    if different:
        raise Conflict(_("The learner chose other posts in the meantime. Read them, then save again."))


def _send(session: Session, row: Grade) -> None:
    """Have the LMS's gradebook say what the learner reads here."""
    most = criteria.most_of(row.levels)
    where = gradebook.column(session, row.placement_id, maximum=most)
    mark = gradebook.Mark(given=row.points, maximum=most, comment=row.comment)
    gradebook.put(session, where.id, row.user_id, mark)


def _record(session: Session, actor: Actor, row: Grade, kind: type[GradeEvent]) -> None:
    activity.record(
        session,
        kind(
            **actor.envelope,
            placement_id=row.placement_id,
            user_id=row.user_id,
            points=row.points,
            most=criteria.most_of(row.levels),
        ),
    )
