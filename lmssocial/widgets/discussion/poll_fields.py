"""The fields of a poll, for the form that begins a thread."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import Length, ValidationError

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.web.forms import LinesField, SafeForm, options
from lmssocial.widgets.discussion.drafts import PollDraft
from lmssocial.widgets.discussion.polls import FEWEST, MOST


class PollFields(SafeForm):
    """A poll that may stand at the head of a thread."""

    poll_question = StringField(
        _l("Question of the poll"), filters=[lambda text: tidy_line(text or "")], validators=[Length(max=300)]
    )
    poll_options = LinesField(
        _l("Answers to choose from"),
        description=_l("Two to ten, one on each line."),
        most=MOST,
    )
    poll_several = BooleanField(_l("People may choose several answers"))
    poll_days = SelectField(
        _l("The poll closes"),
        choices=options(
            (
                ("", _l("when you close it")),
                ("1", _l("after one day")),
                ("3", _l("after three days")),
                ("7", _l("after a week")),
                ("14", _l("after two weeks")),
                ("30", _l("after thirty days")),
            )
        ),
        default="",
    )

    @property
    def has_poll(self) -> bool:
        """Whether somebody began to write a poll."""
        return bool(self.poll_question.data or self.poll_options.data)

    def validate_poll_question(self, field: Field) -> None:
        """A poll asks something.

        :raises ValidationError: if it has answers only.
        """
        if self.poll_options.data and not field.data:
            raise ValidationError(_("Write the question of your poll."))

    def validate_poll_options(self, field: Field) -> None:
        """A poll gives a choice.

        :raises ValidationError: if it does not.
        """
        if self.poll_question.data and len(field.data or ()) < FEWEST:
            raise ValidationError(_("Write at least two answers, one on each line."))

    def poll(self) -> PollDraft | None:
        """The poll as a value, if there is to be one."""
        if not self.has_poll:
            return None
        days = self.poll_days.data
        return PollDraft(
            question=self.poll_question.data or "",
            options=tuple(map(tidy_line, self.poll_options.data or ())),
            several=bool(self.poll_several.data),
            closes_at=clock.now() + timedelta(days=int(days)) if days else None,
        )
