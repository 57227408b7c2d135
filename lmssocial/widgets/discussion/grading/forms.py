"""What staff and learners fill in about grading."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FloatField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.social.rubrics.criteria import (
    DECIMALS,
    MOST_CRITERIA,
    MOST_LEVELS,
    MOST_POINTS,
    Criterion,
)
from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft

MOST_CHOSEN = 5
"""Posts that a learner may be asked to choose."""
MAX_COMMENT = 5000
"""Characters of a comment."""
MAX_WORDS = 300
"""Characters of a criterion, and of a level."""


def _line(text: str | None) -> str:
    return tidy_line(text or "")


class PointsField(FloatField):
    """Points, shown without the zero behind the point that nobody typed."""

    def _value(self) -> str:
        sent = self.raw_data[0] if self.raw_data else None
        return str(sent) if sent is not None else "" if self.data is None else f"{self.data:g}"


class LevelForm(Form):
    """One level of a criterion; left empty it is none."""

    text = TextAreaField(
        _l("What it means"),
        [Optional(), Length(max=MAX_WORDS, message=_l("At most %(max)d characters, please."))],
        filters=[_line],
        render_kw={"rows": 1},
    )
    points = PointsField(
        _l("Points"),
        [
            Optional(),
            NumberRange(min=0, max=MOST_POINTS, message=_l("Points are a number from 0 to 1000.")),
        ],
        render_kw={"inputmode": "decimal", "size": 5},
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text.data and self.points.data is None and not self.points.errors


class CriterionForm(Form):
    """One criterion; left empty it is none."""

    title = StringField(
        _l("Criterion"),
        [Optional(), Length(max=MAX_WORDS, message=_l("At most %(max)d characters, please."))],
        filters=[_line],
    )
    levels = FieldList(FormField(LevelForm), min_entries=MOST_LEVELS, max_entries=MOST_LEVELS)

    def filled_in(self) -> list[LevelForm]:
        """The levels that are not empty."""
        forms: Iterable[LevelForm] = (entry.form for entry in self.levels)
        return [form for form in forms if not form.is_empty]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.title.data and not self.filled_in()

    def criterion(self) -> Criterion:
        """What was filled in, the best level first."""
        levels = [
            (form.text.data or "", round(form.points.data or 0.0, DECIMALS)) for form in self.filled_in()
        ]
        return Criterion(
            title=self.title.data or "", levels=tuple(sorted(levels, key=lambda level: -level[1]))
        )


class SetupForm(SafeForm):
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
    criteria = FieldList(FormField(CriterionForm), min_entries=1, max_entries=MOST_CRITERIA)

    @property
    def problems(self) -> tuple[str, ...]:
        """What has to change before it can be saved, each said once."""
        said = (text for texts in self.errors.values() for text in _said(texts))
        return tuple(dict.fromkeys(said))

    def filled_in(self) -> list[CriterionForm]:
        """The criteria that are not empty."""
        forms: Iterable[CriterionForm] = (entry.form for entry in self.criteria)
        return [form for form in forms if not form.is_empty]

    def validate_criteria(self, _field: Any) -> None:
        """See that a person could grade by it.

        :raises ValidationError: in words that say what is missing.
        """
        criteria = self.filled_in()
        if self.choose.data and not criteria:
            raise ValidationError(_("Write at least one criterion: learners read what is expected of them."))
        titles = [form.title.data or "" for form in criteria]
        if len(set(titles)) < len(titles):
            raise ValidationError(_("Two criteria have the same words. Graders could not tell them apart."))
        for form in criteria:
            _check(form)

    def draft(self) -> SetupDraft:
        """What was filled in."""
        return SetupDraft(
            choose=int(self.choose.data or 0), rubric=tuple(form.criterion() for form in self.filled_in())
        )


def _said(errors: Any) -> Iterable[str]:
    """The sentences in what WTForms collects from forms within forms."""
    if isinstance(errors, Mapping):
        errors = errors.values()
    elif isinstance(errors, str) or not isinstance(errors, Iterable):
        yield str(errors)
        return
    for one in errors:
        yield from _said(one)


def _check(form: CriterionForm) -> None:
    title = form.title.data or ""
    levels = form.filled_in()
    if not title:
        raise ValidationError(_("A criterion has levels and no words. Say what it is about."))
    if any(not level.text.data or level.points.data is None for level in levels):
        raise ValidationError(_("“%(title)s” has a level without words or points.", title=title))
    if len(levels) < 2:
        raise ValidationError(_("“%(title)s” needs two levels or more.", title=title))
    if len({level.text.data for level in levels}) < len(levels):
        # Which of two levels was meant is known by their words and points.
        raise ValidationError(_("“%(title)s” has two levels with the same words.", title=title))
    if not any(level.points.data for level in levels):
        raise ValidationError(_("“%(title)s” gives no points at any level.", title=title))


def setup_data(choose: int, rubric: Sequence[Criterion]) -> dict[str, Any]:
    """A rubric as :class:`SetupForm` wants its data."""
    return {
        "choose": choose,
        "criteria": [
            {
                "title": line.title,
                "levels": [{"text": text, "points": points} for text, points in line.levels],
            }
            for line in rubric
        ],
    }


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
