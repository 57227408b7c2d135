"""Where the draft and the reports of a request stand, and how addresses name that."""

from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import courses
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.report.drafting import Place
from lmssocial_reporting.scope import HERE, Scope, Wide, scope_key


def place_of(asked: Frame, scope: Scope) -> Place:
    """Whose draft and reports a request is about."""
    return Place(asked.actor.tenant_id, scope_key(asked.actor, scope))


def address_of(scope: Scope) -> str | None:
    """What ``?of=`` says for it in addresses; ``None``: nothing, for the course of the page."""
    return None if scope.key == HERE else scope.key


def title_of(asked: Frame, scope: Scope) -> str:
    """What the scope is called outside of its own pages. One query for a course."""
    if scope.wide is not Wide.COURSE:
        return scope.title
    found = courses(asked.session, ids=scope.course_ids)
    return found[0].title if found else _("This course")
