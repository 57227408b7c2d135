"""The fields of an activity's settings, by the parts of the page, each with what it means for learners."""

from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.social.composing.forms import SaysSomething, tidied, tidied_line
from lmssocial.social.rubrics.forms import PointsField
from lmssocial.web.forms import options, whole_number
from lmssocial.web.moments import MomentField
from lmssocial.widgets.peer_rating.settings import Calibration, Identity, Late, Mode, Reveal, Reviewing

MAX_TITLE = 200
MAX_TASK = 20_000
MAX_REASON = 500
MOST_POINTS = 1000


class NeededToOpen:
    """A validator that says nothing: the field may stay empty in a draft, and is not optional all the same."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Let everything pass; :mod:`.rules` says what is missing when the activity opens."""


def _choice(label: Any, choices: tuple[tuple[StrEnum, Any], ...], **more: Any) -> RadioField:
    return RadioField(label, choices=options((one.value, said) for one, said in choices), **more)


def _amount(label: Any, most: int, description: Any) -> PointsField:
    said = _l("A number from %(min)s to %(max)s.")
    return PointsField(
        label,
        [InputRequired(_l("Write a number; 0 is one.")), NumberRange(0, most, said)],
        description=description,
        render_kw={"inputmode": "decimal", "size": 6},
    )


class TaskFields(Form):
    """What people hand in, and what a review of it is."""

    title = StringField(
        _l("Title"),
        [
            SaysSomething(_l("Give it a title; learners see it in the course.")),
            Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
        ],
        filters=[tidied_line],
    )
    task = TextAreaField(
        _l("What people hand in"),
        [NeededToOpen(), Length(max=MAX_TASK, message=_l("A task has at most %(max)d characters."))],
        filters=[tidied],
        description=_l(
            "What it is, how long, in which form, and what it is for. Markdown. Learners read it above their work, "
            "and again while they review."
        ),
        render_kw={"rows": 8},
    )
    teams = BooleanField(
        _l("Each group of the course hands in one work together"),
        description=_l(
            "Any of the group may write and send it, and all of them are its authors. Each still reviews alone."
        ),
    )
    mode = _choice(
        _l("What a review is"),
        (
            (Mode.RUBRIC, _l("One work, looked at by the rubric, with comments")),
            (Mode.PAIRS, _l("Two works side by side: which is the better one, and why")),
        ),
        description=_l(
            "Comparing is quicker and needs no rubric; it puts works in an order and says less about each of them."
        ),
    )
    comparisons = whole_number(
        _l("Comparisons asked of each person"),
        1,
        50,
        _l("Where works are compared. Five or six give useful feedback; a grade wants nine or more."),
    )


class DateFields(Form):
    """When what begins and ends."""

    opens_at = MomentField(
        _l("Opens"),
        description=_l("From then on people read the task and hand in. Without it: as soon as you open it."),
    )
    submit_due_at = MomentField(
        _l("Hand in until"),
        description=_l("Reviewing begins after it by itself. Without it you begin reviewing by hand."),
    )
    review_due_at = MomentField(
        _l("Review until"),
        description=_l("Authors read their reviews after it. Without it you end reviewing by hand."),
    )
    feedback_due_at = MomentField(
        _l("Answer reviews until"),
        description=_l(
            "Time for authors to say which reviews helped, before scores are worked out. Without it there is none set "
            "aside; they can still do it as long as the activity is not over."
        ),
    )
    rolling = BooleanField(
        _l("People may review as soon as they have handed in"),
        description=_l("While others still write. Good where people work at their own pace."),
    )
    late = _choice(
        _l("Work that comes late"),
        (
            (
                Late.ACCEPTED,
                _l("Is taken as long as reviewing goes on, marked as late, and reviewed like any other"),
            ),
            (Late.REFUSED, _l("Is refused; you can give single people another date")),
        ),
    )
    late_percent = _amount(
        _l("Taken off a late score, in percent for each day begun"),
        100,
        _l("Learners read this before they hand in late. 0: nothing is taken off."),
    )


class ReviewFields(Form):
    """Who reviews what, and how much."""

    wanted = whole_number(
        _l("Reviews each work gets"),
        1,
        10,
        _l("Three are about as reliable as one instructor; five are better, and more work for everybody."),
    )
    asked = whole_number(
        _l("Reviews each person is asked for"),
        0,
        20,
        _l("One more than each work gets makes up for those who drop out, so that nobody is left without."),
    )
    least = whole_number(
        _l("Reviews a work needs for a score by peers"),
        1,
        10,
        _l("With fewer, you are told in time and review it yourself; nobody gets a score from too little."),
    )
    minutes = whole_number(
        _l("Minutes a review takes"), 1, 600, _l("Learners are told, so that they can plan.")
    )
    comment_least = whole_number(
        _l("Characters a review says at least"),
        0,
        2000,
        _l("Besides the levels. A score without words teaches nobody; 0: levels are enough."),
    )
    groups = _choice(
        _l("Whose work people review"),
        (
            (GroupScope.ANYBODY, _l("Anybody's but their own")),
            (GroupScope.WITHIN, _l("That of their own groups")),
            (GroupScope.OUTSIDE, _l("That of people they share no group with")),
        ),
    )
    needs_own = BooleanField(
        _l("Only those review who have handed in"),
        description=_l(
            "Whoever has worked on the task sees more in the work of others. Without it all review."
        ),
    )
    self_assessment = BooleanField(
        _l("Authors also look at their own work by the rubric"),
        description=_l("After their reviews. It counts for nothing; they see it beside what others say."),
    )
    calibration = _choice(
        _l("Examples to practise on"),
        (
            (Calibration.OFFERED, _l("Reviewers may try them")),
            (Calibration.REQUIRED, _l("Reviewers try all of them before their first review")),
        ),
        description=_l(
            "Work that you have reviewed beforehand. After a try people see your levels and why. Two or three make "
            "scores fairer than anything else on this page."
        ),
    )
    lease_hours = whole_number(
        _l("Hours a work is kept for a reviewer who does not write"),
        1,
        336,
        _l("Then it goes to somebody else. What was written is kept, and every word written renews it."),
    )
    allocator = RadioField(_l("How works are given out"))


class NameFields(Form):
    """Whose names are hidden."""

    identity = _choice(
        _l("Who sees whose name"),
        (
            (Identity.NAMED, _l("Authors and reviewers see each other's names")),
            (Identity.SINGLE_BLIND, _l("Authors do not see who reviewed them")),
            (Identity.DOUBLE_BLIND, _l("Neither sees whose work or review it is")),
        ),
        description=_l(
            "People write more carefully under their names, and can go on talking. Instructors always see all names."
        ),
    )
    identity_reason = TextAreaField(
        _l("Why names are hidden"),
        [Length(max=MAX_REASON, message=_l("A reason has at most %(max)d characters."))],
        filters=[tidied_line],
        description=_l(
            "Needed if they are. Everybody who takes part reads it, and it is kept with your name."
        ),
        render_kw={"rows": 2},
    )
    reveal = _choice(
        _l("When hidden names are shown"),
        ((Reveal.RELEASED, _l("With the scores")), (Reveal.NEVER, _l("Never"))),
    )


class GradeFields(Form):
    """What becomes of reviews."""

    points = _amount(
        _l("Points for the work"),
        MOST_POINTS,
        _l(
            "The score by the rubric is scaled to this, and gets a column in your LMS. 0: nothing goes there."
        ),
    )
    reviewing_points = _amount(
        _l("Points for reviewing"),
        MOST_POINTS,
        _l("A column of its own. 0: nothing goes there."),
    )
    reviewing = _choice(
        _l("What points for reviewing rest on"),
        (
            (Reviewing.COMPLETION, _l("How many of the reviews that were asked for are done")),
            (
                Reviewing.QUALITY,
                _l(
                    "Half of it that; the rest how helpful authors found them, and how near they are to the score"
                ),
            ),
        ),
        description=_l("Points for agreeing tempt people to write what others will. Completion does not."),
    )
    scoring = RadioField(_l("How a score comes from reviews"))
    release_by_itself = BooleanField(
        _l("Scores are released by themselves, if nothing speaks against it"),
        description=_l("Otherwise you look at them first. What is unclear always waits for you."),
    )
    rate_reviews = BooleanField(
        _l("Authors say how helpful a review was, and answer it"),
        description=_l("Only its reviewer and you see that. It is how people learn to review."),
    )
    appeal_days = whole_number(
        _l("Days in which an author may appeal"),
        0,
        60,
        _l("Once, after the release, with reasons; you or an SME answer. 0: not at all."),
    )
