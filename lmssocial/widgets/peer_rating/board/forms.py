"""What staff fill in on the board."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lmssocial.web.forms import SafeForm, options
from lmssocial.web.moments import MomentField, MomentsForm
from lmssocial.widgets.peer_rating.clockwork.moving import MAX_REASON
from lmssocial.widgets.peer_rating.scoring.overriding import MOST_REASON


class ExtensionForm(MomentsForm):
    """Other dates for one person."""

    submit_due_at = MomentField(_l("Hand in until"), [Optional()])
    review_due_at = MomentField(_l("Review until"), [Optional()])
    reason = TextAreaField(
        _l("Why"), [Optional(), Length(max=MAX_REASON)], description=_l("For instructors; it is kept.")
    )


class ChoiceForm(SafeForm):
    """One of several people or works."""

    chosen = SelectField(_l("Choose"), [InputRequired(_l("Choose one of the list."))], coerce=int)


class ConflictForm(SafeForm):
    """Two people who shall not review each other."""

    one = SelectField(_l("One"), [InputRequired(_l("Choose two people."))], coerce=int)
    other = SelectField(_l("The other"), [InputRequired(_l("Choose two people."))], coerce=int)


class ReleaseForm(SafeForm):
    """Releasing scores."""

    reason = TextAreaField(
        _l("Why again"),
        [Optional(), Length(max=MAX_REASON)],
        description=_l("It is kept with the history of this activity."),
    )
    others = BooleanField(_l("Release those that have a score, and the rest later"))


class OverrideForm(SafeForm):
    """Points by an instructor."""

    points = DecimalField(_l("Points"), [InputRequired(_l("Say how many points."))], places=None)
    reason = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Say why. The author of the work reads it.")), Length(max=MOST_REASON)],
        description=_l("The author reads it."),
    )


def choice_form(label: Any, choices: Sequence[tuple[int, str]], formdata: Any = None) -> ChoiceForm:
    """A form with ``choices`` of an id and what it says."""
    form = ChoiceForm(formdata)
    form.chosen.label.text = label
    form.chosen.choices = options(choices)
    return form
