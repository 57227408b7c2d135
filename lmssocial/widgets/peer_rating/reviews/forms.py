"""What reviewers and staff fill in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.social.content.text import tidy
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.peer_rating.reviews.answers import MOST_CHARACTERS, Answers, ReviewDraft
from lmssocial.widgets.peer_rating.reviews.service import Because

_TOO_LONG = _l("At most %(max)d characters, please.")
_MOST_NOTE = 1000


def _tidied(text: str | None) -> str:
    return tidy(text or "")


class ReviewForm(SafeForm):
    """A review; :func:`review_form` adds a choice and a comment for each criterion."""

    overall = TextAreaField(
        _l("About the whole"),
        [Optional(), Length(max=MOST_CHARACTERS, message=_TOO_LONG)],
        description=_l("What works? What is one thing to try next?"),
        filters=[_tidied],
        render_kw={"rows": 4},
    )
    tab = HiddenField()
    seen = HiddenField()
    opened = HiddenField()

    def level(self, index: int) -> Any:
        """The choice of one criterion."""
        return self[f"level_{index}"]

    def comment(self, index: int) -> Any:
        """The comment on one criterion."""
        return self[f"comment_{index}"]

    def answers(self) -> Answers:
        """What is filled in, whether or not it is enough."""
        levels, comments = {}, {}
        for field in self:
            kind, _sign, index = field.short_name.partition("_")
            if kind == "level" and isinstance(field.data, int):
                levels[int(index)] = field.data
            if kind == "comment":
                comments[int(index)] = (field.data or "")[:MOST_CHARACTERS]
        return Answers(levels=levels, comments=comments, overall=(self.overall.data or "")[:MOST_CHARACTERS])

    def draft(self, sequence: int = 0) -> ReviewDraft:
        """What was filled in.

        :param sequence: of this save; 0: it is sent.
        """
        seen = self.seen.data or ""
        return ReviewDraft(
            answers=self.answers(),
            tab=(self.tab.data or "")[:32],
            seen=int(seen) if seen.isdecimal() and len(seen) < 16 else 0,
            sequence=sequence,
            opened_at=_moment(self.opened.data or ""),
        )

    def begin(self, sequence: int) -> None:
        """Let the page that is made now be one of its own, which begins with what has this ``sequence``."""
        for field, value in ((self.tab, new_token()[:16]), (self.seen, str(sequence))):
            field.data, field.raw_data = value, None
        self.opened.data, self.opened.raw_data = clock.now().isoformat(), None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def review_form(
    rubric: Sequence[Criterion], sent: Any = None, *, answers: Answers | None = None
) -> ReviewForm:
    """The form for a rubric.

    :param sent: what came with the request, if something did.
    :param answers: what it begins with.
    """
    fields: dict[str, Any] = {}
    for index, criterion in enumerate(rubric):
        fields[f"level_{index}"] = RadioField(
            criterion.title,
            [InputRequired(_l("Choose a level."))],
            coerce=int,
            choices=options((place, text) for place, (text, _points) in enumerate(criterion.levels)),
        )
        fields[f"comment_{index}"] = TextAreaField(
            _l("Why?"),
            [Optional(), Length(max=MOST_CHARACTERS, message=_TOO_LONG)],
            filters=[_tidied],
            render_kw={"rows": 1},
        )
    data: dict[str, Any] = {}
    if answers is not None:
        data = {"overall": answers.overall}
        data |= {f"level_{index}": level for index, level in answers.levels.items()}
        data |= {f"comment_{index}": text for index, text in answers.comments.items()}
    kind = type("RubricReviewForm", (ReviewForm,), fields)
    made: ReviewForm = kind(sent, data=data)
    return made


class SequenceForm(SafeForm):
    """The number of a save."""

    seq = WholeNumberField(validators=[NumberRange(min=1)])


class DeclineForm(SafeForm):
    """Passing a review on: each reason is a button."""

    because = HiddenField()
    note = StringField(
        _l("Anything your instructors should know"),
        [Optional(), Length(max=_MOST_NOTE, message=_TOO_LONG)],
        filters=[lambda text: tidy(text or "").strip()],
    )

    @property
    def reason(self) -> Because | None:
        """The one whose button was pressed."""
        return Because(self.because.data) if self.because.data in set(Because) else None


class VoidForm(SafeForm):
    """Taking a review out of the count."""

    reason = TextAreaField(
        _l("Why does this review not count?"),
        [
            InputRequired(_l("Say why: whoever wrote this review reads it.")),
            Length(max=_MOST_NOTE, message=_TOO_LONG),
        ],
        description=_l("Whoever wrote this review reads it."),
        filters=[lambda text: tidy(text or "").strip()],
        render_kw={"rows": 3},
    )
