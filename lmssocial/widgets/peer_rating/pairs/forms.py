"""What judges fill in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.peer_rating.pairs.drafts import PairDraft, Saved

MOST_CHARACTERS = 5000
"""Of what a judge says."""


class PairForm(SafeForm):
    """A comparison; :func:`pair_form` adds a choice for each criterion."""

    better = RadioField(
        _l("As a whole, which is the better one?"),
        [InputRequired(_l("Say which of the two is the better one as a whole."))],
        coerce=int,
    )
    words = TextAreaField(
        _l("Why?"),
        [
            InputRequired(_l("Say why: both authors learn from it.")),
            Length(max=MOST_CHARACTERS, message=_l("At most %(max)d characters, please.")),
        ],
        description=_l(
            "Both authors read this. Say what one of them does that the other could learn from, in each direction."
        ),
        filters=[lambda text: tidy(text or "")],
        render_kw={"rows": 5},
    )
    seq = WholeNumberField(validators=[Optional()])
    tab = HiddenField()

    def criteria(self) -> dict[int, int]:
        """The better work by the index of the criterion, where one was chosen."""
        chosen: dict[int, int] = {}
        for field in self:
            kind, _sign, index = field.short_name.partition("_")
            if kind == "criterion" and isinstance(field.data, int) and field.data:
                chosen[int(index)] = field.data
        return chosen

    def draft(self) -> PairDraft:
        """What was filled in."""
        return PairDraft(
            better_id=int(self.better.data or 0), criteria=self.criteria(), words=self.words.data or ""
        )

    def saved(self) -> Saved:
        """What was filled in so far, whether or not it is enough."""
        better = self.better.data if isinstance(self.better.data, int) else None
        return Saved(
            sequence=self.seq.data or 0,
            better_id=better,
            criteria=self.criteria(),
            words=(self.words.data or "")[:MOST_CHARACTERS],
        )


def pair_form(
    rubric: tuple[Criterion, ...], first: int, second: int, sent: Any = None, *, saved: Saved
) -> PairForm:
    """The form for two works, by the criteria of the rubric.

    :param first: the id of the work that stands first on the page; :param second: of the other.
    :param saved: what is filled in before anything is sent.
    """
    sides = [(first, _("The first")), (second, _("The second"))]
    fields: dict[str, Any] = {}
    for index, line in enumerate(rubric):
        fields[f"criterion_{index}"] = RadioField(
            line.title,
            [Optional()],
            coerce=int,
            choices=options([*sides, (0, _("I cannot tell"))]),
            default=saved.criteria.get(index, 0),
        )
    made: type[PairForm] = type("PairForm", (PairForm,), fields)
    form = made(sent, data={"better": saved.better_id, "words": saved.words})
    form.better.choices = options(sides)
    return form
