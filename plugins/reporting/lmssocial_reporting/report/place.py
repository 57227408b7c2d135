"""Where the draft and the reports of a request stand, and who writes them."""

from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import courses
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.report.drafting import Place
from lmssocial_reporting.scope import Scope, Wide, may_write, require_steward, require_writer, scope_key


def place_of(asked: Frame, scope: Scope) -> Place:
    """Whose draft and reports a request is about."""
    return Place(asked.actor.tenant_id, scope_key(asked.actor, scope))


def writes(asked: Frame, scope: Scope) -> bool:
    """Whether the actor writes the report of a scope."""
    return may_write(asked.actor, scope_key(asked.actor, scope))


def written_here(asked: Frame) -> Scope:
    """What a page speaks of that only those see who write it.

    :raises NotAllowed: for everybody else.
    """
    require_steward(asked.actor)
    scope = asked.scope()
    require_writer(asked.actor, scope_key(asked.actor, scope))
    return scope


def title_of(asked: Frame, scope: Scope) -> str:
    """What the scope is called outside of its own pages. One query for a course."""
    if scope.wide is not Wide.COURSE:
        return scope.title
    found = courses(asked.session, ids=scope.course_ids)
    return found[0].title if found else _("This course")
