"""What stewards fill in to keep topics in order."""

from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from lmssocial.social.composing.forms import SaysSomething, tidied_line
from lmssocial.web.forms import LinesField, SafeForm, SelectMultipleChecks, options
from lmssocial.widgets.experts.topics.naming import LONGEST
from lmssocial.widgets.experts.topics.service import LONGEST_ABOUT, MOST_SYNONYMS


class TopicForm(SafeForm):
    """A topic."""

    label = StringField(
        _l("Name"),
        filters=[tidied_line],
        validators=[
            SaysSomething(_l("Say what the topic is called.")),
            Length(max=LONGEST, message=_l("The name of a topic has at most %(max)d characters.")),
        ],
    )
    about = StringField(
        _l("What belongs here, and what does not"),
        description=_l("One sentence; people read it when they choose a topic."),
        filters=[tidied_line],
        validators=[Length(max=LONGEST_ABOUT, message=_l("At most %(max)d characters, please."))],
    )
    synonyms = LinesField(
        _l("Other names"),
        most=MOST_SYNONYMS,
        longest=LONGEST,
        description=_l("One on each line. Whoever writes one of them means this topic."),
        render_kw={"rows": 4},
    )


class MergeForm(SafeForm):
    """The topic that another one becomes a part of."""

    into = SelectField(_l("The topic it becomes a part of"), coerce=int, validate_choice=False)

    def offer(self, topics: Sequence[tuple[int, str]]) -> Self:
        """Offer some topics."""
        self.into.choices = options([(0, _l("Choose a topic")), *topics])
        return self


class StartForm(SafeForm):
    """Tags that become the first topics."""

    tags = SelectMultipleChecks(
        _l("Tags that people here use"),
        choices=(),
        description=_l("Each becomes a topic; you can give it other names and merge it later."),
    )

    def offer(self, labels: Sequence[str]) -> Self:
        """Offer some tags."""
        self.tags.choices = options((label, label) for label in labels)
        return self
