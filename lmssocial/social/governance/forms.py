"""What people fill in under a community's settings."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from lmssocial.core.hooks import Stance
from lmssocial.lms.identity.actor import Office
from lmssocial.social.communities.models import Tier
from lmssocial.social.governance.drafts import HOURS, LONGEST, RULES, RulesDraft
from lmssocial.web.forms import LinesField, SafeForm, WholeNumberField, options

_IN_BOUNDS = _l("A number from 1 to 336, please: at most 14 days.")


class RulesForm(SafeForm):
    """The ground rules, and the time in which moderators decide."""

    rules = LinesField(
        _l("Ground rules, one on each line"),
        most=RULES,
        longest=LONGEST,
        description=_l("Up to 12 sentences that people can keep to. They stand where people write."),
        render_kw={"rows": 6},
    )
    answer_hours = WholeNumberField(
        _l("Hours in which moderators decide"),
        [InputRequired(_IN_BOUNDS), NumberRange(min=HOURS[0], max=HOURS[1], message=_IN_BOUNDS)],
        description=_l(
            "Whoever has to wait is told by when somebody will have looked. Nights and weekends count."
        ),
        render_kw={"inputmode": "numeric"},
    )

    def draft(self) -> RulesDraft:
        """What was filled in."""
        return RulesDraft(rules=tuple(self.rules.data or ()), answer_hours=int(self.answer_hours.data or 0))


_TIERS = [tier.value for tier in Tier]


class TierForm(SafeForm):
    """A change of the quality tier, confirmed."""

    tier = HiddenField(validators=[AnyOf(_TIERS)])
    was = HiddenField(validators=[AnyOf(_TIERS)])


class StanceForm(SafeForm):
    """How much the word of a policy counts."""

    stance = RadioField(
        _l("How much its word counts"),
        [InputRequired(_l("Choose one of the four."))],
        choices=options((stance.value, stance.value) for stance in Stance),
    )


class GroupForm(SafeForm):
    """The name of a course group."""

    name = StringField(
        _l("Name of the group"),
        [InputRequired(_l("Give the group a name."))],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"autocomplete": "off"},
    )


class NamesForm(SafeForm):
    """People and their groups, pasted from elsewhere."""

    names = TextAreaField(
        _l("Names and groups"),
        [InputRequired(_l("Paste some lines first."))],
        description=_l(
            "One person on each line: the name, a comma or tab, and the group. Groups that are not there are made."
        ),
        render_kw={"rows": 6},
    )


class OfficeForm(SafeForm):
    """An office given or taken."""

    office = RadioField(choices=options((office.value, office.value) for office in Office))
    to = RadioField(choices=options((("appoint", ""), ("dismiss", ""))))
