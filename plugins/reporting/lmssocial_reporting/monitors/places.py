"""The widgets of a scope, as its pages call them."""

from dataclasses import replace

from sqlalchemy.orm import Session

from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import Placed, courses, placed
from lmssocial_reporting.scope import Scope


def places_of(session: Session, scope: Scope) -> list[Placed]:
    """The placed widgets; of several courses with their course in their title, as many are called alike.

    Two queries at most.
    """
    found = placed(session, scope.course_ids)
    if len(scope.course_ids) < 2:
        return found
    titles = {course.id: course.title for course in courses(session, ids=scope.course_ids)}
    return [
        replace(
            place,
            title=_(
                "%(widget)s (%(course)s)", widget=place.title or place.widget, course=titles[place.course_id]
            ),
        )
        for place in found
    ]
