"""What people fill in to publish a question."""

from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lmssocial.social.composing.forms import MAX_TITLE, SaysSomething, tidied, tidied_line
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.knowledge.ports import Home
from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.experts.publishing.service import PublishDraft

_LONG = Length(max=MAX_SOURCE, message=_l("This is longer than %(max)d characters. Shorten it."))


class PublishForm(SafeForm):
    """Where, and what of it."""

    home = SelectField(
        _l("Where shall it stand?"),
        coerce=int,
        choices=[],
        validators=[InputRequired(_l("Choose where it shall stand."))],
    )
    title = StringField(
        _l("Title"),
        filters=[tidied_line],
        validators=[
            SaysSomething(_l("Give it a title.")),
            Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
        ],
    )
    question = TextAreaField(
        _l("The question"),
        filters=[tidied],
        validators=[SaysSomething(_l("Something of the question has to stay.")), _LONG],
        render_kw={"rows": 8},
    )
    answer = TextAreaField(
        _l("The answer"),
        filters=[tidied],
        validators=[SaysSomething(_l("Something of the answer has to stay.")), _LONG],
        render_kw={"rows": 12},
    )

    def offer(self, homes: Sequence[Home]) -> Self:
        """This form with the places there are."""
        self.home.choices = options((home.placement_id, home.title) for home in homes)
        return self

    def draft(self) -> PublishDraft:
        """What shall be published, as a value."""
        return PublishDraft(
            home_id=self.home.data or 0,
            title=self.title.data or "",
            question=self.question.data or "",
            answer=self.answer.data or "",
        )
