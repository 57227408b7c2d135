"""What people fill in to ask."""

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectField, StringField, URLField
from wtforms.validators import Length, NumberRange, StopValidation
from wtforms.widgets import HiddenInput

from lmssocial.social.composing.forms import MAX_TITLE, ComposerForm, SaysSomething, tidied_line
from lmssocial.social.content.text import tidy_line
from lmssocial.web.forms import WholeNumberField, options
from lmssocial.widgets.experts.asking.drafts import (
    LONGEST_TOPIC,
    MOST_TOPICS,
    SHORTEST_TITLE,
    EditDraft,
    QuestionDraft,
)
from lmssocial.widgets.experts.models import Audience, Urgency
from lmssocial.widgets.experts.people import languages


def names_in(text: str | None) -> tuple[str, ...]:
    """The names in a line, between commas, each once."""
    return tuple(dict.fromkeys(filter(None, (tidy_line(part) for part in (text or "").split(",")))))


class FewTopics:
    """A validator: as many topics as a question may have, none of them too long."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Look at the field.

        :raises StopValidation: if there are too many, or one is too long.
        """
        names = names_in(field.data)
        if len(names) > MOST_TOPICS:
            raise StopValidation(_l("At most %(max)d topics, please.", max=MOST_TOPICS))
        if any(len(name) > LONGEST_TOPIC for name in names):
            raise StopValidation(_l("The name of a topic has at most %(max)d characters.", max=LONGEST_TOPIC))


class WebAddress:
    """A validator: an address that a browser opens, or nothing."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Look at the field.

        :raises StopValidation: if it is anything else.
        """
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good:
            raise StopValidation(
                _l("Give the whole address of the page, beginning with https://, or leave it empty.")
            )


class QuestionForm(ComposerForm):
    """A question, and what helps to find somebody who answers it."""

    title = StringField(
        _l("Your question in one sentence"),
        filters=[tidied_line],
        validators=[
            SaysSomething(_l("Say in one sentence what you want to know.")),
            Length(
                min=SHORTEST_TITLE,
                message=_l("Say in the title what you want to know, in at least %(min)d characters."),
            ),
            Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
        ],
    )
    topics = StringField(
        _l("Topics"),
        description=_l(
            "What it is about, with commas between: people who know these topics are asked. A name that is not known "
            "yet becomes a new topic."
        ),
        filters=[tidied_line],
        validators=[FewTopics()],
        render_kw={"list": "known-topics", "autocomplete": "off"},
    )
    context_title = StringField(
        _l("The page of the course it came from"),
        description=_l("Whoever answers sees what you were working on."),
        filters=[tidied_line],
        validators=[Length(max=200, message=_l("Write at most %(max)d characters."))],
    )
    context_url = URLField(
        _l("Its address"),
        filters=[tidied_line],
        validators=[Length(max=2000, message=_l("Write at most %(max)d characters.")), WebAddress()],
    )
    urgency = RadioField(
        _l("When do you need an answer?"),
        choices=options(
            (
                (Urgency.NORMAL.value, _l("In the next days")),
                (
                    Urgency.EXAM.value,
                    _l("Soon: there is an exam, or a date. More people are asked at once."),
                ),
            )
        ),
        default=Urgency.NORMAL.value,
    )
    audience = RadioField(
        _l("Who may read it?"),
        choices=options(
            (
                (
                    Audience.EVERYBODY.value,
                    _l("Everybody in this course: others learn from the answer, too"),
                ),
                (
                    Audience.EXPERTS.value,
                    _l("Only those who are asked to answer, and those who moderate here"),
                ),
            )
        ),
        default=Audience.EVERYBODY.value,
    )
    language = SelectField(
        _l("In which language may the answer be?"), choices=[], default="", validate_choice=True
    )

    def offer(self, *, private: bool) -> Self:
        """This form with the choices there are here.

        :param private: whether a question may be for experts only.
        """
        self.language.choices = options([("", _l("Any language")), *languages.choices()])
        if not private:
            del self.audience
        return self

    def compare_titles(self, href: str, target: str) -> None:
        """While somebody types the title, let what may answer it be fetched from ``href`` into ``target``."""
        self.title.render_kw = {
            "hx-get": href,
            "hx-trigger": "input changed delay:500ms",
            "hx-target": target,
        }

    def _said(self) -> dict[str, Any]:
        return {
            "title": self.title.data or "",
            "source": self.source.data or "",
            "topics": names_in(self.topics.data),
            "context_title": self.context_title.data or "",
            "context_url": self.context_url.data or "",
            "urgency": Urgency(self.urgency.data or Urgency.NORMAL.value),
            "audience": Audience(
                self.audience.data if "audience" in self and self.audience.data else Audience.EVERYBODY.value
            ),
            "language": self.language.data or "",
            "submission_key": self.submission_key.data or None,
        }

    def draft(self) -> QuestionDraft:
        """The question as a value."""
        return QuestionDraft(**self._said())


class QuestionEditForm(QuestionForm):
    """A question as it shall be from now on."""

    seen_version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])

    def keep_open(self) -> None:
        """Everybody could read it already, so there is no choice of readers any more."""
        if "audience" in self:
            del self.audience

    def draft_of(self, question_id: int) -> EditDraft:
        """The question as a value."""
        return EditDraft(**self._said(), question_id=question_id, seen_version=self.seen_version.data or 0)


def line_of(labels: Sequence[str]) -> str:
    """Names of topics as they stand in the form."""
    return ", ".join(labels)
