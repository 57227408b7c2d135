"""What staff and learners fill in about grading."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.social.rubrics.forms import RubricForm, check, rubric_data
from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft

MOST_CHOSEN = 5
"""Posts that a learner may be asked to choose."""
MAX_COMMENT = 5000
"""Characters of a comment."""


class SetupForm(SafeForm, RubricForm):
    """How a discussion is graded."""

    choose = SelectField(
        _l("How many of their posts does each learner choose as their best?"),
        coerce=int,
        choices=options(
            [
                (0, _l("None: this discussion is not graded")),
                *((number, str(number)) for number in range(1, MOST_CHOSEN + 1)),
            ]
        ),
    )

    def validate_criteria(self, _field: Any) -> None:
        """See that a person could grade by it.

        :raises ValidationError: in words that say what is missing.
        """
        criteria = self.filled_in()
        if self.choose.data and not criteria:
            raise ValidationError(_("Write at least one criterion: learners read what is expected of them."))
        check(criteria)

    def draft(self) -> SetupDraft:
        """What was filled in."""
        return SetupDraft(choose=int(self.choose.data or 0), rubric=self.rubric())


def setup_data(choose: int, rubric: Sequence[Criterion]) -> dict[str, Any]:
    """A rubric as :class:`SetupForm` wants its data."""
    return {"choose": choose, "criteria": rubric_data(rubric)}


class GradeForm(SafeForm):
    """A grade; :func:`grade_form` adds a choice for each criterion."""

    comment = TextAreaField(
        _l("What you want to tell them"),
        [Length(max=MAX_COMMENT, message=_l("A comment has at most %(max)d characters."))],
        description=_l("Say what worked, and one thing to try next. It is shown as you write it."),
        filters=[lambda text: tidy(text or "")],
        render_kw={"rows": 6},
    )
    seen = HiddenField()

    def level_fields(self) -> list[Any]:
        """The choices, in the order of the rubric."""
        return [field for field in self if field.short_name.startswith("level_")]

    def draft(self, user_id: int, *, give_back: bool) -> GradeDraft:
        """What was filled in."""
        return GradeDraft(
            user_id=user_id,
            levels=tuple(int(field.data) for field in self.level_fields()),
            comment=self.comment.data or "",
            seen=self.seen.data or "",
            give_back=give_back,
        )


def grade_form(
    rubric: Sequence[Criterion], sent: Any = None, *, levels: Sequence[int | None] = (), **data: Any
) -> GradeForm:
    """The form for a rubric.

    :param sent: what came with the request, if something did.
    :param levels: what is chosen beforehand, for each criterion.
    """
    fields = {
        f"level_{number}": RadioField(
            criterion.title,
            [InputRequired(_l("Choose a level."))],
            coerce=int,
            choices=options((index, text) for index, (text, _points) in enumerate(criterion.levels)),
        )
        for number, criterion in enumerate(rubric)
    }
    for number, level in enumerate(levels):
        if level is not None:
            data[f"level_{number}"] = level
    kind = type("RubricForm", (GradeForm,), fields)
    made: GradeForm = kind(sent, data=data)
    return made


class ReturnForm(SafeForm):
    """All grades given back, as far as they stood on the page."""

    newest = HiddenField()
