"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from lmssocial.plugin import LmsRole, RoleChecks, SafeForm
from lmssocial.plugin import lazy_gettext as _l


@dataclass(frozen=True)
class FirstPosts:
    """Which posts of somebody new are read first, and who is never new."""

    posts: int = 1
    """Posts that have to be approved before the next ones appear at once."""
    only_with_links: bool = False
    """Hold only posts with a link to another site or a picture."""
    only_threads: bool = False
    """Hold only what opens a thread."""
    trusted_roles: tuple[str, ...] = (
        LmsRole.INSTRUCTOR.value,
        LmsRole.TEACHING_ASSISTANT.value,
        LmsRole.ADMINISTRATOR.value,
    )
    """Leading LMS roles whose posts are never held; stewards and SMEs are trusted anyway."""
    rule: str = ""
    """A sentence of the ground rules, quoted to the author."""


class FirstPostsForm(SafeForm):
    """The same for people."""

    posts = IntegerField(
        _l("Posts that are read first"),
        [
            InputRequired(_l("A number from 1 to 20.")),
            NumberRange(min=1, max=20, message=_l("A number from 1 to 20.")),
        ],
        description=_l("When so many posts of a person are approved, the next ones appear at once."),
        render_kw={"inputmode": "numeric"},
    )
    only_with_links = BooleanField(
        _l("Only posts with a link or a picture"),
        description=_l("Everything else that newcomers write appears at once."),
    )
    only_threads = BooleanField(
        _l("Only new threads"), description=_l("Replies of newcomers appear at once.")
    )
    trusted_roles = RoleChecks(
        _l("Who is never held"),
        learners=False,
        description=_l("Stewards and subject-matter experts are not held either."),
    )
    rule = StringField(
        _l("The rule it rests on"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("A sentence of your ground rules. Whoever is held reads it."),
    )
