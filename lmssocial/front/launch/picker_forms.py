"""The picker's forms: a new activity, activities that are there, and the buttons of a list."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch.picker_list import Pick
from lmssocial.social.rubrics.forms import PointsField
from lmssocial.web.forms import SafeForm, SelectMultipleChecks, options

MOST_POINTS = 1000
"""Of one activity."""


class PickerForm(SafeForm):
    """What an instructor says about a new activity."""

    ungraded: Collection[str] = ()
    """The kinds among those offered that have no grades."""

    widget = RadioField(_l("What do you want to add?"), [InputRequired(_l("Choose one of these."))])
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Give it a title; learners see it in the course.")), Length(max=200)],
        filters=[lambda text: " ".join((text or "").split())],
    )
    intro = TextAreaField(
        _l("Introduction"),
        [Length(max=2000)],
        description=_l("What you want people to do here, in a few sentences. It stands above the activity."),
        filters=[lambda text: (text or "").strip()],
        render_kw={"rows": 4},
    )
    points = PointsField(
        _l("Graded out of how many points?"),
        [Optional(), NumberRange(1, MOST_POINTS, _l("A number from 1 to 1000, or nothing."))],
        description=_l(
            "Leave it empty if it is not graded. Otherwise it gets a column in the gradebook of your LMS, "
            "and a rubric here that you can change."
        ),
        render_kw={"inputmode": "decimal", "size": 6},
    )

    def offer(self, widgets: Iterable[Widget], *, graded: bool = True) -> None:
        """Let the person choose among these.

        :param graded: whether the LMS takes a column along with a link.
        """
        offered = list(widgets)
        self.ungraded = {widget.kind for widget in offered if not widget.graded}
        self.widget.choices = [(widget.kind, str(widget.title)) for widget in offered]
        if "points" in self and not (graded and any(widget.graded for widget in offered)):
            del self.points

    def validate_points(self, field: Any) -> None:
        """:raises ValidationError: of an activity that has no grades: nothing that was said gets lost in silence."""
        if field.data is not None and self.widget.data in self.ungraded:
            raise ValidationError(_("This kind of activity is not graded. Leave this empty."))

    def pick(self) -> Pick:
        """What was handed in; call it on a valid form only."""
        points = self.points.data if "points" in self else None
        return Pick(
            widget=str(self.widget.data),
            title=str(self.title.data),
            intro=self.intro.data or "",
            points=None if points is None else round(points, 2),
        )


class AgainForm(SafeForm):
    """Activities of this course that one more link shall lead to: several, or one where the LMS takes one."""

    placements: Any

    def picks(self, here: Sequence[Pick]) -> list[Pick]:
        """Those of ``here`` that were chosen; call it on a valid form only."""
        data = self.placements.data
        chosen = set(data) if isinstance(data, list) else {data}
        return [one for one in here if one.placement_id in chosen]


def again_form(here: Sequence[Pick], sent: Any = None, *, several: bool) -> AgainForm:
    """The form for the activities that are there."""
    choices = [(one.placement_id, one.title) for one in here]
    label, needed = _l("Activities of this course"), [InputRequired(_l("Choose one of these."))]
    field: Any = (
        SelectMultipleChecks(label, needed, choices=choices, coerce=int)
        if several
        else RadioField(label, needed, choices=options(choices), coerce=int)
    )
    kind = type("CourseAgainForm", (AgainForm,), {"placements": field})
    made: AgainForm = kind(sent, prefix="again-")
    return made
