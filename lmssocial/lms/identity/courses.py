"""Courses as rows: found by what their LMS calls them, made when they are first heard of."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Course

MAX_ORIGINS = 50
"""Courses or links that are remembered as what something was copied from; the nearest are the first."""


def course_called(
    session: Session,
    *,
    tenant_id: int,
    deployment_id: int,
    context_id: str,
    title: str = "",
    label: str = "",
) -> Course:
    """The course that a deployment calls ``context_id``, made if there is none. Two at once get the same row.

    :param deployment_id: our row of the deployment.
    :param title: what the LMS calls it for people; empty leaves what is known.
    """
    which = select(Course).where(Course.deployment_id == deployment_id, Course.context_id == context_id)
    course = session.scalar(which)
    if course is None:
        insert_if_absent(
            session,
            Course,
            {
                "tenant_id": tenant_id,
                "deployment_id": deployment_id,
                "context_id": context_id,
                "title": title,
                "label": label,
                "origins": {},
                "legacy_id": "",
                "created_at": clock.now(),
            },
            [Course.deployment_id, Course.context_id],
        )
        course = session.scalars(which).one()
    course.title, course.label = title or course.title, label or course.label
    return course


def note_origins(course: Course, contexts: Iterable[str]) -> None:
    """Remember what the course was copied from, the nearest first; what was known before and is not said now stays.

    A launch tells the whole history where its LMS keeps one, a notice the last step only. Neither forgets the other.
    """
    known = course.origins.get("contexts") or []
    told = [one for one in contexts if one and one != course.context_id]
    if told:
        merged = list(dict.fromkeys([*told, *known]))[:MAX_ORIGINS]
        if merged != known:
            course.origins = {**course.origins, "contexts": merged}
