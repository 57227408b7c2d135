"""The forms of one's own page."""

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lmssocial.plugin import Invalid, SafeForm
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.buttons import pairs
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.mine.assessing import LEVELS
from lmssocial_reporting.mine.withholding import Which
from lmssocial_reporting.roles.words import SKILLS


class WithholdForm(SafeForm):
    """Which line to leave out, and whether it is wrong."""

    kind = HiddenField()
    day = HiddenField()
    other = HiddenField()
    item = HiddenField(validators=[Length(max=24)])
    contested = BooleanField(_l("It is wrong"))
    words = StringField(
        _l("What is wrong"),
        [Optional(), Length(max=500)],
    )

    def explain(self, least: int) -> None:
        """Say who reads the sentence, and when.

        :param least: from how many people on stewards read what is contested.
        """
        self.words.description = _(
            "A sentence says that it is wrong, too. Stewards find it under “What members contest”, without your name, "
            "if it is about the last four weeks and at least %(least)d people contest something of them. Nobody is "
            "told of it.",
            least=least,
        )

    def which(self) -> Which:
        """The line.

        :raises Invalid: if it is none: only a page that was made by hand sends that.
        """
        try:
            return Which(
                kind=Kind(self.kind.data or ""),
                day=date.fromisoformat(self.day.data or ""),
                other=int(self.other.data) if self.other.data else None,
                item=self.item.data or None,
            )
        except ValueError as error:
            raise Invalid(_("There is no such line. Open your part again.")) from error


class ReadingForm(SafeForm):
    """Whether one's reading is counted."""

    counted = HiddenField()


class LevelForm(SafeForm):
    """A level for each of the 17 skills, or none; and a sentence, where it is for somebody else."""

    words = TextAreaField(
        _l("A sentence for them"),
        [Optional(), Length(max=1000)],
        render_kw={"rows": 3},
    )

    def levels(self) -> dict[str, int]:
        """What was said of which skill."""
        return {key: int(self[key].data) for key in SKILLS if self[key].data}


def _add_skills(form: Any) -> None:
    for key, skill in SKILLS.items():
        field = RadioField(
            skill.title,
            [Optional()],
            choices=pairs({"": _l("I cannot say"), **{str(level): said for level, said in LEVELS.items()}}),
            default="",
            description=skill.meaning,
        )
        setattr(form, key, field)


_add_skills(LevelForm)


class AskForm(SafeForm):
    """Whom to ask."""

    colleague = SelectField(_l("Colleague"), coerce=int)
