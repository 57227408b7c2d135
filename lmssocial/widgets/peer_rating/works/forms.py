"""What people fill in about works."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from lmssocial.social.composing.forms import (
    MAX_TITLE,
    ComposerForm,
    SaysSomething,
    tidied,
    tidied_line,
)
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.peer_rating.models import WorkState
from lmssocial.widgets.peer_rating.works.drafts import WorkDraft
from lmssocial.widgets.peer_rating.works.service import MAX_REASON
from lmssocial.widgets.peer_rating.works.teams import Team


class WorkForm(ComposerForm):
    """A work: a title if it has one, the text with its files, and the team it is for if there is a choice."""

    title = StringField(
        _l("Title"),
        filters=[tidied_line],
        validators=[Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters."))],
    )
    group = SelectField(_l("For which group"), choices=[])
    seen_version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=0)], default=0)

    def offer(self, teams: Sequence[Team]) -> None:
        """Let the person choose among ``teams``; without a choice there is no field."""
        if len(teams) < 2:
            del self.group
            return
        self.group.choices = options(
            [("", _l("Choose a group")), *((str(team.id), team.name) for team in teams)]
        )

    def draft(self) -> WorkDraft:
        """The work as a value."""
        chosen = self.group.data if "group" in self else ""
        return WorkDraft(
            source=self.source.data or "",
            title=self.title.data or "",
            submission_key=self.submission_key.data or None,
            group_id=int(chosen) if chosen else None,
            seen_version=self.seen_version.data or 0,
        )


class TakeOutForm(SafeForm):
    """Why a work is taken out, and what becomes of it."""

    state = RadioField(
        _l("What shall become of it?"),
        choices=options(
            (
                (
                    WorkState.EXCLUDED.value,
                    _l("Peers do not review it: an instructor does. It stays handed in."),
                ),
                (
                    WorkState.CANCELLED.value,
                    _l(
                        "It is cancelled: nobody reviews or scores it. Its author may hand in something else."
                    ),
                ),
            )
        ),
        default=WorkState.EXCLUDED.value,
    )
    reason = TextAreaField(
        _l("Why"),
        description=_l("Its author reads this."),
        filters=[tidied],
        validators=[
            SaysSomething(_l("Write to its author why.")),
            Length(max=MAX_REASON, message=_l("Write at most %(max)d characters.")),
        ],
    )
