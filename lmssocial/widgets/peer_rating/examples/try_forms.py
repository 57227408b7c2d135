"""What somebody fills in who tries the rubric on an example."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web.forms import SafeForm, options


class TryForm(SafeForm):
    """Levels; :func:`try_form` adds a choice for each criterion."""

    def levels(self) -> tuple[int, ...]:
        """What is chosen, in the order of the rubric; only of a form that was found valid."""
        return tuple(int(field.data) for field in self if field.short_name.startswith("level_"))


def try_form(rubric: Sequence[Criterion], sent: Any = None) -> TryForm:
    """The form for a rubric.

    :param sent: what came with the request, if something did.
    """
    fields = {
        f"level_{index}": RadioField(
            criterion.title,
            [InputRequired(_l("Choose a level."))],
            coerce=int,
            choices=options((place, text) for place, (text, _points) in enumerate(criterion.levels)),
        )
        for index, criterion in enumerate(rubric)
    }
    made: TryForm = type("RubricTryForm", (TryForm,), fields)(sent)
    return made
