"""The form parts of a rubric: criteria, their levels and points, for every widget that lets staff write one.

A form takes :class:`RubricForm` as a base, and shows it with ``templates/macros/rubric.html``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FloatField, Form, FormField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.social.rubrics.criteria import (
    DECIMALS,
    MOST_CRITERIA,
    MOST_LEVELS,
    MOST_POINTS,
    Criterion,
)

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


class RubricForm(Form):
    """A rubric to write: a base for forms that have one among other things."""

    criteria = FieldList(FormField(CriterionForm), min_entries=1, max_entries=MOST_CRITERIA)

    @property
    def has_room(self) -> bool:
        """Whether one more criterion fits."""
        return len(self.criteria) < (self.criteria.max_entries or 0)

    def filled_in(self) -> list[CriterionForm]:
        """The criteria that are not empty."""
        forms: Iterable[CriterionForm] = (entry.form for entry in self.criteria)
        return [form for form in forms if not form.is_empty]

    def rubric(self) -> tuple[Criterion, ...]:
        """What was filled in."""
        return tuple(form.criterion() for form in self.filled_in())

    @property
    def problems(self) -> tuple[str, ...]:
        """What has to change before the form can be saved, each said once."""
        return sentences(self.errors)


def check(criteria: Sequence[CriterionForm]) -> None:
    """See that a person could grade by these, none of which is empty.

    :raises ValidationError: in words that say what is missing.
    """
    titles = [form.title.data or "" for form in criteria]
    if len(set(titles)) < len(titles):
        raise ValidationError(_("Two criteria have the same words. Graders could not tell them apart."))
    for form in criteria:
        _check(form)


def sentences(errors: Any) -> tuple[str, ...]:
    """The sentences in what WTForms collects from forms within forms, each once."""
    return tuple(dict.fromkeys(_said(errors)))


def _said(errors: Any) -> Iterable[str]:
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


def rubric_data(rubric: Sequence[Criterion]) -> list[dict[str, Any]]:
    """A rubric as :class:`RubricForm` wants its data for ``criteria``."""
    return [
        {
            "title": line.title,
            "levels": [{"text": text, "points": points} for text, points in line.levels],
        }
        for line in rubric
    ]
