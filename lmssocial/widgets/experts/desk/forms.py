"""What stewards fill in at their desk."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from lmssocial.social.composing.forms import SaysSomething, tidied_line
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.experts.desk.picking import Candidate

_TOO_LONG = _l("At most %(max)d characters, please.")


class PersonForm(SafeForm):
    """Whom to invite, and what to tell them."""

    person = RadioField(
        _l("Whom"), [InputRequired(_l("Choose somebody."))], coerce=int, validate_choice=False
    )
    words = TextAreaField(
        _l("What you write to them"),
        [Length(max=LONGEST, message=_TOO_LONG)],
        filters=[tidied_line],
        description=_l("They read it with the invitation: why you thought of them, for example."),
        render_kw={"rows": 2},
    )

    def offer(self, people: Sequence[Candidate]) -> Self:
        """Let the steward choose among these."""
        self.person.choices = options(
            (one.user_id, f"{one.name} – {one.why}" if one.why else one.name) for one in people
        )
        return self


class CloseForm(SafeForm):
    """Why a question is closed."""

    reason = TextAreaField(
        _l("Why"),
        [
            SaysSomething(_l("Say why: whoever asked waits for it.")),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
        filters=[tidied_line],
        description=_l("One sentence, which whoever asked reads."),
        render_kw={"rows": 2},
    )


class MergeForm(SafeForm):
    """In which question another one goes on."""

    into = RadioField(
        _l("It goes on in"), [InputRequired(_l("Choose a question."))], coerce=int, validate_choice=False
    )

    def offer(self, questions: Sequence[Any]) -> Self:
        """Let the steward choose among these: what has an id and a title."""
        self.into.choices = options((one.id, one.title) for one in questions)
        return self
