"""What authors and staff fill in about reviews and scores."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import FloatField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.forms import tidied
from lmssocial.social.content.text import tidy
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web.forms import SafeForm, SelectMultipleChecks, options
from lmssocial.widgets.peer_rating.feedback import rules
from lmssocial.widgets.peer_rating.feedback.appealing import AppealDraft
from lmssocial.widgets.peer_rating.feedback.rating import RatingDraft
from lmssocial.widgets.peer_rating.feedback.views import ReviewRead
from lmssocial.widgets.peer_rating.feedback.wording import HELPFUL_WORDS, TAG_WORDS
from lmssocial.widgets.peer_rating.scoring.overriding import MOST_REASON

_TOO_LONG = _l("At most %(max)d characters, please.")


def _stripped(text: str | None) -> str:
    return tidy(text or "").strip()


class RateForm(SafeForm):
    """What an author says of a review. Several stand on one page, so each has ids of its own."""

    helpful = RadioField(
        _l("How helpful is this review for you?"),
        [InputRequired(_l("Choose one. You can change it later."))],
        coerce=int,
        choices=options(HELPFUL_WORDS.items()),
    )
    tags = SelectMultipleChecks(_l("What describes it?"), choices=TAG_WORDS.items())
    reply = TextAreaField(
        _l("Your answer"),
        [Optional(), Length(max=rules.MOST_WORDS, message=_TOO_LONG)],
        description=_l(
            "Whoever wrote this review reads it. Ask what you did not understand, or say what helped."
        ),
        filters=[tidied],
        render_kw={"rows": 3},
    )

    def for_review(self, review_id: int) -> Self:
        """This form with ids that end in the review's."""
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{review_id}"
        return self

    def draft(self) -> RatingDraft:
        """What was filled in."""
        return RatingDraft(
            helpful=self.helpful.data, tags=tuple(self.tags.data or ()), reply=self.reply.data or ""
        )


def rate_form(
    review_id: int, sent: Any = None, *, read: ReviewRead | None = None, reply: str = ""
) -> RateForm:
    """The form for one review.

    :param sent: what came with the request, if something did; :param read: the review, with what was said before.
    :param reply: the answer as it was written.
    """
    data: dict[str, Any] = {"reply": reply}
    if read is not None and read.rating is not None:
        data |= {"helpful": read.rating.helpful, "tags": list(read.rating.tags)}
    form = RateForm(sent, data=data)
    return form.for_review(review_id)


class AppealForm(SafeForm):
    """Why a score is not right."""

    criteria = SelectMultipleChecks(_l("What is it about?"), choices=())
    text = TextAreaField(
        _l("What is not right, and why?"),
        [
            InputRequired(_l("Say what is not right: whoever decides needs to know where to look.")),
            Length(max=rules.MOST_WORDS, message=_TOO_LONG),
        ],
        description=_l(
            "In %(least)d characters or more. Point to the place in your work. Your instructors read this, and those "
            "they ask to look at it; your reviewers do not.",
            least=rules.LEAST_APPEAL,
        ),
        filters=[_stripped],
        render_kw={"rows": 8},
    )

    def validate_text(self, field: Any) -> None:
        """Refuse what says too little.

        :raises ValidationError: in words that say how much is missing.
        """
        missing = rules.LEAST_APPEAL - len(field.data or "")
        if missing > 0:
            raise ValidationError(
                _("%(missing)d characters more, please: say what exactly is not right.", missing=missing)
            )

    def draft(self) -> AppealDraft:
        """What was filled in."""
        chosen = tuple(int(index) for index in self.criteria.data or ())
        return AppealDraft(criteria=chosen, text=self.text.data or "")


def appeal_form(rubric: Sequence[Criterion], sent: Any = None) -> AppealForm:
    """The form for an appeal against a score by ``rubric``."""
    form = AppealForm(sent)
    if rubric:
        form.criteria.choices = options((str(index), line.title) for index, line in enumerate(rubric))
        form.criteria.validators = [InputRequired(_("Choose at least one criterion."))]
    else:
        del form.criteria
    return form


class AssignForm(SafeForm):
    """Who shall look at an appeal."""

    to = SelectField(_l("Who looks at it?"), coerce=int, choices=())


def assign_form(people: Sequence[Actor], me: Actor, sent: Any = None) -> AssignForm:
    """The form with those who can be asked; the reader themselves first."""
    form = AssignForm(sent)
    choices = [(one.user_id, one.name) for one in people if one.user_id != me.user_id]
    if any(one.user_id == me.user_id for one in people):
        choices.insert(0, (me.user_id, _("I do")))
    form.to.choices = options(choices)
    return form


class DecideForm(SafeForm):
    """What follows from an appeal."""

    outcome = RadioField(
        _l("What do you decide?"),
        [InputRequired(_l("Choose one."))],
        choices=options(
            [("stays", _l("The score stays as it is")), ("other", _l("The score is another one"))]
        ),
    )
    points = FloatField(
        _l("Points, if it is another one"),
        [Optional(), NumberRange(min=0, message=_l("Points are a number from 0."))],
        render_kw={"inputmode": "decimal", "size": 6},
    )
    reason = TextAreaField(
        _l("Why"),
        [
            InputRequired(_l("Say why: the author reads it.")),
            Length(max=MOST_REASON, message=_TOO_LONG),
        ],
        description=_l("The author reads it, with your name."),
        filters=[_stripped],
        render_kw={"rows": 6},
    )

    most: float = 0.0
    """The most points there are."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for points as well, where there shall be others."""
        is_fine = bool(super().validate(extra_validators))
        problem = "" if self.points.errors else self._lacking()
        if problem:
            self.points.errors = [problem]
        return is_fine and not problem

    def _lacking(self) -> str:
        """What is wrong with the points; empty if nothing is."""
        if self.outcome.data != "other":
            return ""
        if self.points.data is None:
            return _("Say how many points it gets.")
        if self.points.data > self.most:
            return _("The rubric gives %(most)s points at most.", most=f"{self.most:g}")
        return ""

    @property
    def given(self) -> float | None:
        """The points that were decided; ``None`` if the score stays."""
        return self.points.data if self.outcome.data == "other" else None
