"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass
from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from lmssocial.plugin import LmsRole, RoleChecks, SafeForm
from lmssocial.plugin import lazy_gettext as _l


@dataclass(frozen=True)
class Pacing:
    """What is too fast or too often. 0 switches off what it stands at."""

    burst_posts: int = 10
    """Posts that one person may publish within ``burst_minutes``."""
    burst_minutes: int = 10
    repeats: int = 2
    """How often the same text may stand in an hour."""
    likeness: int = 70
    """Per cent of two texts that have to agree for them to be the same."""
    instant_replies: int = 2
    """Replies within ten minutes after which an instant reply to a newcomer is held."""
    instant_seconds: int = 20
    """A reply this soon after the post it answers is instant: nobody reads and writes so fast."""
    newcomer_posts: int = 3
    """Who has no more posts than this is a newcomer."""
    mentions: int = 5
    """Different people that one post may name with @."""
    trusted_roles: tuple[str, ...] = (
        LmsRole.INSTRUCTOR.value,
        LmsRole.TEACHING_ASSISTANT.value,
        LmsRole.ADMINISTRATOR.value,
    )
    """Leading LMS roles that may be as fast as they like; stewards and SMEs may anyway."""
    rule: str = ""
    """A sentence of the ground rules, quoted to the author."""


def _number(label: Any, least: int, most: int, says: Any, description: Any = "") -> IntegerField:
    return IntegerField(
        label,
        [InputRequired(says), NumberRange(min=least, max=most, message=says)],
        description=description,
        render_kw={"inputmode": "numeric"},
    )


class PacingForm(SafeForm):
    """The same for people."""

    burst_posts = _number(
        _l("Posts in a row"),
        0,
        29,
        _l("A number from 0 to 29."),
        _l("More than so many within the minutes below are held. 0 holds none."),
    )
    burst_minutes = _number(_l("Within how many minutes"), 1, 60, _l("A number from 1 to 60."))
    repeats = _number(
        _l("How often the same text may be posted in an hour"),
        0,
        20,
        _l("A number from 0 to 20."),
        _l("0 does not compare texts."),
    )
    likeness = _number(
        _l("Per cent that two texts have in common to be the same"),
        30,
        100,
        _l("A number from 30 to 100."),
        _l("At 70, a text with a few changed words is still the same."),
    )
    instant_replies = _number(
        _l("Replies within ten minutes before instant ones are held"),
        0,
        20,
        _l("A number from 0 to 20."),
        _l("From then on, replies to newcomers that come too fast to have been thought about are held."),
    )
    instant_seconds = _number(
        _l("Seconds after which a reply is not instant"),
        0,
        300,
        _l("A number from 0 to 300."),
        _l("0 holds no instant replies."),
    )
    newcomer_posts = _number(
        _l("Posts up to which somebody is a newcomer"), 1, 100, _l("A number from 1 to 100.")
    )
    mentions = _number(
        _l("People that one post may name with @"),
        0,
        100,
        _l("A number from 0 to 100."),
        _l("0 does not count them."),
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
