"""What staff fill in about an example: the work, its levels, and why."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from lmssocial.social.composing.forms import SaysSomething, tidied
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.examples.service import MAX_EXPLANATION


class ExampleForm(SafeForm):
    """An example; :func:`example_form` adds a choice for each criterion."""

    source = TextAreaField(
        _l("The work"),
        [
            SaysSomething(_l("Write something first.")),
            Length(max=MAX_SOURCE, message=_l("A work has at most %(max)d characters.")),
        ],
        filters=[tidied],
        description=_l(
            "As somebody could have handed it in. Markdown. Look that nobody can be recognised in it."
        ),
        render_kw={"rows": 14},
    )
    explanation = TextAreaField(
        _l("Why these levels"),
        [
            SaysSomething(_l("Say why: that is what people learn from.")),
            Length(max=MAX_EXPLANATION, message=_l("An explanation has at most %(max)d characters.")),
        ],
        filters=[tidied],
        description=_l("People read it after their try: what you saw in the work, for each criterion."),
        render_kw={"rows": 6},
    )
    version = HiddenField()
    submission_key = HiddenField(validators=[Length(max=36)])

    def level_fields(self) -> list[Any]:
        """The choices, in the order of the rubric."""
        return [field for field in self if field.short_name.startswith("level_")]

    @property
    def seen(self) -> int:
        """The version of the words that the page was made from; 0 if it does not say."""
        said = self.version.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

    def draft(self) -> ExampleDraft:
        """What was filled in."""
        return ExampleDraft(
            source=self.source.data or "",
            levels=tuple(int(field.data) for field in self.level_fields()),
            explanation=self.explanation.data or "",
            submission_key=self.submission_key.data or None,
        )


def example_form(
    rubric: Sequence[Criterion], sent: Any = None, *, levels: Sequence[int] | None = None, **data: Any
) -> ExampleForm:
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
    data |= {f"level_{number}": level for number, level in enumerate(levels or ())}
    kind = type("ExampleByRubricForm", (ExampleForm,), fields)
    made: ExampleForm = kind(sent, data={"submission_key": str(uuid4()), **data})
    return made
