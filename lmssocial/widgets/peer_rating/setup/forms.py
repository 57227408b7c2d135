"""The form of an activity's settings: bound where something has to stay as it is, and read as a draft."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField

from lmssocial.core.hooks import Scoring
from lmssocial.core.hooks.rating import GroupScope
from lmssocial.social.rubrics.criteria import DECIMALS, Criterion
from lmssocial.social.rubrics.forms import RubricForm, check, rubric_data, sentences
from lmssocial.web.forms import options
from lmssocial.web.moments import MomentField, MomentsForm
from lmssocial.widgets.peer_rating.settings import (
    Calibration,
    Identity,
    Late,
    Mode,
    PeerSettings,
    Reveal,
    Reviewing,
)
from lmssocial.widgets.peer_rating.setup.choices import fitting
from lmssocial.widgets.peer_rating.setup.drafts import SetupDraft, fingerprint
from lmssocial.widgets.peer_rating.setup.fields import (
    DateFields,
    GradeFields,
    NameFields,
    ReviewFields,
    TaskFields,
)

_ENUMS: dict[str, type[StrEnum]] = {
    "mode": Mode,
    "late": Late,
    "groups": GroupScope,
    "identity": Identity,
    "reveal": Reveal,
    "calibration": Calibration,
    "reviewing": Reviewing,
}
_AMOUNTS = ("late_percent", "points", "reviewing_points")


class SetupForm(MomentsForm, TaskFields, RubricForm, DateFields, ReviewFields, NameFields, GradeFields):
    """The settings of an activity."""

    seen = HiddenField()
    template = SelectField(
        _l("Take another rubric"),
        validate_choice=False,
        description=_l("It replaces the criteria below. Nothing is saved until you save this page."),
    )

    bound: Mapping[str, str] = {}
    """The settings that have to stay as they are, with why."""

    @classmethod
    def of(cls, title: str, intro: str, settings: PeerSettings, rubric: tuple[Criterion, ...]) -> Self:
        """The form as things are.

        :param rubric: what the criteria begin with.
        """
        data: dict[str, Any] = {
            name: value.value if isinstance(value, StrEnum) else value
            for name, value in vars(settings).items()
            if name != "rubric"
        }
        form = cls(
            data=data
            | {
                "title": title,
                "task": settings.task or intro,
                "criteria": rubric_data(rubric),
                "seen": fingerprint(title, settings),
            }
        )
        form.in_reader_zone()
        return form

    def offer(
        self,
        *,
        allocators: list[tuple[str, str]],
        scorings: list[tuple[str, str]],
        rubrics: list[tuple[str, list[tuple[str, str]]]],
    ) -> Self:
        """Let the person choose among these.

        :param rubrics: headings, each with rubrics by their keys.
        """
        self.allocator.choices, self.scoring.choices = options(allocators), options(scorings)
        self.template.choices = {heading: options(pairs) for heading, pairs in rubrics if pairs}
        return self

    def bind(self, bound: Mapping[str, str], settings: PeerSettings) -> Self:
        """Show what has to stay as it is as it is, whatever was sent."""
        self.bound = bound
        for name in bound:
            if name not in self:
                continue
            field: Any = self[name]
            value = getattr(settings, name)
            field.data = value.value if isinstance(value, StrEnum) else value
            field.raw_data, field.validators = None, []
            if isinstance(field, MomentField):
                field.typed = ""
            field.render_kw = {**(field.render_kw or {}), "disabled": True}
        return self

    def validate_criteria(self, _field: Any) -> None:
        """See that a person could review by it.

        :raises ValidationError: in words that say what is missing.
        """
        if "rubric" not in self.bound:
            check(self.filled_in())

    def replace_rubric(self, rubric: tuple[Criterion, ...]) -> None:
        """Let the criteria be those of another rubric."""
        self.criteria.last_index = -1
        self.criteria.process(None, rubric_data(rubric))

    def draft(self, before: PeerSettings, scorings: Mapping[str, Scoring]) -> SetupDraft:
        """What was filled in; what this form does not show, or must not change, stays as it was ``before``."""
        values: dict[str, Any] = {
            name: _value(name, self[name]) for name in vars(before) if name in self and name not in self.bound
        }
        if "rubric" not in self.bound:
            values["rubric"] = self.rubric()
        after = replace(before, **values)
        if "scoring" not in self.bound:
            after = replace(after, scoring=fitting(scorings, after.scoring, after.mode))
        return SetupDraft(title=self.title.data or "", settings=after, seen=self.seen.data or "")

    def forget_errors(self) -> None:
        """Say nothing of what is wrong yet: nobody has asked for this to be saved."""
        for field in self:
            field.errors = []
        self.form_errors = []

    def complain(self, problems: Mapping[str, str]) -> None:
        """Say beside each setting what is wrong with it."""
        for name, sentence in problems.items():
            field = self["criteria" if name == "rubric" else name]
            field.errors = [*field.errors, sentence]

    @property
    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Everything that has to change: the id of where, and what; no id for what has no place on the page."""
        found: list[tuple[str, str]] = [("", text) for text in sentences(self.form_errors)]
        for field in self:
            if field.short_name == "criteria":
                found += [("rubric", text) for text in sentences(field.errors)]
            elif field.errors:
                hidden = getattr(field.widget, "input_type", "") == "hidden"
                text = " ".join(str(one) for one in field.errors)
                found.append(("", text) if hidden else (field.id, f"{field.label.text}: {text}"))
        return tuple(dict.fromkeys(found))

    def is_folded(self, names: Collection[str]) -> bool:
        """Whether a part with these fields may be shut: nothing in it is wrong, or other than what is usual."""
        usual = PeerSettings()
        return not any(self[name].errors or _differs(self[name], getattr(usual, name)) for name in names)


def _value(name: str, field: Field) -> Any:
    if name in _ENUMS:
        return _ENUMS[name](field.data)
    if name in _AMOUNTS:
        return round(field.data, DECIMALS)
    return bool(field.data) if isinstance(field, BooleanField) else field.data


def _differs(field: Field, usual: Any) -> bool:
    return bool(field.data != (usual.value if isinstance(usual, StrEnum) else usual))
