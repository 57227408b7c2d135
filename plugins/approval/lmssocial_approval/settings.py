"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass
from enum import StrEnum

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from lmssocial.plugin import LinesField, SafeForm, SelectMultipleChecks
from lmssocial.plugin import lazy_gettext as _l


class What(StrEnum):
    """What can be made to wait."""

    THREADS = "threads"
    REPLIES = "replies"
    EDITS = "edits"
    """Of anything, so also of what was approved already."""


@dataclass(frozen=True)
class Approval:
    """What waits for whom, and where."""

    tiers: tuple[str, ...] = ("assured",)
    """Quality tiers in which it applies."""
    kinds: tuple[str, ...] = (What.THREADS.value, What.REPLIES.value, What.EDITS.value)
    """What waits."""
    questions_pass: bool = True
    """Threads that ask something appear at once."""
    marks: tuple[str, ...] = ("procedure", "SOP", "work instruction")
    """Words in a thread's title or opening that make it a procedure."""
    steps: int = 5
    """A numbered list of so many steps makes a procedure; 0 for never."""
    rule: str = ""
    """A sentence of the ground rules, quoted to the author."""


class ApprovalForm(SafeForm):
    """The same for people."""

    tiers = SelectMultipleChecks(
        _l("Quality tiers in which it applies"),
        choices=[("open", _l("Open practice")), ("reviewed", _l("Reviewed")), ("assured", _l("Assured"))],
    )
    kinds = SelectMultipleChecks(
        _l("What waits for approval"),
        choices=[
            (What.THREADS.value, _l("Threads")),
            (What.REPLIES.value, _l("Replies")),
            (What.EDITS.value, _l("Changes to what was approved")),
        ],
    )
    questions_pass = BooleanField(
        _l("Questions appear at once"),
        description=_l(
            "A thread asks if its title ends in a question mark, or if a learner wrote it and a line of it does."
        ),
    )
    marks = LinesField(
        _l("Words that mark a procedure"),
        most=50,
        longest=80,
        description=_l(
            "One a line. Two experts approve a thread with one of them in its title or its opening."
        ),
        render_kw={"rows": "4"},
    )
    steps = IntegerField(
        _l("Steps that make a procedure"),
        [
            InputRequired(_l("A number from 0 to 50.")),
            NumberRange(min=0, max=50, message=_l("A number from 0 to 50.")),
        ],
        description=_l(
            "Two experts approve what has a numbered list of so many steps. With 0, steps do not matter."
        ),
        render_kw={"inputmode": "numeric"},
    )
    rule = StringField(
        _l("The rule it rests on"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("A sentence of your ground rules. Whoever is held reads it."),
    )
