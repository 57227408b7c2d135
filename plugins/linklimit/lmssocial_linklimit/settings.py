"""How the limit is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from lmssocial.plugin import LmsRole, SafeForm, SelectMultipleChecks
from lmssocial.plugin import lazy_gettext as _l


@dataclass(frozen=True)
class LinkLimit:
    """How many links a post may carry, and whom that does not concern."""

    limit: int = 2
    """Different pages a post may link to and still be published at once."""
    trusted_roles: tuple[str, ...] = (LmsRole.INSTRUCTOR.value, LmsRole.ADMINISTRATOR.value)
    """Leading LMS roles whose posts are not counted."""


class LinkLimitForm(SafeForm):
    """The same for people."""

    limit = IntegerField(
        _l("Links that one post may carry"),
        [
            InputRequired(_l("A number from 0 to 50.")),
            NumberRange(min=0, max=50, message=_l("A number from 0 to 50.")),
        ],
        description=_l("A post with more is held until somebody has looked. 0 holds every post with a link."),
        render_kw={"inputmode": "numeric"},
    )
    trusted_roles = SelectMultipleChecks(
        _l("Who may link as much as they like"),
        choices=[
            (LmsRole.INSTRUCTOR.value, _l("Instructors")),
            (LmsRole.TEACHING_ASSISTANT.value, _l("Teaching assistants")),
            (LmsRole.CONTENT_DEVELOPER.value, _l("Content developers")),
            (LmsRole.MENTOR.value, _l("Mentors")),
            (LmsRole.ADMINISTRATOR.value, _l("Administrators")),
            (LmsRole.LEARNER.value, _l("Learners")),
        ],
    )
